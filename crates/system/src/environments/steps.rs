//! What an installer prints, turned into steps: how many packages of how many, and what is being done.

use std::sync::{Mutex, PoisonError};

use contara_i18n::Message;

use super::preparation::{Reporter, Step};

/// The steps of one build. Lines are passed on as they come.
#[derive(Debug)]
pub(super) struct Steps<'a> {
    reporter: &'a Reporter,
    now: Mutex<Step>,
}

impl<'a> Steps<'a> {
    /// Of a build that has said nothing yet.
    pub(super) fn new(reporter: &'a Reporter) -> Self {
        Self {
            reporter,
            now: Mutex::new(Step::default()),
        }
    }

    /// Begins something else, with a number of packages if it is known.
    pub(super) fn begin(&self, text: Message, total: Option<usize>) {
        let total = total.map(|total| total as u64);
        self.change(|step| {
            *step = Step {
                done: total.map(|_| 0),
                total,
                text,
            };
        });
    }

    /// A line for the log that isn't the installer's.
    pub(super) fn note(&self, line: String) {
        self.reporter.line(line);
    }

    /// A line that an installer has printed.
    pub(super) fn line(&self, line: &str) {
        self.reporter.line(line.to_owned());
        self.change(|step| apply(step, line.trim()));
    }

    fn change(&self, change: impl FnOnce(&mut Step)) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let before = now.clone();
        change(&mut now);
        if *now != before {
            self.reporter.step(now.clone());
        }
    }
}

/// uv names only downloads that take a while; pip names each package when it turns to it.
fn apply(step: &mut Step, line: &str) {
    let first = line.split(' ').next().unwrap_or_default();
    match first {
        "Downloading" | "Building" => step.text = Message::verbatim(line),
        "Collecting" => {
            let package = line.split(" (from").next();
            step.text = Message::verbatim(package.unwrap_or(line));
        }
        "Downloaded" | "Built" | "Saved" => count(step),
        "Prepared" | "Installing" | "Successfully" => step.done = step.total,
        _ => {}
    }
}

/// One more, but never more than there are.
fn count(step: &mut Step) {
    if let (Some(done), Some(total)) = (step.done, step.total) {
        step.done = Some((done + 1).min(total));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(total: Option<u64>, lines: &[&str], expected: (Option<u64>, &str)) {
        let mut step = Step {
            done: total.map(|_| 0),
            total,
            text: Message::verbatim("Installing"),
        };
        for line in lines {
            apply(&mut step, line);
        }
        let text = step.text.to_string();
        assert_eq!((step.done, text.as_str()), expected);
        assert_eq!(step.total, total);
    }

    #[test]
    fn uv_is_followed() {
        let lines = [
            "Resolved 3 packages in 12ms",
            "Downloading aiohttp (1.8MiB)",
        ];
        check(Some(3), &lines, (Some(0), "Downloading aiohttp (1.8MiB)"));
        check(Some(3), &["Downloaded aiohttp"], (Some(1), "Installing"));
        check(Some(3), &["Downloaded a"; 9], (Some(3), "Installing"));
        check(
            Some(3),
            &["Prepared 3 packages in 49ms"],
            (Some(3), "Installing"),
        );
        check(None, &["Downloaded aiohttp"], (None, "Installing"));
    }

    #[test]
    fn pip_is_followed() {
        let lines = ["Collecting aiohttp==3.14.5 (from -r x (line 2))"];
        check(Some(3), &lines, (Some(0), "Collecting aiohttp==3.14.5"));
        check(None, &lines, (None, "Collecting aiohttp==3.14.5"));
        check(
            Some(3),
            &["Successfully installed a-1 b-2"],
            (Some(3), "Installing"),
        );
    }
}
