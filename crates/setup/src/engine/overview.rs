//! All setup modules as people see them.

use std::collections::BTreeMap;

use contara_i18n::{Languages, Message};
use contara_manifest::{Problem, Section, SetupManifest};
use contara_store::Store;
use contara_system::catalog::{Catalog, Found};

use super::configured::SetupModule;
use super::translation::{section_name, tag};
use super::types::{ModuleView, Overview};
use super::{Engine, SetupError};

impl Engine {
    /// All that there is, for somebody who reads these languages.
    pub(super) async fn overview(&self, languages: &Languages) -> Result<Overview, SetupError> {
        let catalog = self.catalog();
        let (modules, installed) = tokio::join!(self.setup_modules(languages), self.installed());
        let modules = modules?;
        let last = self.last_transactions().await?;
        let usable = modules.values().map(|module| {
            let installed = installed
                .as_ref()
                .map(|installed| self.has_all(&module.manifest, installed));
            ModuleView {
                is_installed: installed,
                transaction: last.get(&module.reference.slug).copied(),
                ..self.module_view(&catalog, module)
            }
        });
        let unusable = catalog.modules.iter().filter_map(unusable_view);
        let mut views: Vec<_> = usable.chain(unusable).collect();
        sort(&mut views, &catalog);
        let languages = self.languages(languages);
        let sections = catalog.sections.iter();
        let section = |section: &Section| {
            let name = section_name(languages, &section.name);
            (section.slug.clone(), name)
        };
        Ok(Overview {
            sections: sections.map(section).collect(),
            languages: self
                .catalogues()
                .await
                .iter()
                .map(|name| tag(name))
                .collect(),
            modules: views,
            package_manager: self.manager.name().to_owned(),
            read_only: self.require_root().err().map(|error| error.message()),
        })
    }

    fn module_view(&self, catalog: &Catalog, module: &SetupModule) -> ModuleView {
        let manifest = &module.manifest;
        let is_configured = module.reference.is_configured;
        let found = catalog.setup(&manifest.slug).map(|(found, _)| found);
        let mut problems: Vec<_> = found.map(problems).unwrap_or_default();
        problems.extend(module.problems.iter().cloned());
        let links = manifest.links.iter().filter(|_| is_configured);
        ModuleView {
            is_configured,
            can_configure: module.can_configure(),
            has_form: manifest.config.is_some(),
            has_script: (!module.words.get_config_info).then_some(false),
            links: links
                .map(|link| (link.name.clone(), link.value.clone()))
                .collect(),
            problems,
            is_usable: true,
            ..plain_view(manifest)
        }
    }

    /// For each module the unfinished transaction that it is part of, else the last one.
    async fn last_transactions(&self) -> Result<BTreeMap<String, u64>, SetupError> {
        let rows = self.store.run(Store::last_setup_transactions).await?;
        let rows = rows.into_iter();
        let mut last: BTreeMap<_, _> = rows.map(|(slug, id)| (slug, id.cast_unsigned())).collect();
        let live = self.live.lock().await;
        for (id, entry) in &live.entries {
            if entry.machine.is_unfinished() {
                let modules = entry.shown().modules.iter();
                last.extend(modules.map(|module| (module.slug.clone(), *id)));
            }
        }
        Ok(last)
    }
}

fn problems(found: &Found) -> Vec<Message> {
    found.problems.iter().map(Problem::line).collect()
}

/// What only its manifest tells.
fn plain_view(manifest: &SetupManifest) -> ModuleView {
    ModuleView {
        slug: manifest.slug.clone(),
        name: manifest.name.clone(),
        description: manifest.description.clone(),
        section: manifest.section.clone(),
        category: (
            manifest.category.slug.clone(),
            manifest.category.name.clone(),
        ),
        is_standalone: manifest.is_standalone,
        url: manifest.url.clone(),
        is_configured: false,
        is_installed: None,
        can_configure: false,
        has_form: false,
        has_script: None,
        reboot: manifest.reboot,
        dependencies: manifest.dependencies.clone(),
        conflicts: manifest.conflicts.clone(),
        links: Vec::new(),
        problems: Vec::new(),
        is_usable: false,
        transaction: None,
    }
}

/// A folder whose `desc.json` can't be used is shown with what is wrong.
fn unusable_view(found: &Found) -> Option<ModuleView> {
    if found.setup.is_some() || !found.folder.join("desc.json").is_file() {
        return None;
    }
    Some(ModuleView {
        problems: problems(found),
        ..plain_view(&SetupManifest {
            slug: found.name.clone(),
            name: found.name.clone(),
            is_standalone: true,
            section: "other".into(),
            ..SetupManifest::default()
        })
    })
}

/// By section, category and name.
fn sort(views: &mut [ModuleView], catalog: &Catalog) {
    let place = |view: &ModuleView| {
        let mut sections = catalog.sections.iter();
        let place = sections.position(|section| section.slug == view.section);
        place.unwrap_or(usize::MAX)
    };
    views.sort_by_cached_key(|view| {
        (
            place(view),
            view.category.1.to_lowercase(),
            view.name.to_lowercase(),
            view.slug.clone(),
        )
    });
}
