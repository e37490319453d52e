//! One look at all folders of modules.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use contara_manifest::{
    Code, Folder, MAX_BYTES, ModuleManifest, Problem, ReadFailure, Section, SetupManifest, Source,
    read_module, read_setup, shadowed, shadowed_slug,
};

use super::{fingerprint, sections};

/// A folder whose folders are modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Where.
    pub path: PathBuf,
    /// What the modules in it are.
    pub source: Source,
}

/// A module's folder, whether the module in it is usable or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The folder.
    pub folder: PathBuf,
    /// Its name, which a usable live module has too. What is set up is known by its slug instead.
    pub name: String,
    /// What it is.
    pub source: Source,
    /// The manifest; `None` if an error makes the module unusable, or another folder has its name.
    pub manifest: Option<Arc<ModuleManifest>>,
    /// What its `desc.json` says; `None` if there is none, an error makes it unusable, or another folder has its slug.
    pub setup: Option<Arc<SetupManifest>>,
    /// Which of the manifests the folder has, whether they can be used or not.
    pub parts: Parts,
    /// All that is wrong or doubtful.
    pub problems: Vec<Problem>,
    /// Changes when the module's code does.
    pub fingerprint: u64,
    /// Whether its author works on it right now: see [`Watch::develop`](super::Watch::develop).
    pub in_development: bool,
}

/// What a folder's files make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parts {
    /// A `module.json`, or neither of the two, which is a live module that lacks it.
    Live,
    /// A `desc.json` only: nothing that could run on the dashboard.
    Setup,
    /// Both.
    Both,
}

impl Found {
    /// Whether it has, or should have, something that runs on the dashboard.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.parts != Parts::Setup
    }
}

/// All modules, those that win their name first in the order of the roots, then by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalog {
    /// Usable and unusable ones.
    pub modules: Vec<Found>,
    /// Of the `sections.json` beside the modules, in the order of the roots, the first of two with one slug; the usual ones
    /// if there is none. Sections that only modules name come last.
    pub sections: Vec<Section>,
    /// All that is wrong or doubtful about those files.
    pub section_problems: Vec<Problem>,
    /// Folders of modules that could not be read, with the system's reason.
    pub unreadable: Vec<(PathBuf, String)>,
}

impl Catalog {
    /// The usable module of this name.
    #[must_use]
    pub fn usable(&self, name: &str) -> Option<(&Found, &Arc<ModuleManifest>)> {
        let mut named = self.modules.iter().filter(|found| found.name == name);
        named.find_map(|found| Some((found, found.manifest.as_ref()?)))
    }

    /// The usable setup module of this slug.
    #[must_use]
    pub fn setup(&self, slug: &str) -> Option<(&Found, &Arc<SetupManifest>)> {
        let mut usable = self.setups();
        usable.find(|(_, setup)| setup.slug == slug)
    }

    /// All usable setup modules.
    pub fn setups(&self) -> impl Iterator<Item = (&Found, &Arc<SetupManifest>)> {
        let modules = self.modules.iter();
        modules.filter_map(|found| Some((found, found.setup.as_ref()?)))
    }

    /// Whether the two differ in nothing that people are shown: code may have changed, but no fact about a module.
    #[must_use]
    pub fn looks_like(&self, other: &Self) -> bool {
        let without_code = |catalog: &Self| {
            let mut catalog = catalog.clone();
            catalog
                .modules
                .iter_mut()
                .for_each(|found| found.fingerprint = 0);
            catalog
        };
        without_code(self) == without_code(other)
    }

    /// Any folder of this name with a live module, the usable one first.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Found> {
        let usable = self.usable(name).map(|(found, _)| found);
        usable.or_else(|| self.live().find(|found| found.name == name))
    }

    /// All folders with live modules, usable or not.
    pub fn live(&self) -> impl Iterator<Item = &Found> {
        self.modules.iter().filter(|found| found.is_live())
    }
}

/// Reads every module in `roots`, and those in development. Of two folders with one name one in development wins, then
/// the first root's, so builtin roots come first.
#[must_use]
pub fn scan(roots: &[Root], in_development: &[PathBuf]) -> Catalog {
    let mut catalog = Catalog::default();
    let mut taken = Taken::default();
    for path in in_development {
        let found = taken.read(path, Source::Community);
        catalog.modules.push(Found {
            in_development: true,
            ..found
        });
    }
    // Where an author works in the modules folder itself, the folder is there once and not its own rival.
    let is_listed = |path: &Path| {
        let path = path.canonicalize();
        path.is_ok_and(|path| in_development.contains(&path))
    };
    for root in roots {
        match module_folders(&root.path) {
            Ok(folders) => {
                for path in folders.into_iter().filter(|path| !is_listed(path)) {
                    catalog.modules.push(taken.read(&path, root.source));
                }
            }
            Err(error) => catalog
                .unreadable
                .push((root.path.clone(), error.to_string())),
        }
    }
    (catalog.sections, catalog.section_problems) = sections::read(roots, &catalog);
    catalog
}

/// The names and slugs that folders have won, and which ones have.
#[derive(Default)]
struct Taken {
    names: HashMap<String, (PathBuf, Source)>,
    slugs: HashMap<String, PathBuf>,
}

impl Taken {
    fn read(&mut self, path: &Path, source: Source) -> Found {
        let mut found = read_module_folder(path, source);
        if found.is_live() {
            self.claim_name(&mut found);
        }
        if let Some(setup) = found.setup.clone() {
            self.claim_slug(&mut found, &setup.slug);
        }
        found
    }

    fn claim_name(&mut self, found: &mut Found) {
        let claim = (found.folder.clone(), found.source);
        match self.names.entry(found.name.clone()) {
            Entry::Vacant(free) => {
                free.insert(claim);
            }
            Entry::Occupied(by) => {
                let folder = as_folder(&found.folder, Err(ReadFailure::NotFound));
                let (by, by_source) = by.get();
                found.problems.push(shadowed(&folder, by, *by_source));
                found.manifest = None;
            }
        }
    }

    fn claim_slug(&mut self, found: &mut Found, slug: &str) {
        match self.slugs.entry(slug.to_owned()) {
            Entry::Vacant(free) => {
                free.insert(found.folder.clone());
            }
            Entry::Occupied(by) => {
                let problem = shadowed_slug(&found.folder, slug, by.get());
                found.problems.push(problem);
                found.setup = None;
            }
        }
    }
}

/// Reads the module in one folder.
#[must_use]
pub fn read_module_folder(path: &Path, source: Source) -> Found {
    let live = as_folder(path, read_bounded(&path.join("module.json")));
    let setup = as_folder(path, read_bounded(&path.join("desc.json")));
    let parts = parts(&live, &setup);
    let mut found = Found {
        folder: path.to_owned(),
        name: live.name.clone(),
        source,
        manifest: None,
        setup: None,
        parts,
        problems: Vec::new(),
        fingerprint: fingerprint::of(path),
        in_development: false,
    };
    if parts != Parts::Setup {
        let (manifest, problems) = read_module(&live, source);
        found.manifest = manifest.map(Arc::new);
        found.problems.extend(problems);
    }
    if parts != Parts::Live {
        let (manifest, problems) = read_setup(&setup);
        found.setup = manifest.map(Arc::new);
        // That the folder lacks its code is said once.
        let is_news =
            |problem: &Problem| parts == Parts::Setup || problem.code != Code::MissingInit;
        found.problems.extend(problems.into_iter().filter(is_news));
    }
    found
}

fn parts(live: &Folder, setup: &Folder) -> Parts {
    let is_there = |folder: &Folder| folder.manifest != Err(ReadFailure::NotFound);
    match (is_there(live), is_there(setup)) {
        (true, true) => Parts::Both,
        (false, true) => Parts::Setup,
        (_, false) => Parts::Live,
    }
}

fn as_folder(path: &Path, manifest: Result<Vec<u8>, ReadFailure>) -> Folder {
    Folder {
        path: path.to_owned(),
        name: path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        manifest,
        has_init: path.join("__init__.py").is_file(),
    }
}

fn module_folders(root: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = root.read_dir()?.flatten().map(|entry| entry.path());
    let mut folders: Vec<_> = entries
        .filter(|path| path.is_dir() && !fingerprint::is_passed_over(path))
        .collect();
    folders.sort_unstable();
    Ok(folders)
}

pub(super) fn read_bounded(path: &Path) -> Result<Vec<u8>, ReadFailure> {
    // A pipe in its place would be waited for.
    if !path
        .metadata()
        .map_err(|error| read_failure(&error))?
        .is_file()
    {
        return Err(ReadFailure::Other("it is not a regular file".into()));
    }
    let file = File::open(path).map_err(|error| read_failure(&error))?;
    let size = file.metadata().map_err(|error| read_failure(&error))?.len();
    if size > MAX_BYTES {
        return Err(ReadFailure::TooLarge { bytes: size });
    }
    let mut bytes = Vec::new();
    // One byte more than allowed, for a file that grew since.
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| read_failure(&error))?;
    Ok(bytes)
}

fn read_failure(error: &std::io::Error) -> ReadFailure {
    match error.kind() {
        ErrorKind::NotFound => ReadFailure::NotFound,
        _ => ReadFailure::Other(error.to_string()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    const LIVE: &str = r#"{"name": "a", "displayName": "A", "version": "1.0.0", "author": "a", "description": "a",
        "icon": "wrench", "engine": {"contaranas": "^0.1.0"}, "platforms": ["linux"]}"#;

    /// A root with folders, each with these files.
    fn catalog(folders: &[(&str, &[(&str, &str)])]) -> (TempDir, Catalog) {
        let temp = tempfile::tempdir().unwrap();
        for (folder, files) in folders {
            let folder = temp.path().join(folder);
            fs::create_dir(&folder).unwrap();
            for (name, content) in *files {
                fs::write(folder.join(name), content).unwrap();
            }
        }
        let root = Root {
            path: temp.path().to_owned(),
            source: Source::Community,
        };
        let catalog = scan(&[root], &[]);
        (temp, catalog)
    }

    fn messages(found: &Found) -> Vec<String> {
        let problems = found.problems.iter();
        problems
            .map(|problem| problem.message.to_string())
            .collect()
    }

    #[test]
    fn a_setup_module_alone_is_no_live_module_that_lacks_its_manifest() {
        let files = [("__init__.py", ""), ("desc.json", r#"{"slug": "a"}"#)];
        let (_temp, catalog) = catalog(&[("a", &files)]);
        let (found, setup) = catalog.setup("a").unwrap();
        assert_eq!((found.parts, setup.slug.as_str()), (Parts::Setup, "a"));
        assert_eq!(messages(found), [""; 0]);
        assert_eq!(catalog.live().count(), 0);
        assert!(catalog.find("a").is_none(), "nothing for the dashboard");
    }

    #[test]
    fn both_manifests_make_one_module_with_the_problems_of_both() {
        let files = [
            ("__init__.py", ""),
            ("desc.json", r#"{"slug": "a", "cofig": 1}"#),
            ("module.json", "{"),
        ];
        let (_temp, catalog) = catalog(&[("a", &files)]);
        let [found] = &catalog.modules[..] else {
            unreachable!()
        };
        assert_eq!(found.parts, Parts::Both);
        assert!(
            found.manifest.is_none() && found.setup.is_some(),
            "one can be used without the other"
        );
        assert_eq!(
            messages(found),
            ["An object is never closed", "Unknown field: cofig"]
        );
    }

    #[test]
    fn missing_code_is_told_once() {
        let files = [("desc.json", r#"{"slug": "a"}"#), ("module.json", LIVE)];
        let (_temp, both) = catalog(&[("a", &files)]);
        assert_eq!(messages(&both.modules[0]), ["Missing __init__.py"]);
        let (_temp, setup) = catalog(&[("a", &files[..1])]);
        assert_eq!(messages(&setup.modules[0]), ["Missing __init__.py"]);
        assert!(setup.modules[0].setup.is_none() && both.modules[0].setup.is_none());
    }

    #[test]
    fn of_two_folders_with_one_slug_the_first_is_offered() {
        let files = |slug: &'static str| [("__init__.py", ""), ("desc.json", slug)];
        let first = files(r#"{"slug": "b"}"#);
        let (temp, catalog) = catalog(&[("a", &first), ("b", &first)]);
        let (found, _) = catalog.setup("b").unwrap();
        assert_eq!(found.folder, temp.path().join("a"));
        assert_eq!(messages(found), ["The slug isn't the folder's name"]);
        assert!(catalog.modules[1].setup.is_none());
        assert_eq!(
            messages(&catalog.modules[1]),
            ["Another setup module has the slug \"b\""]
        );
    }

    #[test]
    fn a_live_and_a_setup_module_of_one_name_are_no_rivals() {
        let live = [("__init__.py", ""), ("module.json", LIVE)];
        let setup = [("__init__.py", ""), ("desc.json", r#"{"slug": "a"}"#)];
        let (_temp, catalog) = catalog(&[("a", &live), ("b", &setup)]);
        assert!(catalog.usable("a").is_some() && catalog.setup("a").is_some());
    }
}
