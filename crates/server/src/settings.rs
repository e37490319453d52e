//! Modules' settings, apart from HTTP: read, checked by the host and then by the module, stored, and handed over.
//!
//! Either all of a change holds or nothing does: what the module doesn't take is taken out of the store again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use axum::http::StatusCode;
use contara_i18n::{Explained, Message, message};
use contara_protocol::Tree;
use contara_protocol::link::{Loaded, Private};
use contara_store::ModuleSettings;
use contara_supervisor::SettingsError;
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};
use tracing::warn;

use crate::activity::{Deed, Outcome, What};
use crate::app::App;
use crate::auth::principal::Principal;
use crate::modules;
use crate::refusal::{Members, Refusal};
use crate::settings_schema::SettingsSchema;

/// A module's settings as clients see them.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) schema: Tree,
    pub(crate) values: Map<String, Value>,
    /// By secret field: whether one is set.
    pub(crate) secrets: BTreeMap<String, bool>,
    pub(crate) problem: Option<Message>,
    pub(crate) version: i64,
}

/// One change of a module's settings at a time.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<HashMap<String, Weak<Turn<()>>>>);

/// All that is set for a module. Shows no secret.
#[derive(Clone, Default)]
struct Set {
    values: Map<String, Value>,
    secrets: Map<String, Value>,
    lost: BTreeSet<String>,
}

/// The answer of a worker to `check_settings`.
#[derive(Deserialize)]
struct Checked {
    values: Map<String, Value>,
}

/// What is set for a module, also for one that isn't enabled.
pub(crate) async fn read(app: &App, name: &str) -> Result<Shown, Refusal> {
    let (loaded, tree) = loaded(app, name).await?;
    let schema = SettingsSchema::of(&tree);
    // Before the rest: with one that is too old a change is refused, with one that is too new it might not be.
    let version = version(app, name).await?;
    let set = stored(app, name).await?.unwrap_or_default();
    let settings = set.tree().unwrap_or_else(|| Private(Tree::empty_map()));
    let checked = check(app, name, &set, settings).await;
    Ok(shown(&loaded, &schema, tree, &set, checked, version))
}

/// Makes `body` the settings of a module. A secret that is left out stays, null clears it; any other value that is left
/// out becomes its default. Refused if they aren't those of the version `seen` any more.
pub(crate) async fn write(
    app: &App,
    by: &Principal,
    name: &str,
    body: Map<String, Value>,
    seen: Option<i64>,
) -> Result<Shown, Refusal> {
    let (loaded, tree) = loaded(app, name).await?;
    let schema = SettingsSchema::of(&tree);
    let _turn = app.settings_turns.take(name).await;
    refuse_stale(seen, version(app, name).await?)?;
    let before = stored(app, name).await?;
    let wanted = wanted(&schema, before.clone().unwrap_or_default(), body);
    refuse_bad(schema.problems(&wanted.whole()))?;
    let values = check(app, name, &wanted, wanted.private()?).await;
    let set = Set {
        values: without(values.map_err(refusal)?, schema.secrets()),
        ..wanted
    };
    let settings = set.private()?;
    let version = store(app, name, Some(set.clone())).await?;
    let configured = app.supervisor.configure(name, settings).await;
    let outcome = configured
        .as_ref()
        .map_or(Outcome::Failed, |_| Outcome::Done);
    let what = What::SettingsChanged {
        module: name.to_owned(),
    };
    app.activity.record(Deed::ended(by, what, outcome));
    if let Err(error) = configured {
        take_back(app, name, before).await?;
        return Err(refusal(error));
    }
    let values = Ok(set.values.clone());
    Ok(shown(&loaded, &schema, tree, &set, values, version))
}

async fn loaded(app: &App, name: &str) -> Result<(Arc<Loaded>, Tree), Refusal> {
    let loaded = modules::loaded(app, name).await?;
    match loaded.settings.clone() {
        Some(schema) => Ok((loaded, schema)),
        None => Err(Refusal::new(
            StatusCode::NOT_FOUND,
            message!("Module '{module}' has no settings", module = name),
        )),
    }
}

async fn check(
    app: &App,
    name: &str,
    set: &Set,
    settings: Private,
) -> Result<Map<String, Value>, SettingsError> {
    let answer = app.supervisor.check_settings(name, settings).await?;
    // A worker that answers something else has said nothing against them.
    Ok(answer
        .decode::<Checked>()
        .map_or_else(|_| set.values.clone(), |checked| checked.values))
}

fn shown(
    loaded: &Loaded,
    schema: &SettingsSchema,
    tree: Tree,
    set: &Set,
    checked: Result<Map<String, Value>, SettingsError>,
    version: i64,
) -> Shown {
    let (values, problem) = match checked {
        Ok(values) => (values, None),
        Err(error) => {
            let mut values = schema.defaults();
            values.extend(set.values.clone());
            let why = loaded.settings_problem.clone();
            let why = why.map_or_else(|| error.message(), Message::verbatim);
            (values, Some(why))
        }
    };
    let secrets = schema.secrets().iter();
    Shown {
        schema: tree,
        values: without(values, schema.secrets()),
        secrets: secrets
            .map(|field| (field.clone(), set.secrets.contains_key(field)))
            .collect(),
        problem: lost_words(&set.lost).or(problem),
        version,
    }
}

fn lost_words(lost: &BTreeSet<String>) -> Option<Message> {
    let names: Vec<_> = lost.iter().map(String::as_str).collect();
    (!names.is_empty()).then(|| {
        message!(
            "The key of the stored secrets is lost or another one. Set again: {fields}.",
            fields = names.join(", ")
        )
    })
}

fn wanted(schema: &SettingsSchema, before: Set, body: Map<String, Value>) -> Set {
    let mut set = Set {
        values: Map::new(),
        ..before
    };
    for (field, value) in body {
        if !schema.secrets().contains(&field) {
            set.values.insert(field, value);
            continue;
        }
        set.lost.remove(&field);
        if value.is_null() {
            set.secrets.remove(&field);
        } else {
            set.secrets.insert(field, value);
        }
    }
    // What isn't secret any more, or isn't there any more, after the module has changed.
    set.secrets
        .retain(|field, _| schema.secrets().contains(field));
    set.lost.retain(|field| schema.secrets().contains(field));
    set
}

async fn stored(app: &App, name: &str) -> Result<Option<Set>, Refusal> {
    let module = name.to_owned();
    let found = app
        .store
        .run(move |store| store.module_settings(&module))
        .await?;
    Ok(found.map(Set::of))
}

async fn version(app: &App, name: &str) -> Result<i64, Refusal> {
    let module = name.to_owned();
    let read = move |store: &contara_store::Store| store.module_settings_version(&module);
    Ok(app.store.run(read).await?)
}

/// Gives their version; `None` forgets them.
async fn store(app: &App, name: &str, set: Option<Set>) -> Result<i64, Refusal> {
    let module = name.to_owned();
    let write = move |store: &contara_store::Store| match set {
        Some(set) => store.set_module_settings(&module, &set.row()),
        None => store.forget_module_settings(&module).map(|()| 0),
    };
    Ok(app.store.run(write).await?)
}

/// Brings store and module back to what they were.
async fn take_back(app: &App, name: &str, before: Option<Set>) -> Result<(), Refusal> {
    store(app, name, before.clone()).await?;
    let settings = before.unwrap_or_default().private()?;
    if let Err(error) = app.supervisor.configure(name, settings).await {
        warn!(
            module = name,
            "it did not take its former settings back: {error}"
        );
    }
    Ok(())
}

fn refuse_stale(seen: Option<i64>, version: i64) -> Result<(), Refusal> {
    if seen.is_none_or(|seen| seen == version) {
        return Ok(());
    }
    let message = message!("These settings were changed meanwhile");
    Err(Refusal::new(StatusCode::CONFLICT, message).members(Members::kind("settings_changed")))
}

fn refuse_bad(problems: BTreeMap<String, Message>) -> Result<(), Refusal> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Refusal::fields(
            message!("Some settings are not right"),
            problems,
        ))
    }
}

fn refusal(error: SettingsError) -> Refusal {
    match error {
        SettingsError::BadFields { message, fields } => {
            Refusal::fields(Message::verbatim(message), modules::verbatim(fields))
        }
        error => Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            message!(
                "The settings were not taken, and stay as they were: {reason}",
                reason = error.message()
            ),
        ),
    }
}

fn without(mut values: Map<String, Value>, fields: &BTreeSet<String>) -> Map<String, Value> {
    values.retain(|field, _| !fields.contains(field));
    values
}

impl Set {
    fn of(row: ModuleSettings) -> Self {
        let secrets = row.secrets.into_iter();
        Self {
            values: serde_json::from_str(&row.values).unwrap_or_default(),
            secrets: secrets
                .filter_map(|(field, secret)| Some((field, serde_json::from_str(&secret).ok()?)))
                .collect(),
            lost: row.lost,
        }
    }

    fn row(&self) -> ModuleSettings {
        let secrets = self.secrets.iter();
        ModuleSettings {
            values: Value::Object(self.values.clone()).to_string(),
            secrets: secrets
                .map(|(field, secret)| (field.clone(), secret.to_string()))
                .collect(),
            lost: self.lost.clone(),
        }
    }

    fn whole(&self) -> Map<String, Value> {
        let mut all = self.values.clone();
        all.extend(self.secrets.clone());
        all
    }

    fn tree(&self) -> Option<Private> {
        Tree::from_value(&self.whole()).ok().map(Private)
    }

    fn private(&self) -> Result<Private, Refusal> {
        self.tree().ok_or_else(|| {
            Refusal::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                message!("The settings hold something that a module can't take"),
            )
        })
    }
}

impl Turns {
    async fn take(&self, name: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            turns.retain(|_, turn| turn.strong_count() > 0);
            let known = turns.get(name).and_then(Weak::upgrade);
            known.unwrap_or_else(|| {
                let turn = Arc::default();
                turns.insert(name.to_owned(), Arc::downgrade(&turn));
                turn
            })
        };
        turn.lock_owned().await
    }
}
