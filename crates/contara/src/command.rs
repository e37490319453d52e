//! The commands, one per file, and what they have in common.

pub(crate) mod module;
pub(crate) mod pair;
pub(crate) mod reference;
pub(crate) mod serve;
pub(crate) mod setup;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use contara_i18n::{Message, message};
use contara_system::data_folder;
use contara_system::worker_process::python_on_path;

use crate::admin_client::AdminClient;
use crate::locale_language::{self, say};

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

    /// The daemon that runs on it.
    fn admin_client(&self) -> anyhow::Result<AdminClient> {
        Ok(AdminClient::new(
            admin_socket(&self.path()?)?,
            machine_name(),
            locale_language::language(),
        ))
    }
}

/// Which Python runs modules.
#[derive(Debug, Args)]
pub(crate) struct Python {
    /// A Python ≥ 3.11 with the Contara SDK installed [default: python3 on PATH]
    #[arg(
        long,
        value_name = "PROGRAM",
        env = "CONTARA_PYTHON",
        hide_env_values = true
    )]
    python: Option<PathBuf>,
}

impl Python {
    /// The program: absolute, or a bare name that is looked up when it is started.
    fn program(&self) -> anyhow::Result<PathBuf> {
        let python = match &self.python {
            Some(path) if path.components().count() > 1 => {
                std::path::absolute(path).with_context(|| {
                    say(&message!("can't find {path}", path = path.display().to_string()))
                })?
            }
            Some(name) => name.clone(),
            None => python_on_path().with_context(|| {
                say(&message!(
                    "there is no python3 on PATH: install Python 3.11 or newer, or name one with --python"
                ))
            })?,
        };
        if python.is_absolute() && !python.is_file() {
            bail!(say(&message!(
                "there is no Python at {path}: name one with --python",
                path = python.display().to_string()
            )));
        }
        Ok(python)
    }
}

/// The kernel's limit for the path of a Unix socket, less the zero at its end.
const LONGEST_SOCKET_PATH: usize = 107;

/// The admin socket in a data folder.
fn admin_socket(data_folder: &Path) -> anyhow::Result<PathBuf> {
    let path = data_folder.join("admin.sock");
    if path.as_os_str().len() > LONGEST_SOCKET_PATH {
        let most = LONGEST_SOCKET_PATH - "/admin.sock".len();
        bail!(say(&message!(
            "the data folder's path is too long for the admin socket in it: choose one of at most {most} bytes with --data-dir",
            most = most
        )));
    }
    Ok(path)
}

/// Runs what a command that only waits for others has to do.
fn wait_for<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(work)
}

/// Rows under a head, each column as wide as it has to be.
fn table<const N: usize>(
    head: [Message; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let head = std::iter::once(head.map(|word| say(&word)));
    let rows: Vec<_> = head.chain(rows).collect();
    let widths: [usize; N] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or_default()
    });
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths);
        let cells = cells.map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Lines of a label and what belongs to it, which begins below each other.
fn labelled<const N: usize>(lines: [(Message, String); N]) -> [String; N] {
    let lines = lines.map(|(label, text)| (locale_language::with_colon(&say(&label)), text));
    let widths = lines.iter().map(|(label, _)| label.chars().count());
    let width = widths.max().unwrap_or_default();
    lines.map(|(label, text)| format!("{label:width$} {text}"))
}

/// The name that this machine has for others.
fn machine_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    match name.trim() {
        "" => "localhost".to_owned(),
        name => name.to_owned(),
    }
}
