//! Fields that hooks generate: maps become [`FieldSpec`]s. Nobody has checked them, so what makes no sense is taken as absent.

use contara_manifest::{FieldKind, FieldOption, FieldSpec};
use serde_json::{Map, Value};

use super::values::{is_yes, text_of};

/// Reads a field. `slug` is added if it is missing.
///
/// # Errors
/// Says why it is none.
pub(super) fn field(slug: &str, value: Value) -> Result<FieldSpec, String> {
    let Value::Object(mut raw) = value else {
        return Err("a field that isn't a dict".into());
    };
    raw.entry("slug").or_insert_with(|| slug.into());
    let kind = kind(&raw)?;
    let name = text(&raw, "name").filter(|name| !name.is_empty());
    if name.is_none() && kind != FieldKind::Subtitle {
        return Err("a field without a name".into());
    }
    Ok(FieldSpec {
        kind,
        name,
        label: text(&raw, "label").unwrap_or_default(),
        help: text(&raw, "help").unwrap_or_default(),
        require: yes(&raw, "require"),
        default: raw.get("default").cloned(),
        validation: text(&raw, "validation"),
        is_multi: yes(&raw, "multi"),
        is_long: text(&raw, "format").as_deref() == Some("long"),
        options: options(&raw),
        confirm: !raw.contains_key("confirm") || yes(&raw, "confirm"),
        is_hidden: yes(&raw, "hidden"),
        show_if_unconfigured: yes(&raw, "show_if_unconfigured"),
        edit_if_unconfigured: yes(&raw, "edit_if_unconfigured"),
        store: yes(&raw, "store"),
        size: text(&raw, "size").and_then(|size| size.parse().ok()),
        raw,
    })
}

fn kind(raw: &Map<String, Value>) -> Result<FieldKind, String> {
    let kind = text(raw, "type").unwrap_or_else(|| "text".into());
    Ok(match kind.as_str() {
        "text" => FieldKind::Text,
        "password" => FieldKind::Password,
        "check" => FieldKind::Check,
        "options" => FieldKind::Options,
        "network" => FieldKind::Network,
        "subtitle" => FieldKind::Subtitle,
        other => {
            return Err(format!(
                "a field of the type {other:?}, which can't be shown"
            ));
        }
    })
}

fn options(raw: &Map<String, Value>) -> Vec<FieldOption> {
    let written = raw.get("options").and_then(Value::as_array);
    let option = |option: &Value| {
        let option = option.as_object()?;
        let value = text(option, "value")?;
        Some(FieldOption {
            name: text(option, "name").unwrap_or_else(|| value.clone()),
            toggle: texts(option.get("toggle")),
            value,
        })
    };
    written.into_iter().flatten().filter_map(option).collect()
}

fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => items.iter().map(text_of).collect(),
        Some(Value::String(text)) => vec![text.clone()],
        _ => Vec::new(),
    }
}

fn text(raw: &Map<String, Value>, key: &str) -> Option<String> {
    match raw.get(key)? {
        Value::Null | Value::Array(_) | Value::Object(_) => None,
        value => Some(text_of(value)),
    }
}

fn yes(raw: &Map<String, Value>, key: &str) -> bool {
    raw.get(key).is_some_and(is_yes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_that_a_field_may_say_is_read() {
        let spec = field(
            "network",
            json!({"type": "options", "name": "eth0_method", "label": "How", "help": "…", "require": "yes", "default": "dhcp",
                "confirm": "no", "size": "50", "store": true, "multi": "no", "format": "long",
                "options": [{"name": "DHCP", "value": "dhcp"}, {"value": 1, "toggle": ["a", "b"]}, "x"]}),
        );
        let spec = spec.unwrap();
        assert_eq!(spec.raw["slug"], "network");
        assert_eq!(
            (spec.kind, spec.name.as_deref()),
            (FieldKind::Options, Some("eth0_method"))
        );
        assert!(spec.require && spec.store && spec.is_long && !spec.confirm && !spec.is_multi);
        assert_eq!(spec.size, Some(50));
        let options: Vec<_> = spec
            .options
            .iter()
            .map(|option| (option.name.as_str(), option.value.as_str()))
            .collect();
        assert_eq!(options, [("DHCP", "dhcp"), ("1", "1")]);
        assert_eq!(spec.options[1].toggle, ["a", "b"]);
    }

    #[test]
    fn a_subtitle_needs_no_name_and_everything_else_does() {
        assert!(field("m", json!({"type": "subtitle", "label": "eth0"})).is_ok());
        for (value, reason) in [
            (json!({"type": "text"}), "without a name"),
            (json!({"type": "file", "name": "f"}), "file"),
            (json!({"type": "custom", "name": "f"}), "custom"),
            (json!("text"), "isn't a dict"),
        ] {
            let refused = field("m", value).unwrap_err();
            assert!(refused.contains(reason), "{refused}");
        }
    }
}
