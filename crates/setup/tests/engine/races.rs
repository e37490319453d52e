//! What happens between two steps: somebody goes away, somebody cancels, the ground under a module changes.

use contara_setup::transaction::{StepState, Transaction, TransactionState};

use crate::house::{House, begin, file, lines, state, wait_for};

#[tokio::test]
async fn a_change_is_done_whole_though_whoever_asked_goes_away() {
    let house = House::new();
    house.module("it", "", &[], Some("echo ran"));
    let setup = house.setup().await;
    let store = house.store();
    let mut asked = Box::pin(begin(&setup, &["it"]));
    while store.setup_transactions(1).unwrap().is_empty() {
        tokio::select! {
            biased;
            begun = &mut asked => drop(begun.unwrap()),
            () = tokio::task::yield_now() => {}
        }
    }
    // It is in the journal by now, and maybe nowhere else.
    drop(asked);
    let id = store.setup_transactions(1).unwrap()[0].transaction.id;
    state(&setup, id.cast_unsigned(), TransactionState::Done).await;
    setup.shut_down().await;
}

#[tokio::test]
async fn what_is_cancelled_before_its_script_starts_runs_nothing_of_it() {
    let house = House::new();
    let (go, asked) = (house.path("go"), house.path("asked"));
    let hold = format!("rm -f '{}' '{}'", go.display(), asked.display());
    house.module("first", "", &[], Some(&hold));
    let code = format!(
        "import os, time\ndef get_config_info(): return 'setup.sh', []\ndef check_configured():\n    open({asked:?}, 'w').close()\n    \
         while not os.path.exists({go:?}): time.sleep(0.01)\n    return False\n"
    );
    house.module_with_code("second", "", &[], Some("echo second"), &code);
    std::fs::write(&go, "").unwrap();
    let setup = house.setup().await;
    let id = begin(&setup, &["first", "second"]).await.unwrap().id;
    let is_next = |shown: &Transaction| shown.modules[0].state == StepState::Done;
    wait_for(&setup, id, is_next).await;
    file(&asked).await;
    setup.cancel(id, "tester").await.unwrap();
    std::fs::write(&go, "").unwrap();
    let cancelled = state(&setup, id, TransactionState::Cancelled).await;
    assert_eq!(cancelled.modules[1].state, StepState::Cancelled);
    let log = lines(&setup, id).await;
    let of_second: Vec<_> = log
        .iter()
        .filter(|line| line.module.as_deref() == Some("second"))
        .collect();
    assert!(of_second.is_empty(), "{of_second:?}");
    setup.shut_down().await;
}

#[tokio::test]
async fn a_modules_code_is_asked_anew_after_the_scripts_before_it() {
    let house = House::new();
    let name = house.path("name");
    let change = format!("echo other.sh > '{}'", name.display());
    house.module("first", "", &[], Some(&change));
    let code = format!(
        "SCRIPT = open({name:?}).read().strip()\ndef get_config_info(): return SCRIPT, []\n"
    );
    house.module_with_code("second", "", &[], Some("echo old"), &code);
    std::fs::write(house.module_folder("second").join("other.sh"), "echo new").unwrap();
    std::fs::write(&name, "setup.sh").unwrap();
    let setup = house.setup().await;
    let id = begin(&setup, &["first", "second"]).await.unwrap().id;
    state(&setup, id, TransactionState::Done).await;
    let log = lines(&setup, id).await;
    let texts: Vec<_> = log.iter().map(|line| line.text.as_str()).collect();
    assert!(
        texts.contains(&"new") && !texts.contains(&"old"),
        "{texts:?}"
    );
    setup.shut_down().await;
}
