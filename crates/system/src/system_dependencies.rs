//! What modules need of the system: programs and services. Owns how they are looked for; never installs or starts any.
//!
//! A name is met by a program on `PATH`, else by a service: a unit of systemd or a script in `/etc/init.d`. A service that is
//! named as such (`docker.service`), or that has no program of its name, should also run, which is asked where systemd does.
//! A program's service isn't asked about: `rsync` is of use without its service, which most machines have and don't run.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use contara_i18n::{Message, message};

use crate::worker_process::is_executable;

/// Where to look on this machine.
#[derive(Debug)]
struct Machine {
    /// Folders of programs.
    path: Vec<PathBuf>,
    /// Folders of programs that a `PATH` may lack.
    other: Vec<PathBuf>,
    /// Folders of units.
    units: Vec<PathBuf>,
    /// The folder of old services' scripts.
    scripts: PathBuf,
    /// The program to ask, where systemd runs.
    systemctl: Option<PathBuf>,
}

/// systemd's search path for system units (systemd.unit(5)).
const UNITS: [&str; 6] = [
    "/etc/systemd/system",
    "/run/systemd/system",
    "/run/systemd/generator",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
];

/// Where Debian and others keep programs for administrators, which a user's `PATH` often lacks.
const OTHER: [&str; 3] = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/// Kinds of units that stand for a service that is ready to be used: systemd starts it when it is needed.
const STARTERS: [&str; 3] = [".socket", ".path", ".timer"];

/// systemctl answers in some 10 ms; a bus that hangs must not hold up the module.
const PATIENCE: Duration = Duration::from_secs(2);

/// No file name is longer.
const LONGEST: usize = 255;

/// A sentence for each dependency that isn't met. Blocks: call it on a thread for such work.
#[must_use]
pub fn unmet(dependencies: &[String]) -> Vec<Message> {
    let machine = Machine::this();
    dependencies
        .iter()
        .filter_map(|name| machine.lacks(name))
        .collect()
}

impl Machine {
    fn this() -> Self {
        let path: Vec<_> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
            .filter(|folder| folder.is_absolute())
            .collect();
        let runs_systemd = Path::new("/run/systemd/system").is_dir();
        Self {
            systemctl: find(&path, "systemctl").filter(|_| runs_systemd),
            path,
            other: OTHER.map(PathBuf::from).into(),
            units: UNITS.map(PathBuf::from).into(),
            scripts: PathBuf::from("/etc/init.d"),
        }
    }

    /// The sentence, if this isn't met.
    fn lacks(&self, name: &str) -> Option<Message> {
        if let Some(sentence) = no_name(name) {
            return Some(sentence);
        }
        if name.starts_with('/') {
            return self.lacks_file(name);
        }
        if find(&self.path, name).is_some() {
            return None;
        }
        if self.has_service(name) {
            return self.lacks_running(name);
        }
        Some(match find(&self.other, name) {
            Some(place) => message!(
                "{name}, which this module needs, is {place}, where the daemon doesn't look: add that folder to its PATH.",
                name = name,
                place = place.display().to_string()
            ),
            None => message!(
                "{name}, which this module needs, is not installed: there is no such program on the PATH, nor a service of that name.",
                name = name
            ),
        })
    }

    fn lacks_file(&self, name: &str) -> Option<Message> {
        let path = Path::new(name);
        if is_executable(path) {
            return None;
        }
        Some(if path.exists() {
            message!(
                "{name}, which this module needs, is no program that the daemon's user may run.",
                name = name
            )
        } else {
            message!(
                "{name}, which this module needs, is not there.",
                name = name
            )
        })
    }

    fn has_service(&self, name: &str) -> bool {
        let unit = unit_of(name);
        // An instance (`x@y.service`) has the file of its template (`x@.service`).
        let template = unit.split_once('@').and_then(|(prefix, rest)| {
            let (_, kind) = rest.rsplit_once('.')?;
            Some(format!("{prefix}@.{kind}"))
        });
        let has = |unit: &str| self.units.iter().any(|folder| folder.join(unit).exists());
        let script = name.strip_suffix(".service").unwrap_or(name);
        has(&unit)
            || template.is_some_and(|unit| has(&unit))
            || is_executable(&self.scripts.join(script))
    }

    fn lacks_running(&self, name: &str) -> Option<Message> {
        let systemctl = self.systemctl.as_ref()?;
        let unit = unit_of(name);
        let stem = unit
            .rsplit_once('.')
            .map_or(unit.as_str(), |(stem, _)| stem);
        let starters = STARTERS.map(|kind| format!("{stem}{kind}"));
        let is_active = is_active(systemctl, &unit, &starters)?;
        (!is_active).then(|| {
            message!(
                "{unit}, a service that this module needs, is installed but not running: start it, for example with {command}.",
                unit = &unit,
                command = format!("\"systemctl start {unit}\"")
            )
        })
    }
}

/// A sentence about a text that can't be the name of anything.
fn no_name(name: &str) -> Option<Message> {
    let is_path = name.starts_with('/');
    let is_odd = name.is_empty()
        || name.len() > if is_path { 4096 } else { LONGEST }
        || name.starts_with('-')
        || name.chars().any(char::is_control)
        || (name.contains('/') && !is_path);
    is_odd.then(|| {
        let shown: String = name.chars().take(40).collect();
        message!(
            "This module says that it needs {name}, which can't be the name of a program or a service: tell its author.",
            name = format!("{shown:?}")
        )
    })
}

/// A unit's whole name; without a kind it is a service.
fn unit_of(name: &str) -> String {
    let kinds = [".service", ".target", ".mount"];
    if kinds
        .iter()
        .chain(&STARTERS)
        .any(|kind| name.ends_with(kind))
    {
        name.to_owned()
    } else {
        format!("{name}.service")
    }
}

fn find(folders: &[PathBuf], name: &str) -> Option<PathBuf> {
    let candidates = folders.iter().map(|folder| folder.join(name));
    candidates.into_iter().find(|path| is_executable(path))
}

/// Whether one of these runs; nothing if systemd can't say.
fn is_active(systemctl: &Path, unit: &str, starters: &[String]) -> Option<bool> {
    let mut child = Command::new(systemctl)
        .args(["is-active", "--quiet", "--", unit])
        .args(starters)
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| (OsString::from("PATH"), path)))
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    // Somebody else must wait, so that waiting can end before the program does.
    let pidfd = rustix::process::pidfd_open(
        rustix::process::Pid::from_child(&child),
        rustix::process::PidfdFlags::empty(),
    )
    .ok()?;
    let (done, ended) = mpsc::sync_channel(1);
    std::thread::spawn(move || done.send(child.wait()));
    let Ok(status) = ended.recv_timeout(PATIENCE) else {
        // It may have ended just now; then there is nothing to kill.
        let _ = rustix::process::pidfd_send_signal(&pidfd, rustix::process::Signal::KILL);
        return None;
    };
    match status.ok()?.code()? {
        0 => Some(true),
        // systemctl(1): 3 is not active. 4, no such unit, can be said of an old service's script.
        3 => Some(false),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// A machine in a folder, whose systemctl is a script.
    struct Toy {
        folder: tempfile::TempDir,
        machine: Machine,
    }

    impl Toy {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let place = |name: &str| {
                let path = folder.path().join(name);
                fs::create_dir(&path).unwrap();
                path
            };
            let machine = Machine {
                path: vec![place("bin")],
                other: vec![place("sbin")],
                units: vec![place("units")],
                scripts: place("init.d"),
                systemctl: None,
            };
            Self { folder, machine }
        }

        fn file(&self, name: &str, content: &str, mode: u32) -> PathBuf {
            let path = self.folder.path().join(name);
            fs::write(&path, content).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            path
        }

        #[track_caller]
        fn check(&self, name: &str, expected: &str) {
            let sentence = self.machine.lacks(name).unwrap_or_default().to_string();
            let folder = self.folder.path().to_str().unwrap();
            assert_eq!(sentence.replace(folder, "FOLDER"), expected);
        }
    }

    #[test]
    fn programs_are_looked_for_on_the_path() {
        let toy = Toy::new();
        toy.file("bin/smartctl", "", 0o755);
        toy.file("bin/notes", "", 0o644);
        toy.file("sbin/hdparm", "", 0o755);
        toy.check("smartctl", "");
        toy.check(
            "notes",
            "notes, which this module needs, is not installed: there is no such program on the PATH, nor a service of that \
             name.",
        );
        toy.check(
            "hdparm",
            "hdparm, which this module needs, is FOLDER/sbin/hdparm, where the daemon doesn't look: add that folder to its \
             PATH.",
        );
    }

    #[test]
    fn paths_are_looked_at() {
        let toy = Toy::new();
        let good = toy.file("bin/good", "", 0o755);
        let text = toy.file("bin/text", "", 0o644);
        toy.check(good.to_str().unwrap(), "");
        toy.check(
            text.to_str().unwrap(),
            "FOLDER/bin/text, which this module needs, is no program that the daemon's user may run.",
        );
        toy.check(
            "/nowhere/x",
            "/nowhere/x, which this module needs, is not there.",
        );
    }

    #[test]
    fn services_are_units_or_scripts() {
        let toy = Toy::new();
        toy.file("units/docker.service", "", 0o644);
        toy.file("units/backup@.service", "", 0o644);
        toy.file("units/cups.socket", "", 0o644);
        toy.file("init.d/old", "", 0o755);
        for name in [
            "docker",
            "docker.service",
            "backup@home",
            "backup@home.service",
            "cups.socket",
            "old",
            "old.service",
        ] {
            toy.check(name, "");
        }
        toy.check(
            "cups",
            "cups, which this module needs, is not installed: there is no such program on the PATH, nor a service of that \
             name.",
        );
    }

    #[test]
    fn a_service_should_run_where_systemd_does() {
        let mut toy = Toy::new();
        let systemctl = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/systemctl.sh");
        toy.machine.systemctl = Some(systemctl);
        for status in ["0", "3", "4", "1"] {
            toy.file(&format!("units/exit-{status}.service"), "", 0o644);
        }
        for runs_or_unknown in ["exit-0", "exit-4.service", "exit-1"] {
            toy.check(runs_or_unknown, "");
        }
        let not_running = "exit-3.service, a service that this module needs, is installed but not running: start it, for \
                           example with \"systemctl start exit-3.service\".";
        toy.check("exit-3", not_running);
        toy.file("bin/exit-3", "", 0o755);
        toy.check("exit-3", "");
        toy.check("exit-3.service", not_running);
    }

    #[test]
    fn what_can_be_no_name_is_said() {
        let toy = Toy::new();
        for (name, shown) in [
            ("", r#""""#),
            ("-rf", r#""-rf""#),
            ("../bin/sh", r#""../bin/sh""#),
            ("a\nb", r#""a\nb""#),
            ("\u{1b}[2J", r#""\u{1b}[2J""#),
        ] {
            toy.check(
                name,
                &format!(
                    "This module says that it needs {shown}, which can't be the name of a program or a service: tell its \
                     author."
                ),
            );
        }
        assert!(
            toy.machine
                .lacks(&"x".repeat(300))
                .unwrap()
                .to_string()
                .len()
                < 200
        );
        let spaces = toy.machine.lacks("docker compose").unwrap().to_string();
        assert!(
            spaces.starts_with("docker compose, which this module needs, is not installed"),
            "{spaces}"
        );
    }

    #[test]
    fn this_machine_has_a_shell() {
        assert_eq!(unmet(&["sh".to_owned()]), []);
    }
}
