//! Choices that are resolved, also against a naive way of doing it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use contara_i18n::Message;
use proptest::prelude::*;

use super::{ModuleFacts, Resolution, resolve};

type Modules = BTreeMap<String, ModuleFacts>;

/// Modules written as `name: dependencies`; `name*` is configured, `name+` configured and of the section `management`,
/// `name: dependencies ! conflicts` conflicts with those.
fn modules(lines: &[&str]) -> Modules {
    let module = |line: &&str| {
        let (head, rest) = line.split_once(':').unwrap_or((line, ""));
        let (dependencies, conflicts) = rest.split_once('!').unwrap_or((rest, ""));
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        let facts = ModuleFacts {
            dependencies: words(dependencies),
            conflicts: words(conflicts),
            is_configured: head.ends_with(['*', '+']),
            can_configure: !head.ends_with('*'),
            unusable: None,
        };
        (head.trim_end_matches(['*', '+']).to_owned(), facts)
    };
    lines.iter().map(module).collect()
}

fn chosen(words: &str) -> Vec<String> {
    words.split_whitespace().map(str::to_owned).collect()
}

fn resolved(words: &str, lines: &[&str]) -> Resolution {
    resolve(&chosen(words), &modules(lines)).unwrap()
}

/// The order, dependencies in brackets.
fn order(words: &str, lines: &[&str]) -> String {
    let name = |module: &super::Resolved| match module.is_dependency {
        true => format!("({})", module.slug),
        false => module.slug.clone(),
    };
    let order = resolved(words, lines).order;
    order.iter().map(name).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn refused(words: &str, lines: &[&str], kind: &str, message: &str) {
    let refused = resolve(&chosen(words), &modules(lines)).unwrap_err();
    assert_eq!(refused.0.kind, kind);
    assert!(refused.to_string().contains(message), "{refused}");
}

#[test]
fn dependencies_come_first_by_level_and_then_as_come_upon() {
    for (words, lines, expected) in [
        ("a", vec!["a: b", "b: c", "c"], "(c) (b) a"),
        ("a b", vec!["a: c", "b", "c"], "(c) b a"),
        ("b a", vec!["a: c", "b", "c"], "b (c) a"),
        (
            "top",
            vec!["top: l r", "l: base", "r: base", "base"],
            "(base) (l) (r) top",
        ),
        (
            "top",
            vec!["top: r l", "l: base", "r: base", "base"],
            "(base) (r) (l) top",
        ),
        (
            "x y",
            vec!["x: far", "far: base", "base", "y: base"],
            "(base) (far) y x",
        ),
        ("a b", vec!["a: b", "b"], "b a"),
        ("a a", vec!["a"], "a"),
    ] {
        assert_eq!(order(words, &lines), expected, "{words}: {lines:?}");
    }
}

#[test]
fn what_is_configured_is_left_alone_but_not_what_it_needs() {
    let lines = ["a: b", "b*: c", "c"];
    assert_eq!(order("a", &lines), "(c) a");
    assert_eq!(resolved("a", &lines).already_configured, ["b"]);
    let lines = ["a: b", "b+: c", "c*"];
    assert_eq!(
        order("a", &lines),
        "a",
        "of management too, if nobody chose it"
    );
    assert_eq!(order("a b", &lines), "b a");
    assert_eq!(resolved("a b c", &lines).already_configured, ["c"]);
}

#[test]
fn who_needs_what_is_said_of_the_modules_of_the_plan() {
    let found = resolved(
        "top x",
        &["top: l r", "l: base", "r*: base", "base", "x: base"],
    );
    let needed: BTreeMap<_, _> = found
        .order
        .iter()
        .map(|module| (module.slug.as_str(), module.needed_by.join(" ")))
        .collect();
    assert_eq!(needed["base"], "l x");
    assert_eq!((needed["l"].as_str(), needed["top"].as_str()), ("top", ""));
}

#[test]
fn what_is_not_there_is_left_out_and_named() {
    let found = resolved("a ghost b", &["a: none", "b: none"]);
    assert_eq!(found.order.len(), 2);
    let messages: Vec<_> = found
        .warnings
        .iter()
        .map(|warning| (warning.kind, warning.message.to_string()))
        .collect();
    let messages: Vec<_> = messages
        .iter()
        .map(|(kind, message)| (*kind, message.as_str()))
        .collect();
    assert_eq!(
        messages,
        [
            (
                "not_there",
                "There is no module ghost on this machine, so it is left out."
            ),
            (
                "not_there",
                "a and b depend on none, which isn't on this machine."
            ),
        ]
    );
    assert_eq!(found.warnings[1].modules, ["none"]);
}

#[test]
fn cycles_are_refused_with_their_chain() {
    refused("x", &["x: a", "a: b", "b: a"], "cycle", "a → b → a");
    refused("a", &["a: a"], "cycle", "a → a");
    refused(
        "a",
        &["a: b", "b: c", "c: d", "d: b"],
        "cycle",
        ": b → c → d → b.",
    );
    let found = resolve(&chosen("x"), &modules(&["x: a", "a: b", "b: a"])).unwrap_err();
    assert_eq!(found.0.modules, ["a", "b"]);
}

#[test]
fn conflicts_count_both_ways_and_with_all_that_is_configured() {
    refused("a b", &["a: !b", "b"], "conflict", "a conflicts with b");
    refused("b a", &["a: !b", "b"], "conflict", "a conflicts with b");
    refused(
        "a",
        &["a: b", "b", "c*: !b"],
        "conflict",
        "b conflicts with c, which is configured.",
    );
    refused(
        "a",
        &["a: !c", "c*"],
        "conflict",
        "a conflicts with c, which is configured.",
    );
    refused(
        "a",
        &["a: b c", "b: !c", "c"],
        "conflict",
        "b conflicts with c",
    );
    refused(
        "a",
        &["a: b !c", "b*: c", "c*"],
        "conflict",
        "a conflicts with c",
    );
    assert_eq!(order("a", &["a: !b", "b"]), "a");
    assert_eq!(order("a", &["a: !a"]), "a");
    assert_eq!(
        order("a", &["a", "b*: !c", "c*"]),
        "a",
        "that they are is nobody's business here"
    );
}

#[test]
fn two_that_conflict_and_are_configured_already_may_be_configured_again() {
    let lines = ["a+: !c", "c+"];
    for slug in ["a", "c"] {
        let found = resolved(slug, &lines);
        assert_eq!(found.order.len(), 1, "{slug}");
        assert_eq!(found.warnings.len(), 1, "{slug}");
        assert_eq!(found.warnings[0].kind, "conflict");
        assert!(found.warnings[0].help.is_some());
    }
    let both = resolved("a c", &lines);
    assert_eq!(both.order.len(), 2);
    assert_eq!(both.warnings[0].message.to_string(), "a conflicts with c.");
    refused(
        "a",
        &["a+: b !c", "b: !c", "c+"],
        "conflict",
        "b conflicts with c, which is configured.",
    );
}

#[test]
fn a_choice_that_comes_to_nothing_is_refused_with_the_reason() {
    refused("", &["a"], "nothing_chosen", "No module was chosen");
    refused(
        "a b",
        &["a*", "b*"],
        "nothing_to_do",
        "a and b are configured already.",
    );
    refused(
        "ghost",
        &["a"],
        "nothing_to_do",
        "There is no module ghost on this machine",
    );
    let mut modules = modules(&["a: b", "b"]);
    modules.get_mut("b").unwrap().unusable = Some(Message::verbatim("desc.json is no JSON"));
    let refused = resolve(&chosen("a"), &modules).unwrap_err();
    assert_eq!(
        (refused.0.kind, refused.to_string().as_str()),
        ("unusable", "b can't be used: desc.json is no JSON")
    );
}

#[test]
fn two_hundred_modules_in_chains_of_fifteen_take_milliseconds() {
    // Each but the last of fifteen depends on the next one or two.
    let facts = |number: usize| {
        let left = (199 - number).min(14 - number % 15);
        let next = (1..=left.min(2)).map(|step| format!("m{}", number + step));
        ModuleFacts {
            dependencies: next.collect(),
            can_configure: true,
            ..ModuleFacts::default()
        }
    };
    let modules: Modules = (0..200)
        .map(|number| (format!("m{number}"), facts(number)))
        .collect();
    let all: Vec<String> = (0..200).map(|number| format!("m{number}")).collect();
    let begin = Instant::now();
    let found = resolve(&all, &modules).unwrap();
    let took = begin.elapsed();
    println!("200 modules in {took:?}");
    assert_eq!(found.order.len(), 200);
    assert!(took.as_millis() < 500, "{took:?}");
}

#[test]
fn a_chain_may_be_of_any_length() {
    let facts = |number: usize| ModuleFacts {
        dependencies: vec![format!("m{}", number + 1)],
        can_configure: true,
        ..ModuleFacts::default()
    };
    let modules: Modules = (0..2_000)
        .map(|number| (format!("m{number}"), facts(number)))
        .collect();
    let found = resolve(&["m0".into()], &modules).unwrap();
    assert_eq!(
        (found.order[0].slug.as_str(), found.order.len()),
        ("m1999", 2_000)
    );
}

/// What the rules say, without any care for time.
struct Oracle<'m>(&'m Modules);

impl Oracle<'_> {
    fn known(&self, slug: &str) -> Vec<&str> {
        let dependencies = self.0[slug].dependencies.iter().map(String::as_str);
        dependencies
            .filter(|slug| self.0.contains_key(*slug))
            .collect()
    }

    fn reaches(&self, from: &str, to: &str, seen: &mut BTreeSet<String>) -> bool {
        self.known(from)
            .into_iter()
            .any(|next| next == to || seen.insert(next.to_owned()) && self.reaches(next, to, seen))
    }

    fn level(&self, slug: &str) -> usize {
        let dependencies = self.known(slug);
        let levels = dependencies.iter().map(|slug| self.level(slug));
        levels.max().map_or(0, |level| level + 1)
    }

    fn list(&self, slug: &str, into: &mut Vec<String>) {
        into.push(slug.to_owned());
        for dependency in self.known(slug) {
            self.list(dependency, into);
        }
    }

    fn order(&self, chosen: &[String]) -> Vec<String> {
        let mut all = Vec::new();
        for slug in chosen.iter().filter(|slug| self.0.contains_key(*slug)) {
            self.list(slug, &mut all);
        }
        let mut order: Vec<(usize, usize, String)> = Vec::new();
        for (at, slug) in all.iter().enumerate() {
            if !order.iter().any(|(_, _, known)| known == slug) {
                order.push((self.level(slug), at, slug.clone()));
            }
        }
        order.sort();
        let module = |slug: &String| &self.0[slug];
        let is_kept = |slug: &String| match chosen.contains(slug) {
            true => module(slug).can_configure,
            false => !module(slug).is_configured,
        };
        order
            .into_iter()
            .map(|(_, _, slug)| slug)
            .filter(is_kept)
            .collect()
    }
}

fn any_modules() -> impl Strategy<Value = Modules> {
    let facts = |dependencies, (is_configured, is_management)| ModuleFacts {
        dependencies,
        is_configured,
        can_configure: !is_configured || is_management,
        ..ModuleFacts::default()
    };
    let module = (prop::collection::vec("[a-h]", 0..3), any::<(bool, bool)>());
    let module = module.prop_map(move |(dependencies, flags)| facts(dependencies, flags));
    prop::collection::btree_map("[a-g]", module, 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn any_choice_comes_to_what_the_rules_say(modules in any_modules(), chosen in prop::collection::vec("[a-h]", 1..4)) {
        let oracle = Oracle(&modules);
        let is_cyclic = |slug: &String| oracle.reaches(slug, slug, &mut BTreeSet::new());
        let is_met = |slug: &String| chosen.iter().any(|from| {
            from == slug || modules.contains_key(from) && oracle.reaches(from, slug, &mut BTreeSet::new())
        });
        let has_cycle = modules.keys().any(|slug| is_met(slug) && is_cyclic(slug));
        match resolve(&chosen, &modules) {
            Err(refused) if refused.0.kind == "cycle" => {
                prop_assert!(has_cycle);
                let around = refused.0.modules.iter().zip(refused.0.modules.iter().cycle().skip(1));
                for (one, next) in around {
                    prop_assert!(modules[one].dependencies.contains(next));
                }
            }
            Err(refused) => {
                prop_assert!(!has_cycle);
                prop_assert_eq!(refused.0.kind, "nothing_to_do");
                prop_assert_eq!(oracle.order(&chosen), Vec::<String>::new());
            }
            Ok(found) => {
                prop_assert!(!has_cycle);
                let order: Vec<_> = found.order.iter().map(|module| module.slug.clone()).collect();
                prop_assert_eq!(order, oracle.order(&chosen));
            }
        }
    }
}
