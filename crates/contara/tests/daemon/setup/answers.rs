//! Answers: what is refused with which words, and what a script is given.

use serde_json::{Value, json};

use super::{Machine, setup_folder, write_setup};

const EMPTY: &str = "This field can't be empty.";

/// Waits for the forms of these modules, posts to one, and gives what is said at its fields.
async fn errors_of(machine: &Machine, id: u64, module: &str, answers: Value) -> Value {
    let errors = machine.errors(id, json!({module: answers})).await;
    errors[module].clone()
}

async fn waiting(machine: &Machine, module: &str) -> u64 {
    let id = machine.begin(&[module]).await;
    machine.until(id, "waiting").await;
    id
}

/// What a script got, parameter by parameter.
fn parameters(printed: &str) -> Vec<&str> {
    let lines = printed.lines().filter(|line| line.starts_with('<'));
    lines.map(|line| &line[1..line.len() - 1]).collect()
}

#[tokio::test]
async fn mistakes_are_said_at_their_fields() {
    let machine = Machine::start(&["every_field"]).await;
    let id = waiting(&machine, "every_field").await;
    let check = async |answers: Value, expected: Value| {
        let errors = errors_of(&machine, id, "every_field", answers.clone()).await;
        assert_eq!(errors, expected, "{answers}");
    };
    check(
        json!({
            "host": "Not A Name", "address": "::1", "secret": "one", "secret2": "two",
            "short_nets": [{"ip": "10.0.0.0", "mask": "255.0.255.0"}],
            "long_nets": [{"ip": "somewhere", "mask": "255.255.255.0"}],
            "mode": "another", "plain": "two\nlines"
        }),
        json!({
            "host": "Incorrect FQDN.",
            "address": "Incorrect IP address.",
            "secret": "Password mismatch.",
            "short_nets": "Incorrect netmask address.",
            "long_nets": "Incorrect IP address.",
            "mode": "This isn't one of the options.",
            "plain": "Control characters aren't allowed."
        }),
    )
    .await;
    check(
        json!({"mode": "detailed", "secret": "without a second"}),
        json!({"detail": EMPTY, "secret": "Password mismatch."}),
    )
    .await;
    check(json!({"mode": ""}), json!({"mode": EMPTY})).await;
    let transaction = machine.transaction(id).await;
    assert_eq!(transaction["state"], "waiting", "nothing has started");
}

#[tokio::test]
async fn parameters_arrive_as_they_were_answered() {
    let machine = Machine::start(&["every_field"]).await;
    let id = waiting(&machine, "every_field").await;
    let odd = "  it's \"$(date)\" `id` \\ * ; é ü 漢 ' ";
    let answers = json!({
        "plain": odd, "host": "a.example.com", "address": "10.1.2.3",
        "many": ["10", "9", "", " 8 ", "7", "6", "5", "4", "3", "2", "1", "zero"],
        "ticked": false, "secret": "s3cr3t 'quoted'", "secret2": "s3cr3t 'quoted'", "once": "only once",
        "short_nets": [{"ip": "10.1.2.3", "mask": "255.255.0.0"}, {"ip": "", "mask": ""}, {"ip": "192.0.2.7", "mask": "255.255.255.255"}],
        "long_nets": [{"ip": "10.1.2.3", "mask": "255.255.0.0"}, {"ip": "192.0.2.0", "mask": "24"}],
        "mode": "detailed", "detail": "given", "kept": "changed by hand", "grown": "",
        "no_such_field": "is ignored"
    });
    machine.answer(id, json!({"every_field": answers})).await;
    machine.until(id, "done").await;
    let printed = machine.probe("every_field");
    assert_eq!(
        parameters(&printed),
        [
            odd,
            "a.example.com",
            "10.1.2.3",
            "10 9 8 7 6 5 4 3 2 1 zero",
            "",
            "off",
            "s3cr3t 'quoted'",
            "only once",
            "10.1.0.0/16 192.0.2.7",
            "10.1.0.0/255.255.0.0 192.0.2.0/255.255.255.0",
            "detailed",
            "given",
            "as it is",
            "",
            odd,
        ]
    );
    assert!(printed.contains("count=15\n"), "{printed}");
    assert!(
        printed.contains("zero=print-arguments.sh\n") || printed.contains("/print-arguments.sh\n")
    );
    let folder = machine.probe("every_field.folder");
    assert!(folder.ends_with("/modules/every_field\n"), "{folder}");
    assert_eq!(machine.output(id).await, ["Got 15 parameters"]);
}

#[tokio::test]
async fn fields_that_an_option_hides_are_empty_and_not_asked_for() {
    let machine = Machine::start(&["lan"]).await;
    let id = waiting(&machine, "lan").await;
    let answers = json!({
        "gateway": "",
        "eth0_method": "dhcp", "eth0_addr": "stays here?", "eth0_gateway": "10.0.0.1",
        "eth1_method": "static", "eth1_addr": "10.0.0.2", "eth1_netmask": "255.0.0.0", "eth1_domain": "example.com"
    });
    machine.answer(id, json!({"lan": answers})).await;
    machine.until(id, "done").await;
    assert_eq!(
        machine.probe("lan"),
        "Ethernet|dhcp|||||||\nEthernet|static|10.0.0.2|255.0.0.0|||||example.com\n"
    );
}

#[tokio::test]
async fn a_modules_own_checks_are_asked() {
    let machine = Machine::start(&["greeting"]).await;
    let id = waiting(&machine, "greeting").await;
    let answers = json!({"whom": "-x", "passwd": "pear", "passwd2": "pear"});
    assert_eq!(
        errors_of(&machine, id, "greeting", answers).await,
        json!({"whom": "Names don't begin with a dash."})
    );
    let answers = json!({"whom": "", "passwd": ""});
    assert_eq!(
        errors_of(&machine, id, "greeting", answers).await,
        json!({"whom": EMPTY, "passwd": EMPTY})
    );
    machine
        .answer(
            id,
            json!({"greeting": {"whom": " ", "loud": true, "passwd": "a", "passwd2": "a"}}),
        )
        .await;
    machine.until(id, "done").await;
    assert_eq!(
        parameters(&machine.probe("greeting")),
        [" ", "on", "off", "a"]
    );
}

#[tokio::test]
async fn a_check_that_breaks_is_said_and_an_unknown_one_is_none() {
    let data = setup_folder(&[]);
    let field = |name: &str, validation: &str| json!({"type": "text", "name": name, "validation": validation});
    let config = json!([
        field("raises", "raising"),
        field("free", "no_such_check"),
        field("hangs", "hanging")
    ]);
    let code = "import time\n\ndef raising(value):\n    raise KeyError('inside')\n\ndef hanging(value):\n    time.sleep(60)\n";
    write_setup(
        data.path(),
        "checked",
        &json!({"config": config}),
        code,
        "true\n",
    );
    let machine = Machine::start_on(data, super::CONFIGURATION).await;
    let id = waiting(&machine, "checked").await;
    let answers = json!({"raises": "x", "free": "anything at all", "hangs": "y"});
    let errors = errors_of(&machine, id, "checked", answers).await;
    let said = |name: &str| errors[name].as_str().unwrap_or_default().to_owned();
    assert!(
        said("raises").starts_with("This couldn't be checked: "),
        "{errors}"
    );
    assert!(said("raises").contains("KeyError"), "{errors}");
    assert!(
        said("hangs").starts_with("This couldn't be checked: "),
        "{errors}"
    );
    assert!(said("hangs").contains("2 s"), "{errors}");
    assert_eq!(errors["free"], Value::Null);
    machine
        .answer(id, json!({"checked": {"free": "anything at all"}}))
        .await;
    machine.until(id, "done").await;
}
