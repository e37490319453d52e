//! Which versions a module gets: those that go with what the SDK has loaded, if there are any; else others that the SDK
//! allows, found so that whatever of the SDK stays goes with them.

use std::path::Path;

use contara_i18n::message;

use super::EnvironmentError;
use super::facts::Facts;
use super::installer::{Installer, Network, Pin, Question};
use super::requirement::{Requirement, normalised};
use super::steps::Steps;

/// What is to be installed.
#[derive(Debug)]
pub(super) struct Resolution {
    /// Without what the SDK has in that very version.
    pub(super) pins: Vec<Pin>,
    /// Whether a package of the SDK's comes in another version.
    pub(super) overrides_sdk: bool,
}

/// Finds versions for a set of requirements.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resolver<'a> {
    pub(super) installer: &'a Installer,
    pub(super) facts: &'a Facts,
    /// An empty folder.
    pub(super) folder: &'a Path,
    pub(super) network: Network,
    pub(super) steps: &'a Steps<'a>,
}

impl Resolver<'_> {
    /// Finds them.
    pub(super) async fn resolve(
        &self,
        requirements: &[String],
    ) -> Result<Resolution, EnvironmentError> {
        self.steps
            .begin(message!("Finding versions that fit"), None);
        let pins = match self.beside_sdk(requirements).await {
            Ok(pins) => pins,
            // An old version that goes with the SDK's may be there and yet not build, hence not only `Unresolvable`.
            Err(EnvironmentError::Unresolvable { .. } | EnvironmentError::Failed { .. }) => {
                self.steps.begin(
                    message!("Finding versions that replace some of Contara's own"),
                    None,
                );
                let pins = self.instead_of_sdk(requirements).await;
                pins.map_err(|error| with_sdk(error, self.facts))?
            }
            Err(error) => return Err(error),
        };
        Ok(self.without_sdk(pins))
    }

    /// With everything of the SDK's as it is. What it meets already isn't asked for, so that a module that needs no more
    /// needs no network either.
    async fn beside_sdk(&self, requirements: &[String]) -> Result<Vec<Pin>, EnvironmentError> {
        let unmet = requirements.iter().filter(|each| !self.facts.meet(each));
        let unmet: Vec<_> = unmet.cloned().collect();
        self.ask(&unmet, &self.facts.pins()).await
    }

    /// With other versions of the SDK's packages within its ranges. A package that stays may not go with a new version of
    /// another: then it is asked for, too, and the question put again. Each turn adds one of them at least, so it ends.
    async fn instead_of_sdk(&self, requirements: &[String]) -> Result<Vec<Pin>, EnvironmentError> {
        let mut asked = requirements.to_vec();
        loop {
            let pins = self.ask(&asked, &self.facts.sdk).await?;
            let broken = broken(self.facts, &pins);
            if broken.is_empty() {
                return Ok(pins);
            }
            asked.extend(broken);
        }
    }

    async fn ask(
        &self,
        requirements: &[String],
        constraints: &[String],
    ) -> Result<Vec<Pin>, EnvironmentError> {
        let question = Question {
            folder: self.folder,
            requirements,
            constraints,
            preferences: &self.facts.pins(),
            network: self.network,
        };
        self.installer.resolve(&question, self.steps).await
    }

    fn without_sdk(&self, pins: Vec<Pin>) -> Resolution {
        let pins: Vec<_> = pins
            .into_iter()
            .filter(|pin| !self.facts.has(&pin.name, &pin.version))
            .collect();
        let is_sdk = |pin: &Pin| {
            self.facts
                .distributions
                .contains_key(&normalised(&pin.name))
        };
        Resolution {
            overrides_sdk: pins.iter().any(is_sdk),
            pins,
        }
    }
}

/// The SDK's packages that would stay as they are and not go with a version among these.
fn broken(facts: &Facts, pins: &[Pin]) -> Vec<String> {
    let pinned = |name: &str| pins.iter().find(|pin| normalised(&pin.name) == name);
    let goes = |requirement: &String| {
        let requirement = Requirement::read(requirement);
        pinned(&requirement.name).is_none_or(|pin| requirement.accepts(&pin.version))
    };
    facts
        .distributions
        .iter()
        .filter(|(name, installed)| pinned(name).is_none() && !installed.requires.iter().all(goes))
        .map(|(name, _)| name.clone())
        .collect()
}

/// Says what the SDK itself needs of the packages that the resolver speaks of.
fn with_sdk(error: EnvironmentError, facts: &Facts) -> EnvironmentError {
    let EnvironmentError::Unresolvable { words, .. } = error else {
        return error;
    };
    let spoken: Vec<_> = words
        .split(|char: char| !(char.is_ascii_alphanumeric() || "._-".contains(char)))
        .map(normalised)
        .collect();
    let is_meant = |requirement: &&String| spoken.contains(&Requirement::read(requirement).name);
    let sdk = facts.sdk.iter().filter(is_meant).cloned().collect();
    EnvironmentError::Unresolvable { words, sdk }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        let facts = serde_json::json!({
            "python": "3.11", "abi": "cp311", "platform": "linux", "scripts": "/", "pip": true,
            "sdk": ["pydantic<3,>=2.11", "psutil>=7"],
            "distributions": {
                "psutil": {"version": "7.2.2", "requires": []},
                "pydantic": {"version": "2.14.3", "requires": ["pydantic-core==2.50.4", "typing-extensions>=4.16"]},
                "pydantic-core": {"version": "2.50.4", "requires": ["typing-extensions>=4.16"]},
                "typing-extensions": {"version": "4.16.0", "requires": []},
            },
        });
        serde_json::from_value(facts).expect("as the SDK gives them")
    }

    fn pin(name: &str, version: &str) -> Pin {
        let (name, version) = (name.to_owned(), version.to_owned());
        Pin { name, version }
    }

    #[test]
    fn what_stays_of_the_sdk_must_go_with_what_is_new() {
        let check = |pins: &[Pin], expected: &[&str]| assert_eq!(broken(&facts(), pins), expected);
        check(&[pin("psutil", "7.0")], &[]);
        check(
            &[pin("Typing_Extensions", "4.10")],
            &["pydantic", "pydantic-core"],
        );
        check(&[pin("typing_extensions", "4.17")], &[]);
        check(&[pin("pydantic-core", "2.41")], &["pydantic"]);
        check(
            &[pin("pydantic-core", "2.41"), pin("pydantic", "2.12")],
            &[],
        );
    }

    #[test]
    fn what_the_sdk_needs_is_said_where_it_matters() {
        let check = |words: &str, expected: &[&str]| {
            let (words, sdk) = (words.to_owned(), Vec::new());
            let error = with_sdk(EnvironmentError::Unresolvable { words, sdk }, &facts());
            let EnvironmentError::Unresolvable { sdk, .. } = error else {
                panic!("{error}");
            };
            assert_eq!(sdk, expected);
        };
        check("Because you require pydantic<2 and", &["pydantic<3,>=2.11"]);
        check("Because pydantic-core and x was not found", &[]);
    }
}
