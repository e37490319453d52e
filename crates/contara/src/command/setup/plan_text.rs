//! A plan as a person reads it.

use std::fmt::Write as _;

use contara_i18n::{Message, message};
use serde_json::Value;

use crate::locale_language::{say, with_colon};
use crate::plain::plain;

/// What would be done, in the order in which it would be.
pub(super) fn text(plan: &Value) -> String {
    let mut text = String::new();
    let mut add = |heading: Message, lines: Vec<String>| section(&mut text, &heading, lines);
    let all = |name: &str, line: fn(&Value) -> String| items(&plan[name]).map(line).collect();
    add(message!("Modules"), all("modules", module));
    let configured = |slug: &Value| plain(word(slug));
    let configured = all("already_configured", configured);
    add(message!("Configured already"), configured);
    let steps = items(&plan["steps"]).filter_map(step);
    add(message!("Steps"), steps.collect());
    add(message!("Packages"), packages(&plan["packages"]));
    add(message!("Repositories"), all("repositories", repository));
    add(message!("Services"), all("services", service));
    add(message!("Ports"), all("ports", port));
    if plan["reboot"] == true {
        let restart = message!("The machine has to be started again.");
        add(message!("At the end"), vec![say(&restart)]);
    }
    add(message!("Warnings"), all("warnings", remark));
    add(message!("Problems"), all("problems", remark));
    text.trim_end().to_owned()
}

/// A heading and its lines; nothing without lines.
fn section(text: &mut String, heading: &Message, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    let gap = if text.is_empty() { "" } else { "\n" };
    // Writing to a string can't fail.
    let _ = writeln!(text, "{gap}{}", with_colon(&say(heading)));
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
}

fn module(module: &Value) -> String {
    let mut text = format!("{} ({})", field(module, "slug"), field(module, "name"));
    if module["dependency"] == true {
        let modules = list(&module["needed_by"]);
        text += &say(&message!(", needed by {modules}", modules = modules));
    }
    if module["configured"] == true {
        text += &say(&message!(", configured again"));
    }
    if module["script"].is_string() {
        let script = field(module, "script");
        text += &say(&message!("; runs {script}", script = script));
    }
    let asked: Vec<_> = items(&module["form"]["fields"])
        .filter_map(question)
        .collect();
    if !asked.is_empty() {
        text += &say(&message!("; asks: {labels}", labels = asked.join(", ")));
    }
    text
}

fn question(asked: &Value) -> Option<String> {
    let is_asked =
        asked["type"] != "subtitle" && asked["hidden"] != true && asked["read_only"] != true;
    let label = field(asked, "label");
    let label = if label.is_empty() {
        field(asked, "name")
    } else {
        label
    };
    is_asked.then_some(label)
}

fn step(step: &Value) -> Option<String> {
    (step["state"] != "disabled").then(|| field(step, "text"))
}

fn packages(packages: &Value) -> Vec<String> {
    let kinds = [
        ("install", message!("to be installed")),
        ("upgrade", message!("to be upgraded")),
        ("remove", message!("to be removed")),
        ("present", message!("there already")),
    ];
    let names = kinds.into_iter().filter_map(|(kind, what)| {
        let names = list(&packages[kind]);
        (!names.is_empty()).then(|| format!("{} {names}", with_colon(&say(&what))))
    });
    let sizes = [
        ("download_bytes", message!("download")),
        ("disk_bytes", message!("disk")),
    ];
    let sizes = sizes.into_iter().filter_map(|(kind, what)| {
        let megabytes = packages[kind].as_u64()?.div_ceil(1_000_000);
        let size = say(&message!("{megabytes} MB", megabytes = megabytes));
        Some(format!("{} {size}", with_colon(&say(&what))))
    });
    names.chain(sizes).collect()
}

/// What a module brings.
fn of_module(item: &Value, what: &str) -> String {
    format!("{} {what}", with_colon(&field(item, "module")))
}

fn repository(repository: &Value) -> String {
    let (name, url) = (field(repository, "name"), field(repository, "url"));
    let mut text = of_module(repository, &format!("{name} ({url})"));
    if repository["restricted"] == true {
        text += &say(&message!(", needs a login"));
    }
    text
}

fn service(service: &Value) -> String {
    of_module(service, &field(service, "name"))
}

fn port(port: &Value) -> String {
    let number = format!("{}/{}", port["port"], field(port, "protocol"));
    let mut text = of_module(port, &number);
    if port["used_by"].is_string() {
        let program = field(port, "used_by");
        text += &say(&message!(", in use by {program}", program = program));
    }
    text
}

fn remark(remark: &Value) -> String {
    let help = field(remark, "help");
    let message = field(remark, "message");
    let gap = match (help.is_empty(), message.ends_with(['.', '?', '!'])) {
        (true, _) => "",
        (false, true) => " ",
        (false, false) => ". ",
    };
    format!("{message}{gap}{help}")
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn list(value: &Value) -> String {
    let words: Vec<_> = items(value).map(|item| plain(word(item))).collect();
    words.join(", ")
}

fn field(value: &Value, name: &str) -> String {
    plain(word(&value[name]))
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_plan_is_read_from_top_to_bottom() {
        let plan = json!({
            "modules": [
                {"slug": "dns", "name": "DNS", "dependency": true, "needed_by": ["mail"], "configured": false, "script": "setup.sh",
                    "form": {"fields": [{"type": "text", "name": "domain", "label": "Domain"},
                                        {"type": "text", "name": "h", "label": "Hidden", "hidden": true}]}},
                {"slug": "mail", "name": "Mail\u{1b}[2J", "dependency": false, "configured": true, "script": null, "form": null},
            ],
            "steps": [{"kind": "download", "state": "disabled", "text": "No."}, {"kind": "packages", "state": "todo", "text": "1 package is installed."}],
            "packages": {"install": ["bind9"], "present": ["bash"], "upgrade": [], "remove": [], "download_bytes": 1_500_000, "disk_bytes": null},
            "repositories": [], "services": [{"module": "dns", "name": "named.service"}],
            "ports": [{"module": "dns", "port": 53, "protocol": "udp", "used_by": "dnsmasq (process 9)"}],
            "reboot": true, "already_configured": ["base"],
            "warnings": [{"kind": "not_there", "message": "web isn't here.", "help": "Copy it."}], "problems": [],
        });
        assert_eq!(
            text(&plan),
            "Modules:\n  dns (DNS), needed by mail; runs setup.sh; asks: Domain\n  mail (Mail[2J), configured again\n\n\
             Configured already:\n  base\n\nSteps:\n  1 package is installed.\n\n\
             Packages:\n  to be installed: bind9\n  there already: bash\n  download: 2 MB\n\n\
             Services:\n  dns: named.service\n\nPorts:\n  dns: 53/udp, in use by dnsmasq (process 9)\n\n\
             At the end:\n  The machine has to be started again.\n\nWarnings:\n  web isn't here. Copy it."
        );
    }
}
