//! A setup module's manifest in another language: the texts that people read, and nothing that programs go by.

use serde_json::Value;

use crate::{FieldSpec, SetupManifest};

impl SetupManifest {
    /// A copy with its texts as `translate` has them.
    #[must_use]
    pub fn translated(&self, translate: impl Fn(&str) -> String) -> Self {
        let mut copy = self.clone();
        for text in [
            &mut copy.name,
            &mut copy.description,
            &mut copy.category.name,
        ] {
            *text = translate(text);
        }
        for link in &mut copy.links {
            link.name = translate(&link.name);
        }
        for field in copy.config.iter_mut().flatten() {
            field.translate(&translate);
        }
        copy
    }
}

impl FieldSpec {
    /// Hooks that generate fields are given those before them, and give them back: so they are told the translations, too.
    fn translate(&mut self, translate: &impl Fn(&str) -> String) {
        self.label = translate(&self.label);
        self.help = translate(&self.help);
        for option in &mut self.options {
            option.name = translate(&option.name);
        }
        for key in ["label", "help"] {
            if let Some(Value::String(text)) = self.raw.get_mut(key) {
                *text = translate(text);
            }
        }
        let options = self.raw.get_mut("options").and_then(Value::as_array_mut);
        for option in options.into_iter().flatten() {
            if let Some(Value::String(name)) = option.get_mut("name") {
                *name = translate(name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Section, SetupManifest};

    #[test]
    fn texts_change_and_slugs_do_not() {
        let manifest = SetupManifest {
            slug: "city".into(),
            name: "city".into(),
            category: Section {
                slug: "city".into(),
                name: "city".into(),
            },
            ..SetupManifest::default()
        };
        let translated = manifest.translated(str::to_uppercase);
        assert_eq!(
            (translated.slug.as_str(), translated.name.as_str()),
            ("city", "CITY")
        );
        assert_eq!(translated.category.slug, "city");
        assert_eq!(translated.category.name, "CITY");
    }
}
