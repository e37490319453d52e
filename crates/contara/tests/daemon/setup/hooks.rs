//! Hooks that raise, hang, exit, print and return rubbish: they trouble their own module, and no other.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{CONFIGURATION, Machine, one, setup_folder, write_setup};
use crate::support::eventually;

/// What `__init__.py` holds, and what the module's problem then says.
const TROUBLE: [(&str, &str, &str); 8] = [
    (
        "raises",
        "def check_configured():\n    raise KeyError('nothing here')\n",
        "KeyError",
    ),
    (
        "hangs",
        "import time\n\ndef check_configured():\n    time.sleep(600)\n",
        "2 s",
    ),
    (
        "leaves",
        "import sys\n\ndef check_configured():\n    sys.exit(4)\n",
        "SystemExit",
    ),
    (
        "ends",
        "import os\n\ndef check_configured():\n    os._exit(7)\n",
        "7",
    ),
    (
        "unimportable",
        "import no_such_package_anywhere\n\ndef check_configured():\n    return True\n",
        "no_such_package_anywhere",
    ),
    ("misspelled", "def check_configured(:\n", "SyntaxError"),
    (
        "hangs_at_once",
        "import time\n\ntime.sleep(600)\n\ndef check_configured():\n    return True\n",
        "2 s",
    ),
    (
        "leaves_at_once",
        "import sys\n\nsys.exit(1)\n\ndef check_configured():\n    return True\n",
        "SystemExit",
    ),
];

#[tokio::test]
async fn the_spawner_ends_with_the_daemon_though_a_module_was_asked() {
    let machine = Machine::start_on(setup_folder(&["by_hook"]), CONFIGURATION).await;
    machine.overview().await;
    let (status, log, _data) = machine.daemon.stop();
    assert_eq!(status.code(), Some(0));
    assert!(!log.contains("the spawner had to be killed"), "{log}");
}

#[tokio::test]
async fn trouble_in_one_module_is_its_own() {
    let data = setup_folder(&["greeting", "by_hook"]);
    for (slug, code, _) in TROUBLE {
        write_setup(data.path(), slug, &json!({}), code, "");
    }
    let prints = "print('x' * 1000)\nimport sys\n\ndef check_configured():\n    for _ in range(20000):\n        print('a long line ' * 50)\n    sys.stdout.flush()\n    return False\n";
    write_setup(data.path(), "prints", &json!({}), prints, "");
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let modules = machine.overview().await["modules"].clone();
    for (slug, _, said) in TROUBLE {
        let module = one(&modules, "slug", slug);
        assert!(module["problems"].to_string().contains(said), "{module}");
        assert_eq!(module["configured"], false, "{module}");
    }
    for slug in ["greeting", "prints", "by_hook"] {
        assert_eq!(
            one(&modules, "slug", slug)["problems"],
            json!([]),
            "{modules:#}"
        );
    }
    machine.plan(&["greeting"]).await;
    let (status, health) = machine.api.get("/api/health").await;
    assert_eq!(status, StatusCode::OK, "{health}");
}

#[tokio::test]
async fn one_overview_waits_for_a_hanging_hook_once_and_not_for_each() {
    let data = setup_folder(&[]);
    let code = "import time\n\ndef check_configured():\n    time.sleep(600)\n";
    for number in 0..6 {
        write_setup(data.path(), &format!("hangs{number}"), &json!({}), code, "");
    }
    let machine = Machine::start_on(data, "[setup]\nhook_seconds = 6\n").await;
    let overview = tokio::time::timeout(Duration::from_secs(30), machine.overview()).await;
    assert!(
        overview.is_ok(),
        "six of six seconds each, one after the other"
    );
}

#[tokio::test]
async fn what_went_wrong_when_it_was_asked_stands_on_the_module_until_it_is_right() {
    let data = setup_folder(&[]);
    let broken = [
        (
            "raising",
            "def first():\n    raise KeyError('nothing here')\n",
            "KeyError",
        ),
        (
            "unimportable",
            "import no_such_package_anywhere\n",
            "no_such_package",
        ),
    ];
    let config = json!({"config": [{"type": "text", "name": "word", "default": "first"}]});
    for (slug, code, _) in broken {
        write_setup(data.path(), slug, &config, code, "true\n");
    }
    let machine = Machine::start_on(data, CONFIGURATION).await;
    for (slug, _, said) in broken {
        assert_eq!(machine.module(slug).await["problems"], json!([]));
        machine.plan(&[slug]).await;
        let problems = &machine.module(slug).await["problems"];
        assert!(problems.to_string().contains(said), "{slug}: {problems}");
        write_setup(
            machine.data(),
            slug,
            &config,
            "def first():\n    return 'right'\n",
            "true\n",
        );
        eventually("no problem", || async {
            machine.plan(&[slug]).await;
            (machine.module(slug).await["problems"] == json!([])).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_form_that_can_be_built_in_part_is_shown_in_part() {
    let data = setup_folder(&[]);
    let config = json!([
        {"type": "text", "name": "first", "default": "raising"},
        {"type": "custom", "name": "broken"},
        {"type": "custom", "name": "absent"},
        {"type": "text", "name": "last", "default": "also here"},
    ]);
    let code = "def raising():\n    raise AttributeError('deep inside')\n\ndef get_broken_config(config):\n    return config + 1\n\ndef get_current_config():\n    return None\n";
    write_setup(
        data.path(),
        "partly",
        &json!({"config": config}),
        code,
        "true\n",
    );
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let id = machine.begin(&["partly"]).await;
    machine.until(id, "waiting").await;
    let form = &machine.forms(id).await[0];
    let values: Vec<_> = form["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| (field["name"].clone(), field["value"].clone()))
        .collect();
    assert_eq!(
        values,
        [
            ("first".into(), Value::from("")),
            ("last".into(), "also here".into())
        ]
    );
    let problems = form["problems"].to_string();
    for said in [
        "raising() failed: AttributeError in __init__.py, line 2",
        "get_broken_config() failed: TypeError in __init__.py, line 5",
        "get_absent_config",
    ] {
        assert!(problems.contains(said), "{said}: {problems}");
    }
    machine.answer(id, json!({"partly": {"last": "x"}})).await;
    machine.until(id, "done").await;
}

#[tokio::test]
async fn rubbish_instead_of_a_script_is_said_before_anything_starts() {
    let data = setup_folder(&["greeting"]);
    let code = "def get_config_info():\n    return object(), {1: float('nan')}\n";
    write_setup(data.path(), "rubbish", &json!({}), code, "");
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let plan = machine.plan(&["rubbish", "greeting"]).await;
    let remarks = format!("{}{}", plan["problems"], plan["warnings"]);
    assert!(remarks.contains("get_config_info"), "{plan:#}");
    assert!(remarks.contains("rubbish"), "{plan:#}");
}

#[tokio::test]
async fn whether_a_module_is_configured_is_asked_each_time() {
    let machine = Machine::start(&["by_hook"]).await;
    assert_eq!(machine.module("by_hook").await["configured"], false);
    machine.allow("by_hook");
    assert_eq!(machine.module("by_hook").await["configured"], true);
    std::fs::remove_file(machine.data().join("probe/by_hook")).unwrap();
    assert_eq!(machine.module("by_hook").await["configured"], false);
    // The hook's word counts also after a run that went well.
    machine.run(&["by_hook"], Value::Null).await;
    assert_eq!(machine.module("by_hook").await["configured"], false);
}

#[tokio::test]
async fn changed_python_is_what_runs_next() {
    let machine = Machine::start(&["by_hook"]).await;
    assert_eq!(machine.module("by_hook").await["configured"], false);
    let code = "def check_configured():\n    return 'yes, it is by now'\n";
    write_setup(machine.data(), "by_hook", &json!({}), code, "");
    crate::support::eventually("the new code to be asked", || async {
        (machine.module("by_hook").await["configured"] == true).then_some(())
    })
    .await;
}
