//! The NFS server, with the kernel's own client. Both need a kernel that has them, so the daemon is killed when the packages are there,
//! and goes on with another kernel, as after a restart of the machine.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::{Builder, TempDir};

use super::{edit, sh, start};
use crate::setup::{setup_folder, text};

const CONFIGURATION: &str = "/etc/exports.d/contara.exports";
const DATA: &str = "/var/lib/contara";

/// The folder in which the daemon with the other kernel finds what this one leaves.
fn data() -> TempDir {
    Builder::new()
        .prefix("contara")
        .rand_bytes(0)
        .tempdir_in("/var/lib")
        .unwrap()
}

/// A client that comes from the network: it mounts the folder, and runs this there.
fn client(version: u8, script: &str) -> Result<String, String> {
    let mount = format!("mount -t nfs -o vers={version},soft,retry=0 192.0.2.1:/srv/nfs /mnt");
    sh(&format!(
        "{mount} && (cd /mnt && {script}); status=$?; umount /mnt; exit $status"
    ))
}

fn answers(access: &str) -> Value {
    json!({
        "folder": "/srv/nfs",
        "networks": [{"ip": "192.0.2.0", "mask": "255.255.255.0"}],
        "access": access,
        "squash": true,
    })
}

#[tokio::test]
#[ignore = "changes the machine: cargo xtask test setup"]
async fn nfs_server_packages() {
    let mut folder = data();
    folder.disable_cleanup(true);
    let machine = start(folder).await;
    machine.installs("nfs_server").await;
    machine.daemon.kill();
}

#[tokio::test]
#[ignore = "changes the machine: cargo xtask test setup"]
async fn nfs_server() {
    let left = setup_folder(&[]).keep();
    fs::remove_dir_all(&left).unwrap();
    fs::rename(DATA, &left).unwrap();
    let folder = data();
    fs::remove_dir(DATA).unwrap();
    fs::rename(&left, DATA).unwrap();
    let machine = start(folder).await;
    let waiting = &machine.overview().await["transactions"][0];
    assert_eq!(waiting["state"], "waiting", "{waiting}");
    let id = waiting["id"].as_u64().unwrap();
    let (files, said) = machine.configures(id, "nfs_server", &answers("rw")).await;
    assert!(files > 0);
    assert!(said.contains("A client has mounted /srv/nfs."), "{said}");
    client(4, "echo one >one").unwrap();
    client(3, "echo two >two").unwrap();
    assert_eq!(sh("cat /srv/nfs/*").unwrap(), "one\ntwo");
    assert_eq!(
        sh("stat -c %U /srv/nfs/one").unwrap(),
        "nobody",
        "root of a client is nobody"
    );

    let current = machine.current("nfs_server").await;
    assert_eq!(
        (&current["folder"], &current["access"]),
        (&json!("/srv/nfs"), &json!("rw"))
    );
    assert_eq!(text(&current["networks"][0]["ip"]), "192.0.2.0");
    let (_, files, _) = machine.again("nfs_server", &answers("rw")).await;
    assert_eq!(files, 0, "the same answers change nothing");

    let (second, files, _) = machine.again("nfs_server", &answers("ro")).await;
    assert_eq!(files, 1);
    client(4, "cat one").unwrap();
    assert!(client(4, "echo three >three").is_err(), "only read");
    machine.undoes(second).await;
    sh("exportfs -r").unwrap();
    client(4, "echo three >three").unwrap();

    let file = Path::new(CONFIGURATION);
    edit(file, "rw,sync", "rw,async");
    let (third, _, said) = machine.again("nfs_server", &answers("rw")).await;
    assert!(
        said.contains("was changed by hand and is kept as it is."),
        "{said}"
    );
    sh(&format!("grep rw,async {CONFIGURATION}")).unwrap();
    machine.undoes(third).await;
    edit(file, "rw,async", "rw,sync");

    machine.undoes(id).await;
    assert!(!file.exists());
    assert_eq!(machine.module("nfs_server").await["configured"], false);
}
