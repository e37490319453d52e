//! Transactions as a person reads them: in a list, in full, and what became of one.

use contara_i18n::{Message, message};
use contara_protocol::stream::v1::setup::{
    SetupFailure, SetupModuleRun, SetupNeed, SetupPhase, SetupProgress, SetupRebootState,
    SetupState, SetupStep, SetupStepKind, SetupStepState, SetupTransaction,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::command::table;
use crate::locale_language::{say, with_colon};
use crate::plain::plain;

/// What the columns of a transaction's steps take at least, so that they stand still while it goes on.
const STEP_WIDTHS: [usize; 2] = [13, 12];

/// One a line.
pub(super) fn overview(transactions: &[SetupTransaction]) -> String {
    let rows = transactions.iter().map(|one| {
        [
            one.id.to_string(),
            say(&state_name(one.state)),
            local(&one.created),
            plain(&one.by),
            modules(one),
        ]
    });
    let head = [
        message!("ID"),
        message!("STATE"),
        message!("BEGUN"),
        message!("BY"),
        message!("MODULES"),
    ];
    table(head, rows)
}

/// All that is known of one.
pub(super) fn details(transaction: &SetupTransaction) -> String {
    let mut lines = vec![say(&message!(
        "Transaction {id}: {state}, begun {time} by {person}",
        id = transaction.id,
        state = state_name(transaction.state),
        time = local(&transaction.created),
        person = plain(&transaction.by)
    ))];
    lines.extend(steps(&transaction.steps));
    lines.extend(transaction.modules.iter().map(|module| {
        let exit = module
            .exit
            .as_deref()
            .map_or_else(String::new, |exit| format!(" ({})", plain(exit)));
        format!(
            "  {} {}{exit}",
            with_colon(&plain(&module.slug)),
            say(&step_state_name(module.state))
        )
    }));
    lines.push(outcome(transaction));
    lines.join("\n")
}

/// A line for each that is done: which it is, how it stands, and what it does.
fn steps(steps: &[SetupStep]) -> Vec<String> {
    let steps = steps
        .iter()
        .filter(|step| step.state != SetupStepState::Disabled);
    let rows: Vec<_> = steps
        .map(|step| {
            let words = [step_name(step.kind), step_state_name(step.state)];
            (words.map(|word| say(&word)), step_text(step))
        })
        .collect();
    let [name_width, state_width]: [usize; 2] = std::array::from_fn(|column| {
        let widths = rows.iter().map(|(words, _)| words[column].chars().count());
        widths.fold(STEP_WIDTHS[column], usize::max)
    });
    let line = |([name, state], text): &([String; 2], String)| {
        format!("  {name:name_width$} {state:state_width$} {text}")
    };
    rows.iter().map(line).collect()
}

fn step_text(step: &SetupStep) -> String {
    let progress = step.progress.as_ref().map(progress_text);
    let progress = progress.map_or_else(String::new, |text| format!(" {text}."));
    format!("{}{progress}", plain(&step.text))
}

/// What became of it, and what can be done next.
pub(super) fn outcome(transaction: &SetupTransaction) -> String {
    let id = transaction.id;
    let mut lines = Vec::new();
    match transaction.state {
        SetupState::Done => lines.extend(done(transaction)),
        SetupState::Failed => lines.extend(transaction.failure.iter().flat_map(failure)),
        SetupState::Cancelled => {
            lines.push(say(&message!(
                "It was cancelled; what was done before stays done."
            )));
        }
        SetupState::Interrupted => {
            lines.push(say(&message!("Contara ended while it was under way.")));
        }
        SetupState::Queued => lines.extend(transaction.behind.map(|other| {
            say(&message!(
                "It comes after transaction {other}, which changes the machine now.",
                other = other
            ))
        })),
        SetupState::Running => lines.push(say(&message!(
            "See what it does: contara setup log -f {id}",
            id = id
        ))),
        SetupState::Waiting => lines.push(waiting(transaction)),
    }
    if matches!(
        transaction.state,
        SetupState::Failed | SetupState::Cancelled | SetupState::Interrupted
    ) {
        lines.push(say(&message!(
            "Go on with it: contara setup retry {id}",
            id = id
        )));
    }
    lines.join("\n")
}

/// How far the package manager is: "Installing libpq5, 3 of 12".
pub(super) fn progress_text(progress: &SetupProgress) -> String {
    let what = match progress.package.as_deref() {
        Some(package) => doing(progress.phase, &plain(package)),
        None => doing_all(progress.phase),
    };
    say(&match progress.total {
        Some(total) => message!(
            "{what}, {number} of {total}",
            what = what,
            number = u64::from(progress.number),
            total = u64::from(total)
        ),
        None => what,
    })
}

fn doing(phase: SetupPhase, package: &str) -> Message {
    match phase {
        SetupPhase::Downloading => message!("Downloading {package}", package = package),
        SetupPhase::Unpacking => message!("Unpacking {package}", package = package),
        SetupPhase::Installing => message!("Installing {package}", package = package),
        SetupPhase::Configuring => message!("Configuring {package}", package = package),
        SetupPhase::Removing => message!("Removing {package}", package = package),
    }
}

/// The same if it isn't known which package it is at.
fn doing_all(phase: SetupPhase) -> Message {
    match phase {
        SetupPhase::Downloading => message!("Downloading packages"),
        SetupPhase::Unpacking => message!("Unpacking packages"),
        SetupPhase::Installing => message!("Installing packages"),
        SetupPhase::Configuring => message!("Configuring packages"),
        SetupPhase::Removing => message!("Removing packages"),
    }
}

pub(super) fn step_name(kind: SetupStepKind) -> Message {
    match kind {
        SetupStepKind::Download => message!("Download"),
        SetupStepKind::SignIn => message!("Sign in"),
        SetupStepKind::Repositories => message!("Repositories"),
        SetupStepKind::Packages => message!("Packages"),
        SetupStepKind::Configure => message!("Configuration"),
        SetupStepKind::End => message!("End"),
    }
}

fn done(transaction: &SetupTransaction) -> Vec<String> {
    let mut lines = vec![say(&message!(
        "Done: {modules}.",
        modules = modules(transaction)
    ))];
    let links = transaction.modules.iter().flat_map(|module| &module.links);
    lines.extend(links.map(|link| {
        let name = with_colon(&plain(&link.name));
        format!("  {name} {}", plain(&link.href))
    }));
    lines.extend(restart(transaction).as_ref().map(say));
    lines
}

/// What is to be known of the machine's restart.
fn restart(transaction: &SetupTransaction) -> Option<Message> {
    let id = transaction.id;
    match (transaction.reboot.state, transaction.reboot.at.as_deref()) {
        (SetupRebootState::NotNeeded, _) => None,
        (SetupRebootState::Needed, _) => Some(message!(
            "The machine has to be started again, for instance with `systemctl reboot`."
        )),
        (SetupRebootState::Ordered, _) => Some(message!("The machine's restart is ordered.")),
        (SetupRebootState::At, Some(time)) => Some(message!(
            "The machine is started again at {time}; to call it off: contara setup cancel {id}",
            time = local(time),
            id = id
        )),
        (SetupRebootState::At, None) => Some(message!(
            "The machine is started again; to call it off: contara setup cancel {id}",
            id = id
        )),
    }
}

fn failure(failure: &SetupFailure) -> Vec<String> {
    let mut lines = vec![say(&message!(
        "{step} failed: {reason}",
        step = step_name(failure.step),
        reason = plain(&failure.message)
    ))];
    let facts = [
        (message!("Command"), &failure.command),
        (message!("It ended with"), &failure.exit),
    ];
    lines.extend(facts.into_iter().filter_map(|(label, fact)| {
        let fact = plain(fact.as_deref()?);
        Some(format!("  {} {fact}", with_colon(&say(&label))))
    }));
    if !failure.last_lines.is_empty() {
        let label = say(&message!("The last that it said"));
        lines.push(format!("  {}", with_colon(&label)));
    }
    lines.extend(
        failure
            .last_lines
            .iter()
            .map(|line| format!("    {}", plain(line))),
    );
    lines
}

fn waiting(transaction: &SetupTransaction) -> String {
    let id = transaction.id;
    say(&match transaction.needs {
        Some(SetupNeed::SignIn) => message!(
            "It waits for the logins of its repositories: contara setup retry {id}",
            id = id
        ),
        _ => message!("It waits for answers: contara setup retry {id}", id = id),
    })
}

fn modules(transaction: &SetupTransaction) -> String {
    let slugs = transaction
        .modules
        .iter()
        .map(|SetupModuleRun { slug, .. }| plain(slug));
    slugs.collect::<Vec<_>>().join(", ")
}

/// Local time.
pub(super) fn local(time: &str) -> String {
    time.parse::<Timestamp>().map_or_else(
        |_| plain(time),
        |time| {
            let local = time.to_zoned(TimeZone::system());
            local.strftime("%Y-%m-%d %H:%M:%S").to_string()
        },
    )
}

fn state_name(state: SetupState) -> Message {
    match state {
        SetupState::Queued => message!("queued"),
        SetupState::Running => message!("running"),
        SetupState::Waiting => message!("waiting"),
        SetupState::Done => message!("done"),
        SetupState::Failed => message!("failed"),
        SetupState::Cancelled => message!("cancelled"),
        SetupState::Interrupted => message!("interrupted"),
    }
}

fn step_state_name(state: SetupStepState) -> Message {
    match state {
        SetupStepState::Disabled => message!("no script"),
        SetupStepState::Todo => message!("to do"),
        SetupStepState::Running => message!("running"),
        SetupStepState::Done => message!("done"),
        SetupStepState::Failed => message!("failed"),
        SetupStepState::Cancelled => message!("cancelled"),
        SetupStepState::Interrupted => message!("interrupted"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn transaction(more: &serde_json::Value) -> SetupTransaction {
        let mut value = json!({
            "id": 3, "revision": 1, "state": "done", "needs": null, "behind": null, "steps": [], "failure": null,
            "modules": [{"slug": "dns", "name": "DNS", "dependency": false, "state": "done", "exit": "exit status 0",
                "links": [{"name": "Administration", "href": "https://nas/dns"}]}],
            "reboot": {"state": "not_needed", "at": null}, "by": "root", "created": "2026-01-31T12:00:00Z", "ended": null,
            "lines": 0,
        });
        for (key, field) in more.as_object().into_iter().flatten() {
            value[key] = field.clone();
        }
        serde_json::from_value(value).expect("it is a transaction")
    }

    #[track_caller]
    fn check(more: &serde_json::Value, expected: &str) {
        assert_eq!(outcome(&transaction(more)), expected);
    }

    #[test]
    fn an_outcome_says_what_can_be_done_next() {
        check(&json!({}), "Done: dns.\n  Administration: https://nas/dns");
        let failed = json!({"state": "failed", "failure": {"step": "configure", "module": "dns", "message": "The script failed",
            "command": "bash setup.sh", "exit": "exit status 1", "last_lines": ["no \u{1b}[31mdisk"]}});
        check(
            &failed,
            "Configuration failed: The script failed\n  Command: bash setup.sh\n  It ended with: exit status 1\n  \
             The last that it said:\n    no [31mdisk\nGo on with it: contara setup retry 3",
        );
        check(
            &json!({"state": "waiting", "needs": "answers"}),
            "It waits for answers: contara setup retry 3",
        );
    }

    #[test]
    fn how_far_the_package_manager_is_is_said() {
        let progress = json!({"phase": "configuring", "package": "libpq5", "number": 3, "total": 12, "percent": 62});
        let step = json!({"kind": "packages", "state": "running", "text": "It installs.", "started": null, "ended": null,
            "progress": progress});
        let running = transaction(&json!({"state": "running", "steps": [step]}));
        let line = "  Packages      running      It installs. Configuring libpq5, 3 of 12.";
        let details = details(&running);
        assert!(details.lines().any(|one| one == line), "{details}");
        let unknown = json!({"phase": "downloading", "package": null, "number": 1, "total": null, "percent": 0});
        let unknown = serde_json::from_value(unknown).expect("it is progress");
        assert_eq!(progress_text(&unknown), "Downloading packages");
    }

    #[test]
    fn a_list_has_one_transaction_a_line() {
        let listed = overview(&[transaction(&json!({"state": "interrupted"}))]);
        let mut lines = listed.lines();
        assert!(
            lines
                .next()
                .is_some_and(|head| head.starts_with("ID  STATE"))
        );
        assert!(
            lines
                .next()
                .is_some_and(|line| line.starts_with("3   interrupted  2026-01-"))
        );
    }
}
