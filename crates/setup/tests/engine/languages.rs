//! The language of whoever began a transaction is the transaction's, to its end.

use contara_i18n::{Languages, Message};
use contara_setup::engine::{Setup, SetupError};
use contara_setup::transaction::TransactionState;

use super::house::{House, begin, state, texts};

const FRENCH: &str = "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\n\
    msgid \"Module it\"\nmsgstr \"Le module\"\n\nmsgid \"Hello\"\nmsgstr \"Bonjour\"\n";

fn house(flag: &str) -> House {
    let house = House::new();
    let flag = house.path(flag);
    let script = format!("echo $\"Hello\" in $LANGUAGE\n[ -e {} ]\n", flag.display());
    house.module("it", "", &[], Some(&script));
    let folder = house.module_folder("it").join("locale/fr_FR/LC_MESSAGES");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("it.po"), FRENCH).unwrap();
    house
}

fn says(lines: &[String], text: &str) -> usize {
    lines.iter().filter(|line| *line == text).count()
}

#[tokio::test]
async fn a_retry_goes_on_in_it_whoever_retries() {
    let house = house("flag");
    let setup = house.setup().await;
    let french = setup.speaking(Languages::of(["fr_CA", "en"]));
    let id = begin(&french, &["it"]).await.unwrap().id;
    let failed = state(&setup, id, TransactionState::Failed).await;
    assert_eq!(failed.modules[0].name, "Le module");
    setup.shut_down().await;

    let setup = house.setup().await;
    let german = setup.speaking(Languages::of(["de"]));
    std::fs::write(house.path("flag"), "").unwrap();
    german.retry(id, "tester").await.unwrap();
    let done = state(&german, id, TransactionState::Done).await;
    assert_eq!(done.modules[0].name, "Le module");
    assert_eq!(done.languages, Languages::of(["fr_CA", "en"]));
    let lines = texts(&setup, id).await;
    assert_eq!(says(&lines, "Bonjour in fr_FR"), 2, "{lines:?}");
}

#[tokio::test]
async fn who_says_nothing_gets_that_of_the_configuration() {
    let mut house = house("journal-flag");
    std::fs::write(house.path("journal-flag"), "").unwrap();
    house.settings.language = "fr_FR".into();
    let setup = house.setup().await;
    let names = async |languages: &[&str]| {
        let setup = setup.speaking(Languages::of(languages.iter().copied()));
        let name = setup.overview().await.unwrap().modules[0].name.clone();
        (name, setup.spoken(&["it", "gone"]).await)
    };
    assert_eq!(names(&[]).await, ("Le module".into(), vec!["fr-FR".into()]));
    assert_eq!(
        names(&["en"]).await,
        ("Module it".into(), vec!["en".into()])
    );
    assert_eq!(
        names(&["de"]).await,
        ("Module it".into(), vec!["en".into()])
    );
    let id = begin(&setup, &["it"]).await.unwrap().id;
    state(&setup, id, TransactionState::Done).await;
    assert_eq!(says(&texts(&setup, id).await, "Bonjour in fr_FR"), 1);
}

#[track_caller]
fn says_in_each(message: &Message, expected: [&str; 3]) {
    let said = ["en", "de", "fr"].map(|language| message.in_language(&Languages::of([language])));
    assert_eq!(said, expected);
}

/// What one module's transaction fails for, and how the machine says that there is no such file.
async fn failure(setup: &Setup) -> (Message, String) {
    let id = begin(setup, &["it"]).await.unwrap().id;
    let failed = state(setup, id, TransactionState::Failed).await;
    let missing = std::fs::read("/nowhere").unwrap_err();
    (failed.failure.unwrap().message, missing.to_string())
}

#[tokio::test]
async fn a_package_manager_that_isnt_there_is_said_in_each() {
    let mut house = House::new();
    house.settings.package_manager = "urpmi".into();
    let error = house.try_setup().await.unwrap_err();
    assert!(matches!(error, SetupError::NoManager(_)), "{error}");
    says_in_each(
        &error.message(),
        [
            "urpmi can't be used: there is no program urpmi on this machine",
            "urpmi kann nicht verwendet werden: Auf diesem Rechner gibt es kein Programm urpmi",
            "urpmi ne peut pas être utilisé\u{202f}: il n’y a pas de programme urpmi sur cette machine",
        ],
    );
}

#[tokio::test]
async fn a_key_that_isnt_there_is_said_in_each_and_why_in_the_machines_words() {
    let mut house = House::new();
    house.settings.package_manager = "auto".into();
    let url = format!("file:{}", house.path("etc").display());
    let repository =
        format!(r#"{{"slug": "own", "name": "Own", "url": "{url}", "key": "key.asc"}}"#);
    let keys = format!(r#", "repositories": [{repository}]"#);
    house.module("it", &keys, &[], Some("true"));
    let (message, why) = failure(&house.setup().await).await;
    let key = house.module_folder("it").join("key.asc");
    let key = key.display();
    says_in_each(
        &message,
        [
            &format!("the key of the repository own can't be read: {key}: {why}"),
            &format!("Der Schlüssel der Paketquelle own kann nicht gelesen werden: {key}: {why}"),
            &format!("La clé du dépôt own ne peut pas être lue\u{202f}: {key}\u{202f}: {why}"),
        ],
    );
}

#[tokio::test]
async fn a_script_that_isnt_there_is_said_in_each() {
    let house = House::new();
    house.module("it", "", &[], Some("true"));
    let script = house.module_folder("it").join("setup.sh");
    std::fs::remove_file(&script).unwrap();
    let (message, _) = failure(&house.setup().await).await;
    let script = script.display();
    says_in_each(
        &message,
        [
            &format!("there is no script {script}, which it names"),
            &format!("Es gibt kein Skript {script}, das it nennt"),
            &format!("Il n’y a pas de script {script}, que nomme it"),
        ],
    );
}

#[tokio::test]
async fn code_that_isnt_loaded_is_said_in_each_and_why_in_its_own_words() {
    let house = House::new();
    let code = "raise RuntimeError('{function}')\n";
    house.module_with_code("it", "", &[], None, code);
    let error = begin(&house.setup().await, &["it"]).await.unwrap_err();
    let why = "RuntimeError: {function}";
    says_in_each(
        &error.message(),
        [
            &format!("it: the module's __init__.py can't be loaded: {why}"),
            &format!("it: Die __init__.py des Moduls kann nicht geladen werden: {why}"),
            &format!(
                "it\u{202f}: Le fichier __init__.py du module ne peut pas être chargé\u{202f}: {why}"
            ),
        ],
    );
}
