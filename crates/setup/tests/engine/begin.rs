//! What can be begun, and who has to wait.

use contara_setup::engine::{Begin, SetupError};
use contara_setup::transaction::TransactionState;

use crate::house::{House, answers, begin, choice, file, state};

/// A script that runs until a file is there.
fn until(path: &std::path::Path) -> String {
    format!(
        "touch {0}.begun; until [ -e {0} ]; do sleep 0.02; done",
        path.display()
    )
}

#[tokio::test]
async fn one_changes_the_machine_and_others_queue() {
    let house = House::new();
    let go = house.path("go");
    house.module("first", "", &[], Some(&until(&go)));
    house.module("second", "", &[], Some("echo second"));
    house.module("third", "", &[], Some("echo third"));
    let setup = house.setup().await;
    let first = begin(&setup, &["first"]).await.unwrap().id;
    file(&house.path("go.begun")).await;
    let second = begin(&setup, &["second"]).await.unwrap();
    let third = begin(&setup, &["third"]).await.unwrap();
    assert_eq!(second.state, TransactionState::Queued);
    assert_eq!(second.behind, Some(first));
    assert_eq!(third.behind, Some(second.id));
    setup.cancel(second.id, "tester").await.unwrap();
    let third = setup.transaction(third.id).await.unwrap();
    assert_eq!(third.behind, Some(first));
    std::fs::write(&go, "").unwrap();
    let first = state(&setup, first, TransactionState::Done).await;
    let third = state(&setup, third.id, TransactionState::Done).await;
    assert!(third.steps[4].started >= first.ended);
    let second = setup.transaction(second.id).await.unwrap();
    assert_eq!(second.state, TransactionState::Cancelled);
    let ids: Vec<_> = setup
        .transactions(2)
        .await
        .unwrap()
        .iter()
        .map(|t| t.id)
        .collect();
    assert_eq!(ids, [third.id, second.id]);
    setup.shut_down().await;
}

#[tokio::test]
async fn of_two_that_begin_the_same_one_wins() {
    let house = House::new();
    let go = house.path("go");
    house.module("it", "", &[], Some(&until(&go)));
    let setup = house.setup().await;
    let (one, other) = tokio::join!(begin(&setup, &["it"]), begin(&setup, &["it"]));
    let (won, lost) = match (one, other) {
        (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
        both => panic!("{both:?}"),
    };
    let SetupError::Busy {
        transaction, by, ..
    } = lost
    else {
        panic!("{lost:?}")
    };
    assert_eq!((transaction, by.as_str()), (won.id, "tester"));
    std::fs::write(&go, "").unwrap();
    state(&setup, won.id, TransactionState::Done).await;
    setup.shut_down().await;
}

#[tokio::test]
async fn only_what_was_approved_is_begun() {
    let house = House::new();
    house.module("it", "", &[], Some("true"));
    let setup = house.setup().await;
    let begin = |digest: &str| Begin {
        choice: choice(&["it"]),
        digest: Some(digest.into()),
        by: "tester".into(),
    };
    let refused = setup.begin(begin("another")).await;
    let Err(SetupError::PlanChanged(plan)) = refused else {
        panic!("{refused:?}")
    };
    let begun = setup.begin(begin(&plan.digest)).await.unwrap();
    state(&setup, begun.id, TransactionState::Done).await;
    setup.shut_down().await;
}

#[tokio::test]
async fn a_chosen_module_that_is_not_there_is_refused() {
    let house = House::new();
    house.module("it", "", &[], Some("true"));
    let setup = house.setup().await;
    let refused = begin(&setup, &["it", "nowhere"]).await.unwrap_err();
    assert!(refused.to_string().contains("nowhere"), "{refused}");
    assert!(matches!(refused, SetupError::Refused(_)), "{refused:?}");
    assert_eq!(setup.transactions(9).await.unwrap(), []);
    setup.shut_down().await;
}

#[tokio::test]
async fn without_root_everything_can_be_looked_at_and_nothing_changed() {
    let mut house = House::new();
    house.settings.is_root = false;
    house.module("it", "", &[], Some("true"));
    let setup = house.setup().await;
    let overview = setup.overview().await.unwrap();
    assert!(overview.read_only.unwrap().to_string().contains("root"));
    setup.plan(&choice(&["it"])).await.unwrap();
    let refused = begin(&setup, &["it"]).await;
    assert!(matches!(refused, Err(SetupError::NotRoot)), "{refused:?}");
    setup.shut_down().await;
}

#[tokio::test]
async fn what_another_transaction_sets_up_counts_in_conflicts() {
    let house = House::new();
    let field = r#"{"type": "text", "name": "name", "require": "yes"}"#;
    house.module("webmail", "", &[field], Some("true"));
    let conflicts = r#", "conflicts": ["webmail"]"#;
    house.module("groupware", conflicts, &[field], Some("true"));
    let setup = house.setup().await;
    for (first, second) in [("webmail", "groupware"), ("groupware", "webmail")] {
        let waiting = begin(&setup, &[first]).await.unwrap();
        assert_eq!(waiting.state, TransactionState::Waiting);
        let refused = begin(&setup, &[second]).await.unwrap_err().to_string();
        let expected = format!("{second} conflicts with {first}, which is part of");
        assert!(refused.starts_with(&expected), "{refused}");
        setup.cancel(waiting.id, "tester").await.unwrap();
    }
    // Nor may one that was cancelled go on beside the other, or after it.
    let webmail = begin(&setup, &["webmail"]).await.unwrap().id;
    let retried = async || setup.retry(2, "tester").await.unwrap_err().to_string();
    let expected =
        format!("groupware conflicts with webmail, which is part of transaction {webmail}.");
    assert_eq!(retried().await, expected);
    let posted = answers("webmail", &[("name", "x")]);
    setup.answer(webmail, posted, "tester").await.unwrap();
    state(&setup, webmail, TransactionState::Done).await;
    assert_eq!(
        retried().await,
        "groupware conflicts with webmail, which is configured."
    );
    setup.shut_down().await;
}
