//! What the daemon says of live modules, and what it refuses, in the language of each reader.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Api, Daemon, Stream, data_folder, json as json_of, write_module};

/// Readers: English, German, French, and one of none of these.
const LANGUAGES: [&str; 4] = ["en", "de-AT,de;q=0.9", "fr-CA", "it"];

const FAILING: &str = r#"
from ContaraNAS.core.module import Module


class Failing(Module):
    async def initialize(self):
        raise ValueError("words of its own")
"#;

/// What each of them is told.
async fn told(api: &Api, ask: impl AsyncFn(Api) -> String) -> [String; 4] {
    let [one, two, three, four] = LANGUAGES.map(|languages| ask(api.reading(languages)));
    [one.await, two.await, three.await, four.await]
}

async fn failing() -> (Daemon, Api) {
    let data = data_folder(&["adjustable"]);
    write_module(&data.path().join("modules/failing"), FAILING);
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    api.post("/api/modules/failing/enable").await;
    (daemon, api)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_problem_is_told_in_each_reader_s_language() {
    let (_daemon, api) = failing().await;
    let expected = [
        "The module can't start",
        "Das Modul kann nicht starten",
        "Le module ne peut pas démarrer",
        "The module can't start",
    ];
    let problem = async |api: Api| {
        let module = api.module("failing").await.unwrap();
        assert_eq!(
            module["problem"]["detail"], "ValueError: words of its own",
            "what the module says is as it is"
        );
        text(&module["problem"]["title"])
    };
    assert_eq!(told(&api, problem).await, expected);
    let tile = async |api: Api| {
        let alert = &api.snapshot("failing").await["ui"]["tile"]["content"][0];
        assert_eq!(alert["type"], "alert");
        text(&alert["title"])
    };
    assert_eq!(told(&api, tile).await, expected);
}

/// The titles of the problem and of the tile made by the host, of the first frame and of one that comes later.
async fn streamed(mut stream: Stream, api: &Api) -> [String; 4] {
    let titles = |module: &Value| {
        [
            text(&module["problem"]["title"]),
            text(&module["ui"]["tile"]["content"][0]["title"]),
        ]
    };
    let frame = stream.next_of("full_state").await;
    let modules = frame["modules"].as_array().unwrap();
    let first = modules.iter().find(|module| module["name"] == "failing");
    let [one, two] = titles(first.unwrap());
    api.post("/api/modules/failing/enable").await;
    loop {
        let frame = stream.next_of("module_ui").await;
        if frame["problem"] != Value::Null {
            let [three, four] = titles(&frame);
            return [one, two, three, four];
        }
    }
}

#[tokio::test]
async fn each_stream_has_the_language_that_its_page_has_chosen() {
    let (_daemon, api) = failing().await;
    for (query, expected) in [
        ("", "The module can't start"),
        ("&language=de", "Das Modul kann nicht starten"),
        ("&language=fr-CA", "Le module ne peut pas démarrer"),
        ("&language=../..", "The module can't start"),
    ] {
        let found = streamed(api.stream_by(query).await, &api).await;
        assert_eq!(found, [expected; 4], "{query}");
    }
}

#[tokio::test]
async fn refusals_are_told_in_each_reader_s_language() {
    let (_daemon, api) = failing().await;
    let unknown = async |api: Api| text(&api.get("/api/modules/none/settings").await.1["detail"]);
    assert_eq!(
        told(&api, unknown).await,
        [
            "Module 'none' not found",
            "Das Modul „none“ gibt es nicht",
            "Le module «\u{202f}none\u{202f}» est introuvable",
            "Module 'none' not found",
        ]
    );
    let method = async |api: Api| {
        let answer = api.send(Method::PATCH, "/api/modules").await;
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        text(&json_of(answer).await.1["detail"])
    };
    assert_eq!(
        told(&api, method).await[1],
        "Diese Methode ist hier nicht erlaubt"
    );
    let enable = async |api: Api| text(&api.post("/api/modules/failing/enable").await.1["detail"]);
    assert_eq!(
        told(&api, enable).await[1],
        "Das Modul „failing“ konnte nicht gestartet werden: ValueError: words of its own"
    );
    let settings = async |api: Api| {
        let path = "/api/modules/adjustable/settings";
        let (_, refused) = api.put(path, &json!({"interval": "x"})).await;
        text(&refused["errors"]["interval"])
    };
    assert_eq!(
        told(&api, settings).await[..3],
        [
            "Must be a number.",
            "Muss eine Zahl sein.",
            "Doit être un nombre."
        ]
    );
}
