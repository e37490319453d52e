//! Who may depend on whom: rules over `cargo metadata`.

use cargo_metadata::{DependencyKind, MetadataCommand};

use crate::{assert_none, root};

/// The layers of ARCHITECTURE.md from the bottom up. A crate depends on crates of lower layers only, so two of one layer
/// don't know each other; `protocol` stands above the other types crates because its messages carry UI trees.
const LAYERS: [&[&str]; 7] = [
    &["contara-i18n", "contara-ui-tree"],
    &["contara-manifest", "contara-protocol"],
    &["contara-system", "contara-store"],
    &["contara-supervisor", "contara-setup"],
    &["contara-server"],
    &["contara"],
    &["xtask"],
];

/// The crates that are types and codecs: they do no IO.
const TYPES: [&str; 4] = [
    "contara-i18n",
    "contara-manifest",
    "contara-ui-tree",
    "contara-protocol",
];

/// Libraries that do IO, by the first words of their names.
const IO: [&str; 13] = [
    "async-std",
    "axum",
    "hyper",
    "mio",
    "nix",
    "notify",
    "procfs",
    "rusqlite",
    "rustix",
    "smol",
    "tempfile",
    "tokio",
    "tower",
];

/// A crate of the workspace and what it depends on, in every way Cargo knows.
struct Crate {
    name: String,
    dependencies: Vec<Dependency>,
}

struct Dependency {
    name: String,
    kind: DependencyKind,
}

fn workspace() -> Vec<Crate> {
    let metadata = MetadataCommand::new()
        .current_dir(root())
        .no_deps()
        .exec()
        .expect("cargo metadata");
    let to_dependency = |dependency: cargo_metadata::Dependency| Dependency {
        name: dependency.name,
        kind: dependency.kind,
    };
    metadata
        .packages
        .into_iter()
        .map(|package| Crate {
            name: package.name.to_string(),
            dependencies: package
                .dependencies
                .into_iter()
                .map(to_dependency)
                .collect(),
        })
        .collect()
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&name))
}

/// Dependencies between crates of the workspace that don't point down, and crates without a layer.
fn upward_dependencies(crates: &[Crate]) -> Vec<String> {
    let mut violations = Vec::new();
    for one in crates {
        let Some(own) = layer(&one.name) else {
            violations.push(format!(
                "{} has no layer: give it one in LAYERS and ARCHITECTURE.md",
                one.name
            ));
            continue;
        };
        for dependency in &one.dependencies {
            if layer(&dependency.name).is_some_and(|other| other >= own) {
                violations.push(format!(
                    "{} must not depend on {}",
                    one.name, dependency.name
                ));
            }
        }
    }
    violations
}

/// Crates whose name says nothing about what belongs in them.
fn vague_names(crates: &[Crate]) -> Vec<String> {
    let vague = |name: &str| {
        let word = name.strip_prefix("contara-").unwrap_or(name);
        ["util", "utils", "common", "helper", "helpers", "misc"].contains(&word)
    };
    crates
        .iter()
        .filter(|one| vague(&one.name))
        .map(|one| format!("{}: name the crate after what it owns", one.name))
        .collect()
}

/// Types crates that use a library that does IO. Their tests may.
fn io_in_types(crates: &[Crate]) -> Vec<String> {
    let does_io = |name: &str| {
        IO.iter()
            .any(|io| name == *io || name.starts_with(&format!("{io}-")))
    };
    crates
        .iter()
        .filter(|one| TYPES.contains(&one.name.as_str()))
        .flat_map(|one| {
            one.dependencies
                .iter()
                .map(move |dependency| (one, dependency))
        })
        .filter(|(_, dependency)| {
            dependency.kind != DependencyKind::Development && does_io(&dependency.name)
        })
        .map(|(one, dependency)| {
            format!(
                "{} does no IO and must not depend on {}",
                one.name, dependency.name
            )
        })
        .collect()
}

/// Crates other than the store that could hold SQL. Tests may look into a database.
fn sql_outside_store(crates: &[Crate]) -> Vec<String> {
    crates
        .iter()
        .filter(|one| one.name != "contara-store")
        .filter(|one| {
            one.dependencies.iter().any(|dependency| {
                dependency.name == "rusqlite" && dependency.kind != DependencyKind::Development
            })
        })
        .map(|one| format!("{}: SQL belongs in crates/store", one.name))
        .collect()
}

#[test]
fn dependencies_point_down() {
    assert_none(&upward_dependencies(&workspace()));
}

#[test]
fn crates_are_named_after_what_they_own() {
    assert_none(&vague_names(&workspace()));
}

#[test]
fn types_crates_do_no_io() {
    assert_none(&io_in_types(&workspace()));
}

#[test]
fn sql_is_in_the_store_only() {
    assert_none(&sql_outside_store(&workspace()));
}

mod examples {
    use super::*;

    fn krate(name: &str, dependencies: &[(&str, DependencyKind)]) -> Crate {
        let to_dependency = |(name, kind): &(&str, DependencyKind)| Dependency {
            name: (*name).to_owned(),
            kind: *kind,
        };
        Crate {
            name: name.to_owned(),
            dependencies: dependencies.iter().map(to_dependency).collect(),
        }
    }

    #[test]
    fn dependencies_up_and_sideways_are_found() {
        let crates = [
            krate(
                "contara-store",
                &[("contara-server", DependencyKind::Development)],
            ),
            krate(
                "contara-supervisor",
                &[("contara-setup", DependencyKind::Normal)],
            ),
            krate(
                "contara-protocol",
                &[("contara-ui-tree", DependencyKind::Normal)],
            ),
            krate("contara-cellar", &[]),
        ];
        assert_eq!(
            upward_dependencies(&crates),
            [
                "contara-store must not depend on contara-server",
                "contara-supervisor must not depend on contara-setup",
                "contara-cellar has no layer: give it one in LAYERS and ARCHITECTURE.md",
            ]
        );
    }

    #[test]
    fn vague_names_are_found() {
        let crates = [
            krate("contara-utils", &[]),
            krate("common", &[]),
            krate("contara", &[]),
        ];
        assert_eq!(vague_names(&crates).len(), 2);
    }

    #[test]
    fn io_in_a_types_crate_is_found_except_in_its_tests() {
        let crates = [
            krate(
                "contara-manifest",
                &[("tokio", DependencyKind::Development)],
            ),
            krate("contara-ui-tree", &[("serde", DependencyKind::Normal)]),
            krate(
                "contara-protocol",
                &[("tokio-util", DependencyKind::Normal)],
            ),
            krate("contara-system", &[("tokio", DependencyKind::Normal)]),
        ];
        assert_eq!(
            io_in_types(&crates),
            ["contara-protocol does no IO and must not depend on tokio-util"]
        );
    }

    #[test]
    fn sql_in_another_crate_is_found() {
        let crates = [
            krate("contara-store", &[("rusqlite", DependencyKind::Normal)]),
            krate("contara-server", &[("rusqlite", DependencyKind::Normal)]),
            krate("contara", &[("rusqlite", DependencyKind::Development)]),
        ];
        assert_eq!(
            sql_outside_store(&crates),
            ["contara-server: SQL belongs in crates/store"]
        );
    }
}
