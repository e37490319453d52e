//! The spawner protocol, version 1: what the host and the process that starts its workers say to each other. Three
//! descriptors travel beside each `start`: the worker's link, its standard output and its standard error.

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use thiserror::Error;

/// The version of the spawner protocol that the host speaks.
pub const SPAWNER_PROTOCOL: u32 = 1;

/// The largest frame either side may send, in bytes, without the length in front of it.
pub const MAX_FRAME: usize = 1024 * 1024;

/// In which way a worker is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartWay {
    /// As a copy of the spawner, which has loaded all that a worker needs.
    #[default]
    Fork,
    /// As a Python of its own, which loads everything itself.
    Exec,
}

/// A message to the spawner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToSpawner {
    /// The first message.
    Hello {
        /// [`SPAWNER_PROTOCOL`].
        protocol: u32,
        /// The host's name and version.
        host: String,
    },
    /// Start a worker; answered by `started` or `refused`.
    Start {
        /// Names the worker from now on; never used again.
        id: u64,
        /// The module's name, for what people see of the process.
        module: String,
        /// In which way.
        way: StartWay,
        /// The Python program, for a start by exec.
        python: String,
        /// Where Python may keep compiled modules.
        pycache_prefix: String,
        /// The folder of the module's own Python packages.
        packages: Option<String>,
        /// All of its environment.
        environment: Environment,
        /// What the kernel holds each of its processes to.
        limits: ProcessLimits,
    },
    /// End a worker and all that it started; `exited` follows.
    Kill {
        /// Of the worker.
        id: u64,
    },
}

/// Environment variables, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Environment(pub Vec<(String, String)>);

/// What the kernel holds each process of a worker to; `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ProcessLimits {
    /// Bytes of address space.
    pub address_space: Option<u64>,
    /// Files that may be open.
    pub open_files: Option<u64>,
}

/// A message from the spawner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromSpawner {
    /// The first message, once it has loaded all that workers need.
    Hello {
        /// The version of the protocol that it speaks.
        protocol: u32,
        /// The SDK's version.
        #[serde(default)]
        sdk: String,
        /// Python's version.
        #[serde(default)]
        python: String,
    },
    /// A worker has been started.
    Started {
        /// Of the worker.
        id: u64,
        /// Its process.
        pid: u32,
    },
    /// A worker can't be started.
    Refused {
        /// Of the worker.
        id: u64,
        /// Why, in the system's words.
        message: String,
    },
    /// A worker is gone, and what it had left running too.
    Exited {
        /// Of the worker.
        id: u64,
        /// Its exit status, unless a signal ended it.
        #[serde(default)]
        code: Option<i32>,
        /// The signal that ended it.
        #[serde(default)]
        signal: Option<i32>,
    },
    /// A message of a newer spawner; to be ignored.
    #[serde(other)]
    Unknown,
}

/// A frame that is no message of a spawner.
#[derive(Debug, Error)]
#[error("a frame from the spawner is not a message: {0}")]
pub struct BadSpawnerMessage(#[from] rmp_serde::decode::Error);

impl ToSpawner {
    /// The frame's content: a MessagePack map whose first field is `type`.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        rmp_serde::to_vec_named(self)
            .unwrap_or_else(|error| unreachable!("text and whole numbers always encode: {error}"))
    }
}

impl FromSpawner {
    /// Decodes a frame's content.
    ///
    /// # Errors
    /// The frame is no message.
    pub fn decode(frame: &[u8]) -> Result<Self, BadSpawnerMessage> {
        Ok(rmp_serde::from_slice(frame)?)
    }
}

impl Serialize for Environment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
