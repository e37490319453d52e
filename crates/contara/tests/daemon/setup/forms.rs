//! Forms: what stands in them, and where it comes from.

use serde_json::{Value, json};

use super::{Machine, each, one};

/// The form of the only module of a transaction.
async fn form(machine: &Machine, module: &str) -> (u64, Value) {
    let id = machine.begin(&[module]).await;
    machine.until(id, "waiting").await;
    let forms = machine.forms(id).await;
    assert_eq!(forms.len(), 1);
    (id, forms[0].clone())
}

fn field<'a>(form: &'a Value, name: &str) -> &'a Value {
    one(&form["fields"], "name", name)
}

#[tokio::test]
async fn every_kind_of_field_is_there() {
    let machine = Machine::start(&["every_field"]).await;
    let (_, form) = form(&machine, "every_field").await;
    assert_eq!(
        (&form["slug"], &form["name"]),
        (&"every_field".into(), &"Every field".into())
    );
    assert_eq!(form["problems"], json!([]));
    let types = each(&form["fields"], "type");
    assert_eq!(
        types,
        [
            "subtitle", "text", "text", "text", "text", "text", "check", "password", "password",
            "network", "network", "options", "text", "text", "text"
        ]
    );
    assert_eq!(field(&form, "plain")["size"], 50);
    assert_eq!(field(&form, "address")["value"], "127.0.0.1");
    assert_eq!(field(&form, "many")["value"], json!(["one", "two"]));
    assert_eq!(field(&form, "many")["multi"], true);
    assert_eq!(field(&form, "optional")["required"], false);
    assert_eq!(field(&form, "ticked")["value"], "on");
    assert_eq!(field(&form, "secret")["confirm"], true);
    assert_eq!(field(&form, "once")["confirm"], false);
    assert_eq!(field(&form, "short_nets")["long"], false);
    assert_eq!(field(&form, "long_nets")["long"], true);
    assert_eq!(field(&form, "long_nets")["value"], json!([]));
    assert_eq!(field(&form, "mode")["required"], true);
    let expected = json!([
        {"name": "Simple", "value": "simple", "toggle": []},
        {"name": "With a detail", "value": "detailed", "toggle": ["detail"]},
    ]);
    assert_eq!(field(&form, "mode")["options"], expected);
    assert_eq!(field(&form, "kept")["hidden"], true);
    let grown = field(&form, "grown");
    assert_eq!(grown["label"], "Grown after 14");
    assert_eq!(grown["value"], "from Python");
}

#[tokio::test]
async fn defaults_come_from_hooks_lists_and_literals() {
    let machine = Machine::start(&["resolver"]).await;
    let (_, form) = form(&machine, "resolver").await;
    assert_eq!(
        field(&form, "networks")["value"],
        json!([{"ip": "192.0.2.0", "mask": "255.255.255.0"}])
    );
    assert_eq!(
        field(&form, "forwarders")["value"],
        json!(["192.0.2.53", "198.51.100.53"])
    );
    assert_eq!(field(&form, "zone")["value"], "example.com");
    assert_eq!(field(&form, "networks")["help"], "Who may ask");
    assert_eq!(field(&form, "networks")["label"], "My networks");
}

#[tokio::test]
async fn generated_fields_are_taken_as_they_are() {
    let machine = Machine::start(&["lan"]).await;
    let (_, form) = form(&machine, "lan").await;
    let fields = form["fields"].as_array().unwrap();
    assert_eq!(fields.len(), 1 + 2 * 10);
    assert_eq!(fields[1]["type"], "subtitle");
    assert_eq!(fields[1]["label"], "Interface eth0");
    assert_eq!(fields[1]["name"], Value::Null);
    assert_eq!(field(&form, "eth0_type")["hidden"], true);
    assert_eq!(
        field(&form, "eth1_method")["options"][1]["toggle"],
        json!(["eth1_addr", "eth1_netmask", "eth1_gateway"])
    );
}

#[tokio::test]
async fn a_configured_module_shows_what_it_has() {
    let machine = Machine::start(&["admin_panel"]).await;
    let (id, first) = form(&machine, "admin_panel").await;
    assert_eq!(field(&first, "machine")["value"], "admin_panel-new");
    assert_eq!(field(&first, "panelpasswd")["required"], true);
    assert_eq!(field(&first, "panelpasswd")["hidden"], false);
    assert_eq!(field(&first, "suffix")["read_only"], false);
    let answers = json!({"admin_panel": {
        "machine": "box", "suffix": "dc=example", "panelpasswd": "first-one", "colour": "red"
    }});
    machine.answer(id, answers).await;
    machine.until(id, "done").await;
    let (id, again) = form(&machine, "admin_panel").await;
    assert_eq!(
        field(&again, "machine")["value"],
        "box",
        "the current value wins"
    );
    assert_eq!(field(&again, "colour")["value"], "red");
    let suffix = field(&again, "suffix");
    assert_eq!(
        (&suffix["read_only"], &suffix["value"]),
        (&true.into(), &"dc=example".into())
    );
    let password = field(&again, "panelpasswd");
    assert_eq!(
        (&password["hidden"], &password["required"]),
        (&true.into(), &false.into())
    );
    let answers =
        json!({"admin_panel": {"machine": "box2", "suffix": "dc=other", "colour": "red"}});
    machine.answer(id, answers).await;
    machine.until(id, "done").await;
    assert_eq!(
        machine.probe("admin_panel.json"),
        "[\"box2\", \"dc=example\", \"red\"]\n",
        "what can't be changed stays"
    );
}

#[tokio::test]
async fn python_of_mixed_tabs_and_bytes_from_pipes_do() {
    let machine = Machine::start(&["tabs"]).await;
    let (id, form) = form(&machine, "tabs").await;
    assert_eq!(form["problems"], json!([]));
    assert_eq!(field(&form, "realm")["value"], "EXAMPLE.ORG");
    machine
        .answer(id, json!({"tabs": {"realm": "EXAMPLE.ORG"}}))
        .await;
    machine.until(id, "done").await;
    assert_eq!(machine.output(id).await, ["The realm is EXAMPLE.ORG."]);
}
