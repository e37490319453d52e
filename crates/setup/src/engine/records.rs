//! Transactions as the journal has them, and back.

use contara_i18n::Languages;
use contara_store::{SetupLineRow, SetupModuleRow, SetupRecord, SetupStepRow, SetupTransactionRow};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::entry::Kept;
use crate::transaction::{
    LineKind, LogLine, ModuleRun, PackageChanges, Reboot, Step, StepKind, StepState, Transaction,
    TransactionId, TransactionState,
};
use contara_i18n::Message;

/// As it is to be written.
pub(super) fn to_record(
    shown: &Transaction,
    kept: &Kept,
    approved: Option<&PackageChanges>,
) -> SetupRecord {
    let (reboot, reboot_at) = match shown.reboot {
        Reboot::NotNeeded => ("not_needed", None),
        Reboot::Needed => (NEEDED, None),
        Reboot::At(at) => (COUNTING, Some(at.as_millisecond())),
        Reboot::Ordered => (ORDERED, None),
    };
    SetupRecord {
        transaction: SetupTransactionRow {
            id: shown.id.cast_signed(),
            revision: shown.revision.cast_signed(),
            state: word(&shown.state),
            needs: shown.needs.as_ref().map(word),
            failure: shown.failure.as_ref().map(json),
            reboot: reboot.to_owned(),
            reboot_at,
            by: shown.by.clone(),
            languages: shown.languages.to_string(),
            approved: approved.map(json),
            created: shown.created.as_millisecond(),
            ended: shown.ended.map(Timestamp::as_millisecond),
            lines: 0,
        },
        steps: shown.steps.iter().map(step_row).collect(),
        modules: shown
            .modules
            .iter()
            .map(|module| module_row(module, kept))
            .collect(),
    }
}

/// What the journal calls a restart of the machine that nobody has asked for yet.
pub(super) const NEEDED: &str = "needed";
/// One that comes soon.
pub(super) const COUNTING: &str = "at";
/// One that the system was told to do.
pub(super) const ORDERED: &str = "ordered";

fn step_row(step: &Step) -> SetupStepRow {
    SetupStepRow {
        kind: word(&step.kind),
        state: word(&step.state),
        text: step.text.to_string(),
        message: with_values(&step.text),
        started: step.started.map(Timestamp::as_millisecond),
        ended: step.ended.map(Timestamp::as_millisecond),
    }
}

fn module_row(module: &ModuleRun, kept: &Kept) -> SetupModuleRow {
    let none = Default::default();
    SetupModuleRow {
        slug: module.slug.clone(),
        name: module.name.clone(),
        is_dependency: module.is_dependency,
        state: word(&module.state),
        exit: module.exit.clone(),
        answers: json(kept.get(&module.slug).unwrap_or(&none)),
    }
}

/// What was approved to be done to packages, as far as anybody knows.
pub(super) fn approved(record: &SetupRecord) -> Option<PackageChanges> {
    let approved = record.transaction.approved.as_ref()?;
    serde_json::from_str(approved).ok()
}

/// As it was written, and the answers that were kept.
pub(super) fn from_record(record: SetupRecord) -> (Transaction, Kept) {
    let row = record.transaction;
    let reboot = match (row.reboot.as_str(), row.reboot_at) {
        (COUNTING, Some(at)) => Reboot::At(time(at)),
        (NEEDED, _) => Reboot::Needed,
        (ORDERED, _) => Reboot::Ordered,
        _ => Reboot::NotNeeded,
    };
    let answers = |module: &SetupModuleRow| {
        let kept = serde_json::from_str(&module.answers).unwrap_or_default();
        (module.slug.clone(), kept)
    };
    let kept = record.modules.iter().map(answers).collect();
    let shown = Transaction {
        id: row.id.cast_unsigned(),
        revision: row.revision.cast_unsigned(),
        state: read(&row.state).unwrap_or(TransactionState::Interrupted),
        needs: row.needs.and_then(|needs| read(&needs)),
        behind: None,
        steps: record.steps.into_iter().filter_map(step).collect(),
        modules: record.modules.into_iter().map(module).collect(),
        failure: row
            .failure
            .and_then(|failure| serde_json::from_str(&failure).ok()),
        reboot,
        by: row.by,
        languages: Languages::of(row.languages.split(',')),
        created: time(row.created),
        ended: row.ended.map(time),
        lines: row.lines.cast_unsigned(),
    };
    (shown, kept)
}

fn step(row: SetupStepRow) -> Option<Step> {
    Some(Step {
        kind: read::<StepKind>(&row.kind)?,
        state: read(&row.state).unwrap_or(StepState::Interrupted),
        text: written(row.message, row.text),
        started: row.started.map(time),
        ended: row.ended.map(time),
        progress: None,
    })
}

fn module(row: SetupModuleRow) -> ModuleRun {
    ModuleRun {
        slug: row.slug,
        name: row.name,
        is_dependency: row.is_dependency,
        state: read(&row.state).unwrap_or(StepState::Interrupted),
        exit: row.exit,
        links: Vec::new(),
    }
}

/// A line as it is to be written.
pub(super) fn line_row(line: LogLine) -> SetupLineRow {
    SetupLineRow {
        number: line.number.cast_signed(),
        at: line.at.as_millisecond(),
        module: line.module,
        kind: word(&line.kind),
        level: line.level,
        message: line.message.as_ref().and_then(with_values),
        text: line.text,
        is_open: line.is_open,
    }
}

/// A line as it was written.
pub(super) fn line(row: SetupLineRow) -> LogLine {
    let kind = read(&row.kind).unwrap_or(LineKind::Output);
    let is_ours = kind == LineKind::Note;
    LogLine {
        message: is_ours.then(|| written(row.message, row.text.clone())),
        number: row.number.cast_unsigned(),
        at: time(row.at),
        module: row.module,
        kind,
        level: row.level,
        text: row.text,
        is_open: row.is_open,
    }
}

/// JSON of a message that is more than a text.
fn with_values(message: &Message) -> Option<String> {
    (!message.is_plain()).then(|| json(message))
}

/// A message out of its JSON, if there is one, or its text.
fn written(message: Option<String>, text: String) -> Message {
    let read = message.and_then(|message| serde_json::from_str(&message).ok());
    read.unwrap_or_else(|| Message::of_text(text))
}

/// The journal's number of a transaction.
pub(super) fn row_id(id: TransactionId) -> i64 {
    // No journal has a number that is higher than this.
    i64::try_from(id).unwrap_or(i64::MAX)
}

/// Unix time in milliseconds.
pub(super) fn time(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or_default()
}

/// Now, as exact as the journal is.
pub(super) fn now() -> Timestamp {
    time(Timestamp::now().as_millisecond())
}

/// The word that clients and the journal have for a state.
pub(super) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// What a word stands for; `None` if it is none.
pub(super) fn read<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

/// As the journal keeps what has parts. Maps of text and the like can't fail to be written so.
pub(super) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
