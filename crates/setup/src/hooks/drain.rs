//! What a module's worker prints and logs: lines for the daemon's log under the module's name, as many as are of use, and without
//! the passwords that its functions were given.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use contara_protocol::link::LogLevel;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt};
use tracing::{debug, error, info, warn};

/// Lines of one worker that are logged; a module that says more has made its point.
const LINES: u32 = 500;
/// Longer lines are cut.
const LONGEST: usize = 8 * 1024;
/// Secrets that are remembered: more than a form has.
const SECRETS: usize = 64;
/// Shorter ones would be found in any sentence.
const SHORTEST_SECRET: usize = 4;

/// The log of one worker. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Drain {
    module: Arc<str>,
    state: Arc<Mutex<State>>,
}

struct State {
    left: u32,
    secrets: VecDeque<String>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} lines", self.left)
    }
}

impl Drain {
    pub(super) fn new(module: &str) -> Self {
        let state = State {
            left: LINES,
            secrets: VecDeque::new(),
        };
        Self {
            module: module.into(),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// These arguments go to one of its functions: what may be a password in them isn't logged.
    pub(super) fn hide(&self, arguments: &[Value]) {
        let texts = arguments.iter().flat_map(|argument| match argument {
            Value::String(text) => vec![text.clone()],
            Value::Array(fields) => fields.iter().filter_map(password).collect(),
            _ => Vec::new(),
        });
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for text in texts.filter(|text| text.len() >= SHORTEST_SECRET) {
            if !state.secrets.contains(&text) {
                state.secrets.push_back(text);
            }
            if state.secrets.len() > SECRETS {
                state.secrets.pop_front();
            }
        }
    }

    /// Logs a line, if there is room left.
    pub(super) fn line(&self, level: LogLevel, text: &str) {
        let Some(text) = self.admit(text) else {
            return;
        };
        let module = &*self.module;
        match level {
            LogLevel::Debug => debug!(module, "{text}"),
            LogLevel::Info => info!(module, "{text}"),
            LogLevel::Warning => warn!(module, "{text}"),
            LogLevel::Error => error!(module, "{text}"),
        }
    }

    /// The line as it is logged; control characters, which could steer a terminal, are written out.
    fn admit(&self, text: &str) -> Option<String> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.left = state.left.checked_sub(1)?;
        if state.left == 0 {
            return Some("it says more than is logged: the rest is dropped".into());
        }
        let mut text = text.to_owned();
        for secret in &state.secrets {
            text = text.replace(secret, "••••••");
        }
        text.truncate(text.floor_char_boundary(LONGEST));
        let escape = |char: char| match char.is_control() && char != '\t' {
            true => char.escape_default().to_string(),
            false => char.to_string(),
        };
        Some(text.chars().map(escape).collect())
    }

    /// Logs all lines of a stream until its end. It is always read on, so that nothing is held up.
    pub(super) async fn read(self, level: LogLevel, mut stream: impl AsyncRead + Unpin) {
        let mut line = Vec::new();
        let mut chunk = vec![0; 4 * 1024];
        loop {
            // A pipe that can't be read has nothing more to say.
            let count = stream.read(&mut chunk).await.unwrap_or(0);
            for &byte in &chunk[..count] {
                if byte == b'\n' {
                    self.line(level, &String::from_utf8_lossy(&line));
                    line.clear();
                } else if line.len() < LONGEST {
                    line.push(byte);
                }
            }
            if count == 0 {
                break;
            }
        }
        if !line.is_empty() {
            self.line(level, &String::from_utf8_lossy(&line));
        }
    }
}

/// The default of a password field.
fn password(field: &Value) -> Option<String> {
    let is_password = field.get("type").and_then(Value::as_str) == Some("password");
    let default = field.get("default").filter(|_| is_password)?;
    default.as_str().map(str::to_owned)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lines_are_bounded_cut_and_cannot_steer_a_terminal() {
        let drain = Drain::new("it");
        assert_eq!(drain.admit("a\tb\u{1b}[2J").unwrap(), "a\tb\\u{1b}[2J");
        assert_eq!(drain.admit(&"ä".repeat(LONGEST)).unwrap().len(), LONGEST);
        let logged = std::iter::from_fn(|| drain.admit("x")).collect::<Vec<_>>();
        assert_eq!(logged.len() + 2, LINES as usize);
        assert!(logged.last().unwrap().contains("dropped"));
    }

    #[test]
    fn passwords_that_its_functions_were_given_are_masked() {
        let drain = Drain::new("it");
        drain.hide(&[
            json!("canary"),
            json!("abc"),
            json!([{"type": "password", "default": "other"}, {"type": "text", "default": "open"}]),
        ]);
        assert_eq!(
            drain.admit("canary abc other open").unwrap(),
            "•••••• abc •••••• open"
        );
        assert!(!format!("{drain:?}").contains("canary"));
    }
}
