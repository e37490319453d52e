//! One look at all folders of modules.

use std::collections::HashMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use contara_manifest::{
    Folder, MAX_BYTES, ModuleManifest, Problem, ReadFailure, Section, SetupManifest, Source,
    read_module, shadowed,
};

use super::fingerprint;

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
    /// Its name, which a usable module has too.
    pub name: String,
    /// What it is.
    pub source: Source,
    /// The manifest; `None` if an error makes the module unusable, or another folder has its name.
    pub manifest: Option<Arc<ModuleManifest>>,
    /// What its `desc.json` says; `None` if there is none, or an error makes it unusable.
    pub setup: Option<Arc<SetupManifest>>,
    /// All that is wrong or doubtful.
    pub problems: Vec<Problem>,
    /// Changes when the module's code does.
    pub fingerprint: u64,
    /// Whether its author works on it right now: see [`Watch::develop`](super::Watch::develop).
    pub in_development: bool,
}

/// All modules, those that win their name first in the order of the roots, then by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalog {
    /// Usable and unusable ones.
    pub modules: Vec<Found>,
    /// Of the `sections.json` beside the modules, in the order of the roots; the usual ones if there is none.
    pub sections: Vec<Section>,
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

    /// Any folder of this name, the usable one first.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Found> {
        let usable = self.usable(name).map(|(found, _)| found);
        usable.or_else(|| self.modules.iter().find(|found| found.name == name))
    }
}

/// Reads every module in `roots`, and those in development. Of two folders with one name one in development wins, then
/// the first root's, so builtin roots come first.
#[must_use]
pub fn scan(roots: &[Root], in_development: &[PathBuf]) -> Catalog {
    let mut catalog = Catalog::default();
    let mut taken: HashMap<String, (PathBuf, Source)> = HashMap::new();
    for path in in_development {
        let found = read_named(path, Source::Community, &mut taken);
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
                    let found = read_named(&path, root.source, &mut taken);
                    catalog.modules.push(found);
                }
            }
            Err(error) => catalog
                .unreadable
                .push((root.path.clone(), error.to_string())),
        }
    }
    catalog
}

fn read_named(
    path: &Path,
    source: Source,
    taken: &mut HashMap<String, (PathBuf, Source)>,
) -> Found {
    let mut found = read_module_folder(path, source);
    if let Some((by, by_source)) = taken.get(&found.name) {
        let folder = as_folder(&found.folder, Err(ReadFailure::NotFound));
        found.problems.push(shadowed(&folder, by, *by_source));
        found.manifest = None;
    } else {
        taken.insert(found.name.clone(), (path.to_owned(), source));
    }
    found
}

/// Reads the module in one folder.
#[must_use]
pub fn read_module_folder(path: &Path, source: Source) -> Found {
    let folder = as_folder(path, read_bounded(&path.join("module.json")));
    let (manifest, problems) = read_module(&folder, source);
    Found {
        folder: path.to_owned(),
        name: folder.name,
        source,
        manifest: manifest.map(Arc::new),
        setup: None,
        problems,
        fingerprint: fingerprint::of(path),
        in_development: false,
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

fn read_bounded(path: &Path) -> Result<Vec<u8>, ReadFailure> {
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
