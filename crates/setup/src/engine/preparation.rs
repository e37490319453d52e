//! What has to be known before scripts can run: which modules have one, and whether somebody has to answer first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contara_i18n::{Explained, Languages, message};

use super::configured::SetupModule;
use super::entry::{Answered, Kept};
use super::script::{configure_failure, no_longer_there, not_configured};
use super::translation::Translation;
use super::{Engine, SetupError};
use crate::form::{self, Form, Posted};
use crate::hooks::{Hooks, NoCode};
use crate::transaction::machine::{Asks, Event};
use crate::transaction::{Failure, StepState, Transaction, TransactionId};

/// One module's questions.
pub(super) struct Questions {
    /// With what was answered before.
    pub(super) form: Form,
    /// To check the answers.
    pub(super) hooks: Arc<dyn Hooks>,
    /// Of what checks say.
    translation: Arc<Translation>,
}

impl Engine {
    /// Finds out, at a transaction's turn. It can be ended at any time.
    pub(super) async fn prepare(self: &Arc<Self>, id: TransactionId) -> Result<Event, SetupError> {
        let stage = self.stage(id).await?;
        tokio::select! {
            biased;
            () = stage.stop.cancelled() => Ok(Event::Stopped),
            event = self.prepared(id) => event,
        }
    }

    async fn prepared(self: &Arc<Self>, id: TransactionId) -> Result<Event, SetupError> {
        let (shown, kept) = {
            let live = self.live.lock().await;
            let entry = live.entries.get(&id).ok_or(SetupError::NoTransaction(id))?;
            (entry.shown().clone(), entry.kept.clone())
        };
        // Packages may be there that weren't when their code was loaded.
        left(&shown).for_each(|slug| self.hooks.forget(slug));
        let scripts = match self.scripts(&shown).await? {
            Ok(scripts) => scripts,
            Err(failure) => return Ok(Event::Failed(failure)),
        };
        let questions = self.questions(&shown, &kept, &shown.languages).await?;
        if questions.iter().any(|questions| questions.form.asks()) {
            let asks = Asks::Something;
            return Ok(Event::Prepared { asks, scripts });
        }
        let unanswered = BTreeMap::new();
        match check(&questions, &unanswered, &shown.by).await {
            Ok(answered) => {
                let mut live = self.live.lock().await;
                if let Some(entry) = live.entries.get_mut(&id) {
                    entry.answered.extend(answered);
                }
                let asks = Asks::Nothing;
                Ok(Event::Prepared { asks, scripts })
            }
            Err(errors) => Ok(Event::Failed(unanswerable(&errors))),
        }
    }

    /// The modules that are still to be configured and have a script; or why one can't be asked.
    pub(super) async fn scripts(
        &self,
        shown: &Transaction,
    ) -> Result<Result<BTreeSet<String>, Failure>, SetupError> {
        let mut scripts = BTreeSet::new();
        for slug in left(shown) {
            let Some(module) = self.setup_module(slug, &shown.languages).await? else {
                return Ok(Err(configure_failure(slug, no_longer_there(slug))));
            };
            match self.hooks.script_of(&module.reference).await {
                Ok(Some(_)) => drop(scripts.insert(slug.to_owned())),
                Ok(None) => {}
                Err(error) => {
                    return Ok(Err(configure_failure(slug, not_configured(slug, &error))));
                }
            }
        }
        Ok(Ok(scripts))
    }

    /// What is asked of those that are still to be configured, in order, by somebody who reads these languages.
    pub(super) async fn questions(
        &self,
        shown: &Transaction,
        kept: &Kept,
        languages: &Languages,
    ) -> Result<Vec<Questions>, SetupError> {
        let mut questions = Vec::new();
        for slug in left(shown) {
            let module = self.setup_module(slug, languages).await?;
            let module = module.filter(|module| module.manifest.config.is_some());
            if let Some(module) = module {
                let mut asked = self.questions_of(&module).await;
                if let Some(kept) = kept.get(slug) {
                    asked.form = form::with_kept(asked.form, kept);
                }
                questions.push(asked);
            }
        }
        Ok(questions)
    }

    async fn questions_of(&self, module: &SetupModule) -> Questions {
        let (hooks, problem) = match self.hooks.hooks_of(&module.reference).await {
            Ok(hooks) => (hooks, None),
            Err(error) => (
                Arc::new(NoCode) as Arc<dyn Hooks>,
                Some(error.explanation()),
            ),
        };
        let is_configured = module.reference.is_configured;
        let mut form = form::build(&module.manifest, is_configured, &*hooks).await;
        form.problems.extend(problem);
        let translation = Arc::clone(&module.translation);
        Questions {
            form,
            hooks,
            translation,
        }
    }
}

/// Checks what was posted; sentences by module and field if it doesn't do.
pub(super) async fn check(
    questions: &[Questions],
    posted: &BTreeMap<String, Posted>,
    by: &str,
) -> Result<BTreeMap<String, Answered>, BTreeMap<String, form::FieldErrors>> {
    let nothing = Posted::new();
    let mut answered = BTreeMap::new();
    let mut errors = BTreeMap::new();
    for questions in questions {
        let Questions {
            form,
            hooks,
            translation,
        } = questions;
        let posted = posted.get(&form.slug).unwrap_or(&nothing);
        match form::check(form, posted, &**hooks).await {
            Ok(answers) => {
                let form = form.clone();
                let by = by.to_owned();
                answered.insert(form.slug.clone(), Answered { form, answers, by });
            }
            Err(mut wrong) => {
                for text in wrong.values_mut() {
                    *text = translation.translate(text);
                }
                errors.insert(form.slug.clone(), wrong);
            }
        }
    }
    match errors.is_empty() {
        true => Ok(answered),
        false => Err(errors),
    }
}

/// Nobody is asked, and what is there doesn't do.
fn unanswerable(errors: &BTreeMap<String, form::FieldErrors>) -> Failure {
    let all = errors.iter().flat_map(|(slug, errors)| {
        let line = move |(field, error): (&String, &String)| format!("{slug}: {field}: {error}");
        errors.iter().map(line)
    });
    let all: Vec<_> = all.collect();
    let slug = errors.keys().next().map_or("", String::as_str);
    let message = message!(
        "A field that nobody is asked for doesn't do. {errors}",
        errors = all.join(" ")
    );
    configure_failure(slug, message)
}

/// The modules that are still to be configured.
fn left(shown: &Transaction) -> impl Iterator<Item = &str> {
    let modules = shown.modules.iter();
    let left = modules.filter(|module| module.state != StepState::Done);
    left.map(|module| module.slug.as_str())
}
