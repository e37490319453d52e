//! Setup modules as they are now: the journal says which are configured, unless their own code does.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use contara_manifest::{FieldKind, SetupManifest};
use contara_store::Store;
use contara_system::catalog::Found;
use contara_system::gettext::Texts;
use futures_util::{StreamExt, stream};
use tokio::task::spawn_blocking;

use super::{Engine, SetupError};
use crate::hooks::{SetupModuleRef, check_configured};

/// The section whose modules can be chosen again and again.
const MANAGEMENT: &str = "management";
/// Workers that are asked at the same time.
const AT_ONCE: usize = 4;

/// A module and how it is.
#[derive(Debug, Clone)]
pub(super) struct SetupModule {
    /// What its `desc.json` says, in the language that was set.
    pub(super) manifest: Arc<SetupManifest>,
    /// What else its files say.
    pub(super) known: Arc<Known>,
    /// Where its code is, and whether it is configured.
    pub(super) reference: SetupModuleRef,
    /// What went wrong when its code was asked last.
    pub(super) problems: Vec<String>,
}

/// What modules' files say by themselves, read once until they change: much cheaper than a worker that loads their code.
#[derive(Debug, Default)]
pub(super) struct KnownFiles(Mutex<BTreeMap<String, (u64, Arc<Known>)>>);

/// Of one module.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Which words its code has in it.
    pub(super) words: Words,
    /// What its catalogue says in the language that was set.
    pub(super) texts: Texts,
    /// Its `desc.json` in that language; `None` if the catalogue has nothing.
    translated: Option<Arc<SetupManifest>>,
}

/// Functions that a module's code may have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) check_configured: bool,
    pub(super) get_config_info: bool,
}

impl Engine {
    /// All usable setup modules, by slug.
    ///
    /// # Errors
    /// The journal can't be read.
    pub(super) async fn setup_modules(&self) -> Result<BTreeMap<String, SetupModule>, SetupError> {
        let configured = self.store.run(Store::setup_configured).await?;
        let catalog = self.catalog();
        let mut modules = Vec::new();
        for (found, manifest) in catalog.setups() {
            let is_configured = configured.contains_key(&manifest.slug);
            modules.push(self.module(found, manifest, is_configured).await);
        }
        let asked = stream::iter(modules).map(|module| self.asked(module));
        let asked: Vec<_> = asked.buffer_unordered(AT_ONCE).collect().await;
        let by_slug = |module: SetupModule| (module.reference.slug.clone(), module);
        Ok(asked.into_iter().map(by_slug).collect())
    }

    /// One of them; `None` if there is none.
    ///
    /// # Errors
    /// The journal can't be read.
    pub(super) async fn setup_module(&self, slug: &str) -> Result<Option<SetupModule>, SetupError> {
        let configured = self.store.run(Store::setup_configured).await?;
        let catalog = self.catalog();
        let Some((found, manifest)) = catalog.setup(slug) else {
            return Ok(None);
        };
        let is_configured = configured.contains_key(slug);
        let module = self.module(found, manifest, is_configured).await;
        Ok(Some(self.asked(module).await))
    }

    /// What the module's own code says of it overrides what was written down.
    async fn asked(&self, mut module: SetupModule) -> SetupModule {
        if module.known.words.check_configured
            && let Ok(hooks) = self.hooks.hooks_of(&module.reference).await
            && let Ok(Some(is_configured)) = check_configured(&*hooks).await
        {
            module.reference.is_configured = is_configured;
        }
        let troubles = self.hooks.troubles_of(&module.reference);
        module.problems = troubles.iter().map(ToString::to_string).collect();
        module
    }

    async fn module(
        &self,
        found: &Found,
        manifest: &Arc<SetupManifest>,
        is_configured: bool,
    ) -> SetupModule {
        let known = self.known(found, manifest).await;
        let translated = known.translated.as_ref();
        let manifest = Arc::clone(translated.unwrap_or(manifest));
        SetupModule {
            reference: SetupModuleRef {
                slug: manifest.slug.clone(),
                name: manifest.name.clone(),
                folder: found.folder.clone(),
                fingerprint: found.fingerprint,
                is_configured,
                may_know_secrets: may_have_secrets(&manifest),
            },
            manifest,
            known,
            problems: Vec::new(),
        }
    }

    async fn known(&self, found: &Found, manifest: &Arc<SetupManifest>) -> Arc<Known> {
        if let Some(known) = self.known_files.get(&manifest.slug, found.fingerprint) {
            return known;
        }
        let (folder, language) = (found.folder.clone(), self.settings.language.clone());
        let original = Arc::clone(manifest);
        let known = spawn_blocking(move || Arc::new(Known::read(&folder, &original, &language)));
        // The only reason is that the daemon ends.
        let known = known.await.unwrap_or_default();
        self.known_files
            .put(&manifest.slug, found.fingerprint, Arc::clone(&known));
        known
    }
}

impl SetupModule {
    /// Whether it can be chosen without asking for it to be configured again.
    pub(super) fn can_configure(&self) -> bool {
        !self.reference.is_configured || self.manifest.section == MANAGEMENT
    }
}

impl KnownFiles {
    fn get(&self, slug: &str, fingerprint: u64) -> Option<Arc<Known>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, known) = known.get(slug)?;
        (*of == fingerprint).then(|| Arc::clone(known))
    }

    fn put(&self, slug: &str, fingerprint: u64, read: Arc<Known>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(slug.to_owned(), (fingerprint, read));
    }
}

impl Known {
    fn read(folder: &Path, manifest: &SetupManifest, language: &str) -> Self {
        let texts = Texts::of(folder, &manifest.slug, language);
        let has_texts = texts != Texts::default();
        let translated = || Arc::new(manifest.translated(|text| texts.translate(text)));
        Self {
            words: words(folder),
            translated: has_texts.then(translated),
            texts,
        }
    }
}

/// Whether a field is a password, or a function makes fields that may be.
fn may_have_secrets(manifest: &SetupManifest) -> bool {
    let kinds = manifest.config.iter().flatten().map(|field| field.kind);
    kinds
        .into_iter()
        .any(|kind| matches!(kind, FieldKind::Password | FieldKind::Custom))
}

/// Names may also come from elsewhere, without being written down: `from x import *`.
fn words(folder: &Path) -> Words {
    let code = std::fs::read(folder.join("__init__.py")).unwrap_or_default();
    let code = String::from_utf8_lossy(&code);
    let has = |name| code.contains(name) || code.contains("import *");
    Words {
        check_configured: has("check_configured"),
        get_config_info: has("get_config_info"),
    }
}
