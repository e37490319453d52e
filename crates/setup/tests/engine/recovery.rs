//! A daemon that ends suddenly, at any point, and its next start on the same journal.

use std::process::{Command, Stdio};

use contara_setup::engine::SetupError;
use contara_setup::transaction::{Reboot, StepState, TransactionState};
use contara_store::{SetupConsequences, SetupSessionRow};
use tokio::runtime::Runtime;

use crate::house::{House, answers, begin, file, line, state, texts};

const DOMAIN: &str = r#"{"type": "text", "name": "domain", "require": "yes"}"#;

/// A daemon of its own; dropping it ends all its tasks where they are.
fn daemon() -> Runtime {
    Runtime::new().unwrap()
}

fn wait_script(house: &House) -> String {
    let go = house.path("go");
    format!(
        "echo begun; touch {0}.begun; until [ -e {0} ]; do sleep 0.02; done; echo ended",
        go.display()
    )
}

#[test]
fn what_ran_is_interrupted_with_its_log_and_a_retry_goes_on() {
    let house = House::new();
    house.module("a", "", &[], Some("echo first"));
    house.module("b", "", &[], Some(&wait_script(&house)));
    let killed = daemon();
    let id = killed.block_on(async {
        let setup = house.setup().await;
        let id = begin(&setup, &["a", "b"]).await.unwrap().id;
        line(&setup, id, "begun").await;
        id
    });
    killed.shutdown_background();

    daemon().block_on(async {
        let setup = house.setup().await;
        let found = setup.transaction(id).await.unwrap();
        assert_eq!(found.state, TransactionState::Interrupted);
        let states: Vec<_> = found.modules.iter().map(|module| module.state).collect();
        assert_eq!(states, [StepState::Done, StepState::Interrupted]);
        let log = texts(&setup, id).await;
        assert!(log.contains(&"first".to_owned()) && log.contains(&"begun".to_owned()));
        assert!(
            log.last()
                .unwrap()
                .starts_with("Contara ended during this step"),
            "{log:?}"
        );
        let runs = setup.history("b").await.unwrap();
        assert_eq!(runs[0].state, StepState::Interrupted);
        std::fs::write(house.path("go"), "").unwrap();
        setup.retry(id, "tester").await.unwrap();
        state(&setup, id, TransactionState::Done).await;
        let log = texts(&setup, id).await;
        let firsts = log.iter().filter(|line| *line == "first").count();
        assert_eq!((firsts, log.contains(&"ended".to_owned())), (1, true));
        setup.shut_down().await;
    });
}

#[test]
fn what_a_killed_daemon_left_running_is_ended_first() {
    let house = House::new();
    house.module("it", "", &[], Some(&wait_script(&house)));
    let killed = daemon();
    let (id, session) = killed.block_on(async {
        let setup = house.setup().await;
        let id = begin(&setup, &["it"]).await.unwrap().id;
        line(&setup, id, "begun").await;
        (id, house.store().setup_sessions().unwrap())
    });
    killed.shutdown_background();
    // Of a daemon that is killed the run goes on. It is told by this text.
    let run = session[0].session.split(' ').next().unwrap().to_owned();
    let mut orphan = Command::new("setsid");
    orphan.args(["sleep", "600"]).stdin(Stdio::null());
    orphan.env("CONTARA_RUN", &run);
    let mut orphan = orphan.spawn().unwrap();
    let session = SetupSessionRow {
        transaction: id.cast_signed(),
        session: run,
        ends_with_us: true,
    };
    house.store().add_setup_session(&session).unwrap();
    daemon().block_on(async {
        let setup = house.setup().await;
        assert!(house.store().setup_sessions().unwrap().is_empty());
        setup.shut_down().await;
    });
    assert!(!orphan.wait().unwrap().success());
}

#[test]
fn those_that_wait_go_on_waiting_and_lose_no_place() {
    let house = House::new();
    house.module("a", "", &[], Some(&wait_script(&house)));
    house.module("b", "", &[], Some("echo second"));
    house.module("c", "", &[DOMAIN], Some("echo \"third $1\""));
    let killed = daemon();
    let ids = killed.block_on(async {
        let setup = house.setup().await;
        let a = begin(&setup, &["a"]).await.unwrap().id;
        file(&house.path("go.begun")).await;
        let b = begin(&setup, &["b"]).await.unwrap().id;
        let c = begin(&setup, &["c"]).await.unwrap().id;
        [a, b, c]
    });
    killed.shutdown_background();
    daemon().block_on(async {
        let setup = house.setup().await;
        let [a, b, c] = ids;
        state(&setup, a, TransactionState::Interrupted).await;
        state(&setup, b, TransactionState::Done).await;
        state(&setup, c, TransactionState::Waiting).await;
        let busy = begin(&setup, &["c"]).await;
        assert!(matches!(busy, Err(SetupError::Busy { .. })), "{busy:?}");
        let posted = answers("c", &[("domain", "x.org")]);
        setup.answer(c, posted, "tester").await.unwrap();
        state(&setup, c, TransactionState::Done).await;
        setup.shut_down().await;
    });
}

#[test]
fn answers_that_were_given_but_not_used_are_asked_for_again() {
    let house = House::new();
    house.module("a", "", &[], Some(&wait_script(&house)));
    house.module("c", "", &[DOMAIN], Some("echo \"third $1\""));
    let killed = daemon();
    let c = killed.block_on(async {
        let setup = house.setup().await;
        begin(&setup, &["a"]).await.unwrap();
        file(&house.path("go.begun")).await;
        let c = begin(&setup, &["c"]).await.unwrap().id;
        let posted = answers("c", &[("domain", "x.org")]);
        let queued = setup.answer(c, posted, "tester").await.unwrap();
        assert_eq!(queued.state, TransactionState::Queued);
        c
    });
    killed.shutdown_background();
    daemon().block_on(async {
        let setup = house.setup().await;
        state(&setup, c, TransactionState::Waiting).await;
        let forms = setup.forms(c).await.unwrap();
        let kept = contara_setup::form::Value::Text("x.org".into());
        assert_eq!(forms[0].fields[0].value, kept);
        setup.shut_down().await;
    });
}

#[test]
fn a_stop_of_the_daemon_interrupts_and_calls_the_restart_off() {
    let mut house = House::new();
    house.settings.reboot_delay = std::time::Duration::from_secs(600);
    house.module("a", "", &[], Some(&wait_script(&house)));
    house.module("r", r#", "postinstall": {"reboot": "yes"}"#, &[], None);
    let (a, r) = daemon().block_on(async {
        let setup = house.setup().await;
        let r = begin(&setup, &["r"]).await.unwrap().id;
        state(&setup, r, TransactionState::Done).await;
        let counting = setup.reboot(r, "tester").await.unwrap();
        assert!(matches!(counting.reboot, Reboot::At(_)));
        let a = begin(&setup, &["a"]).await.unwrap().id;
        file(&house.path("go.begun")).await;
        setup.shut_down().await;
        let stopped = setup.transaction(a).await.unwrap();
        assert_eq!(stopped.state, TransactionState::Interrupted);
        (a, r)
    });
    daemon().block_on(async {
        let setup = house.setup().await;
        let r = setup.transaction(r).await.unwrap();
        assert_eq!(r.reboot, Reboot::Needed);
        let a = setup.transaction(a).await.unwrap();
        assert_eq!(a.state, TransactionState::Interrupted);
        setup.shut_down().await;
    });
}

#[test]
fn a_daemon_that_isnt_root_leaves_the_queue_alone() {
    let mut house = House::new();
    house.module("a", "", &[], Some(&wait_script(&house)));
    house.module("b", "", &[], Some("echo second"));
    let killed = daemon();
    let queued = killed.block_on(async {
        let setup = house.setup().await;
        begin(&setup, &["a"]).await.unwrap();
        file(&house.path("go.begun")).await;
        begin(&setup, &["b"]).await.unwrap().id
    });
    killed.shutdown_background();
    house.settings.is_root = false;
    daemon().block_on(async {
        let setup = house.setup().await;
        // Its turn would be now: some looks at the journal take longer than it takes to begin.
        for _ in 0..200 {
            let found = setup.transaction(queued).await.unwrap();
            assert_eq!(found.state, TransactionState::Queued);
        }
        setup.shut_down().await;
    });
}

#[test]
fn a_package_manager_that_goes_on_isnt_said_to_have_been_ended() {
    let house = House::new();
    house.module("it", "", &[], Some("true"));
    daemon().block_on(async {
        let setup = house.setup().await;
        let id = begin(&setup, &["it"]).await.unwrap().id;
        state(&setup, id, TransactionState::Done).await;
        setup.shut_down().await;
        let store = house.store();
        let mut record = store.setup_transaction(id.cast_signed()).unwrap().unwrap();
        record.transaction.state = "running".into();
        record.steps[3].state = "running".into();
        store
            .keep_setup_transaction(&record, &SetupConsequences::default(), 0)
            .unwrap();
        let setup = house.setup().await;
        let log = texts(&setup, id).await;
        let last = log.last().unwrap();
        assert!(last.contains("goes on to its end"), "{last}");
        setup.shut_down().await;
    });
}
