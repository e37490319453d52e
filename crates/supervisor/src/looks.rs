//! How one module looks to the world: what it drew, what went wrong, what its author should know.
//!
//! Owns no decision about the module's life; it is told what happened and says what is to be shown.

use std::sync::Arc;

use contara_i18n::{Explained, Message, message};
use contara_manifest::icon;
use contara_protocol::link::FaultOrigin;

use crate::failure::{Failure, with_limit_of_words};
use crate::log_ring::{cut_message, traceback_of};
use crate::machine::{Life, Machine};
use crate::module_log::ModuleLog;
use crate::supervisor::ModuleSpec;
use crate::tile::{self, Tile};
use crate::view::{ModuleView, Preparing, Running, Trouble, TroubleKind, Ui};

/// A UI that is too large is said with so many bytes as a step: it differs a little each time, and is no news.
const STEP: u64 = 64 * 1024;

/// See the file's first lines.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    ui: Option<Ui>,
    /// The module's code runs but can't say what its UI is.
    ui_trouble: Option<Arc<Trouble>>,
    /// The module runs, but something of it ended with an exception.
    fault: Option<Arc<Trouble>>,
    /// The icon of the last tile, and what its author should know about it.
    icon: Option<String>,
    icon_warning: Option<Message>,
    /// Why the module found less than it left.
    state_warning: Option<Message>,
    settings_warning: Option<Message>,
    /// What it needs of the system and doesn't find.
    system_warnings: Vec<Message>,
    /// How far the installation of its packages is.
    preparing: Option<Preparing>,
    /// How often its settings have changed.
    settings: u64,
}

impl Looks {
    /// What the module drew last, unless it couldn't when it should have.
    pub(crate) fn drawn(&self) -> Option<&Ui> {
        self.ui.as_ref().filter(|_| self.ui_trouble.is_none())
    }

    /// Takes a UI of at most `most` bytes. The worker holds to that too, but its word isn't trusted.
    pub(crate) fn draw(&mut self, log: &ModuleLog, ui: Ui, most: u64) {
        let size = ui.size();
        if size > most {
            let message = message!(
                "Its UI is too large: more than {size} KiB, and {most} KiB are allowed (tree_size)",
                size = most.max(size / STEP * STEP) / 1024,
                most = most / 1024
            );
            return self.fail_to_draw(log, message, None);
        }
        self.warn_of_icon(log, &ui);
        self.ui = Some(ui);
        self.ui_trouble = None;
    }

    pub(crate) fn fail_to_draw(
        &mut self,
        log: &ModuleLog,
        reason: Message,
        traceback: Option<String>,
    ) {
        let traceback = cut_traceback(traceback);
        // Every commit draws again: the same failure is told once, or it would push all else out of the log.
        let is_known = self
            .ui_trouble
            .as_ref()
            .is_some_and(|known| known.detail == reason && known.traceback == traceback);
        if is_known {
            return;
        }
        log.complain(
            &format!("it can't draw its UI: {reason}"),
            traceback.as_deref(),
        );
        self.ui_trouble = Some(Arc::new(Trouble {
            kind: TroubleKind::Tile,
            title: message!("This module can't draw its tile"),
            detail: reason,
            traceback,
            retry_at: None,
        }));
    }

    /// The module's tile stays: what it shows may still be right, and the problem stands beside it.
    pub(crate) fn fault(
        &mut self,
        log: &ModuleLog,
        origin: FaultOrigin,
        name: &str,
        message: &str,
        traceback: Option<String>,
    ) {
        let (message, traceback) = (cut_message(message), cut_traceback(traceback));
        let (kind, what, title) = match origin {
            FaultOrigin::Task => (
                TroubleKind::Task,
                "task",
                message!("A background task of this module ended"),
            ),
            FaultOrigin::Thread => (
                TroubleKind::Thread,
                "thread",
                message!("A background thread of this module ended"),
            ),
        };
        log.complain(
            &format!("its {what} {name} ended: {message}"),
            traceback.as_deref(),
        );
        self.fault = Some(Arc::new(Trouble {
            kind,
            title,
            detail: message!(
                "{name}: {message}",
                name = cut_message(name),
                message = with_limit_of_words(message)
            ),
            traceback,
            retry_at: None,
        }));
    }

    /// The module begins anew, and what went wrong before is no more.
    pub(crate) fn forget_troubles(&mut self) {
        self.ui_trouble = None;
        self.fault = None;
    }

    /// Nothing of what it drew is true any more.
    pub(crate) fn forget_ui(&mut self) {
        self.ui = None;
        self.forget_troubles();
    }

    /// The state that the module left no longer fits. Told until its folder changes again.
    pub(crate) fn warn_of_state(&mut self, log: &ModuleLog, reason: &str) {
        let reason = cut_message(reason);
        let warning = message!(
            "The state that was kept no longer fits its State class, so it started with defaults; the old one was put aside. {reason}",
            reason = reason
        );
        log.warn(&warning.to_string());
        self.state_warning = Some(warning);
    }

    pub(crate) fn warn_of_settings(&mut self, log: &ModuleLog, reason: Option<&str>) {
        self.settings_warning = reason.map(cut_message).map(|reason| {
            let warning = message!(
                "What was set for it no longer fits its Settings class, so it started with defaults. {reason}",
                reason = reason
            );
            log.warn(&warning.to_string());
            warning
        });
    }

    /// Whoever looks at them is to ask anew.
    pub(crate) fn change_settings(&mut self) {
        self.settings += 1;
    }

    /// What of the system it needs and doesn't find, as it was looked for at the last enable.
    pub(crate) fn warn_of_system(&mut self, log: &ModuleLog, unmet: Vec<Message>) {
        for warning in unmet
            .iter()
            .filter(|warning| !self.system_warnings.contains(warning))
        {
            log.warn(&warning.to_string());
        }
        self.system_warnings = unmet;
    }

    pub(crate) fn prepare(&mut self, preparing: Preparing) {
        self.preparing = Some(preparing);
    }

    /// Its folder has changed.
    pub(crate) fn forget_warnings(&mut self) {
        self.state_warning = None;
        self.settings_warning = None;
    }

    fn warn_of_icon(&mut self, log: &ModuleLog, ui: &Ui) {
        let tile = ui.tile.as_ref().and_then(Tile::drawn);
        let name = tile.and_then(|tile| tile.text("icon"));
        if name == self.icon {
            return;
        }
        // Once per name and not per tile: the closest of two thousand icons takes a millisecond to find.
        let bad = name.as_deref().filter(|name| icon::resolve(name).is_none());
        self.icon_warning = bad.map(icon_warning);
        if let Some(warning) = &self.icon_warning {
            log.warn(&warning.to_string());
        }
        self.icon = name;
    }

    /// What went wrong, if anybody should see it now.
    pub(crate) fn trouble(&self, machine: &Machine) -> Option<Arc<Trouble>> {
        let failure = machine.failure();
        match machine.life() {
            Life::Running => self.ui_trouble.clone().or_else(|| self.fault.clone()),
            Life::Backoff { until, .. } => failure.map(|failure| of_failure(failure, Some(until))),
            Life::Failed => failure.map(|failure| of_failure(failure, None)),
            Life::Blocked { retry_at } => failure.map(|failure| of_failure(failure, retry_at)),
            // It is off, as was asked, but not in order.
            Life::Stopped => failure
                .filter(|failure| failure.is_of_stop())
                .map(|failure| of_failure(failure, None)),
            Life::Starting | Life::Preparing | Life::Stopping => None,
        }
    }

    /// All of it.
    pub(crate) fn view(
        &self,
        spec: &ModuleSpec,
        machine: &Machine,
        running: Vec<Running>,
    ) -> ModuleView {
        let trouble = self.trouble(machine);
        let preparing =
            (machine.life() == Life::Preparing).then(|| self.preparing.clone().unwrap_or_default());
        let warnings = [
            &self.icon_warning,
            &self.state_warning,
            &self.settings_warning,
        ];
        let warnings = warnings.into_iter().flatten().chain(&self.system_warnings);
        ModuleView {
            name: spec.name.clone(),
            display_name: spec.display_name.clone(),
            wanted: machine.wanted(),
            initialized: machine.is_initialized(),
            life: machine.life(),
            ui: machine
                .wanted()
                .then(|| self.visible_ui(spec, trouble.as_ref(), preparing.as_ref())),
            trouble,
            preparing,
            warnings: warnings.cloned().collect(),
            running,
            settings: self.settings,
            capabilities: spec.capabilities,
        }
    }

    fn visible_ui(
        &self,
        spec: &ModuleSpec,
        trouble: Option<&Arc<Trouble>>,
        preparing: Option<&Preparing>,
    ) -> Ui {
        if let Some(preparing) = preparing {
            return tile::of_preparation(spec, preparing);
        }
        let in_its_place =
            trouble.filter(|it| !matches!(it.kind, TroubleKind::Task | TroubleKind::Thread));
        if let Some(trouble) = in_its_place {
            return tile::of_trouble(spec, trouble);
        }
        let Some(mut ui) = self.ui.clone() else {
            return tile::of_start(spec);
        };
        if !spec.capabilities.dashboard {
            ui.tile = tile::of_absence(spec);
        }
        ui
    }
}

fn cut_traceback(text: Option<String>) -> Option<String> {
    text.map(|text| traceback_of(&text))
}

fn of_failure(failure: &Failure, retry_at: Option<std::time::Instant>) -> Arc<Trouble> {
    Arc::new(Trouble {
        kind: failure.kind(),
        title: failure.title(),
        detail: failure.message().capitalised(),
        traceback: failure.traceback().map(traceback_of),
        retry_at,
    })
}

fn icon_warning(name: &str) -> Message {
    match icon::suggest(name) {
        Some(close) => message!(
            "The tile's icon \"{name}\" is no Lucide icon, so a neutral one is shown. Did you mean \"{close}\"?",
            name = name,
            close = close
        ),
        None => message!(
            "The tile's icon \"{name}\" is no Lucide icon, so a neutral one is shown.",
            name = name
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log_ring::LogRing;

    #[test]
    fn what_fails_at_every_commit_is_logged_once() {
        let ring = Arc::<LogRing>::default();
        let (log, mut looks) = (ModuleLog::new("a", Arc::clone(&ring)), Looks::default());
        let mut fail = |message| {
            looks.fail_to_draw(&log, Message::verbatim(message), None);
            ring.read(None, 10).lines.len()
        };
        assert_eq!(fail("no tile"), 1);
        assert_eq!(fail("no tile"), 1);
        assert_eq!(fail("no modal"), 2, "this is another one");
        assert_eq!(fail("no tile"), 3);
    }
}
