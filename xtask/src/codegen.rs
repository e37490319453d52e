//! `cargo xtask codegen`: files that are generated and committed all the same, so that a build needs neither the source
//! nor the generator. `--check` is what keeps them honest.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::checkout::Checkout;
use crate::{process, python, web};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write nothing; fail if a file isn't what would be written.
    #[arg(long)]
    check: bool,
}

/// A generated file: its place in the checkout and what makes its content.
struct Generator {
    file: &'static str,
    generate: fn(&Checkout) -> Result<String>,
}

const GENERATORS: [Generator; 6] = [
    Generator {
        file: "crates/manifest/src/lucide.txt",
        generate: lucide,
    },
    Generator {
        file: "docs/reference/cli.md",
        generate: command_line,
    },
    Generator {
        file: "docs/reference/components.md",
        generate: |checkout| vocabulary(checkout, "components.md"),
    },
    Generator {
        file: "docs/reference/components.schema.json",
        generate: |checkout| vocabulary(checkout, "components.schema.json"),
    },
    Generator {
        file: "web/src/lib/components/vocabulary.ts",
        generate: |checkout| vocabulary(checkout, "vocabulary.ts"),
    },
    Generator {
        file: "web/src/lib/components/vocabulary.samples.ts",
        generate: |checkout| vocabulary(checkout, "vocabulary.samples.ts"),
    },
];

pub(crate) fn codegen(args: &Args) -> Result<()> {
    let checkout = Checkout::find()?;
    if args.check {
        check(&checkout)
    } else {
        GENERATORS
            .iter()
            .try_for_each(|generator| write(&checkout, generator))
    }
}

/// Fails with the names of all files that are out of date.
pub(crate) fn check(checkout: &Checkout) -> Result<()> {
    let mut outdated = Vec::new();
    for generator in &GENERATORS {
        if current(checkout, generator) != (generator.generate)(checkout)? {
            outdated.push(generator.file);
        }
    }
    if !outdated.is_empty() {
        bail!(
            "out of date: {}; run `cargo xtask codegen` and commit the result",
            outdated.join(", ")
        );
    }
    process::say(&format!(
        "{} generated file(s) up to date",
        GENERATORS.len()
    ));
    Ok(())
}

fn write(checkout: &Checkout, generator: &Generator) -> Result<()> {
    let content = (generator.generate)(checkout)?;
    if current(checkout, generator) == content {
        process::say(&format!("{} is up to date", generator.file));
        return Ok(());
    }
    fs::write(checkout.path(generator.file), content)
        .with_context(|| format!("couldn't write {}", generator.file))?;
    process::say(&format!("{} written", generator.file));
    Ok(())
}

/// What is committed; a file that isn't there is out of date like one that is empty.
fn current(checkout: &Checkout, generator: &Generator) -> String {
    fs::read_to_string(checkout.path(generator.file)).unwrap_or_default()
}

/// What every command's `--help` says. All crates are built, since one alone would be built with other features.
fn command_line(checkout: &Checkout) -> Result<String> {
    process::build(process::cargo(checkout).args(["build", "--workspace", "--locked"]))?;
    process::output(Command::new(checkout.target()?.join("debug/contara")).arg("reference"))
}

/// The names of all Lucide icons, for the check of a manifest's `icon`.
fn lucide(checkout: &Checkout) -> Result<String> {
    web::packages(checkout)?;
    let source = checkout
        .web()
        .join("node_modules/@iconify-json/lucide/icons.json");
    let text = fs::read_to_string(&source)
        .with_context(|| format!("couldn't read {}", source.display()))?;
    icon_names(&serde_json::from_str(&text)?)
}

/// What the SDK's component classes say of the vocabulary, as one of the files that `python/tools/vocabulary` knows.
fn vocabulary(checkout: &Checkout, file: &str) -> Result<String> {
    python::environment(checkout)?;
    process::output(
        python::tool(checkout, "python")
            .current_dir(checkout.python().join("tools"))
            .args(["-m", "vocabulary", file]),
    )
}

/// Icons and their aliases, sorted bytewise, one a line.
fn icon_names(collection: &Value) -> Result<String> {
    let mut names = BTreeSet::new();
    for part in ["icons", "aliases"] {
        let icons = collection[part]
            .as_object()
            .with_context(|| format!("the icon collection has no `{part}`"))?;
        names.extend(icons.keys().map(String::as_str));
    }
    Ok(names.into_iter().flat_map(|name| [name, "\n"]).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn icon_names_are_those_of_icons_and_aliases_sorted() {
        let collection =
            json!({"icons": {"wrench": {}, "a-b": {}}, "aliases": {"home": {}, "a-b": {}}});
        assert_eq!(
            icon_names(&collection).expect("names"),
            "a-b\nhome\nwrench\n"
        );
    }

    #[test]
    fn a_collection_of_another_shape_is_refused() {
        icon_names(&json!({"icons": {}})).expect_err("no aliases");
    }
}
