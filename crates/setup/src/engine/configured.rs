//! Setup modules as they are now: the journal says which are configured, unless their own code does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use contara_i18n::{Explained, Languages, Message};
use contara_manifest::{FieldKind, SetupManifest};
use contara_store::Store;
use contara_system::catalog::Found;
use contara_system::gettext;
use futures_util::{StreamExt, stream};
use tokio::task::spawn_blocking;

use super::translation::{Cache, Speech, Translation};
use super::{Engine, SetupError};
use crate::hooks::{SetupModuleRef, check_configured};

/// The section whose modules can be chosen again and again.
const MANAGEMENT: &str = "management";
/// Workers that are asked at the same time.
const AT_ONCE: usize = 4;

/// A module and how it is.
#[derive(Debug, Clone)]
pub(super) struct SetupModule {
    /// What its `desc.json` says, in the language of whoever asks.
    pub(super) manifest: Arc<SetupManifest>,
    /// What else it says in that language.
    pub(super) translation: Arc<Translation>,
    /// Which words its code has in it.
    pub(super) words: Words,
    /// Where its code is, and whether it is configured.
    pub(super) reference: SetupModuleRef,
    /// What went wrong when its code was asked last.
    pub(super) problems: Vec<Message>,
}

/// What modules' files say by themselves, read once until they change: much cheaper than a worker that loads their code.
#[derive(Debug, Default)]
pub(super) struct KnownFiles {
    files: Cache<String, Files>,
    translations: Cache<(String, Speech), Translation>,
}

/// Of one module, in any language.
#[derive(Debug, Default)]
struct Files {
    words: Words,
    /// The names of the languages that it has catalogues for.
    catalogues: Vec<String>,
}

/// Functions that a module's code may have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) check_configured: bool,
    pub(super) get_config_info: bool,
}

impl Engine {
    /// All usable setup modules, by slug, for somebody who reads these languages.
    ///
    /// # Errors
    /// The journal can't be read.
    pub(super) async fn setup_modules(
        &self,
        languages: &Languages,
    ) -> Result<BTreeMap<String, SetupModule>, SetupError> {
        let configured = self.store.run(Store::setup_configured).await?;
        let catalog = self.catalog();
        let mut modules = Vec::new();
        for (found, manifest) in catalog.setups() {
            let is_configured = configured.contains_key(&manifest.slug);
            let module = self.module(found, manifest, is_configured, languages);
            modules.push(module.await);
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
    pub(super) async fn setup_module(
        &self,
        slug: &str,
        languages: &Languages,
    ) -> Result<Option<SetupModule>, SetupError> {
        let configured = self.store.run(Store::setup_configured).await?;
        let catalog = self.catalog();
        let Some((found, manifest)) = catalog.setup(slug) else {
            return Ok(None);
        };
        let is_configured = configured.contains_key(slug);
        let module = self.module(found, manifest, is_configured, languages);
        Ok(Some(self.asked(module.await).await))
    }

    /// The languages in which somebody who reads `languages` is told of these modules, as HTTP names them.
    pub(super) async fn spoken(&self, slugs: &[&str], languages: &Languages) -> Vec<String> {
        let catalog = self.catalog();
        let mut tags = Vec::new();
        for (found, manifest) in slugs.iter().filter_map(|slug| catalog.setup(slug)) {
            let tag = self.speech(found, manifest, languages).await.tag();
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        tags
    }

    /// The languages that there are catalogues for, of any module: by their names, such as `fr_FR`.
    pub(super) async fn catalogues(&self) -> BTreeSet<String> {
        let catalog = self.catalog();
        let mut names = BTreeSet::new();
        for (found, manifest) in catalog.setups() {
            names.extend(self.files(found, manifest).await.catalogues.iter().cloned());
        }
        names
    }

    /// What the module's own code says of it overrides what was written down.
    async fn asked(&self, mut module: SetupModule) -> SetupModule {
        if module.words.check_configured
            && let Ok(hooks) = self.hooks.hooks_of(&module.reference).await
            && let Ok(Some(is_configured)) = check_configured(&*hooks).await
        {
            module.reference.is_configured = is_configured;
        }
        let troubles = self.hooks.troubles_of(&module.reference);
        module.problems = troubles.iter().map(Explained::explanation).collect();
        module
    }

    async fn module(
        &self,
        found: &Found,
        manifest: &Arc<SetupManifest>,
        is_configured: bool,
        languages: &Languages,
    ) -> SetupModule {
        let files = self.files(found, manifest).await;
        let speech = self.speech(found, manifest, languages).await;
        let translation = self.translation(found, manifest, &speech).await;
        let manifest = Arc::clone(&translation.manifest);
        SetupModule {
            reference: SetupModuleRef {
                slug: manifest.slug.clone(),
                name: manifest.name.clone(),
                folder: found.folder.clone(),
                fingerprint: found.fingerprint,
                is_configured,
                may_know_secrets: may_have_secrets(&manifest),
                language: speech.language().to_owned(),
            },
            manifest,
            translation,
            words: files.words,
            problems: Vec::new(),
        }
    }

    /// What a module's `desc.json` says to somebody who reads these languages.
    pub(super) async fn manifest_for(
        &self,
        found: &Found,
        manifest: &Arc<SetupManifest>,
        languages: &Languages,
    ) -> Arc<SetupManifest> {
        let speech = self.speech(found, manifest, languages).await;
        let translation = self.translation(found, manifest, &speech).await;
        Arc::clone(&translation.manifest)
    }

    /// The languages of somebody who has said nothing of any are those of the configuration.
    pub(super) fn languages<'l>(&'l self, wanted: &'l Languages) -> &'l Languages {
        match wanted.is_empty() {
            true => &self.usual_languages,
            false => wanted,
        }
    }

    async fn speech(
        &self,
        found: &Found,
        manifest: &Arc<SetupManifest>,
        languages: &Languages,
    ) -> Speech {
        let files = self.files(found, manifest).await;
        Speech::best(self.languages(languages), &files.catalogues)
    }

    async fn files(&self, found: &Found, manifest: &Arc<SetupManifest>) -> Arc<Files> {
        let known = &self.known_files.files;
        if let Some(files) = known.get(&manifest.slug, found.fingerprint) {
            return files;
        }
        let (folder, slug) = (found.folder.clone(), manifest.slug.clone());
        let read = spawn_blocking(move || Files::read(&folder, &slug)).await;
        // The only reason is that the daemon ends.
        let files = Arc::new(read.unwrap_or_default());
        known.put(manifest.slug.clone(), found.fingerprint, Arc::clone(&files));
        files
    }

    async fn translation(
        &self,
        found: &Found,
        manifest: &Arc<SetupManifest>,
        speech: &Speech,
    ) -> Arc<Translation> {
        let known = &self.known_files.translations;
        let key = (manifest.slug.clone(), speech.clone());
        if let Some(translation) = known.get(&key, found.fingerprint) {
            return translation;
        }
        let (folder, original) = (found.folder.clone(), Arc::clone(manifest));
        let speech = speech.clone();
        let read = spawn_blocking(move || Translation::read(&folder, &original, &speech)).await;
        // The only reason is that the daemon ends.
        let translation = read.unwrap_or_else(|_| Translation::as_written(manifest));
        let translation = Arc::new(translation);
        known.put(key, found.fingerprint, Arc::clone(&translation));
        translation
    }
}

impl SetupModule {
    /// Whether it can be chosen without asking for it to be configured again.
    pub(super) fn can_configure(&self) -> bool {
        !self.reference.is_configured || self.manifest.section == MANAGEMENT
    }
}

impl Files {
    fn read(folder: &Path, slug: &str) -> Self {
        Self {
            words: words(folder),
            catalogues: gettext::languages_of(folder, slug),
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
