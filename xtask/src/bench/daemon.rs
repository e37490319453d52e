//! The real daemon on a data folder, and what is asked of it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::Bench;
use super::client_frames::Version;
use super::http::{Connection, request};
use super::started::Ended;
use super::stream::Stream;

/// A daemon that runs; it is stopped when this is dropped.
pub(crate) struct Daemon {
    process: Ended,
    address: String,
    code: String,
}

/// A paired client of it, with a connection of its own.
pub(crate) struct Client {
    address: String,
    token: String,
    connection: Connection,
}

impl Daemon {
    /// Starts one on a free port and returns once it says where it listens.
    pub(crate) fn start(bench: &Bench, data: &Path) -> Result<Self> {
        Self::start_with(bench, data, ["--port", "0"])
    }

    /// Starts one where another one was.
    pub(crate) fn start_again(bench: &Bench, data: &Path, address: &str) -> Result<Self> {
        let (_, port) = address
            .rsplit_once(':')
            .context("an address without a port")?;
        Self::start_with(bench, data, ["--port", port])
    }

    /// Starts one with the modules that ship with Contara.
    pub(crate) fn start_with_builtin_modules(bench: &Bench, data: &Path) -> Result<Self> {
        let modules = bench.checkout.path("modules/builtin");
        let options = ["--port", "0", "--builtin-modules"].map(OsStr::new);
        Self::start_with(
            bench,
            data,
            options.into_iter().chain([modules.as_os_str()]),
        )
    }

    fn start_with(
        bench: &Bench,
        data: &Path,
        options: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Result<Self> {
        fs::create_dir_all(data)?;
        let log = data.join("daemon.log");
        let mut process = bench.started.spawn(
            Command::new(&bench.contara)
                .args(["serve", "--ready-json", "--data-dir"])
                .arg(data)
                .args(options)
                .arg("--python")
                .arg(&bench.python)
                .env_remove("CONTARA_LOG")
                .env_remove("CONTARA_CONFIG")
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(File::create(&log)?),
        )?;
        let stdout = process.child().stdout.take().context("no output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        ensure!(
            !line.is_empty(),
            "the daemon didn't start: {}",
            fs::read_to_string(&log)?
        );
        let ready: Value = serde_json::from_str(&line)?;
        let text = |key: &str| ready[key].as_str().unwrap_or_default().to_owned();
        Ok(Self {
            process,
            address: text("url").trim_start_matches("http://").to_owned(),
            code: text("pairing_code"),
        })
    }

    /// `host:port`
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Signs in; works once.
    pub(crate) fn pair(&self) -> Result<Client> {
        let mut connection = Connection::open(&self.address)?;
        let body = json!({"pairing_code": self.code}).to_string();
        let answer = connection.ask(&request("POST", "/api/auth/pair", None, &body))?;
        let answer: Value = serde_json::from_slice(&answer.ok()?)?;
        let token = answer["api_token"].as_str().context("no token")?.to_owned();
        Ok(Client {
            address: self.address.clone(),
            token,
            connection,
        })
    }
}

impl Client {
    /// `host:port`
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// A stream of this client.
    pub(crate) fn stream(&self, version: Version) -> Result<Stream> {
        Stream::open(&self.address, &self.token, version)
    }

    /// One more connection.
    pub(crate) fn connect(&self) -> Result<Connection> {
        Connection::open(&self.address)
    }

    pub(crate) fn get(&mut self, path: &str) -> Result<Vec<u8>> {
        let request = request("GET", path, Some(&self.token), "");
        self.connection.ask(&request)?.ok()
    }

    pub(crate) fn enable(&mut self, module: &str) -> Result<()> {
        let request = self.enabling(module);
        self.connection.ask(&request)?.ok().map(drop)
    }

    /// Sends the wish and doesn't wait; [`Self::receive`] does.
    pub(crate) fn begin_to_enable(&mut self, module: &str) -> Result<()> {
        let request = self.enabling(module);
        self.connection.send(&request)
    }

    pub(crate) fn receive(&mut self) -> Result<()> {
        self.connection.receive()?.ok().map(drop)
    }

    pub(crate) fn disable(&mut self, module: &str) -> Result<()> {
        let path = format!("/api/modules/{module}/disable");
        let request = request("POST", &path, Some(&self.token), "");
        self.connection.ask(&request)?.ok().map(drop)
    }

    /// The request that enables a module.
    pub(crate) fn enabling(&self, module: &str) -> Vec<u8> {
        let path = format!("/api/modules/{module}/enable");
        request("POST", &path, Some(&self.token), "")
    }

    /// The request that calls an action.
    pub(crate) fn acting(&self, module: &str, action: &str) -> Vec<u8> {
        self.acting_with(module, action, "{}")
    }

    /// The request that calls an action with parameters, as JSON.
    pub(crate) fn acting_with(&self, module: &str, action: &str, parameters: &str) -> Vec<u8> {
        let path = format!("/api/modules/{module}/action/{action}");
        request("POST", &path, Some(&self.token), parameters)
    }

    /// Calls an action and waits for its end.
    pub(crate) fn act(&mut self, module: &str, action: &str) -> Result<()> {
        let request = self.acting(module, action);
        self.connection.ask(&request)?.ok().map(drop)
    }
}
