//! A place to prepare packages in, with wheels of its own, and an index that never answers.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use contara_system::environments::{EnvironmentError, Environments, Packages, Progress};
use contara_system::worker_process::Interpreter;
use tempfile::TempDir;

/// Longer than anything here takes on a slow machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// Which program installs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum With {
    Uv,
    Pip,
}

pub(crate) struct House {
    pub(crate) folder: TempDir,
    pub(crate) interpreter: Interpreter,
    variables: Vec<(OsString, OsString)>,
    limit: Duration,
}

pub(crate) fn checkout() -> PathBuf {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    checkout.canonicalize().unwrap()
}

pub(crate) fn python() -> PathBuf {
    let named = std::env::var_os("CONTARA_PYTHON").map(PathBuf::from);
    named.unwrap_or_else(|| checkout().join("python/.venv/bin/python"))
}

fn make(kind: &str, folder: &Path, texts: &[&str]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/packages.py");
    let mut command = Command::new(python());
    command.arg(script).arg(kind).arg(folder).args(texts);
    assert!(command.status().unwrap().success());
}

impl House {
    /// With these wheels, and no network.
    pub(crate) fn new(with: With, wheels: &[&str]) -> Self {
        let house = Self::empty(with);
        house.add_wheels(wheels);
        house
    }

    fn empty(with: With) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let venv = folder.path().join("venv");
        let python = match with {
            With::Uv => python(),
            With::Pip => {
                make("venv", &venv, &[]);
                venv.join("bin/python")
            }
        };
        let interpreter = Interpreter {
            python,
            bytecode_cache: folder.path().join("bytecode"),
            module_data: folder.path().join("data"),
            module_cache: folder.path().join("module-cache"),
        };
        let house = Self {
            folder,
            interpreter,
            variables: Vec::new(),
            limit: PATIENCE,
        };
        let links = house.wheels();
        let uv = house.configure_uv(&links);
        let home = house.folder.path().join("home");
        house
            .set("HOME", home)
            .set("PIP_FIND_LINKS", &links)
            .set("UV_CONFIG_FILE", uv)
            .set("PIP_NO_INDEX", "1")
            .set("UV_HTTP_RETRIES", "0")
            // An installer that waits doesn't give up by itself while a test lasts.
            .set("UV_HTTP_TIMEOUT", "3600")
            // pip speaks of the network only when it tries again.
            .set("PIP_RETRIES", "1")
            // Tests must not depend on the configuration of whoever runs them.
            .set("PIP_CONFIG_FILE", "/dev/null")
    }

    pub(crate) fn add_wheels(&self, wheels: &[&str]) {
        make("wheels", &self.wheels(), wheels);
    }

    /// The folder of the wheels.
    pub(crate) fn wheels(&self) -> PathBuf {
        self.folder.path().join("wheels")
    }

    /// uv has no variable for "no index".
    fn configure_uv(&self, links: &Path) -> PathBuf {
        let path = self.folder.path().join("uv.toml");
        fs::write(
            &path,
            format!("no-index = true\nfind-links = [{links:?}]\n"),
        )
        .unwrap();
        path
    }

    pub(crate) fn set(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.retain(|(each, _)| each != name);
        self.variables.push((name.into(), value.into()));
        self
    }

    pub(crate) fn with_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// With nothing but an index.
    pub(crate) fn with_index(self, url: &str) -> Self {
        let nothing = self.folder.path().join("nothing");
        fs::create_dir_all(&nothing).unwrap();
        self.set("UV_CONFIG_FILE", "/dev/null")
            .set("PIP_FIND_LINKS", &nothing)
            .set("PIP_NO_INDEX", "0")
            .set("UV_INDEX_URL", url)
            .set("PIP_INDEX_URL", url)
    }

    pub(crate) fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    /// What a daemon of this house would have.
    pub(crate) fn environments(&self) -> Environments {
        let variables = self.variables.clone().into_iter();
        Environments::configured(&self.interpreter, &self.cache(), variables, self.limit)
    }

    /// Prepares as a daemon that has just started.
    pub(crate) async fn prepare(&self, requirements: &[&str]) -> Prepared {
        prepare(&self.environments(), requirements).await
    }

    /// What a program prints in an environment with these packages.
    pub(crate) fn run(&self, packages: &Packages, code: &str) -> String {
        let cache = format!(
            "pycache_prefix={}",
            self.interpreter.bytecode_cache.display()
        );
        let output = Command::new(&self.interpreter.python)
            .args(["-P", "-X", &cache, "-c", code])
            .env("PYTHONPATH", &packages.site)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

/// How a preparation went.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) progress: Vec<Progress>,
    pub(crate) end: Result<Option<Packages>, EnvironmentError>,
}

impl Prepared {
    #[track_caller]
    pub(crate) fn packages(self) -> Packages {
        self.end.unwrap().unwrap()
    }

    /// What people would read.
    #[track_caller]
    pub(crate) fn error(self) -> EnvironmentError {
        self.end.unwrap_err()
    }

    pub(crate) fn log(&self) -> String {
        let lines = self.progress.iter().map(|progress| match progress {
            Progress::Line(line) => format!("{line}\n"),
            Progress::Step(_) => String::new(),
        });
        lines.collect()
    }
}

pub(crate) fn owned(requirements: &[&str]) -> Vec<String> {
    requirements.iter().map(|&each| each.to_owned()).collect()
}

pub(crate) async fn prepare(environments: &Environments, requirements: &[&str]) -> Prepared {
    let mut preparation = environments.prepare(&owned(requirements));
    let follow = async {
        let mut progress = Vec::new();
        while let Some(next) = preparation.next().await {
            progress.push(next);
        }
        let end = preparation.end().await;
        Prepared { progress, end }
    };
    tokio::time::timeout(PATIENCE, follow).await.unwrap()
}

/// An index that accepts whoever comes and says nothing.
pub(crate) struct SilentIndex {
    pub(crate) url: String,
    /// A message for each connection when it is made, and one when its other end is gone.
    pub(crate) events: Receiver<Connection>,
    streams: Arc<Mutex<Vec<TcpStream>>>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Connection {
    Made,
    Gone,
}

impl SilentIndex {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/simple", listener.local_addr().unwrap());
        let (sender, events) = channel();
        let streams = Arc::<Mutex<Vec<TcpStream>>>::default();
        let kept = streams.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, sender) = (stream.unwrap(), sender.clone());
                kept.lock().unwrap().push(stream.try_clone().unwrap());
                let _ = sender.send(Connection::Made);
                std::thread::spawn(move || {
                    let _ = stream.read_to_end(&mut Vec::new());
                    let _ = sender.send(Connection::Gone);
                });
            }
        });
        Self {
            url,
            events,
            streams,
        }
    }

    /// Hangs up on everybody.
    pub(crate) fn hang_up(&self) {
        for stream in self.streams.lock().unwrap().iter() {
            stream.shutdown(Shutdown::Both).unwrap();
        }
    }

    #[track_caller]
    pub(crate) fn expect(&self, event: &Connection) {
        let next = self.events.recv_timeout(PATIENCE);
        assert_eq!(&next.unwrap(), event);
    }
}

/// An index (PEP 503) of a folder of wheels. Dropping it closes its port.
pub(crate) struct Index {
    address: SocketAddr,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Index {
    pub(crate) fn of(wheels: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let ended = Arc::new(AtomicBool::new(false));
        let told = ended.clone();
        let serve = move || {
            for stream in listener.incoming() {
                if told.load(Ordering::SeqCst) {
                    break;
                }
                // One answer for each connection.
                let _ = answer(&stream.unwrap(), &wheels);
            }
        };
        Self {
            address,
            ended,
            thread: Some(std::thread::spawn(serve)),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/simple", self.address)
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // It has to be woken to see it.
        let _ = TcpStream::connect(self.address);
        self.thread.take().unwrap().join().unwrap();
    }
}

fn answer(stream: &TcpStream, wheels: &Path) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    while lines
        .next()
        .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
    {}
    let path = request.split(' ').nth(1).unwrap_or_default();
    let (status, kind, body) = match path.trim_matches('/').split('/').collect::<Vec<_>>()[..] {
        ["simple", name] => ("200 OK", "text/html", page(name, wheels)?.into_bytes()),
        ["files", name] if wheels.join(name).is_file() => (
            "200 OK",
            "application/octet-stream",
            fs::read(wheels.join(name))?,
        ),
        _ => ("404 Not Found", "text/plain", Vec::new()),
    };
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)
}

fn page(name: &str, wheels: &Path) -> std::io::Result<String> {
    let mut page = String::from("<!DOCTYPE html><html><body>");
    for entry in fs::read_dir(wheels)? {
        let file = entry?.file_name().into_string().unwrap();
        if file.starts_with(&format!("{name}-")) {
            page += &format!("<a href=\"/files/{file}\">{file}</a>");
        }
    }
    Ok(page + "</body></html>")
}
