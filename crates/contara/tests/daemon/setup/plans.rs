//! Plans: order, what is left out, what is refused.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{CONFIGURATION, Machine, each, one, setup_folder, write_plain, write_setup};

/// A machine with modules of these names and dependencies.
async fn machine(modules: &[(&str, &[&str])]) -> Machine {
    let data = setup_folder(&[]);
    for (slug, dependencies) in modules {
        write_plain(data.path(), slug, dependencies);
    }
    Machine::start_on(data, CONFIGURATION).await
}

/// The slugs of a plan, in order, a star before dependencies.
fn order(plan: &Value) -> Vec<String> {
    let modules = plan["modules"].as_array().unwrap();
    let name = |module: &Value| {
        let star = if module["dependency"] == true {
            "*"
        } else {
            ""
        };
        format!("{star}{}", module["slug"].as_str().unwrap())
    };
    modules.iter().map(name).collect()
}

/// A choice is refused for this reason, and these modules are named.
async fn refused(machine: &Machine, modules: &[&str], kind: &str, named: &[&str]) -> Value {
    for (status, body) in [
        machine.try_plan(modules).await,
        machine.try_begin(modules).await,
    ] {
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(body["kind"], kind, "{body}");
        let mut slugs: Vec<_> = body["modules"].as_array().unwrap().clone();
        slugs.sort_by_key(Value::to_string);
        slugs.dedup();
        assert_eq!(slugs, named, "{body}");
        for name in named {
            assert!(body["detail"].as_str().unwrap().contains(name), "{body}");
        }
    }
    machine.try_plan(modules).await.1
}

#[tokio::test]
async fn dependencies_come_first_and_say_who_needs_them() {
    let machine = Machine::start(&["mailer", "resolver", "greeting"]).await;
    let plan = machine.plan(&["mailer", "greeting"]).await;
    assert_eq!(order(&plan), ["*resolver", "greeting", "mailer"]);
    assert_eq!(plan["modules"][0]["needed_by"], json!(["mailer"]));
    assert_eq!(plan["modules"][2]["script"], "setup-mailer.sh");
    let form = &plan["modules"][2]["form"];
    assert_eq!(
        each(&form["fields"], "name"),
        ["protocols", "inside", "outside"]
    );
    assert_eq!(
        each(&plan["steps"], "kind"),
        [
            "download",
            "sign_in",
            "repositories",
            "packages",
            "configure",
            "end"
        ]
    );
    assert_eq!(one(&plan["steps"], "kind", "download")["state"], "disabled");
    assert_eq!(one(&plan["steps"], "kind", "configure")["state"], "todo");
    assert_eq!(plan["packages"]["manager"], "none");
    assert_eq!(plan["reboot"], false);
    assert_eq!(
        (&plan["warnings"], &plan["problems"]),
        (&json!([]), &json!([]))
    );
    let (_, again) = machine.try_plan(&["mailer", "greeting"]).await;
    assert_eq!(plan["digest"], again["digest"]);
    let other = machine.plan(&["greeting"]).await;
    assert_ne!(plan["digest"], other["digest"]);
}

#[tokio::test]
async fn chains_are_followed_to_their_end_and_diamonds_once() {
    let names: Vec<String> = (1..=15).map(|number| format!("a{number}")).collect();
    let data = setup_folder(&[]);
    for (at, name) in names.iter().enumerate() {
        let next = names.get(at + 1).map(String::as_str);
        write_plain(data.path(), name, next.as_slice());
    }
    write_plain(data.path(), "top", &["left", "right"]);
    write_plain(data.path(), "left", &["bottom"]);
    write_plain(data.path(), "right", &["bottom"]);
    write_plain(data.path(), "bottom", &[]);
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let plan = machine.plan(&["a1"]).await;
    let slugs = each(&plan["modules"], "slug");
    assert!(slugs.iter().eq(names.iter().rev()), "{slugs:?}");
    let plan = machine.plan(&["top"]).await;
    assert_eq!(order(&plan), ["*bottom", "*left", "*right", "top"]);
    assert_eq!(plan["modules"][0]["needed_by"], json!(["left", "right"]));
    let plan = machine.plan(&["right", "top", "bottom"]).await;
    assert_eq!(order(&plan), ["bottom", "right", "*left", "top"]);
    let id = machine.run(&["a1"], Value::Null).await;
    let transaction = machine.transaction(id).await;
    assert_eq!(each(&transaction["modules"], "slug"), slugs);
}

/// 200 modules in chains of fifteen. The figure is printed; the bound is for slow machines.
#[tokio::test]
async fn a_plan_of_many_modules_is_quick() {
    let data = setup_folder(&[]);
    let names: Vec<String> = (0..200).map(|number| format!("m{number}")).collect();
    for (at, name) in names.iter().enumerate() {
        let next = names.get(at + 1).filter(|_| at % 15 != 14);
        let more = json!({"module": {"dependencies": next.iter().collect::<Vec<_>>()}});
        write_setup(data.path(), name, &more, "", "");
    }
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let chosen: Vec<_> = names.iter().map(String::as_str).collect();
    let start = std::time::Instant::now();
    let plan = machine.plan(&chosen).await;
    let milliseconds = start.elapsed().as_millis();
    println!("a plan of 200 modules in chains of fifteen: {milliseconds} ms");
    assert_eq!(plan["modules"].as_array().unwrap().len(), 200);
    assert!(milliseconds < 5_000, "{milliseconds} ms");
}

#[tokio::test]
async fn cycles_are_refused_by_name() {
    let machine = machine(&[
        ("a", &["b"]),
        ("b", &["c"]),
        ("c", &["a"]),
        ("self", &["self"]),
        ("x", &["a"]),
    ])
    .await;
    let body = refused(&machine, &["x"], "cycle", &["a", "b", "c"]).await;
    assert!(
        body["detail"].as_str().unwrap().contains("a → b → c → a"),
        "{body}"
    );
    refused(&machine, &["self"], "cycle", &["self"]).await;
}

#[tokio::test]
async fn what_is_not_there_is_left_out_with_a_warning_and_a_chosen_one_stops_the_beginning() {
    let machine = machine(&[("a", &["gone"])]).await;
    let plan = machine.plan(&["a", "never"]).await;
    assert_eq!(order(&plan), ["a"]);
    let warnings = plan["warnings"].as_array().unwrap();
    let missing: Vec<_> = warnings
        .iter()
        .filter(|warning| warning["kind"] == "not_there")
        .collect();
    assert!(
        missing
            .iter()
            .any(|it| it["message"].to_string().contains("gone")),
        "{plan}"
    );
    assert!(
        missing
            .iter()
            .any(|it| it["message"].to_string().contains("never")),
        "{plan}"
    );
    let (status, body) = machine.try_begin(&["a", "never"]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    assert!(body.to_string().contains("never"), "{body}");
    machine.run(&["a"], Value::Null).await;
}

#[tokio::test]
async fn nothing_chosen_is_refused() {
    let machine = machine(&[("a", &[])]).await;
    let (status, body) = machine.try_plan(&[]).await;
    assert_eq!(
        (status, &body["kind"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("nothing_chosen"))
    );
}

#[tokio::test]
async fn conflicts_count_both_ways_through_dependencies_and_with_what_is_configured() {
    let data = setup_folder(&[]);
    write_setup(
        data.path(),
        "cat",
        &json!({"module": {"conflicts": ["dog"]}}),
        "",
        "true\n",
    );
    write_plain(data.path(), "dog", &[]);
    write_plain(data.path(), "kennel", &["dog"]);
    let machine = Machine::start_on(data, CONFIGURATION).await;
    refused(&machine, &["cat", "dog"], "conflict", &["cat", "dog"]).await;
    refused(&machine, &["dog", "cat"], "conflict", &["cat", "dog"]).await;
    refused(&machine, &["kennel", "cat"], "conflict", &["cat", "dog"]).await;
    machine.run(&["cat"], Value::Null).await;
    let (status, body) = machine.try_plan(&["kennel"]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    assert_eq!(body["kind"], "conflict", "{body}");
    assert!(body["detail"].as_str().unwrap().contains("cat"), "{body}");
}

#[tokio::test]
async fn what_is_configured_is_not_done_again_but_in_management() {
    let machine = Machine::start(&["mailer", "resolver", "slow"]).await;
    machine.allow("slow.end");
    let answers = json!({"resolver": {"zone": "example.com"}});
    machine.run(&["resolver"], answers).await;
    machine.run(&["slow"], json!({"slow": {}})).await;
    let plan = machine.plan(&["mailer", "resolver", "slow"]).await;
    assert_eq!(order(&plan), ["slow", "mailer"]);
    assert_eq!(plan["already_configured"], json!(["resolver"]));
    assert_eq!(plan["modules"][0]["configured"], true);
    refused(&machine, &["resolver"], "nothing_to_do", &["resolver"]).await;
    assert_eq!(machine.module("resolver").await["can_configure"], false);
    assert_eq!(machine.module("slow").await["can_configure"], true);
}

#[tokio::test]
async fn what_is_configured_is_configured_again_if_that_is_asked_for() {
    let machine = Machine::start(&["mailer", "resolver"]).await;
    let answers = json!({"resolver": {"zone": "example.com"}});
    machine.run(&["resolver"], answers).await;
    let choice = |slug: &str| json!({"modules": [slug], "reconfigure": true});
    let (status, plan) = machine.send("plans", &choice("resolver")).await;
    assert_eq!(status, StatusCode::OK, "{plan}");
    assert_eq!(order(&plan), ["resolver"]);
    let (_, needing) = machine.send("plans", &choice("mailer")).await;
    assert_eq!(order(&needing), ["mailer"], "only what was chosen");
    assert_eq!(needing["already_configured"], json!(["resolver"]));
    let (status, begun) = machine.send("transactions", &choice("resolver")).await;
    assert_eq!(status, StatusCode::CREATED, "{begun}");
    let id = begun["id"].as_u64().unwrap();
    machine.until(id, "waiting").await;
    machine
        .answer(id, json!({"resolver": {"zone": "example.org"}}))
        .await;
    machine.until(id, "done").await;
    let module = machine.module("resolver").await;
    assert_eq!(module["configured"], true);
    assert_eq!(module["runs"].as_array().unwrap().len(), 2, "{module:#}");
    let body = json!({"modules": ["mailer"], "reconfigure": "yes"});
    let (status, refusal) = machine.send("plans", &body).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{refusal}");
    assert!(refusal.to_string().contains("reconfigure"), "{refusal}");
}

#[tokio::test]
async fn repositories_services_ports_and_reboot_are_said_beforehand() {
    let machine = Machine::start(&["mirrored", "resolver", "lan"]).await;
    let plan = machine.plan(&["mirrored", "resolver", "lan"]).await;
    let repositories = &plan["repositories"];
    assert_eq!(each(repositories, "slug"), ["open", "closed"]);
    let architecture = std::env::consts::ARCH;
    assert_eq!(
        repositories[0]["url"],
        format!("http://mirror.example/open/{architecture}/")
    );
    assert_eq!(repositories[0]["restricted"], false);
    assert_eq!(repositories[1]["restricted"], true);
    let services = &plan["services"];
    assert_eq!(
        services,
        &json!([{"module": "resolver", "name": "resolver-of-the-tests.service"}])
    );
    let ports: Vec<_> = plan["ports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|port| format!("{}/{}", port["port"], port["protocol"].as_str().unwrap()))
        .collect();
    assert_eq!(ports, ["53/tcp", "53/udp"]);
    assert_eq!(plan["reboot"], true);
    let warnings = each(&plan["warnings"], "kind");
    assert!(
        warnings.contains(&"repositories_skipped".to_owned()),
        "{plan}"
    );
    assert_eq!(
        one(&plan["steps"], "kind", "repositories")["state"],
        "disabled"
    );
    // What was approved is what is done.
    let body = json!({"modules": ["lan"], "digest": plan["digest"]});
    let (status, answer) = machine.send("transactions", &body).await;
    assert_eq!(status, StatusCode::CONFLICT, "{answer}");
    assert_eq!(answer["kind"], "plan_changed", "{answer}");
    assert_eq!(each(&answer["plan"]["modules"], "slug"), ["lan"]);
}
