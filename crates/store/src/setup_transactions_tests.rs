//! A transaction is read as it was written, with all that came with it.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;

fn record() -> SetupRecord {
    SetupRecord {
        transaction: SetupTransactionRow {
            id: 0,
            revision: 1,
            state: "queued".into(),
            needs: None,
            failure: None,
            reboot: "needed".into(),
            reboot_at: None,
            by: "Firefox".into(),
            created: 5_000,
            ended: None,
            lines: 0,
        },
        steps: vec![SetupStepRow {
            kind: "configure".into(),
            state: "todo".into(),
            text: "Scripts run.".into(),
            started: None,
            ended: None,
        }],
        modules: vec![SetupModuleRow {
            slug: "mail".into(),
            name: "Mail".into(),
            is_dependency: true,
            state: "todo".into(),
            exit: None,
            answers: "{}".into(),
        }],
    }
}

/// One to hang lines on.
pub(crate) fn a_transaction(store: &Store) -> i64 {
    store.add_setup_transaction(&record()).unwrap()
}

fn run(state: &str, ended: Option<i64>) -> SetupRunRow {
    SetupRunRow {
        transaction: 1,
        slug: "mail".into(),
        by: "root".into(),
        started: 6_000,
        ended,
        state: state.into(),
        exit: None,
        answers: "{}".into(),
    }
}

#[test]
fn a_transaction_survives_a_new_start() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("contara.db");
    let store = Store::open(&path).unwrap();
    let mut record = record();
    record.transaction.id = store.add_setup_transaction(&record).unwrap();
    record.transaction.state = "failed".into();
    record.transaction.failure = Some("{}".into());
    record.steps[0].started = Some(7_000);
    record.modules[0].exit = Some("exit status 1".into());
    let none = SetupConsequences::default();
    store.keep_setup_transaction(&record, &none, 8_000).unwrap();
    drop(store);
    let store = Store::open(&path).unwrap();
    let id = record.transaction.id;
    assert_eq!(store.setup_transaction(id).unwrap(), Some(record.clone()));
    assert_eq!(store.setup_transactions(5).unwrap(), [record.clone()]);
    let to_restart = store.setup_transactions_to_restart("needed").unwrap();
    assert_eq!(to_restart, std::slice::from_ref(&record));
    assert_eq!(store.setup_transactions_in("failed").unwrap(), [record]);
    assert_eq!(store.setup_transactions_in("queued").unwrap(), []);
    assert_eq!(store.setup_transaction(id + 1).unwrap(), None);
    assert_eq!(store.last_setup_transactions().unwrap()["mail"], id);
}

#[test]
fn what_comes_with_a_change_is_kept_with_it() {
    let temp = tempfile::tempdir().unwrap();
    let store = Store::open(&temp.path().join("contara.db")).unwrap();
    let mut record = record();
    record.transaction.id = a_transaction(&store);
    let keep = |runs: Vec<SetupRunRow>, configured: &[&str], options: &[(&str, &str)]| {
        let consequences = SetupConsequences {
            runs,
            configured: configured.iter().map(ToString::to_string).collect(),
            options: options
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_string()))
                .collect(),
        };
        store.keep_setup_transaction(&record, &consequences, 9_500)
    };
    keep(vec![run("running", None)], &[], &[("domain", "a.org")]).unwrap();
    keep(
        vec![run("done", Some(9_000))],
        &["mail"],
        &[("domain", "b.org")],
    )
    .unwrap();
    keep(vec![run("running", None)], &[], &[]).unwrap();
    let runs = store.setup_runs("mail", 9).unwrap();
    assert_eq!(runs, [run("running", None), run("done", Some(9_000))]);
    assert_eq!(store.setup_runs("mail", 1).unwrap().len(), 1);
    assert_eq!(store.setup_configured().unwrap()["mail"], 9);
    assert_eq!(store.setup_options().unwrap()["domain"], "b.org");
}

#[test]
fn a_change_that_fails_leaves_nothing() {
    let temp = tempfile::tempdir().unwrap();
    let store = Store::open(&temp.path().join("contara.db")).unwrap();
    let mut record = record();
    record.transaction.id = a_transaction(&store);
    record.transaction.state = "running".into();
    let consequences = SetupConsequences {
        // There is no such transaction.
        runs: vec![SetupRunRow {
            transaction: 99,
            ..run("running", None)
        }],
        configured: vec!["mail".into()],
        options: Vec::new(),
    };
    let kept = store.keep_setup_transaction(&record, &consequences, 0);
    assert!(kept.is_err());
    assert_eq!(store.setup_transactions_in("running").unwrap(), []);
    assert!(store.setup_configured().unwrap().is_empty());
}

#[test]
fn sessions_are_remembered_until_they_end() {
    let temp = tempfile::tempdir().unwrap();
    let store = Store::open(&temp.path().join("contara.db")).unwrap();
    let session = crate::SetupSessionRow {
        transaction: a_transaction(&store),
        session: "42 777 a".into(),
        ends_with_us: true,
    };
    store.add_setup_session(&session).unwrap();
    assert_eq!(
        store.setup_sessions().unwrap(),
        std::slice::from_ref(&session)
    );
    store.remove_setup_session(session.transaction).unwrap();
    assert_eq!(store.setup_sessions().unwrap(), []);
}
