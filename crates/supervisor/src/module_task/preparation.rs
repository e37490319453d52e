//! What a module needs before its worker is started: Python packages of its own, and what its manifest names of the system.
//! Owns how the task asks for them and what it makes of the answers; how they are made is the business of
//! [`contara_system::environments`].

use contara_system::environments::{EnvironmentError, Preparation, PreparationEnd, Progress};
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

    pub(super) fn take_unmet(&mut self, unmet: Vec<String>) {
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
pub(super) async fn unmet(check: &mut Option<JoinHandle<Vec<String>>>) -> Vec<String> {
    match check {
        Some(check) => check.await.unwrap_or_default(),
        None => std::future::pending().await,
    }
}

fn unprepared(error: &EnvironmentError) -> Unprepared {
    Unprepared {
        reason: error.sentence(),
        output: Some(error.words())
            .filter(|words| !words.is_empty())
            .map(ToOwned::to_owned),
        retry: match error {
            // The network comes back without anybody's doing; a download that was slow goes on from where it was.
            EnvironmentError::NoNetwork { .. } | EnvironmentError::TooLong(_) => Retry::ByItself,
            _ => Retry::WhenAsked,
        },
    }
}
