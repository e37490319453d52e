//! Fields that are shown only for one choice.

use std::collections::BTreeSet;

use contara_manifest::FieldKind;

use super::Form;

/// The names of the fields that aren't there for these choices. `chosen` says what an options field holds.
pub(super) fn switched_off<'f>(
    form: &'f Form,
    chosen: impl Fn(&str) -> Option<String>,
) -> BTreeSet<&'f str> {
    let mut off = BTreeSet::new();
    // A choice that isn't there itself switches off all that hangs on it; each round finds another layer.
    loop {
        let before = off.len();
        for (name, field) in form.named() {
            if field.spec.kind != FieldKind::Options {
                continue;
            }
            let choice = if off.contains(name) {
                None
            } else {
                chosen(name)
            };
            let is_chosen = |value: &str| choice.as_deref() == Some(value);
            let (on, others): (Vec<_>, Vec<_>) = field
                .spec
                .options
                .iter()
                .partition(|option| is_chosen(&option.value));
            let names = |options: Vec<&'f contara_manifest::FieldOption>| {
                let names = options.into_iter().flat_map(|option| &option.toggle);
                names.map(String::as_str).collect::<BTreeSet<_>>()
            };
            let on = names(on);
            off.extend(names(others).into_iter().filter(|name| !on.contains(name)));
        }
        if off.len() == before {
            return off;
        }
    }
}
