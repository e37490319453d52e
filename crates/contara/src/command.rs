//! The commands, one per file, and what they have in common.

pub(crate) mod module_check;
pub(crate) mod pair;
pub(crate) mod serve;

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args;
use contara_system::data_folder;

/// How every command that talks to a daemon finds it.
#[derive(Debug, Args)]
pub(crate) struct DataDir {
    /// The daemon's data folder [default: /var/lib/contara for root, else $XDG_DATA_HOME/contara or ~/.local/share/contara]
    #[arg(
        long,
        value_name = "DIR",
        env = "CONTARA_DATA_DIR",
        hide_env_values = true
    )]
    data_dir: Option<PathBuf>,
}

impl DataDir {
    fn path(&self) -> anyhow::Result<PathBuf> {
        match &self.data_dir {
            Some(path) => Ok(path.clone()),
            None => Ok(data_folder::default_path()?),
        }
    }
}

/// The kernel's limit for the path of a Unix socket, less the zero at its end.
const LONGEST_SOCKET_PATH: usize = 107;

/// The admin socket in a data folder.
fn admin_socket(data_folder: &Path) -> anyhow::Result<PathBuf> {
    let path = data_folder.join("admin.sock");
    if path.as_os_str().len() > LONGEST_SOCKET_PATH {
        let most = LONGEST_SOCKET_PATH - "/admin.sock".len();
        bail!(
            "the data folder's path is too long for the admin socket in it: choose one of at most {most} bytes with --data-dir"
        );
    }
    Ok(path)
}
