//! How far the package manager is while it installs: from what it says itself, kept in memory, and shown with the step.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use contara_system::package_manager::{PackageManager, Phase, ProgressReport};
use tokio::sync::watch;

use crate::output::Splitter;
use crate::transaction::Progress;

/// Reads it and shows it, until it is dropped.
#[derive(Debug)]
pub(super) struct ProgressReader {
    manager: Arc<dyn PackageManager>,
    tracker: Tracker,
    status: Splitter,
    shown: watch::Sender<Option<Progress>>,
    changes: watch::Sender<u64>,
}

impl ProgressReader {
    /// Shows it in `shown`, and says so in `changes`.
    pub(super) fn new(
        manager: Arc<dyn PackageManager>,
        shown: watch::Sender<Option<Progress>>,
        changes: watch::Sender<u64>,
    ) -> Self {
        Self {
            manager,
            tracker: Tracker::default(),
            status: Splitter::without_levels(),
            shown,
            changes,
        }
    }

    /// Takes what the package manager wrote about how far it is.
    pub(super) fn status(&mut self, bytes: &[u8]) {
        for line in self.status.push(bytes, Instant::now()) {
            self.line(&line.text);
        }
    }

    /// Takes a line of its output, or of that.
    pub(super) fn line(&mut self, line: &str) {
        if let Some(report) = self.manager.progress(line)
            && self.tracker.take(report)
        {
            self.show(self.tracker.shown.clone());
        }
    }

    fn show(&self, progress: Option<Progress>) {
        self.shown.send_replace(progress);
        self.changes.send_modify(|count| *count += 1);
    }
}

impl Drop for ProgressReader {
    fn drop(&mut self) {
        self.show(None);
    }
}

/// Makes one picture of many reports, which only ever goes forward.
#[derive(Debug, Default)]
struct Tracker {
    coming: Option<u32>,
    going: Option<u32>,
    /// By phase, for managers that don't count.
    met: BTreeMap<Phase, BTreeSet<String>>,
    shown: Option<Progress>,
}

impl Tracker {
    /// Whether that changes what is shown.
    fn take(&mut self, report: ProgressReport) -> bool {
        let next = match report {
            ProgressReport::Total { coming, going } => {
                (self.coming, self.going) = (Some(coming), Some(going));
                return false;
            }
            ProgressReport::At {
                phase,
                package,
                count,
                percent,
            } => self.at(phase, package, count, percent),
        };
        let changes = next.is_some() && next != self.shown;
        self.shown = next.or(self.shown.take());
        changes
    }

    fn at(
        &mut self,
        phase: Phase,
        package: Option<String>,
        count: Option<(u32, u32)>,
        percent: Option<u8>,
    ) -> Option<Progress> {
        let before = self.shown.as_ref();
        if before.is_some_and(|before| is_changing(before.phase) && !is_changing(phase)) {
            return None;
        }
        let earlier = before.filter(|before| before.phase == phase);
        let earlier = earlier.map_or(0, |before| before.number);
        let before = before.filter(|before| is_changing(before.phase) == is_changing(phase));
        let least = before.map_or(0, |before| before.percent);
        let (number, total) = match count {
            Some((number, total)) => (number.max(earlier), Some(total)),
            None => self.counted(phase, package.as_deref()),
        };
        let total = total.map(|total| total.max(number));
        let percent = percent.unwrap_or_else(|| share(number, total));
        Some(Progress {
            phase,
            package,
            number,
            total,
            percent: percent.clamp(least, 100),
        })
    }

    /// How many packages it has come to in a phase, and how many it will.
    fn counted(&mut self, phase: Phase, package: Option<&str>) -> (u32, Option<u32>) {
        let met = self.met.entry(phase).or_default();
        met.extend(package.map(str::to_owned));
        let total = match phase {
            Phase::Removing => self.going,
            _ => self.coming,
        };
        (met.len().try_into().unwrap_or(u32::MAX), total)
    }
}

/// Whether packages are changed and not only fetched.
fn is_changing(phase: Phase) -> bool {
    phase != Phase::Downloading
}

/// What is behind it when a package's turn comes, in percent.
fn share(number: u32, total: Option<u32>) -> u8 {
    let total = u64::from(total.unwrap_or(0)).max(1);
    let behind = u64::from(number.saturating_sub(1));
    u8::try_from(behind * 100 / total).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(phase: Phase, package: &str, count: &str, percent: Option<u8>) -> ProgressReport {
        let count = count.split_once('/');
        let count = count.and_then(|(n, m)| Some((n.parse().ok()?, m.parse().ok()?)));
        ProgressReport::At {
            phase,
            package: Some(package.to_owned()),
            count,
            percent,
        }
    }

    /// What is shown after these: `Installing letters 1/2 0%`.
    #[track_caller]
    fn check(reports: Vec<(ProgressReport, &str)>) {
        let mut tracker = Tracker::default();
        for (report, expected) in reports {
            tracker.take(report);
            let shown = tracker.shown.as_ref().map(|shown| {
                let (package, total) = (shown.package.as_deref(), shown.total);
                let total = total.map_or("?".into(), |total| total.to_string());
                format!(
                    "{:?} {} {}/{total} {}%",
                    shown.phase,
                    package.unwrap_or("-"),
                    shown.number,
                    shown.percent
                )
            });
            assert_eq!(shown.unwrap_or_default(), expected);
        }
    }

    #[test]
    fn packages_are_counted_by_phase_where_the_manager_doesnt() {
        use Phase::{Configuring, Downloading, Unpacking};
        let total = ProgressReport::Total {
            coming: 2,
            going: 0,
        };
        check(vec![
            (total, ""),
            (
                at(Downloading, "a", "2/2", Some(50)),
                "Downloading a 2/2 50%",
            ),
            (at(Unpacking, "a", "", Some(0)), "Unpacking a 1/2 0%"),
            (at(Unpacking, "a", "", Some(11)), "Unpacking a 1/2 11%"),
            (at(Unpacking, "b", "", Some(22)), "Unpacking b 2/2 22%"),
            (at(Configuring, "b", "", Some(44)), "Configuring b 1/2 44%"),
            (at(Configuring, "a", "", Some(66)), "Configuring a 2/2 66%"),
            (at(Configuring, "c", "", Some(90)), "Configuring c 3/3 90%"),
        ]);
    }

    #[test]
    fn it_never_goes_back() {
        use Phase::{Downloading, Installing, Removing};
        check(vec![
            (at(Downloading, "b", "2/3", None), "Downloading b 2/3 33%"),
            (at(Downloading, "a", "1/3", None), "Downloading a 2/3 33%"),
            (at(Installing, "a", "1/4", None), "Installing a 1/4 0%"),
            (at(Installing, "b", "3/4", None), "Installing b 3/4 50%"),
            (at(Downloading, "c", "3/3", None), "Installing b 3/4 50%"),
            (at(Removing, "old", "2/4", None), "Removing old 2/4 50%"),
            (at(Installing, "c", "2/4", Some(10)), "Installing c 2/4 50%"),
        ]);
    }

    #[test]
    fn what_isnt_known_isnt_said() {
        let report = at(Phase::Installing, "a", "", None);
        check(vec![(report, "Installing a 1/? 0%")]);
    }
}
