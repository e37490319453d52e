//! Transactions as a person reads them: in a list, in full, and what became of one.

use contara_protocol::stream::v1::setup::{
    SetupFailure, SetupModuleRun, SetupNeed, SetupPhase, SetupProgress, SetupRebootState,
    SetupState, SetupStepKind, SetupStepState, SetupTransaction,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::command::table;
use crate::plain::plain;

const HEAD: [&str; 5] = ["ID", "STATE", "BEGUN", "BY", "MODULES"];

/// One a line.
pub(super) fn overview(transactions: &[SetupTransaction]) -> String {
    let rows = transactions.iter().map(|one| {
        [
            one.id.to_string(),
            state_name(one.state).to_owned(),
            local(&one.created),
            plain(&one.by),
            modules(one),
        ]
    });
    table(HEAD, rows)
}

/// All that is known of one.
pub(super) fn details(transaction: &SetupTransaction) -> String {
    let mut lines = vec![format!(
        "Transaction {}: {}, begun {} by {}",
        transaction.id,
        state_name(transaction.state),
        local(&transaction.created),
        plain(&transaction.by)
    )];
    let steps = transaction
        .steps
        .iter()
        .filter(|step| step.state != SetupStepState::Disabled);
    lines.extend(steps.map(|step| {
        let (name, state) = (step_name(step.kind), step_state_name(step.state));
        let progress = step.progress.as_ref().map(progress_text);
        let progress = progress.map_or_else(String::new, |text| format!(" {text}."));
        format!("  {name:13} {state:12} {}{progress}", plain(&step.text))
    }));
    lines.extend(transaction.modules.iter().map(|module| {
        let exit = module
            .exit
            .as_deref()
            .map_or_else(String::new, |exit| format!(" ({})", plain(exit)));
        format!(
            "  {}: {}{exit}",
            plain(&module.slug),
            step_state_name(module.state)
        )
    }));
    lines.push(outcome(transaction));
    lines.join("\n")
}

/// What became of it, and what can be done next.
pub(super) fn outcome(transaction: &SetupTransaction) -> String {
    let id = transaction.id;
    let mut lines = Vec::new();
    match transaction.state {
        SetupState::Done => lines.extend(done(transaction)),
        SetupState::Failed => lines.extend(transaction.failure.iter().flat_map(failure)),
        SetupState::Cancelled => {
            lines.push("It was cancelled; what was done before stays done.".to_owned());
        }
        SetupState::Interrupted => lines.push("Contara ended while it was under way.".to_owned()),
        SetupState::Queued => lines.extend(transaction.behind.map(|other| {
            format!("It comes after transaction {other}, which changes the machine now.")
        })),
        SetupState::Running => lines.push(format!("See what it does: contara setup log -f {id}")),
        SetupState::Waiting => lines.push(waiting(transaction)),
    }
    if matches!(
        transaction.state,
        SetupState::Failed | SetupState::Cancelled | SetupState::Interrupted
    ) {
        lines.push(format!("Go on with it: contara setup retry {id}"));
    }
    lines.join("\n")
}

/// How far the package manager is: "Installing libpq5, 3 of 12".
pub(super) fn progress_text(progress: &SetupProgress) -> String {
    let what = match progress.phase {
        SetupPhase::Downloading => "Downloading",
        SetupPhase::Unpacking => "Unpacking",
        SetupPhase::Installing => "Installing",
        SetupPhase::Configuring => "Configuring",
        SetupPhase::Removing => "Removing",
    };
    let package = progress.package.as_deref();
    let package = package.map_or_else(|| "packages".to_owned(), plain);
    let of = progress
        .total
        .map(|total| format!(", {} of {total}", progress.number));
    format!("{what} {package}{}", of.unwrap_or_default())
}

pub(super) fn step_name(kind: SetupStepKind) -> &'static str {
    match kind {
        SetupStepKind::Download => "Download",
        SetupStepKind::SignIn => "Sign in",
        SetupStepKind::Repositories => "Repositories",
        SetupStepKind::Packages => "Packages",
        SetupStepKind::Configure => "Configuration",
        SetupStepKind::End => "End",
    }
}

fn done(transaction: &SetupTransaction) -> Vec<String> {
    let mut lines = vec![format!("Done: {}.", modules(transaction))];
    let links = transaction.modules.iter().flat_map(|module| &module.links);
    lines.extend(links.map(|link| format!("  {}: {}", plain(&link.name), plain(&link.href))));
    match transaction.reboot.state {
        SetupRebootState::NotNeeded => {}
        SetupRebootState::Needed => {
            lines.push(
                "The machine has to be started again, for instance with `systemctl reboot`."
                    .to_owned(),
            );
        }
        SetupRebootState::Ordered => lines.push("The machine's restart is ordered.".to_owned()),
        SetupRebootState::At => {
            let at = transaction
                .reboot
                .at
                .as_deref()
                .map_or_else(String::new, |at| format!(" at {}", local(at)));
            lines.push(format!(
                "The machine is started again{at}; to call it off: contara setup cancel {}",
                transaction.id
            ));
        }
    }
    lines
}

fn failure(failure: &SetupFailure) -> Vec<String> {
    let step = step_name(failure.step);
    let mut lines = vec![format!("{step} failed: {}", plain(&failure.message))];
    lines.extend(
        failure
            .command
            .as_deref()
            .map(|command| format!("  Command: {}", plain(command))),
    );
    lines.extend(
        failure
            .exit
            .as_deref()
            .map(|exit| format!("  It ended with: {}", plain(exit))),
    );
    if !failure.last_lines.is_empty() {
        lines.push("  The last that it said:".to_owned());
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
    match transaction.needs {
        Some(SetupNeed::SignIn) => {
            format!("It waits for the logins of its repositories: contara setup retry {id}")
        }
        _ => format!("It waits for answers: contara setup retry {id}"),
    }
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

fn state_name(state: SetupState) -> &'static str {
    match state {
        SetupState::Queued => "queued",
        SetupState::Running => "running",
        SetupState::Waiting => "waiting",
        SetupState::Done => "done",
        SetupState::Failed => "failed",
        SetupState::Cancelled => "cancelled",
        SetupState::Interrupted => "interrupted",
    }
}

fn step_state_name(state: SetupStepState) -> &'static str {
    match state {
        SetupStepState::Disabled => "no script",
        SetupStepState::Todo => "to do",
        SetupStepState::Running => "running",
        SetupStepState::Done => "done",
        SetupStepState::Failed => "failed",
        SetupStepState::Cancelled => "cancelled",
        SetupStepState::Interrupted => "interrupted",
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
