//! Scripts that succeed, fail and are cancelled, and what a retry does again.

use contara_setup::engine::SetupError;
use contara_setup::form::Value;
use contara_setup::transaction::{
    LineKind, Need, StepKind, StepState, Transaction, TransactionState,
};

use crate::house::{House, answers, begin, file, line, lines, state, texts};

const DOMAIN: &str = r#"{"type": "text", "name": "domain", "require": "yes", "store": "yes"}"#;
const PASSWORD: &str = r#"{"type": "password", "name": "passwd", "require": "yes"}"#;

fn step(transaction: &Transaction, kind: StepKind) -> StepState {
    let mut steps = transaction.steps.iter();
    steps.find(|step| step.kind == kind).unwrap().state
}

#[tokio::test]
async fn answers_reach_the_script_and_the_module_is_configured() {
    let house = House::new();
    let script = "echo \"7domain $1\"; echo plain; [ -f desc.json ] && echo here";
    let action = r#", "actions": [{"type": "link", "name": "Go", "value": "http://@HOSTNAME@/"}]"#;
    house.module("mail", action, &[DOMAIN], Some(script));
    let setup = house.setup().await;
    let begun = begin(&setup, &["mail"]).await.unwrap();
    assert_eq!(begun.state, TransactionState::Waiting);
    assert_eq!(begun.needs, Some(Need::Answers));
    let id = begun.id;
    assert_eq!(setup.forms(id).await.unwrap()[0].slug, "mail");

    let refused = setup.answer(id, answers("mail", &[]), "tester").await;
    let Err(SetupError::Answers(errors)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(errors["mail"]["domain"], "This field can't be empty.");
    let posted = answers("mail", &[("domain", "example.org")]);
    setup.answer(id, posted.clone(), "Firefox").await.unwrap();
    let done = state(&setup, id, TransactionState::Done).await;
    assert_eq!(step(&done, StepKind::Configure), StepState::Done);
    assert_eq!(step(&done, StepKind::End), StepState::Done);
    assert_eq!(done.modules[0].exit.as_deref(), Some("exit status 0"));
    let link = ("Go".to_owned(), "http://@HOSTNAME@/".to_owned());
    assert_eq!(done.modules[0].links, [link]);

    let log = lines(&setup, id).await;
    let output: Vec<_> = log
        .iter()
        .filter(|line| line.kind == LineKind::Output)
        .collect();
    let output: Vec<_> = output.iter().map(|l| (l.level, l.text.as_str())).collect();
    let expected = [
        (Some(7), "domain example.org"),
        (None, "plain"),
        (None, "here"),
    ];
    assert_eq!(output, expected);
    assert!(
        log.iter()
            .zip(1..)
            .all(|(line, number)| line.number == number)
    );
    assert_eq!(done.lines, log.len() as u64);

    let overview = setup.overview().await.unwrap();
    assert!(overview.modules[0].is_configured);
    assert_eq!(overview.modules[0].transaction, Some(id));
    assert_eq!(
        house.store().setup_options().unwrap()["domain"],
        "\"example.org\""
    );
    let history = setup.history("mail").await.unwrap();
    assert_eq!(history[0].by, "Firefox");
    assert_eq!(history[0].answers["domain"], "example.org");
    let late = setup.answer(id, posted, "Firefox").await;
    assert!(matches!(late, Err(SetupError::WrongState(_))), "{late:?}");
    setup.shut_down().await;
}

#[tokio::test]
async fn a_failure_says_what_failed_and_a_retry_goes_on_there() {
    let house = House::new();
    let count = house.path("count");
    let first = format!("echo run >> {}", count.display());
    house.module("a", "", &[], Some(&first));
    let flag = house.path("flag");
    let second = format!(
        "echo \"domain $1\"; echo last words; [ -e {} ] || exit 3",
        flag.display()
    );
    house.module("b", "", &[DOMAIN, PASSWORD], Some(&second));
    house.module("c", "", &[], Some("echo third"));
    let setup = house.setup().await;
    let id = begin(&setup, &["a", "b", "c"]).await.unwrap().id;
    let fields = [
        ("domain", "example.org"),
        ("passwd", "hunter22"),
        ("passwd2", "hunter22"),
    ];
    setup
        .answer(id, answers("b", &fields), "tester")
        .await
        .unwrap();
    let failed = state(&setup, id, TransactionState::Failed).await;
    let states: Vec<_> = failed.modules.iter().map(|module| module.state).collect();
    assert_eq!(
        states,
        [StepState::Done, StepState::Failed, StepState::Todo]
    );
    let failure = failed.failure.unwrap();
    assert_eq!(failure.step, StepKind::Configure);
    assert_eq!(failure.module.as_deref(), Some("b"));
    assert_eq!(failure.exit.as_deref(), Some("exit status 3"));
    assert_eq!(failure.last_lines, ["domain example.org", "last words"]);
    let command = failure.command.unwrap();
    assert!(command.starts_with("bash setup.sh"), "{command}");
    assert!(!command.contains("hunter22"));
    assert!(!setup.overview().await.unwrap().modules[1].is_configured);

    std::fs::write(&flag, "").unwrap();
    let again = setup.retry(id, "tester").await.unwrap();
    assert_eq!(again.state, TransactionState::Waiting);
    assert_eq!(again.failure, None);
    let forms = setup.forms(id).await.unwrap();
    assert_eq!(forms.len(), 1);
    let values: Vec<_> = forms[0]
        .fields
        .iter()
        .map(|field| field.value.clone())
        .collect();
    let expected = [
        Value::Text("example.org".into()),
        Value::Text(String::new()),
    ];
    assert_eq!(values, expected);
    setup
        .answer(id, answers("b", &fields), "tester")
        .await
        .unwrap();
    let done = state(&setup, id, TransactionState::Done).await;
    assert!(
        done.modules
            .iter()
            .all(|module| module.state == StepState::Done)
    );
    assert_eq!(std::fs::read_to_string(count).unwrap(), "run\n");
    assert!(texts(&setup, id).await.contains(&"third".to_owned()));
    let runs = setup.history("b").await.unwrap();
    let states: Vec<_> = runs.iter().map(|run| run.state).collect();
    assert_eq!(states, [StepState::Done, StepState::Failed]);
    assert_eq!(runs[0].answers["passwd"], "set");
    assert_eq!(runs[0].changed, [""; 0]);
    setup.shut_down().await;
}

#[tokio::test]
async fn cancelling_ends_all_that_the_script_started() {
    let house = House::new();
    let pid = house.path("pid");
    let script = format!(
        "echo before; sleep 600 & echo $! > {0}.new; mv {0}.new {0}; wait",
        pid.display()
    );
    house.module("slow", "", &[], Some(&script));
    let setup = house.setup().await;
    let id = begin(&setup, &["slow"]).await.unwrap().id;
    file(&pid).await;
    line(&setup, id, "before").await;
    setup.cancel(id, "tester").await.unwrap();
    let cancelled = state(&setup, id, TransactionState::Cancelled).await;
    assert_eq!(step(&cancelled, StepKind::Configure), StepState::Cancelled);
    assert_eq!(cancelled.modules[0].state, StepState::Cancelled);
    let pid = std::fs::read_to_string(pid).unwrap();
    // Gone, or nobody has asked yet how it ended.
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
    assert!(!stat.is_ok_and(|stat| !stat.contains(") Z ")));
    assert!(house.store().setup_sessions().unwrap().is_empty());
    let twice = setup.cancel(id, "tester").await;
    assert!(matches!(twice, Err(SetupError::WrongState(_))), "{twice:?}");
    // It can be taken up again.
    assert_eq!(setup.retry(id, "tester").await.unwrap().id, id);
    setup.cancel(id, "tester").await.unwrap();
    state(&setup, id, TransactionState::Cancelled).await;
    setup.shut_down().await;
}

#[tokio::test]
async fn a_script_that_is_missing_is_a_failure_with_its_name() {
    let house = House::new();
    house.module("gone", "", &[], Some(""));
    std::fs::remove_file(house.module_folder("gone").join("setup.sh")).unwrap();
    let setup = house.setup().await;
    let id = begin(&setup, &["gone"]).await.unwrap().id;
    let failed = state(&setup, id, TransactionState::Failed).await;
    let message = failed.failure.unwrap().message.to_string();
    assert!(message.contains("setup.sh"), "{message}");
    setup.shut_down().await;
}
