//! Samba, with smbclient(1) as its client.

use std::path::Path;

use serde_json::{Value, json};

use super::{edit, sh, start};
use crate::setup::setup_folder;

const CONFIGURATION: &str = "/etc/samba/contara.conf";

/// A client that comes from the network.
fn client(who: &str, command: &str) -> Result<String, String> {
    sh(&format!("smbclient {who} //192.0.2.1/Media -c '{command}'"))
}

fn answers(password: &str, guests: bool) -> Value {
    json!({
        "workgroup": "HOME",
        "share": "Media",
        "folder": "/srv/media",
        "user": "media",
        "user_passwd": password,
        "user_passwd2": password,
        "guests": guests,
        "networks": [{"ip": "192.0.2.0", "mask": "255.255.255.0"}],
    })
}

#[tokio::test]
#[ignore = "changes the machine: cargo xtask test setup"]
async fn samba() {
    let machine = start(setup_folder(&[])).await;
    let id = machine.installs("samba").await;
    let (_, said) = machine
        .configures(id, "samba", &answers("Geheim-1", false))
        .await;
    assert!(said.contains("A client has signed in to Media as media."));
    client("-U media%Geheim-1", "put /etc/hosts hosts").unwrap();
    assert!(sh("cat /srv/media/hosts").unwrap().contains("localhost"));
    assert!(client("-U media%wrong", "ls").is_err());
    assert!(client("-N", "ls").is_err(), "no guests");

    let current = machine.current("samba").await;
    assert_eq!(
        (&current["workgroup"], &current["share"]),
        (&json!("HOME"), &json!("Media"))
    );
    assert_eq!(
        (&current["user_passwd"], &current["guests"]),
        (&json!(true), &json!("off"))
    );
    assert_eq!(current["networks"][0]["ip"], "192.0.2.0");
    let pid = sh("cat /run/samba/smbd.pid").unwrap();
    let (_, files, _) = machine.again("samba", &answers("", false)).await;
    assert_eq!(files, 0, "the same answers change nothing");
    assert_eq!(
        sh("cat /run/samba/smbd.pid").unwrap(),
        pid,
        "nor is the server restarted"
    );

    let (second, _, _) = machine.again("samba", &answers(" Geheim%2", true)).await;
    assert!(client("-N", "ls").unwrap().contains("hosts"));
    assert!(client("-N", "rm hosts").is_err() || Path::new("/srv/media/hosts").exists());
    machine.undoes(second).await;
    sh("service smbd restart").unwrap();
    assert!(client("-N", "ls").is_err());
    client("-U 'media% Geheim%2'", "ls").unwrap();

    let file = Path::new(CONFIGURATION);
    let main = Path::new("/etc/samba/smb.conf");
    edit(file, "create mask = 0664", "create mask = 0600");
    edit(main, "[global]", "[global]\n# mine");
    let (third, _, said) = machine.again("samba", &answers("", false)).await;
    assert!(
        said.contains("was changed by hand and is kept as it is."),
        "{said}"
    );
    assert!(said.contains("+    create mask = 0664"), "{said}");
    sh(&format!(
        "grep 'mask = 0600' {CONFIGURATION} && grep mine {}",
        main.display()
    ))
    .unwrap();
    machine.undoes(third).await;
    edit(file, "create mask = 0600", "create mask = 0664");
    edit(main, "[global]\n# mine", "[global]");

    machine.undoes(id).await;
    assert!(!file.exists());
    assert!(sh("grep Contara /etc/samba/smb.conf").is_err());
    assert!(sh("id media").is_err(), "the user is a line of /etc/passwd");
    assert_eq!(machine.module("samba").await["configured"], false);
}
