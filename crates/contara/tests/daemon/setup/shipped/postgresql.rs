//! PostgreSQL, with psql(1) as its client.

use std::path::Path;

use serde_json::{Value, json};

use super::{edit, sh, start};
use crate::setup::setup_folder;

/// A shell's name for the file, whatever version this release of Debian has.
const CONFIGURATION: &str = "/etc/postgresql/*/main/conf.d/contara.conf";
const PID: &str = "head -1 /var/lib/postgresql/*/main/postmaster.pid";

/// Runs SQL as a client that comes from the network.
fn client(password: &str, sql: &str) -> Result<String, String> {
    sh(&format!(
        "PGPASSWORD={password} psql -XqtA -w -h 192.0.2.1 -U app app -c \"{sql}\""
    ))
}

fn answers(password: &str, more: &Value) -> Value {
    let mut answers = json!({
        "database": "app",
        "owner": "app",
        "owner_passwd": password,
        "owner_passwd2": password,
        "networks": [{"ip": "192.0.2.0", "mask": "255.255.255.0"}],
        "connections": "60",
        "memory": "64",
    });
    let more = more.as_object().unwrap().clone();
    answers.as_object_mut().unwrap().extend(more);
    answers
}

#[tokio::test]
#[ignore = "changes the machine: cargo xtask test setup"]
async fn postgresql() {
    let machine = start(setup_folder(&[])).await;
    let id = machine.installs("postgresql").await;
    let (files, said) = machine
        .configures(id, "postgresql", &answers("Geheim-1", &json!({})))
        .await;
    assert_eq!(files, 2, "contara.conf and pg_hba.conf");
    assert!(said.contains("A client has signed in to app as app."));
    let table = "CREATE TABLE things (name text); INSERT INTO things VALUES ('lamp');";
    client("Geheim-1", table).unwrap();
    assert_eq!(client("Geheim-1", "SHOW max_connections").unwrap(), "60");
    assert!(client("wrong", "SELECT 1").is_err());

    let current = machine.current("postgresql").await;
    assert_eq!(current["connections"], "60");
    assert_eq!(current["memory"], "64");
    assert_eq!(current["owner_passwd"], true);
    assert_eq!(current["networks"][0]["ip"], "192.0.2.0");
    let unchanged = answers("", &json!({}));
    let pid = sh(PID).unwrap();
    let (_, files, _) = machine.again("postgresql", &unchanged).await;
    assert_eq!(files, 0, "the same answers change nothing");
    assert_eq!(sh(PID).unwrap(), pid, "nor is the server restarted");

    let fewer = json!({"connections": "50", "networks": []});
    let (second, files, _) = machine
        .again("postgresql", &answers("Geheim-2", &fewer))
        .await;
    assert_eq!(files, 2);
    assert!(
        client("Geheim-2", "SELECT 1").is_err(),
        "no network may connect"
    );
    machine.undoes(second).await;
    sh("service postgresql restart").unwrap();
    assert_eq!(
        client("Geheim-2", "SELECT name FROM things").unwrap(),
        "lamp"
    );
    assert_eq!(client("Geheim-2", "SHOW max_connections").unwrap(), "60");

    let name = sh(&format!("echo {CONFIGURATION}")).unwrap();
    let file = Path::new(&name);
    edit(file, "max_connections = 60", "max_connections = 77");
    assert_eq!(machine.current("postgresql").await["connections"], "77");
    let (third, _, said) = machine.again("postgresql", &unchanged).await;
    assert!(
        said.contains("was changed by hand and is kept as it is."),
        "{said}"
    );
    assert!(said.contains("+max_connections = 60"), "{said}");
    assert!(sh(&format!("grep 77 {CONFIGURATION}")).is_ok());
    machine.undoes(third).await;
    edit(file, "max_connections = 77", "max_connections = 60");

    machine.undoes(id).await;
    assert!(!file.exists());
    assert_eq!(
        sh("grep -c Contara /etc/postgresql/*/main/pg_hba.conf || true").unwrap(),
        "0"
    );
    assert_eq!(machine.module("postgresql").await["configured"], false);
}
