//! The language of whoever began a transaction is the transaction's, to its end.

use contara_setup::transaction::TransactionState;
use contara_system::gettext::Languages;

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
