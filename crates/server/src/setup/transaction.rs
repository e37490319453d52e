//! Transactions and lines of their logs as the wire has them, on the stream and in the REST API.

use contara_protocol::stream::v1::setup as wire;
use contara_setup::output::{self, Span};
use contara_setup::plan::PlannedStep;
use contara_setup::transaction::{
    Failure, LineKind, LogLine, ModuleRun, Need, Phase, Progress, Reboot, Step, StepKind,
    StepState, Transaction, TransactionState,
};
use jiff::Timestamp;

use crate::reader::Reader;

pub(crate) fn of(transaction: &Transaction, reader: &Reader) -> wire::SetupTransaction {
    let modules = transaction.modules.iter();
    wire::SetupTransaction {
        id: transaction.id,
        revision: transaction.revision,
        state: state(transaction.state),
        needs: transaction.needs.map(|need| match need {
            Need::SignIn => wire::SetupNeed::SignIn,
            Need::Answers => wire::SetupNeed::Answers,
        }),
        behind: transaction.behind,
        steps: transaction
            .steps
            .iter()
            .map(|one| step(one, reader))
            .collect(),
        modules: modules.map(|module| module_run(module, reader)).collect(),
        failure: transaction.failure.as_ref().map(|one| failure(one, reader)),
        reboot: reboot(transaction.reboot),
        by: transaction.by.clone(),
        created: time(transaction.created),
        ended: transaction.ended.map(time),
        lines: transaction.lines,
    }
}

pub(crate) fn line(line: &LogLine, reader: &Reader) -> wire::SetupLine {
    wire::SetupLine {
        number: line.number,
        at: time(line.at),
        module: line.module.clone(),
        kind: match line.kind {
            LineKind::Output => wire::SetupLineKind::Output,
            LineKind::Command => wire::SetupLineKind::Command,
            LineKind::Note => wire::SetupLineKind::Note,
        },
        level: line.level,
        text: said(line, reader),
        spans: spans(line, reader),
        open: line.is_open,
    }
}

/// A line's text: what Contara says in the reader's language.
pub(super) fn said(line: &LogLine, reader: &Reader) -> String {
    let message = line.message.as_ref();
    message.map_or_else(|| line.text.clone(), |message| reader.say(message))
}

/// RFC 3339 in UTC with milliseconds.
pub(crate) fn time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// How a line is to be shown, if that isn't its text as it is. What scripts didn't print means what it says.
fn spans(line: &LogLine, reader: &Reader) -> Option<Vec<wire::SetupSpan>> {
    if line.kind != LineKind::Output {
        return None;
    }
    let spans = output::spans(&line.text, reader.host.as_str());
    let is_plain = match &spans[..] {
        [] => true,
        [only] => !only.bold && only.href.is_none() && only.text == line.text,
        _ => false,
    };
    let wire = |span: Span| wire::SetupSpan {
        text: span.text,
        bold: span.bold,
        href: span.href,
    };
    (!is_plain).then(|| spans.into_iter().map(wire).collect())
}

pub(crate) fn planned_step(planned: &PlannedStep, reader: &Reader) -> wire::SetupStep {
    wire::SetupStep {
        kind: step_kind(planned.kind),
        state: step_state(planned.state),
        text: reader.say(&planned.text),
        started: None,
        ended: None,
        progress: None,
    }
}

pub(crate) fn step_state(state: StepState) -> wire::SetupStepState {
    match state {
        StepState::Disabled => wire::SetupStepState::Disabled,
        StepState::Todo => wire::SetupStepState::Todo,
        StepState::Running => wire::SetupStepState::Running,
        StepState::Done => wire::SetupStepState::Done,
        StepState::Failed => wire::SetupStepState::Failed,
        StepState::Cancelled => wire::SetupStepState::Cancelled,
        StepState::Interrupted => wire::SetupStepState::Interrupted,
    }
}

pub(crate) fn state(state: TransactionState) -> wire::SetupState {
    match state {
        TransactionState::Queued => wire::SetupState::Queued,
        TransactionState::Running => wire::SetupState::Running,
        TransactionState::Waiting => wire::SetupState::Waiting,
        TransactionState::Done => wire::SetupState::Done,
        TransactionState::Failed => wire::SetupState::Failed,
        TransactionState::Cancelled => wire::SetupState::Cancelled,
        TransactionState::Interrupted => wire::SetupState::Interrupted,
    }
}

fn step_kind(kind: StepKind) -> wire::SetupStepKind {
    match kind {
        StepKind::Download => wire::SetupStepKind::Download,
        StepKind::SignIn => wire::SetupStepKind::SignIn,
        StepKind::Repositories => wire::SetupStepKind::Repositories,
        StepKind::Packages => wire::SetupStepKind::Packages,
        StepKind::Configure => wire::SetupStepKind::Configure,
        StepKind::End => wire::SetupStepKind::End,
    }
}

fn step(step: &Step, reader: &Reader) -> wire::SetupStep {
    wire::SetupStep {
        kind: step_kind(step.kind),
        state: step_state(step.state),
        text: reader.say(&step.text),
        started: step.started.map(time),
        ended: step.ended.map(time),
        progress: step.progress.as_ref().map(progress),
    }
}

fn progress(progress: &Progress) -> wire::SetupProgress {
    wire::SetupProgress {
        phase: match progress.phase {
            Phase::Downloading => wire::SetupPhase::Downloading,
            Phase::Unpacking => wire::SetupPhase::Unpacking,
            Phase::Installing => wire::SetupPhase::Installing,
            Phase::Configuring => wire::SetupPhase::Configuring,
            Phase::Removing => wire::SetupPhase::Removing,
        },
        package: progress.package.clone(),
        number: progress.number,
        total: progress.total,
        percent: progress.percent,
    }
}

fn module_run(module: &ModuleRun, reader: &Reader) -> wire::SetupModuleRun {
    wire::SetupModuleRun {
        slug: module.slug.clone(),
        name: module.name.clone(),
        dependency: module.is_dependency,
        state: step_state(module.state),
        exit: module.exit.as_deref().map(|exit| reader.say_phrase(exit)),
        links: reader.host.links(&module.links),
    }
}

fn failure(failure: &Failure, reader: &Reader) -> wire::SetupFailure {
    wire::SetupFailure {
        step: step_kind(failure.step),
        module: failure.module.clone(),
        message: reader.say(&failure.message),
        command: failure.command.clone(),
        exit: failure.exit.as_deref().map(|exit| reader.say_phrase(exit)),
        last_lines: failure.last_lines.clone(),
    }
}

fn reboot(reboot: Reboot) -> wire::SetupReboot {
    let (state, at) = match reboot {
        Reboot::NotNeeded => (wire::SetupRebootState::NotNeeded, None),
        Reboot::Needed => (wire::SetupRebootState::Needed, None),
        Reboot::At(at) => (wire::SetupRebootState::At, Some(time(at))),
        Reboot::Ordered => (wire::SetupRebootState::Ordered, None),
    };
    wire::SetupReboot { state, at }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(kind: LineKind, text: &str) -> Option<Vec<wire::SetupSpan>> {
        let reader = Reader::for_test("http://nas:8000/", "en");
        let line_of_log = LogLine {
            number: 1,
            at: Timestamp::UNIX_EPOCH,
            module: None,
            kind,
            level: Some(8),
            text: text.into(),
            message: None,
            is_open: false,
        };
        line(&line_of_log, &reader).spans
    }

    #[test]
    fn only_what_is_more_than_text_has_spans() {
        assert_eq!(shown(LineKind::Output, "plain"), None);
        assert_eq!(shown(LineKind::Output, ""), None);
        assert_eq!(shown(LineKind::Command, "see http://example.com"), None);
        let spans = shown(LineKind::Output, "see http://@HOSTNAME@/mail").expect("a link");
        let link = spans.last().expect("a span");
        assert_eq!(link.href.as_deref(), Some("http://nas/mail"));
    }
}
