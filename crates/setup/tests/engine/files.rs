//! What scripts did to files: recorded, shown, and taken back.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use contara_i18n::message;
use contara_setup::engine::{FileChange, FileDiff, Overwrite, Setup, SetupError};
use contara_setup::transaction::{TransactionId, TransactionState};
use tokio::runtime::Runtime;

use crate::house::{House, answers, begin, file, line, state, texts};

const PASSWORD: &str =
    r#"{"type": "password", "name": "secret", "require": "yes", "confirm": "no"}"#;

/// A script that stands in the folder that is recorded.
fn script(house: &House, work: &str) -> String {
    format!("cd '{}' || exit 9\n{work}\n", house.path("etc").display())
}

fn write(house: &House, name: &str, text: &str) {
    fs::write(house.path("etc").join(name), text).unwrap();
}

fn read(house: &House, name: &str) -> String {
    fs::read_to_string(house.path("etc").join(name)).unwrap_or_default()
}

async fn run(setup: &Setup, module: &str) -> TransactionId {
    let id = begin(setup, &[module]).await.unwrap().id;
    state(setup, id, TransactionState::Done).await;
    id
}

fn said(files: &[FileChange]) -> Vec<String> {
    let said = files.iter().map(|file| {
        let sign = match (&file.before, &file.after) {
            (None, _) => '+',
            (_, None) => '-',
            _ => '~',
        };
        format!("{sign} {}", file.path.file_name().unwrap().display())
    });
    said.collect()
}

async fn changed(setup: &Setup, id: TransactionId) -> Vec<String> {
    said(&setup.file_changes(id).await.unwrap().files)
}

async fn diff(setup: &Setup, id: TransactionId, name: &str) -> FileDiff {
    let files = setup.file_changes(id).await.unwrap().files;
    let file = files.iter().find(|file| file.path.ends_with(name)).unwrap();
    setup.file_diff(id, file.number).await.unwrap()
}

async fn undo(setup: &Setup, id: TransactionId) -> Result<Vec<(PathBuf, String)>, SetupError> {
    let undone = setup.undo(id, Overwrite::Never, "tester").await?;
    assert!(undone.is_over);
    let left = undone.left.into_iter();
    Ok(left
        .map(|(path, reason)| (path, reason.to_string()))
        .collect())
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, SetupError>, expected: &str) {
    let error = result.unwrap_err();
    assert!(matches!(error, SetupError::WrongState(_)), "{error:?}");
    assert!(error.to_string().contains(expected), "{error}");
}

#[tokio::test]
async fn what_a_script_did_is_shown_and_taken_back_and_the_module_is_as_before() {
    let house = House::new();
    write(&house, "old", "1\n2\n");
    write(&house, "gone", "x");
    let work =
        "echo 3 >>old; rm gone; mkdir made; echo new >made/new; chmod 755 made; chmod 644 made/new";
    house.module(
        "it",
        r#", "services": ["it.service"]"#,
        &[],
        Some(&script(&house, work)),
    );
    let setup = house.setup().await;
    let id = run(&setup, "it").await;
    assert_eq!(
        changed(&setup, id).await,
        ["- gone", "+ made", "+ new", "~ old"]
    );
    let expected = FileDiff::Text("@@ -1,2 +1,3 @@\n 1\n 2\n+3\n".into(), false);
    assert_eq!(diff(&setup, id, "old").await, expected);
    let expected = FileDiff::Text("@@ -0,0 +1 @@\n+new\n".into(), false);
    assert_eq!(diff(&setup, id, "new").await, expected);
    assert_eq!(
        diff(&setup, id, "made").await,
        FileDiff::NotShown(message!("It is a folder."))
    );
    let run = &setup.history("it").await.unwrap()[0];
    let counts = run.files.unwrap();
    assert_eq!((counts.created, counts.changed, counts.deleted), (2, 1, 1));

    let undone = setup.undo(id, Overwrite::Never, "tester").await.unwrap();
    assert_eq!((undone.put_back, undone.is_over), (4, true));
    assert_eq!(undone.leaves, (Vec::new(), vec!["it.service".into()]));
    assert_eq!(undone.modules, [("it".into(), false)]);
    assert_eq!(
        (read(&house, "old"), read(&house, "gone")),
        ("1\n2\n".into(), "x".into())
    );
    assert!(!house.path("etc/made").exists());
    assert!(!setup.overview().await.unwrap().modules[0].is_configured);
    let changes = setup.file_changes(id).await.unwrap();
    assert_eq!(
        (changes.files.len(), changes.undone.unwrap().1),
        (4, "tester".into())
    );
    let run = &setup.history("it").await.unwrap()[0];
    assert_eq!(run.undone.as_ref().unwrap().1, "tester");
    let log = texts(&setup, id).await;
    let last = &log[log.len() - 2..];
    assert_eq!(
        last,
        [
            "tester puts 4 files and folders back.",
            "The files are as they were before."
        ]
    );
    refused(undo(&setup, id).await, "was undone already");
    setup.shut_down().await;
}

#[tokio::test]
async fn what_was_changed_since_is_asked_about() {
    let house = House::new();
    write(&house, "old", "1\n");
    house.module(
        "it",
        "",
        &[],
        Some(&script(&house, "echo 2 >>old; echo x >new")),
    );
    let setup = house.setup().await;
    let id = run(&setup, "it").await;
    write(&house, "old", "mine\n");
    let error = undo(&setup, id).await.unwrap_err();
    let SetupError::ChangedSince(paths) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(paths, &[house.path("etc/old")]);
    assert!(error.to_string().starts_with("1 file was changed since: "));
    assert_eq!(
        (read(&house, "old"), read(&house, "new")),
        ("mine\n".into(), "x\n".into())
    );
    assert!(setup.file_changes(id).await.unwrap().undo_began.is_none());
    let undone = setup
        .undo(id, Overwrite::ChangedSince, "tester")
        .await
        .unwrap();
    assert_eq!((undone.put_back, read(&house, "old")), (2, "1\n".into()));
    setup.shut_down().await;
}

#[tokio::test]
async fn the_later_one_is_undone_first_and_each_gives_back_what_was_before() {
    let house = House::new();
    let management = r#", "module": {"section": "management"}"#;
    house.module(
        "it",
        management,
        &[],
        Some(&script(&house, "echo $RANDOM$RANDOM >>old")),
    );
    let setup = house.setup().await;
    let first = run(&setup, "it").await;
    let between = read(&house, "old");
    let second = run(&setup, "it").await;
    let expected = format!("transaction {second} came later");
    refused(undo(&setup, first).await, &expected);
    undo(&setup, second).await.unwrap();
    assert_eq!(read(&house, "old"), between);
    let is_configured = async || setup.overview().await.unwrap().modules[0].is_configured;
    assert!(is_configured().await, "as it was after the first");
    undo(&setup, first).await.unwrap();
    assert!(!house.path("etc/old").exists());
    assert!(!is_configured().await);
    setup.shut_down().await;
}

#[tokio::test]
async fn several_runs_of_one_transaction_are_one_and_what_is_undone_is_not_gone_on_with() {
    let house = House::new();
    write(&house, "old", "1\n");
    let go = house.path("go");
    let work = format!(
        "echo 2 >>old; test -e '{}' || exit 1; rm -f second",
        go.display()
    );
    house.module(
        "it",
        "",
        &[],
        Some(&script(&house, &format!("touch second; {work}"))),
    );
    let setup = house.setup().await;
    let id = begin(&setup, &["it"]).await.unwrap().id;
    state(&setup, id, TransactionState::Failed).await;
    assert_eq!(changed(&setup, id).await, ["~ old", "+ second"]);
    fs::write(&go, "").unwrap();
    setup.retry(id, "tester").await.unwrap();
    state(&setup, id, TransactionState::Done).await;
    assert_eq!(
        changed(&setup, id).await,
        ["~ old"],
        "what came and went is nothing"
    );
    let expected = FileDiff::Text("@@ -1 +1,3 @@\n 1\n+2\n+2\n".into(), false);
    assert_eq!(diff(&setup, id, "old").await, expected);
    fs::remove_file(&go).unwrap();
    undo(&setup, id).await.unwrap();
    assert_eq!(read(&house, "old"), "1\n");

    let id = begin(&setup, &["it"]).await.unwrap().id;
    state(&setup, id, TransactionState::Failed).await;
    undo(&setup, id).await.unwrap();
    assert_eq!(read(&house, "old"), "1\n");
    refused(
        setup.retry(id, "tester").await,
        "was undone: begin another one",
    );
    setup.shut_down().await;
}

#[tokio::test]
async fn differences_tell_no_secret() {
    let house = House::new();
    write(&house, "private", "before\n");
    write(&house, "old", "geheim42\n");
    fs::set_permissions(house.path("etc/private"), Permissions::from_mode(0o640)).unwrap();
    fs::create_dir(house.path("etc/closed")).unwrap();
    fs::set_permissions(house.path("etc/closed"), Permissions::from_mode(0o700)).unwrap();
    let work = "umask 022; echo more >>private; echo x >closed/file; echo 'nothing' >plain\n\
        printf 'password = \"%s\"\\n' \"$1\" >told; printf %s \"$1\" | base64 >coded; echo 'other' >old\n\
        printf x >\"named-$1\"; head -c 100 /dev/zero >zeros; head -c 2000000 /dev/zero >large";
    house.module("it", "", &[PASSWORD], Some(&script(&house, work)));
    let setup = house.setup().await;
    let id = begin(&setup, &["it"]).await.unwrap().id;
    let posted = answers("it", &[("secret", "geheim42")]);
    setup.answer(id, posted, "tester").await.unwrap();
    state(&setup, id, TransactionState::Done).await;
    let mut all = changed(&setup, id).await;
    all.sort_unstable();
    let expected = [
        "+ coded",
        "+ file",
        "+ large",
        "+ plain",
        "+ told",
        "+ zeros",
        "~ old",
        "~ private",
    ];
    assert_eq!(all, expected);
    let private = FileDiff::NotShown(message!(
        "Not shown: not everybody on the machine may read this file."
    ));
    let secret = FileDiff::NotShown(message!(
        "Not shown: a password that was answered is in it, or was."
    ));
    for (name, expected) in [
        ("private", &private),
        ("closed/file", &private),
        ("told", &secret),
        ("coded", &secret),
        ("old", &secret),
        (
            "zeros",
            &FileDiff::NotShown(message!("Not shown: it is no text.")),
        ),
        (
            "large",
            &FileDiff::NotShown(message!(
                "Not shown: the file is too large, or couldn't be read."
            )),
        ),
        (
            "plain",
            &FileDiff::Text("@@ -0,0 +1 @@\n+nothing\n".into(), false),
        ),
    ] {
        assert_eq!(&diff(&setup, id, name).await, expected, "{name}");
    }
    let log = texts(&setup, id).await;
    let unnamed = "1 of the files that the script changed has a secret in its name, so it isn't listed and can't be undone.";
    assert!(log.contains(&unnamed.to_owned()), "{log:?}");
    // What was there before the run is kept, whatever it is; what the script wrote isn't, where it has the secret in it.
    for entry in fs::read_dir(house.path("files/contents")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap_or_default();
        assert!(!text.contains("geheim42") || text == "geheim42\n", "{text}");
    }
    // Another run, which knows nothing of that password, has it in the surroundings of what it changes.
    let more = script(&house, "umask 022; echo more >>told; echo more >>plain");
    house.module("other", "", &[], Some(&more));
    setup.shut_down().await;
    let setup = house.setup().await;
    let other = run(&setup, "other").await;
    assert_eq!(diff(&setup, other, "told").await, secret);
    let expected = FileDiff::Text("@@ -1 +1,2 @@\n nothing\n+more\n".into(), false);
    assert_eq!(diff(&setup, other, "plain").await, expected);
    setup.shut_down().await;
}

#[tokio::test]
async fn a_script_runs_also_where_nothing_can_be_recorded() {
    let house = House::new();
    fs::write(house.path("files"), "a file where the folder should be").unwrap();
    house.module("it", "", &[], Some(&script(&house, "echo x >new")));
    let setup = house.setup().await;
    let id = run(&setup, "it").await;
    let log = texts(&setup, id).await;
    assert!(
        log.iter().any(|line| line.starts_with(
            "What the script changes in files can't be recorded, so it can't be undone: "
        )),
        "{log:?}"
    );
    let changes = setup.file_changes(id).await.unwrap();
    assert_eq!(
        (changes.files.len(), changes.unknown),
        (0, vec!["it".to_owned()])
    );
    assert_eq!(setup.history("it").await.unwrap()[0].files, None);
    refused(undo(&setup, id).await, "there is no file that transaction");
    setup.shut_down().await;
}

#[tokio::test]
async fn nothing_is_undone_while_something_else_is_under_way() {
    let house = House::new();
    let go = house.path("go");
    let wait = format!(
        "echo x >>it; touch {0}.begun; until [ -e {0} ]; do sleep 0.02; done",
        go.display()
    );
    house.module("it", "", &[], Some(&script(&house, "echo x >new")));
    house.module("slow", "", &[], Some(&script(&house, &wait)));
    let setup = house.setup().await;
    let id = run(&setup, "it").await;
    let slow = begin(&setup, &["slow"]).await.unwrap().id;
    file(&house.path("go.begun")).await;
    refused(undo(&setup, id).await, "the machine is being changed");
    refused(undo(&setup, slow).await, "the machine is being changed");
    fs::write(&go, "").unwrap();
    state(&setup, slow, TransactionState::Done).await;
    undo(&setup, id).await.unwrap();
    assert!(matches!(
        setup.undo(99, Overwrite::Never, "x").await,
        Err(SetupError::NoTransaction(99))
    ));
    assert!(matches!(
        setup.file_diff(id, 99).await,
        Err(SetupError::NoChange(_, 99))
    ));
    setup.shut_down().await;
}

#[tokio::test]
async fn who_is_not_root_may_only_look() {
    let mut house = House::new();
    house.module("it", "", &[], Some(&script(&house, "echo x >new")));
    let setup = house.setup().await;
    let id = run(&setup, "it").await;
    setup.shut_down().await;
    house.settings.is_root = false;
    let setup = house.setup().await;
    let changes = setup.file_changes(id).await.unwrap();
    assert_eq!(changes.files.len(), 1);
    assert!(
        changes
            .refusal
            .unwrap()
            .to_string()
            .contains("doesn't run as root")
    );
    assert!(matches!(undo(&setup, id).await, Err(SetupError::NotRoot)));
    setup.shut_down().await;
}

/// Killed while the script runs: what it did until then is known, nothing of it is shown, and it can be taken back.
#[test]
fn what_an_interrupted_run_did_can_be_taken_back() {
    let house = House::new();
    write(&house, "old", "1\n");
    let wait = format!(
        "echo $1 >>old; echo begun; until [ -e {} ]; do sleep 0.02; done",
        house.path("go").display()
    );
    house.module("it", "", &[PASSWORD], Some(&script(&house, &wait)));
    let killed = Runtime::new().unwrap();
    let id = killed.block_on(async {
        let setup = house.setup().await;
        let id = begin(&setup, &["it"]).await.unwrap().id;
        let posted = answers("it", &[("secret", "geheim42")]);
        setup.answer(id, posted, "tester").await.unwrap();
        line(&setup, id, "begun").await;
        id
    });
    killed.shutdown_background();
    Runtime::new().unwrap().block_on(async {
        let setup = house.setup().await;
        state(&setup, id, TransactionState::Interrupted).await;
        assert_eq!(changed(&setup, id).await, ["~ old"]);
        let hidden = message!(
            "Not shown: Contara ended during the run, so nobody looked for passwords in it."
        );
        assert_eq!(diff(&setup, id, "old").await, FileDiff::NotShown(hidden));
        undo(&setup, id).await.unwrap();
        assert_eq!(read(&house, "old"), "1\n");
        setup.shut_down().await;
    });
}

/// Killed in the midst of an undo: it is known that it had begun, the run isn't gone on with, and it is done again.
#[test]
fn an_undo_that_was_broken_off_is_done_again() {
    let house = House::new();
    for name in ["a", "b"] {
        write(&house, name, "1\n");
    }
    house.module(
        "it",
        "",
        &[],
        Some(&script(&house, "echo 2 >>a; echo 2 >>b; exit 1")),
    );
    Runtime::new().unwrap().block_on(async {
        let setup = house.setup().await;
        let id = begin(&setup, &["it"]).await.unwrap().id;
        state(&setup, id, TransactionState::Failed).await;
        // As far as it came: the journal knows that it began, and one file is as it was.
        house
            .store()
            .begin_setup_undo(id.cast_signed(), 1_000)
            .unwrap();
        write(&house, "a", "1\n");
        setup.shut_down().await;
        let setup = house.setup().await;
        let changes = setup.file_changes(id).await.unwrap();
        assert!(
            changes.undo_began.is_some() && changes.undone.is_none() && changes.refusal.is_none()
        );
        refused(
            setup.retry(id, "tester").await,
            "has begun: finish that first",
        );
        undo(&setup, id).await.unwrap();
        assert_eq!(
            (read(&house, "a"), read(&house, "b")),
            ("1\n".into(), "1\n".into())
        );
        setup.shut_down().await;
    });
}
