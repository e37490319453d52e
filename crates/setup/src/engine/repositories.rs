//! The steps that sign in to repositories and add them. A repository whose lists can't be had is taken out again at once, so that it
//! doesn't stand in the way of the package manager.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contara_system::machine;
use contara_system::package_manager::repositories::{
    Login, Places, RepositoryOrder, files, places, write,
};

use super::program::Stage;
use super::steps::chain;
use super::types::Credentials;
use super::{Engine, SetupError};
use crate::output::Mask;
use crate::plan::{PackageFacts, PlanModule, RepositoryFacts, repository_url};
use crate::transaction::machine::Event;
use crate::transaction::{Failure, Need, StepKind, Transaction, TransactionId};

/// A repository that a module brings.
pub(super) struct Brought {
    pub(super) module: String,
    pub(super) order: RepositoryOrder,
    is_restricted: bool,
    /// Whether it wants all others to go.
    is_alone: bool,
}

impl Engine {
    /// Adds which of the modules' repositories there are, whether the others can be added, and who answers of those that something
    /// has to be fetched from.
    pub(super) async fn look_at_repositories(
        &self,
        modules: &BTreeMap<String, PlanModule>,
        architecture: &str,
        facts: &mut PackageFacts,
    ) {
        let repositories = modules.values().flat_map(|one| &one.manifest.repositories);
        let urls = repositories.map(|repository| repository_url(repository, architecture));
        let urls: BTreeSet<_> = urls.collect();
        if urls.is_empty() && !facts.downloads() {
            return;
        }
        let places = match places(&*self.manager).await {
            Ok(Some(places)) => places,
            Ok(None) => return,
            Err(error) => {
                tracing::warn!("{}", chain(&error));
                return;
            }
        };
        let (known, mut fetched): (BTreeSet<_>, _) =
            urls.into_iter().partition(|url| places.knows(url));
        facts.repositories = RepositoryFacts {
            can_add: true,
            known,
        };
        if facts.downloads() {
            fetched.extend(facts.changes.sources.iter().cloned());
            fetched.extend(places.addresses());
        }
        facts.contacts = self.reach.look(&places, fetched).await;
    }

    /// Takes logins and passwords.
    pub(super) async fn sign_in(
        self: &Arc<Self>,
        id: TransactionId,
        credentials: Vec<Credentials>,
        by: &str,
    ) -> Result<Transaction, SetupError> {
        self.require_root()?;
        let shown = self.transaction(id).await?;
        if shown.needs != Some(Need::SignIn) {
            return Err(SetupError::WrongState(format!(
                "transaction {id} doesn't wait for anybody to sign in to a repository"
            )));
        }
        let logins: BTreeMap<_, _> = credentials.into_iter().map(login).collect();
        let places = places(&*self.manager).await;
        let places = places.map_err(|error| SetupError::WrongState(chain(&error)))?;
        for missing in places
            .iter()
            .flat_map(|places| self.missing(&shown, places))
        {
            self.check_login(missing, &logins)?;
        }
        let engine = Arc::clone(self);
        let text = format!("{by} signed in to the repositories.");
        self.to_the_end(async move {
            let mut live = engine.live.lock().await;
            let before = live
                .entries
                .get_mut(&id)
                .map(|entry| std::mem::replace(&mut entry.logins, logins));
            let changed = engine
                .change(&mut live, id, Event::SignedIn, None, &text)
                .await;
            if let (Err(_), Some(before), Some(entry)) =
                (&changed, before, live.entries.get_mut(&id))
            {
                entry.logins = before;
            }
            changed
        })
        .await?;
        self.transaction(id).await
    }

    /// Whether this one's login was given, and can be written down for the package manager.
    fn check_login(
        &self,
        missing: Brought,
        logins: &BTreeMap<(String, String), Login>,
    ) -> Result<(), SetupError> {
        if !missing.is_restricted {
            return Ok(());
        }
        let key = (missing.module, missing.order.slug);
        let login = logins.get(&key);
        let does = login.is_some_and(|login| {
            [&login.name, &login.password].into_iter().all(|text| {
                !text.is_empty()
                    && !text.contains(char::is_control)
                    && self.manager.takes_secret(text)
            })
        });
        match does {
            true => Ok(()),
            false => Err(SetupError::WrongState(format!(
                "the repository {} needs a login and a password, both without characters that {} can't keep in its file (such as blanks)",
                missing.order.name,
                self.manager.name()
            ))),
        }
    }

    /// Adds what is missing, one after the other.
    pub(super) async fn add_repositories(&self, id: TransactionId) -> Result<Event, SetupError> {
        let stage = self.stage(id).await?;
        let places = match places(&*self.manager).await {
            Ok(Some(places)) => places,
            Ok(None) => {
                return Ok(Event::Failed(failure(
                    "Contara can't add repositories to this package manager".into(),
                )));
            }
            Err(error) => return Ok(Event::Failed(failure(chain(&error)))),
        };
        let (shown, logins) = {
            let live = self.live.lock().await;
            let entry = live.entries.get(&id).ok_or(SetupError::NoTransaction(id))?;
            (entry.shown().clone(), entry.logins.clone())
        };
        let stage = Stage {
            mask: Mask::new(logins.values().map(|login| login.password.clone())),
            ..stage
        };
        let mut missing = self.missing(&shown, &places);
        for one in &mut missing {
            let key = (one.module.clone(), one.order.slug.clone());
            one.order.login = logins.get(&key).filter(|_| one.is_restricted).cloned();
        }
        if missing
            .iter()
            .any(|one| one.is_restricted && one.order.login.is_none())
        {
            let text = "A repository asks for a login and a password, which aren't known any more.";
            stage.log.note(None, text).await?;
            return Ok(Event::NotSignedIn);
        }
        if missing.is_empty() {
            let text = "All repositories are there already.";
            stage.log.note(None, text).await?;
        }
        for one in missing {
            if let Some(event) = self.add_repository(&stage, &places, &one).await? {
                self.forget_logins(id).await;
                return Ok(event);
            }
        }
        self.forget_logins(id).await;
        Ok(Event::StepDone)
    }

    /// Adds one; what follows if it can't be had.
    async fn add_repository(
        &self,
        stage: &Stage,
        places: &Places,
        missing: &Brought,
    ) -> Result<Option<Event>, SetupError> {
        let order = &missing.order;
        let module = Some(missing.module.as_str());
        let text = format!("Adding the repository {}: {}", order.name, order.url);
        stage.log.note(module, text).await?;
        if missing.is_alone {
            let text = "It asks for all other repositories to be removed. They are left as they are: disable them yourself if need be.";
            stage.log.note(module, text).await?;
        }
        let written = files(&*self.manager, places, order).and_then(|files| write(&files));
        let written = match written {
            Ok(written) => written,
            Err(error) => return Ok(Some(Event::Failed(failure(chain(&error))))),
        };
        let Some(event) = self.fetch(stage, places, order).await? else {
            return Ok(None);
        };
        written.take_back();
        let text = format!("The repository {} was taken out again.", order.name);
        stage.log.note(module, text).await?;
        Ok(Some(match event {
            Event::Failed(failure) => Event::Failed(Failure {
                step: StepKind::Repositories,
                module: module.map(str::to_owned),
                message: explained(missing, &failure),
                ..failure
            }),
            other => other,
        }))
    }

    /// Fetches its lists, with one more try.
    async fn fetch(
        &self,
        stage: &Stage,
        places: &Places,
        order: &RepositoryOrder,
    ) -> Result<Option<Event>, SetupError> {
        let Some(refresh) = self.manager.refresh_repository(places, order) else {
            return Ok(None);
        };
        if let Some(event) = self.wait_for_others(stage).await? {
            return Ok(Some(event));
        }
        match self.run_manager(stage, &refresh).await? {
            Some(Event::Failed(_)) => {}
            other => return Ok(other),
        }
        let text = "Its lists couldn't be fetched: trying once more.";
        stage.log.note(None, text).await?;
        self.run_manager(stage, &refresh).await
    }

    async fn forget_logins(&self, id: TransactionId) {
        let mut live = self.live.lock().await;
        if let Some(entry) = live.entries.get_mut(&id) {
            entry.logins.clear();
        }
    }

    /// What the transaction's modules bring and the machine hasn't, each once.
    fn missing(&self, shown: &Transaction, places: &Places) -> Vec<Brought> {
        let mut brought = self.brought(shown);
        brought.retain(|one| !places.knows(&one.order.url));
        brought
    }

    /// What the transaction's modules bring, each once.
    pub(super) fn brought(&self, shown: &Transaction) -> Vec<Brought> {
        let catalog = self.catalog();
        let architecture = machine::architecture();
        let mut seen = BTreeSet::new();
        let modules = shown.modules.iter();
        let modules = modules.filter_map(|module| catalog.setup(&module.slug));
        let all = modules.flat_map(|(found, manifest)| {
            let repositories = manifest.repositories.iter();
            let architecture = &architecture;
            repositories.map(move |repository| Brought {
                module: manifest.slug.clone(),
                order: RepositoryOrder {
                    slug: repository.slug.clone(),
                    name: repository.name.clone(),
                    url: repository_url(repository, architecture),
                    options: repository.options.clone(),
                    login: None,
                    key: repository.key.as_ref().map(|key| found.folder.join(key)),
                },
                is_restricted: repository.is_restricted,
                is_alone: repository.clean,
            })
        });
        all.filter(|one| seen.insert(one.order.url.clone()))
            .collect()
    }
}

fn login(credentials: Credentials) -> ((String, String), Login) {
    let login = Login {
        name: credentials.login,
        password: credentials.password,
    };
    (credentials.repository, login)
}

/// What went wrong, and what to do.
fn explained(missing: &Brought, failure: &Failure) -> String {
    let (name, url) = (&missing.order.name, &missing.order.url);
    let words = failure.last_lines.join("\n");
    let says = |signs: &[&str]| signs.iter().any(|sign| words.contains(sign));
    if says(&["401", "403"]) {
        return format!(
            "The repository {name} refuses the login and the password. Retry asks for them again."
        );
    }
    let is_garbage = says(&["NODATA"]);
    if !is_garbage && says(&["NO_PUBKEY", "not signed", "GPG", "BADSIG", "EXPKEYSIG"]) {
        return format!(
            "The repository {name} isn't signed with a key that this machine trusts. The module has to bring the right key."
        );
    }
    if says(&["404", "does not have a Release file", "File not found"]) {
        return format!(
            "There is no repository at {url}, or not a whole one. Look whether the address of {name} is right for this system."
        );
    }
    if says(&["connect", "resolve", "timed out", "Timeout"]) {
        return format!(
            "The repository {name} can't be reached at {url}. Look at the network, and retry."
        );
    }
    format!(
        "The lists of the repository {name} at {url} can't be read. What is there may be no repository for this package manager: see what it says."
    )
}

fn failure(message: String) -> Failure {
    Failure {
        step: StepKind::Repositories,
        module: None,
        message,
        command: None,
        exit: None,
        last_lines: Vec::new(),
        unapproved: None,
    }
}
