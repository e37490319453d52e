//! The steps that sign in to repositories and add them. A repository whose lists can't be had is taken out again at once, so that it
//! doesn't stand in the way of the package manager.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contara_system::machine;
use contara_system::package_manager::repositories::{
    Login, Places, RepositoryOrder, files, places, trust_key, write,
};

use super::program::Stage;
use super::types::Credentials;
use super::{Engine, SetupError};
use crate::output::Mask;
use crate::plan::{PackageFacts, PlanModule, RepositoryFacts, repository_url};
use crate::transaction::machine::Event;
use crate::transaction::{Failure, Need, StepKind, Transaction, TransactionId};
use contara_i18n::{Explained, Message, message, with_causes};

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
                tracing::warn!("{}", with_causes(&error));
                return;
            }
        };
        let (known, mut fetched): (BTreeSet<_>, _) =
            urls.into_iter().partition(|url| places.knows(url));
        facts.repositories = RepositoryFacts {
            can_add: true,
            keeps_logins: self.manager.keeps_logins(),
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
            return Err(SetupError::WrongState(message!(
                "transaction {transaction} doesn't wait for anybody to sign in to a repository",
                transaction = id
            )));
        }
        let logins: BTreeMap<_, _> = credentials.into_iter().map(login).collect();
        let places = places(&*self.manager).await;
        let places = places.map_err(|error| SetupError::WrongState(error.explanation()))?;
        for missing in places
            .iter()
            .flat_map(|places| self.missing(&shown, places))
        {
            self.check_login(missing, &logins)?;
        }
        let engine = Arc::clone(self);
        let text = message!("{person} signed in to the repositories.", person = by);
        self.to_the_end(async move {
            let mut live = engine.live.lock().await;
            let before = live
                .entries
                .get_mut(&id)
                .map(|entry| std::mem::replace(&mut entry.logins, logins));
            let changed = engine
                .change(&mut live, id, Event::SignedIn, None, text)
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
        if !self.manager.keeps_logins() {
            return Err(SetupError::WrongState(message!(
                "the repository {repository} needs a login and a password, and {manager} has no file of its own for them: add the repository yourself, and retry",
                repository = &missing.order.name,
                manager = self.manager.name()
            )));
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
            false => Err(SetupError::Login(message!(
                "the repository {repository} needs a login and a password, both without characters that {manager} can't keep in its file (such as blanks)",
                repository = &missing.order.name,
                manager = self.manager.name()
            ))),
        }
    }

    /// Adds what is missing, one after the other.
    pub(super) async fn add_repositories(&self, id: TransactionId) -> Result<Event, SetupError> {
        let stage = self.stage(id).await?;
        let places = match places(&*self.manager).await {
            Ok(Some(places)) => places,
            Ok(None) => {
                return Ok(Event::Failed(failure(message!(
                    "Contara can't add repositories to this package manager."
                ))));
            }
            Err(error) => return Ok(Event::Failed(failure(error.explanation()))),
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
            let text = message!(
                "A repository asks for a login and a password, which aren't known any more."
            );
            stage.log.note(None, text).await?;
            return Ok(Event::NotSignedIn);
        }
        if missing.is_empty() {
            let text = message!("All repositories are there already.");
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
        let text = message!(
            "Adding the repository {repository}: {url}",
            repository = &order.name,
            url = &order.url
        );
        stage.log.note(module, text).await?;
        if missing.is_alone
            && let Some(event) = self.remove_others(stage, module).await?
        {
            return Ok(Some(event));
        }
        let written = files(&*self.manager, places, order).and_then(|files| write(&files));
        let written = match written {
            Ok(written) => written,
            Err(error) => {
                return Ok(Some(Event::Failed(failure(error.explanation()))));
            }
        };
        let Some(event) = self.make_known(stage, places, order).await? else {
            return Ok(None);
        };
        written.take_back();
        let text = message!(
            "The repository {repository} was taken out again.",
            repository = &order.name
        );
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

    /// For a repository that wants to be alone: removes those that there are, where the package manager has a way for that.
    async fn remove_others(
        &self,
        stage: &Stage,
        module: Option<&str>,
    ) -> Result<Option<Event>, SetupError> {
        let Some(remove) = self.manager.remove_repositories() else {
            let text = message!(
                "It asks for all other repositories to be removed. They are left as they are: disable them yourself if need be."
            );
            stage.log.note(module, text).await?;
            return Ok(None);
        };
        let text = message!("It asks for all other repositories to be removed first.");
        stage.log.note(module, text).await?;
        if let Some(event) = self.wait_for_others(stage).await? {
            return Ok(Some(in_this_step(event)));
        }
        let removed = self.run_manager(stage, &remove).await?;
        Ok(removed.map(|event| match in_this_step(event) {
            Event::Failed(failure) => Event::Failed(Failure {
                message: message!(
                    "The other repositories couldn't be removed. The last lines say why. Retry when that is mended."
                ),
                ..failure
            }),
            other => other,
        }))
    }

    /// Has its key trusted, if its file alone doesn't do, and fetches its lists.
    async fn make_known(
        &self,
        stage: &Stage,
        places: &Places,
        order: &RepositoryOrder,
    ) -> Result<Option<Event>, SetupError> {
        if let Some(key) = &order.key {
            let key = self.manager.key_path(places, order, key);
            for command in trust_key(&*self.manager, &key).await {
                if let Some(event) = self.run_manager(stage, &command).await? {
                    return Ok(Some(event));
                }
            }
        }
        self.fetch(stage, places, order).await
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
        let text = message!("Its lists couldn't be fetched: trying once more.");
        stage.log.note(None, text).await?;
        if let Some(event) = self.wait_for_others(stage).await? {
            return Ok(Some(event));
        }
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
fn explained(missing: &Brought, failure: &Failure) -> Message {
    if failure.command.is_none() {
        // It wasn't even asked.
        return failure.message.clone();
    }
    let (name, url) = (&missing.order.name, &missing.order.url);
    let words = failure.last_lines.join("\n");
    let says = |signs: &[&str]| signs.iter().any(|sign| words.contains(sign));
    let answers = |statuses: &[&str]| {
        let mut words = words.split(|one: char| !one.is_ascii_alphanumeric());
        words.any(|word| statuses.contains(&word))
    };
    if answers(&["401", "403"]) && !missing.is_restricted {
        return message!(
            "The repository {repository} lets nobody in without a login, and the module doesn't say that it needs one. Correct `restricted` in its desc.json.",
            repository = name
        );
    }
    if answers(&["401", "403"]) {
        return message!(
            "The repository {repository} refuses the login and the password. Retry asks for them again.",
            repository = name
        );
    }
    let is_garbage = says(&["NODATA"]);
    if !is_garbage && says(&["NO_PUBKEY", "not signed", "GPG", "BADSIG", "EXPKEYSIG"]) {
        return message!(
            "The repository {repository} isn't signed with a key that this machine trusts. The module has to bring the right key.",
            repository = name
        );
    }
    if answers(&["404"]) || says(&["does not have a Release file", "File not found"]) {
        return message!(
            "There is no repository at {url}, or not a whole one. Look whether the address of {repository} is right for this system.",
            url = url,
            repository = name
        );
    }
    if says(&["connect", "resolve", "timed out", "Timeout"]) {
        return message!(
            "The repository {repository} can't be reached at {url}. Look at the network, and retry.",
            repository = name,
            url = url
        );
    }
    message!(
        "The lists of the repository {repository} at {url} can't be read. What is there may be no repository for this package manager: see what it says.",
        repository = name,
        url = url
    )
}

/// A failure of the package manager's is one of this step here.
fn in_this_step(event: Event) -> Event {
    match event {
        Event::Failed(failure) => Event::Failed(Failure {
            step: StepKind::Repositories,
            ..failure
        }),
        other => other,
    }
}

fn failure(message: Message) -> Failure {
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
