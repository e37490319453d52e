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
            languages: "fr_CA,fr".into(),
            approved: Some("{}".into()),
            created: 5_000,
            ended: None,
            lines: 0,
        },
        steps: vec![SetupStepRow {
            kind: "configure".into(),
            state: "todo".into(),
            text: "Scripts run.".into(),
            message: None,
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

fn change(path: &str, before: Option<&str>, after: Option<&str>) -> crate::SetupChangeRow {
    let bytes = |text: &str| text.as_bytes().to_vec();
    crate::SetupChangeRow {
        id: 0,
        slug: "mail".into(),
        path: bytes(path),
        before: before.map(bytes),
        after: after.map(bytes),
        before_content: before.map(str::to_owned),
        after_content: after.map(str::to_owned),
        hidden: None,
    }
}

/// A run in a transaction of its own that changed these files.
fn changing(store: &Store, slug: &str, changes: &[crate::SetupChangeRow]) -> i64 {
    let mut record = record();
    record.transaction.id = a_transaction(store);
    let run = |state: &str, ended| SetupConsequences {
        runs: vec![SetupRunRow {
            transaction: record.transaction.id,
            slug: slug.into(),
            ..run(state, ended)
        }],
        ..SetupConsequences::default()
    };
    let keep = |run| store.keep_setup_transaction(&record, &run, 9_500).unwrap();
    keep(run("running", None));
    let id = store
        .open_setup_run(record.transaction.id, slug)
        .unwrap()
        .unwrap();
    store.keep_setup_changes(id, changes).unwrap();
    let mut done = run("done", Some(9_000));
    done.configured = vec![slug.into()];
    keep(done);
    record.transaction.id
}

#[test]
fn changes_are_kept_with_their_run_and_what_is_later_stands_in_the_way() {
    let temp = tempfile::tempdir().unwrap();
    let store = Store::open(&temp.path().join("contara.db")).unwrap();
    let changes = [
        change("/etc/a", None, Some("1")),
        change("/etc/b", Some("2"), None),
    ];
    let first = changing(&store, "mail", &changes);
    let kept = store.setup_changes(first).unwrap();
    let plain = |kept: &[crate::SetupChangeRow]| -> Vec<_> {
        kept.iter()
            .map(|one| crate::SetupChangeRow {
                id: 0,
                ..one.clone()
            })
            .collect()
    };
    assert_eq!(plain(&kept), changes);
    assert_eq!(
        store.setup_contents().unwrap(),
        ["1", "2"].map(str::to_owned).into()
    );
    let files = &store.setup_run_files("mail", 9).unwrap()[&(first, 6_000)];
    assert_eq!((files.created, files.changed, files.deleted), (1, 0, 1));
    assert!(files.is_compared && files.undone.is_none());
    assert_eq!(store.open_setup_run(first, "mail").unwrap(), None);
    assert_eq!(store.later_setup_transaction(first).unwrap(), None);
    // Another module, other files; then the same file; then the same module.
    changing(&store, "dns", &[change("/etc/c", None, Some("3"))]);
    assert_eq!(store.later_setup_transaction(first).unwrap(), None);
    let same_file = changing(&store, "web", &[change("/etc/a", Some("1"), Some("4"))]);
    assert_eq!(
        store.later_setup_transaction(first).unwrap(),
        Some(same_file)
    );
    let same_module = changing(&store, "mail", &[change("/etc/d", None, Some("5"))]);
    changing(&store, "mail", &[]);
    assert_eq!(
        store.later_setup_transaction(first).unwrap(),
        Some(same_module)
    );
    assert_eq!(store.later_setup_transaction(same_file).unwrap(), None);
    for undone in [same_module, same_file] {
        store.end_setup_undo(undone, (8_000, "root"), &[]).unwrap();
    }
    assert_eq!(store.later_setup_transaction(first).unwrap(), None);
}

#[test]
fn an_undo_is_remembered_and_modules_are_configured_as_they_were() {
    let temp = tempfile::tempdir().unwrap();
    let store = Store::open(&temp.path().join("contara.db")).unwrap();
    let first = changing(&store, "mail", &[]);
    let second = changing(&store, "mail", &[]);
    let configured = |transaction| store.setup_recorded(transaction).unwrap()[0].configured_at;
    assert_eq!((configured(first), configured(second)), (None, Some(9)));
    store.begin_setup_undo(second, 7_000).unwrap();
    let begun = store.setup_undo(second).unwrap();
    assert_eq!((begun.began, begun.undone), (Some(7_000), None));
    store
        .end_setup_undo(second, (8_000, "root"), &[("mail".into(), Some(4))])
        .unwrap();
    assert_eq!(store.setup_configured().unwrap()["mail"], 4);
    store
        .end_setup_undo(first, (8_000, "root"), &[("mail".into(), None)])
        .unwrap();
    assert!(store.setup_configured().unwrap().is_empty());
    assert_eq!(
        store.setup_undo(second).unwrap().by.as_deref(),
        Some("root")
    );
    let files = store.setup_run_files("mail", 9).unwrap();
    assert_eq!(files[&(first, 6_000)].undone, Some((8_000, "root".into())));
}
