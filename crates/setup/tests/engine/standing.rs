//! How setup stands, told from all its transactions.

use contara_setup::engine::{Overwrite, Standing};
use contara_setup::transaction::TransactionState;

use crate::house::{House, answers, begin, file, state};

const DOMAIN: &str = r#"{"type": "text", "name": "domain", "require": "yes"}"#;

#[tokio::test]
async fn what_is_under_way_matters_and_then_how_the_last_one_ended() {
    let house = House::new();
    let (began, go) = (house.path("began"), house.path("go"));
    let script = format!(
        "echo new >'{}'; touch '{}'; until [ -e '{}' ]; do sleep 0.02; done; exit 3",
        house.path("etc/made").display(),
        began.display(),
        go.display()
    );
    house.module("it", "", &[DOMAIN], Some(&script));
    let setup = house.setup().await;
    let standing = async || setup.standing().await.unwrap();
    assert_eq!(standing().await, Standing::Idle);
    let id = begin(&setup, &["it"]).await.unwrap().id;
    state(&setup, id, TransactionState::Waiting).await;
    assert_eq!(standing().await, Standing::Waiting);
    let posted = answers("it", &[("domain", "x.org")]);
    setup.answer(id, posted, "tester").await.unwrap();
    file(&began).await;
    assert_eq!(standing().await, Standing::Busy);
    std::fs::write(&go, "").unwrap();
    state(&setup, id, TransactionState::Failed).await;
    assert_eq!(standing().await, Standing::Failed);
    setup.undo(id, Overwrite::Never, "tester").await.unwrap();
    assert_eq!(standing().await, Standing::Idle);
    setup.shut_down().await;
}

#[tokio::test]
async fn an_interruption_and_a_restart_that_is_needed_stay_until_they_are_seen_to() {
    let house = House::new();
    let began = house.path("began");
    let script = format!("touch '{}'; sleep 600", began.display());
    house.module("long", "", &[], Some(&script));
    house.module("it", r#", "postinstall": {"reboot": "yes"}"#, &[], None);
    let setup = house.setup().await;
    begin(&setup, &["long"]).await.unwrap();
    file(&began).await;
    setup.shut_down().await;
    let setup = house.setup().await;
    assert_eq!(setup.standing().await.unwrap(), Standing::Interrupted);
    let id = begin(&setup, &["it"]).await.unwrap().id;
    state(&setup, id, TransactionState::Done).await;
    assert_eq!(setup.standing().await.unwrap(), Standing::RestartNeeded);
    setup.shut_down().await;
}
