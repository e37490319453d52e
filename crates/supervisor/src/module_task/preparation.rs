//! What a module needs before its worker is started: Python packages of its own, and what its manifest names of the system.
//! Owns how the task asks for them and what it makes of the answers; how they are made is the business of
//! [`contara_system::environments`].

use contara_i18n::Message;
use contara_system::environments::{
    EnvironmentError, Preparation, PreparationEnd, Progress, needs_of_contara,
};
use contara_system::system_dependencies;
use tokio::task::JoinHandle;

use super::ModuleTask;
use crate::failure::{Retry, Unprepared};
use crate::machine::{Event, Requirements};
use crate::supervisor::ModuleSpec;
use crate::view::Preparing;

/// What becomes of a preparation.
#[derive(Debug)]
pub(super) enum PreparationEvent {
    Progress(Progress),
    Ended(PreparationEnd),
}

impl ModuleTask {
    /// Asks for the packages. If they are being installed already, whoever asked first, this joins in.
    pub(super) fn prepare(&mut self) {
        self.looks.prepare(Preparing::default());
        self.preparation = Some(self.context.environments.prepare(&self.spec.requirements));
    }

    pub(super) fn take_preparation_event(&mut self, event: PreparationEvent) {
        match event {
            PreparationEvent::Progress(progress) => {
                self.note_preparation(progress);
                if self.machine.is_installing() {
                    self.publish();
                } else {
                    self.dispatch(Event::Installing);
                }
            }
            PreparationEvent::Ended(end) => {
                self.preparation = None;
                self.take_packages(end);
            }
        }
    }

    fn note_preparation(&mut self, progress: Progress) {
        match progress {
            Progress::Line(line) => self.log.prepare(&line),
            Progress::Step(step) => self.looks.prepare(Preparing {
                text: step.text,
                done: step.done,
                total: step.total,
            }),
        }
    }

    fn take_packages(&mut self, end: PreparationEnd) {
        match end {
            Ok(packages) => {
                if packages != self.packages {
                    // It stands on other packages.
                    self.spare = None;
                    self.packages = packages;
                }
                self.dispatch(Event::Prepared);
            }
            Err(error) => self.dispatch(Event::Unprepared(unprepared(&error))),
        }
    }

    /// Looks for what the module needs of the system, off the runtime's threads, as that reads folders and asks other programs.
    pub(super) fn check_system(&mut self) {
        if self.spec.system_dependencies.is_empty() {
            self.take_unmet(Vec::new());
            return;
        }
        let dependencies = self.spec.system_dependencies.clone();
        self.system_check = Some(tokio::task::spawn_blocking(move || {
            system_dependencies::unmet(&dependencies)
        }));
    }

    pub(super) fn take_unmet(&mut self, unmet: Vec<Message>) {
        self.system_check = None;
        self.looks.warn_of_system(&self.log, unmet);
    }
}

/// What the machine has to know of what a module needs.
pub(super) fn requirements(spec: &ModuleSpec) -> Requirements {
    if spec.requirements.is_empty() {
        Requirements::None
    } else {
        Requirements::Some
    }
}

/// Waits for what comes next of a preparation; for ever if there is none. Nothing is lost when the future is dropped.
pub(super) async fn next(preparation: &mut Option<Preparation>) -> PreparationEvent {
    let Some(preparation) = preparation else {
        return std::future::pending().await;
    };
    match preparation.next().await {
        Some(progress) => PreparationEvent::Progress(progress),
        None => PreparationEvent::Ended(preparation.end().await),
    }
}

/// Waits for what is missing of the system; for ever if nobody looks. Nothing if the look itself broke.
pub(super) async fn unmet(check: &mut Option<JoinHandle<Vec<Message>>>) -> Vec<Message> {
    match check {
        Some(check) => check.await.unwrap_or_default(),
        None => std::future::pending().await,
    }
}

/// As much of the resolver's first sentence as stands on a tile.
const LONGEST_REASON: usize = 300;

/// The resolver knows best what doesn't fit, and says it first; else our own sentence.
fn reason(error: &EnvironmentError) -> Message {
    match error {
        EnvironmentError::Unresolvable { words, sdk } if !words.is_empty() => {
            let of_contara = (!sdk.is_empty()).then(|| needs_of_contara(sdk));
            let first = Message::verbatim(first_sentence(words));
            Message::sentences(std::iter::once(first).chain(of_contara).collect())
        }
        error => error.message(),
    }
}

/// A resolver breaks its lines wherever they get long.
fn in_one_line(words: &str) -> String {
    words.lines().collect::<Vec<_>>().join(" ")
}

fn first_sentence(words: &str) -> String {
    let words = in_one_line(words);
    let end = words.find(". ").map_or(words.len(), |end| end + 1);
    let mut sentence: String = words[..end].chars().take(LONGEST_REASON).collect();
    if sentence.len() < end {
        sentence.push('…');
    }
    sentence
}

/// The installer's words, unless the reason quotes all of them already.
fn more_than(reason: &str, words: &str) -> Option<String> {
    let is_quoted = reason.starts_with(&in_one_line(words));
    (!is_quoted).then(|| words.to_owned())
}

fn unprepared(error: &EnvironmentError) -> Unprepared {
    let reason = reason(error);
    Unprepared {
        output: more_than(&reason.to_string(), error.words()),
        reason,
        retry: match error {
            // The network comes back without anybody's doing; a download that was slow goes on from where it was.
            EnvironmentError::NoNetwork { .. } | EnvironmentError::TooLong(_) => Retry::ByItself,
            _ => Retry::WhenAsked,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(words: &str, sdk: &[&str]) -> Unprepared {
        unprepared(&EnvironmentError::Unresolvable {
            words: words.to_owned(),
            sdk: sdk.iter().map(ToString::to_string).collect(),
        })
    }

    #[test]
    fn the_resolver_is_quoted_first_and_whole_below() {
        let words = "Because a was not found\nand you require a, nothing fits. And b.\nhint: c";
        let why = told(words, &[]);
        assert_eq!(
            why.reason.to_string(),
            "Because a was not found and you require a, nothing fits."
        );
        assert_eq!(why.output.as_deref(), Some(words));
        assert_eq!(why.retry, Retry::WhenAsked);
    }

    #[test]
    fn what_the_reason_quotes_whole_is_not_said_twice() {
        let why = told("No version\nof pydantic fits.", &["pydantic<3"]);
        assert_eq!(
            why.reason.to_string(),
            "No version of pydantic fits. Contara itself needs pydantic<3."
        );
        assert_eq!(why.output, None);
    }

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        let reason = told(&"ä".repeat(1000), &[]).reason.to_string();
        assert_eq!(reason.chars().count(), LONGEST_REASON + 1);
        assert!(reason.ends_with('…'));
    }

    #[test]
    fn what_has_no_words_is_told_in_ours_and_a_lost_network_is_tried_again() {
        let words = String::new();
        let why = unprepared(&EnvironmentError::NoNetwork { words });
        assert!(
            why.reason
                .to_string()
                .contains("the package index can't be reached")
        );
        assert_eq!((why.output, why.retry), (None, Retry::ByItself));
    }
}
