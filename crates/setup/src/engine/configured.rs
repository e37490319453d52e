//! Setup modules as they are now: the journal says which are configured, unless their own code does.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use contara_manifest::SetupManifest;
use contara_store::Store;
use contara_system::catalog::Found;
use contara_system::gettext::Texts;
use futures_util::{StreamExt, stream};

use super::{Engine, SetupError};
use crate::hooks::{SetupModuleRef, check_configured};

/// Workers that are asked at the same time.
const AT_ONCE: usize = 4;

/// A module and how it is.
#[derive(Debug, Clone)]
pub(super) struct SetupModule {
    /// What its `desc.json` says.
    /// In the language that was set.
    pub(super) manifest: Arc<SetupManifest>,
    /// Where its code is, and whether it is configured.
    pub(super) reference: SetupModuleRef,
    /// Its code couldn't be asked whether it is.
    pub(super) problem: Option<String>,
}

/// Which modules' code has certain words in it. Looking is much cheaper than a worker that loads it.
#[derive(Debug, Default)]
pub(super) struct KnownCode(Mutex<BTreeMap<String, (u64, Words)>>);

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
        let modules = catalog.setups().map(|(found, manifest)| {
            let is_configured = configured.contains_key(&manifest.slug);
            self.module(found, manifest, is_configured)
        });
        let modules: Vec<_> = modules.collect();
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
        let module = self.module(found, manifest, configured.contains_key(slug));
        Ok(Some(self.asked(module).await))
    }

    /// What the module's own code says of it overrides what was written down.
    async fn asked(&self, mut module: SetupModule) -> SetupModule {
        if !self.known_code.words(&module.reference).check_configured {
            return module;
        }
        let answer = match self.hooks.hooks_of(&module.reference).await {
            Ok(hooks) => check_configured(&*hooks).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(Some(is_configured)) => module.reference.is_configured = is_configured,
            Ok(None) => {}
            Err(error) => module.problem = Some(error.to_string()),
        }
        module
    }

    fn module(
        &self,
        found: &Found,
        manifest: &Arc<SetupManifest>,
        is_configured: bool,
    ) -> SetupModule {
        let texts = self.texts(&found.folder, &manifest.slug);
        let manifest = match texts == Texts::default() {
            true => Arc::clone(manifest),
            false => Arc::new(manifest.translated(|text| texts.translate(text))),
        };
        module(found, manifest, is_configured)
    }

    /// What a module's catalogue says in the language that was set.
    pub(super) fn texts(&self, folder: &Path, slug: &str) -> Texts {
        Texts::of(folder, slug, &self.settings.language)
    }
}

fn module(found: &Found, manifest: Arc<SetupManifest>, is_configured: bool) -> SetupModule {
    SetupModule {
        reference: SetupModuleRef {
            slug: manifest.slug.clone(),
            name: manifest.name.clone(),
            folder: found.folder.clone(),
            fingerprint: found.fingerprint,
            is_configured,
        },
        manifest,
        problem: None,
    }
}

impl KnownCode {
    /// What the module's code may have.
    pub(super) fn words(&self, module: &SetupModuleRef) -> Words {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match known.get(&module.slug) {
            Some((fingerprint, words)) if *fingerprint == module.fingerprint => *words,
            _ => {
                let words = read(&module.folder);
                known.insert(module.slug.clone(), (module.fingerprint, words));
                words
            }
        }
    }
}

/// Names may also come from elsewhere, without being written down: `from x import *`.
fn read(folder: &Path) -> Words {
    let code = std::fs::read(folder.join("__init__.py")).unwrap_or_default();
    let code = String::from_utf8_lossy(&code);
    let has = |name| code.contains(name) || code.contains("import *");
    Words {
        check_configured: has("check_configured"),
        get_config_info: has("get_config_info"),
    }
}
