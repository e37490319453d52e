//! What the daemon says of itself: how each part is, versions, what is taken, and limits.

use serde_json::Value;

use crate::support::{Api, Daemon, data_folder, eventually, json};

const NAMES: [&str; 10] = [
    "daemon", "listener", "store", "disk", "python", "packages", "modules", "catalog", "setup",
    "stream",
];

async fn system(api: &Api) -> Value {
    let (status, system) = api.get("/api/system").await;
    assert_eq!(status, 200, "{system}");
    system
}

/// With what takes a while to find out.
async fn measured(api: &Api) -> Value {
    eventually("figures of the system", || async {
        let system = system(api).await;
        let is_known = system["storage"]["taken"].is_object()
            && system["versions"]["python"].is_string()
            && part(&system, "store")["detail"]
                == "The database can be read, and its check has found nothing.";
        is_known.then_some(system)
    })
    .await
}

fn part<'a>(system: &'a Value, name: &str) -> &'a Value {
    let mut parts = system["parts"].as_array().unwrap().iter();
    parts.find(|part| part["name"] == name).unwrap()
}

#[tokio::test]
async fn a_daemon_that_is_well_says_so_of_each_part() {
    let daemon = Daemon::start(&["my_module"]);
    let api = daemon.pair().await;
    api.enable("my_module").await;
    api.wait_for_life("my_module", "running").await;
    let system = measured(&api).await;
    let names: Vec<_> = system["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, NAMES);
    for name in [
        "daemon", "listener", "store", "python", "packages", "modules", "catalog", "stream",
    ] {
        let part = part(&system, name);
        assert_eq!(
            (&part["condition"], &part["help"]),
            (&Value::from("well"), &Value::Null),
            "{part}"
        );
    }
    assert_eq!(
        part(&system, "modules")["detail"],
        "1 of 1 enabled modules run."
    );

    let versions = &system["versions"];
    assert_eq!(versions["contara"], env!("CARGO_PKG_VERSION"));
    for name in ["python", "sqlite", "kernel", "architecture"] {
        assert!(versions[name].as_str().unwrap().len() > 1, "{versions}");
    }
    assert!(system["memory"].as_u64().unwrap() > 1024 * 1024, "{system}");
    assert!(system["uptime"].as_u64().unwrap() < 600, "{system}");

    let disk = &system["storage"]["disk"];
    let (free, total) = (disk["free"].as_u64(), disk["total"].as_u64());
    assert!(free.unwrap() <= total.unwrap(), "{disk}");
}

#[tokio::test]
async fn what_is_taken_is_told_of_each_folder() {
    const SIZE: u64 = 300_000;
    let data = data_folder(&[]);
    for folder in [
        "cache/environments/some",
        "cache/uv",
        "cache/pip",
        "files/some",
        "module-data/it",
        "cache/modules/it",
    ] {
        let folder = data.path().join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("file"), vec![7; SIZE as usize]).unwrap();
    }
    let daemon = Daemon::start_on(data, &[]);
    let system = measured(&daemon.pair().await).await;
    let taken = &system["storage"]["taken"];
    let check = |size: &Value, files: u64| {
        let expected = files * SIZE..(files + 1) * SIZE;
        assert!(expected.contains(&size.as_u64().unwrap()), "{taken}");
    };
    check(&taken["environments"], 1);
    check(&taken["downloads"], 2);
    check(&taken["files"], 1);
    let module = &taken["modules"][0];
    assert_eq!(module["module"], "it");
    check(&module["data"], 1);
    check(&module["cache"], 1);
    assert!(taken["database"].as_u64().unwrap() > 4096, "{taken}");
}

#[tokio::test]
async fn a_module_that_fails_is_named_with_what_to_do_in_the_language_of_the_reader() {
    let daemon = Daemon::start(&["my_module", "exits_at_import"]);
    let api = daemon.pair().await;
    api.enable("my_module").await;
    api.post("/api/modules/exits_at_import/enable").await;
    let is_in_trouble = || async {
        let system = system(&api).await;
        let modules = part(&system, "modules").clone();
        (modules["condition"] == "attention").then_some((system, modules))
    };
    let (system, modules) = eventually("the trouble to be told", is_in_trouble).await;
    assert_eq!(
        modules["detail"],
        "1 of 2 enabled modules run. In trouble: Exits at import"
    );
    assert_eq!(
        modules["help"],
        "The module's tile says why, and Try again starts it anew."
    );
    assert_eq!(part(&system, "store")["condition"], "well");
    assert_ne!(system["condition"], "well");
    let german = self::system(&api.reading("de")).await;
    let detail = &part(&german, "modules")["detail"];
    assert_eq!(
        detail,
        "1 von 2 eingeschalteten Modulen laufen. Probleme haben: Exits at import"
    );
}

#[tokio::test]
async fn a_manifest_that_cannot_be_used_and_an_open_stream_are_told() {
    let data = data_folder(&["my_module"]);
    std::fs::write(data.path().join("modules/my_module/module.json"), "{").unwrap();
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    let catalog = system(&api).await;
    let catalog = part(&catalog, "catalog");
    assert_eq!(catalog["condition"], "attention");
    assert_eq!(
        catalog["detail"],
        "Folders with a manifest that can't be used: my_module"
    );
    let opened = api.stream().await;
    let open = |count: u8| {
        let api = &api;
        let expected = format!("Open connections: 0 of stream v2, {count} of v1.");
        async move { (part(&system(api).await, "stream")["detail"] == expected.as_str()).then_some(()) }
    };
    eventually("the open stream", || open(1)).await;
    drop(opened);
    eventually("its end", || open(0)).await;
}

#[tokio::test]
async fn limits_are_those_of_the_configuration_and_strangers_get_nothing() {
    let data = data_folder(&[]);
    let file = data.path().join("contara.toml");
    std::fs::write(
        &file,
        "[limits]\nmemory = \"64MiB\"\n[modules.big.limits]\nprocesses = 7\n",
    )
    .unwrap();
    let file = file.display().to_string();
    let daemon = Daemon::start_on(data, &["--config", &file]);
    let (status, refused) = json(daemon.get("/api/system").send().await.unwrap()).await;
    assert_eq!(status, 401, "{refused}");
    let api = daemon.pair().await;
    let limits = system(&api).await["limits"].clone();
    assert_eq!(limits["usual"]["memory"], 64 * 1024 * 1024);
    assert_eq!(limits["usual"]["processes"], 64);
    assert_eq!(limits["modules"]["big"]["processes"], 7);
    assert_eq!(limits["modules"]["big"]["memory"], 64 * 1024 * 1024);
}
