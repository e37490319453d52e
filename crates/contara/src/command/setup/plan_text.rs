//! A plan as a person reads it.

use std::fmt::Write as _;

use serde_json::Value;

use crate::plain::plain;

/// What would be done, in the order in which it would be.
pub(super) fn text(plan: &Value) -> String {
    let mut text = String::new();
    section(&mut text, "Modules", items(&plan["modules"]).map(module));
    let configured = items(&plan["already_configured"]).map(|slug| word(slug).to_owned());
    section(
        &mut text,
        "Configured already",
        configured.map(|slug| plain(&slug)),
    );
    section(&mut text, "Steps", items(&plan["steps"]).filter_map(step));
    packages(&mut text, &plan["packages"]);
    let named = |item: &Value| format!("{}: {}", field(item, "module"), field(item, "name"));
    section(
        &mut text,
        "Repositories",
        items(&plan["repositories"]).map(repository),
    );
    section(&mut text, "Services", items(&plan["services"]).map(named));
    section(&mut text, "Ports", items(&plan["ports"]).map(port));
    if plan["reboot"] == true {
        section(
            &mut text,
            "At the end",
            ["The machine has to be started again.".to_owned()],
        );
    }
    section(&mut text, "Warnings", items(&plan["warnings"]).map(remark));
    section(&mut text, "Problems", items(&plan["problems"]).map(remark));
    text.trim_end().to_owned()
}

/// A heading and its lines; nothing without lines.
fn section(text: &mut String, heading: &str, lines: impl IntoIterator<Item = String>) {
    for (index, line) in lines.into_iter().enumerate() {
        let gap = if text.is_empty() { "" } else { "\n" };
        let heading = if index == 0 {
            format!("{gap}{heading}:\n")
        } else {
            String::new()
        };
        // Writing to a string can't fail.
        let _ = writeln!(text, "{heading}  {line}");
    }
}

fn module(module: &Value) -> String {
    let mut text = format!("{} ({})", field(module, "slug"), field(module, "name"));
    if module["dependency"] == true {
        let _ = write!(text, ", needed by {}", list(&module["needed_by"]));
    }
    if module["configured"] == true {
        text += ", configured again";
    }
    if module["script"].is_string() {
        let _ = write!(text, "; runs {}", field(module, "script"));
    }
    let asked: Vec<_> = items(&module["form"]["fields"])
        .filter_map(question)
        .collect();
    if !asked.is_empty() {
        let _ = write!(text, "; asks: {}", asked.join(", "));
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

fn packages(text: &mut String, packages: &Value) {
    let kinds = [
        ("install", "to be installed"),
        ("upgrade", "to be upgraded"),
        ("remove", "to be removed"),
        ("present", "there already"),
    ];
    let lines = kinds
        .into_iter()
        .filter(|(kind, _)| items(&packages[*kind]).next().is_some())
        .map(|(kind, what)| format!("{what}: {}", list(&packages[kind])));
    let sizes = [("download_bytes", "download"), ("disk_bytes", "disk")];
    let sizes = sizes.into_iter().filter_map(|(kind, what)| {
        let bytes = packages[kind].as_u64()?;
        Some(format!("{what}: {} MB", bytes.div_ceil(1_000_000)))
    });
    section(text, "Packages", lines.chain(sizes));
}

fn repository(repository: &Value) -> String {
    let login = if repository["restricted"] == true {
        ", needs a login"
    } else {
        ""
    };
    format!(
        "{}: {} ({}){login}",
        field(repository, "module"),
        field(repository, "name"),
        field(repository, "url")
    )
}

fn port(port: &Value) -> String {
    let mut text = format!(
        "{}: {}/{}",
        field(port, "module"),
        port["port"],
        field(port, "protocol")
    );
    if port["used_by"].is_string() {
        let _ = write!(text, ", in use by {}", field(port, "used_by"));
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
