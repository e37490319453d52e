//! What is true after a run: what is configured, what was changed, and the restart of the machine.

use std::time::Duration;

use contara_setup::transaction::{Reboot, StepKind, StepState, TransactionState};
use contara_store::SetupConsequences;

use crate::house::{House, answers, begin, file, state, texts, wait_for};

#[tokio::test]
async fn a_module_without_a_script_is_configured_at_the_end() {
    let house = House::new();
    house.module("plain", "", &[], None);
    let setup = house.setup().await;
    let id = begin(&setup, &["plain"]).await.unwrap().id;
    let done = state(&setup, id, TransactionState::Done).await;
    assert_eq!(done.modules[0].state, StepState::Disabled);
    assert!(setup.overview().await.unwrap().modules[0].is_configured);
    assert_eq!(
        setup.history("plain").await.unwrap()[0].state,
        StepState::Done
    );
    setup.shut_down().await;
}

#[tokio::test]
async fn the_modules_own_word_overrides_the_journal_each_time() {
    let house = House::new();
    let flag = house.path("flag");
    let code = format!("import os\ndef check_configured(): return os.path.exists({flag:?})\n");
    house.module_with_code("it", "", &[], None, &code);
    house.module_with_code(
        "bad",
        "",
        &[],
        None,
        "def check_configured(): raise OSError('no')\n",
    );
    let setup = house.setup().await;
    let view = async |slug: &str| {
        let modules = setup.overview().await.unwrap().modules;
        modules
            .into_iter()
            .find(|module| module.slug == slug)
            .unwrap()
    };
    let id = begin(&setup, &["it"]).await.unwrap().id;
    state(&setup, id, TransactionState::Done).await;
    assert!(!view("it").await.is_configured);
    std::fs::write(&flag, "").unwrap();
    assert!(view("it").await.is_configured);
    let bad = view("bad").await;
    assert!(!bad.is_configured);
    assert!(
        bad.problems[0]
            .to_string()
            .contains("check_configured() failed"),
        "{bad:?}"
    );
    setup.shut_down().await;
}

#[tokio::test]
async fn a_second_run_says_what_was_changed() {
    let house = House::new();
    let fields = [
        r#"{"type": "text", "name": "domain"}"#,
        r#"{"type": "text", "name": "relay"}"#,
    ];
    let management = r#", "module": {"section": "management"}"#;
    house.module("it", management, &fields, Some("true"));
    let setup = house.setup().await;
    for relay in ["a", "b"] {
        let id = begin(&setup, &["it"]).await.unwrap().id;
        let posted = answers("it", &[("domain", "x.org"), ("relay", relay)]);
        setup.answer(id, posted, "tester").await.unwrap();
        state(&setup, id, TransactionState::Done).await;
    }
    let runs = setup.history("it").await.unwrap();
    assert_eq!(runs[0].changed, ["relay"]);
    assert_eq!(runs[1].changed, [""; 0]);
    assert!(setup.history("nowhere").await.is_err());
    setup.shut_down().await;
}

#[tokio::test]
async fn the_machine_is_started_again_after_a_countdown() {
    let mut house = House::new();
    let flag = house.path("restarted");
    house.settings.reboot_command = vec!["touch".into(), flag.to_str().unwrap().into()];
    house.module("it", r#", "postinstall": {"reboot": "yes"}"#, &[], None);
    let setup = house.setup().await;
    let id = begin(&setup, &["it"]).await.unwrap().id;
    let done = state(&setup, id, TransactionState::Done).await;
    assert_eq!(done.reboot, Reboot::Needed);
    setup.reboot(id, "tester").await.unwrap();
    let ordered = wait_for(&setup, id, |t| t.reboot == Reboot::Ordered).await;
    assert_eq!(ordered.steps[5].kind, StepKind::End);
    assert_eq!(ordered.steps[5].state, StepState::Done);
    file(&flag).await;
    setup.shut_down().await;

    // Contara is started again, and the machine isn't; then it has been.
    let setup = house.setup().await;
    let reboot = async || setup.transaction(id).await.unwrap().reboot;
    assert_eq!(reboot().await, Reboot::Needed);
    setup.shut_down().await;
    let store = house.store();
    let mut record = store.setup_transaction(id.cast_signed()).unwrap().unwrap();
    record.transaction.ended = Some(0);
    let none = SetupConsequences::default();
    store.keep_setup_transaction(&record, &none, 0).unwrap();
    drop(store);
    let setup = house.setup().await;
    let rebooted = setup.transaction(id).await.unwrap();
    assert_eq!(rebooted.reboot, Reboot::NotNeeded);
    assert_eq!(rebooted.steps[5].state, StepState::Done);
    setup.shut_down().await;
}

#[tokio::test]
async fn the_countdown_can_be_called_off() {
    let mut house = House::new();
    house.settings.reboot_delay = Duration::from_secs(600);
    house.module("it", r#", "postinstall": {"reboot": "yes"}"#, &[], None);
    house.module("other", "", &[], None);
    let setup = house.setup().await;
    let id = begin(&setup, &["it"]).await.unwrap().id;
    state(&setup, id, TransactionState::Done).await;
    setup.reboot(id, "tester").await.unwrap();
    let called_off = setup.cancel(id, "tester").await.unwrap();
    assert_eq!(called_off.reboot, Reboot::Needed);
    assert!(setup.cancel(id, "tester").await.is_err());
    let other = begin(&setup, &["other"]).await.unwrap().id;
    state(&setup, other, TransactionState::Done).await;
    assert!(setup.reboot(other, "tester").await.is_err());
    setup.shut_down().await;
}

#[tokio::test]
async fn a_system_that_refuses_to_start_again_is_heard() {
    let mut house = House::new();
    house.settings.reboot_command = vec!["false".into()];
    house.module("it", r#", "postinstall": {"reboot": "yes"}"#, &[], None);
    let setup = house.setup().await;
    let id = begin(&setup, &["it"]).await.unwrap().id;
    state(&setup, id, TransactionState::Done).await;
    setup.reboot(id, "tester").await.unwrap();
    let needed = wait_for(&setup, id, |t| t.reboot == Reboot::Needed && t.lines > 2).await;
    assert_eq!(needed.steps[5].state, StepState::Todo);
    let log = texts(&setup, id).await;
    assert!(log[2].starts_with("The system refused: "), "{log:?}");
    setup.shut_down().await;
}
