//! What was set for a module, as the store has it, put together into what its worker is given.

use contara_protocol::Tree;
use contara_protocol::link::Private;
use contara_store::ModuleSettings;
use serde_json::{Map, Value};

/// All that was set, secrets included; `None` if what was stored can't be read.
pub(crate) fn whole(settings: &ModuleSettings) -> Option<Private> {
    let mut all: Map<String, Value> = serde_json::from_str(&settings.values).ok()?;
    for (field, secret) in &settings.secrets {
        all.insert(field.clone(), serde_json::from_str(secret).ok()?);
    }
    Tree::from_value(&all).ok().map(Private)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_are_among_the_rest() {
        let settings = ModuleSettings {
            values: r#"{"interval": 2.5}"#.into(),
            secrets: [("key".to_owned(), "\"geheim\"".to_owned())].into(),
            lost: ["other".to_owned()].into(),
        };
        let Private(whole) = whole(&settings).unwrap();
        assert_eq!(
            serde_json::to_value(whole).unwrap(),
            json!({"interval": 2.5, "key": "geheim"})
        );
    }
}
