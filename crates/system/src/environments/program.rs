//! Running a program to its end: in a process group of its own, its output as lines. Whoever drops the future kills it and
//! all that it started.

use std::collections::VecDeque;
use std::process::{ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};

use rustix::process::{Pid, setpriority_process};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

use super::words::harmless;
use super::{Doing, EnvironmentError};
use crate::worker_process::{ProcessGroup, describe_status};

/// What a program has said.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) succeeded: bool,
    /// The last lines of both outputs, harmless.
    pub(super) lines: Vec<String>,
}

/// Niceness: a third of the time of somebody with 0 who wants all of a processor. More would let a module that hogs the machine
/// keep others' packages away for long.
const NICE: i32 = 5;
/// Bytes of a line; the rest of a longer one is dropped. Installers' lines are a few hundred bytes, the SDK's facts some
/// thousand.
const LINE: usize = 64 * 1024;
/// Lines that are kept to explain a failure: a compiler that fails to build a package says a few hundred.
const LINES: usize = 1000;

/// Runs a program; `on_line` gets each harmless line. Pipes that the command asks for are read, others are closed.
pub(super) async fn run(
    mut command: Command,
    doing: Doing,
    on_line: &(dyn Fn(&str) + Sync),
) -> Result<Output, EnvironmentError> {
    let child = command
        .current_dir("/")
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn();
    let child = child.map_err(|source| EnvironmentError::Failed {
        doing,
        words: format!(
            "can't run {}: {source}",
            command.as_std().get_program().display()
        ),
    })?;
    Ok(follow(child, on_line).await)
}

async fn follow(mut child: Child, on_line: &(dyn Fn(&str) + Sync)) -> Output {
    let group = ProcessGroup::of(&child);
    stand_back(&child);
    let kept = Kept::default();
    let keep = |line: &str| {
        on_line(line);
        kept.add(line);
    };
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let status = async {
        let status = child.wait().await;
        // What it left running holds its pipes, which would be read for ever.
        drop(group);
        status
    };
    let (status, (), ()) = tokio::join!(status, read(stdout, &keep), read(stderr, &keep));
    let succeeded = status.as_ref().is_ok_and(ExitStatus::success);
    if !succeeded && kept.is_empty() {
        kept.add(&status.map_or_else(|error| error.to_string(), describe_status));
    }
    Output {
        succeeded,
        lines: kept.into_lines(),
    }
}

/// Lets modules that run go first: an installer takes all the processors that it gets. What it starts is treated alike.
fn stand_back(child: &Child) {
    let pid = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    // One that has ended already needs no time.
    let _ = pid.map(|pid| setpriority_process(Some(pid), NICE));
}

/// The last lines.
#[derive(Debug, Default)]
struct Kept(Mutex<VecDeque<String>>);

impl Kept {
    fn add(&self, line: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LINES {
            lines.pop_front();
        }
        lines.push_back(line.to_owned());
    }

    fn is_empty(&self) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }

    fn into_lines(self) -> Vec<String> {
        self.0
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .into()
    }
}

/// Splits a stream into lines, empty ones left out; a carriage return ends one too.
async fn read(stream: Option<impl AsyncRead + Unpin>, on_line: &(dyn Fn(&str) + Sync)) {
    let Some(mut stream) = stream else { return };
    let mut line = Vec::new();
    let mut chunk = [0; 8192];
    // A pipe that can't be read has nothing more to say.
    while let Ok(length @ 1..) = stream.read(&mut chunk).await {
        for byte in &chunk[..length] {
            match byte {
                b'\n' | b'\r' => finish(&mut line, on_line),
                byte if line.len() < LINE => line.push(*byte),
                _ => {}
            }
        }
    }
    finish(&mut line, on_line);
}

fn finish(line: &mut Vec<u8>, on_line: &(dyn Fn(&str) + Sync)) {
    let text = harmless(&String::from_utf8_lossy(line));
    if !text.is_empty() {
        on_line(&text);
    }
    line.clear();
}
