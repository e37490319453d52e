//! Repositories: which the package manager has, and adding one as files of the manager's own. A login and its password go into a file
//! that only root can read, never onto a command line; what was written can be taken back.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use contara_i18n::{Explained, Message, message};
use thiserror::Error;

use super::{PackageError, PackageManager, ask};
use crate::command_run::CommandOrder;
use crate::reach::Place;

/// A repository to be added.
#[derive(Debug, Clone, Default)]
pub struct RepositoryOrder {
    /// Part of names of files.
    pub slug: String,
    /// For people.
    pub name: String,
    /// Where, with the architecture filled in.
    pub url: String,
    /// Words for the package manager.
    pub options: String,
    /// What to sign in with.
    pub login: Option<Login>,
    /// A file with the key that its packages are signed with.
    pub key: Option<PathBuf>,
}

/// A login and its password.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// Who.
    pub name: String,
    /// The secret.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Login(…)")
    }
}

/// Where a package manager keeps what it knows of repositories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Files of repositories, each with one or more.
    pub sources: PathBuf,
    /// One more such file, if there is any.
    pub list: Option<PathBuf>,
    /// Logins, if they have files of their own.
    pub logins: Option<PathBuf>,
    /// Keys.
    pub keys: PathBuf,
    /// The address of the one through whom repositories are fetched, as the manager says by itself; files may name one too.
    pub proxy: Option<String>,
    /// Whether a program finds such ones.
    pub finds_proxies: bool,
    /// Whether one repository may stand there as several, whose addresses go on behind its own.
    pub has_parts: bool,
}

/// A file that is part of a repository.
#[derive(Clone, PartialEq, Eq)]
pub struct RepositoryFile {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub content: Vec<u8>,
    /// Whether nobody but root may read it.
    pub is_secret: bool,
}

impl fmt::Debug for RepositoryFile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "RepositoryFile({:?}, …)", self.path)
    }
}

/// A repository can't be added.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RepositoryError {
    /// Something in it would mean something else in the manager's file.
    Unwritable {
        /// The repository.
        slug: String,
        /// Its part.
        what: Part,
        /// The package manager.
        manager: &'static str,
        /// What is wrong with it.
        why: Unwritable,
    },
    /// The module doesn't have the key that it names.
    Key {
        /// The repository.
        slug: String,
        /// Where it should be.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file can't be written.
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What is written of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its name, address or options.
    Text,
    /// Who signs in.
    Login,
    /// With what.
    Password,
}

/// Why it can't be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unwritable {
    /// It holds control characters.
    Control,
    /// It is empty, or holds such.
    EmptyOrControl,
    /// The file has no way to write it.
    Characters,
    /// There is no such file.
    NoLogins,
}

impl Unwritable {
    fn message(self) -> Message {
        match self {
            Self::Control => message!("it holds control characters"),
            Self::EmptyOrControl => message!("it is empty or holds control characters"),
            Self::Characters => message!("it holds characters that the file has no way to write"),
            Self::NoLogins => message!("it has no file of its own for logins"),
        }
    }
}

impl Part {
    fn unwritable(self, slug: &str, manager: &str) -> Message {
        match self {
            Self::Text => message!(
                "a text of the repository {repository} can't be written into a file of {manager}",
                repository = slug,
                manager = manager
            ),
            Self::Login => message!(
                "the login of the repository {repository} can't be written into a file of {manager}",
                repository = slug,
                manager = manager
            ),
            Self::Password => message!(
                "the password of the repository {repository} can't be written into a file of {manager}",
                repository = slug,
                manager = manager
            ),
        }
    }
}

impl Explained for RepositoryError {
    fn message(&self) -> Message {
        match self {
            Self::Unwritable {
                slug,
                what,
                manager,
                why,
            } => what.unwritable(slug, manager).because(why.message()),
            Self::Key { slug, path, .. } => message!(
                "the key of the repository {repository} can't be read: {path}",
                repository = slug,
                path = path.to_string_lossy()
            ),
            Self::Write { path, .. } => {
                message!("can't write {path}", path = path.to_string_lossy())
            }
        }
    }
}

impl fmt::Display for RepositoryError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(out)
    }
}

/// What was there before files were written.
#[derive(Debug)]
pub struct WrittenFiles {
    before: BTreeMap<PathBuf, Option<(Vec<u8>, fs::Permissions)>>,
}

/// Where repositories go; `None` if they can't be added to this package manager.
pub async fn places(manager: &dyn PackageManager) -> Result<Option<Places>, PackageError> {
    let Some(query) = manager.places_query() else {
        return Ok(manager.usual_places());
    };
    let answer = ask(manager, &query).await?;
    Ok(manager.read_places(&answer.output))
}

impl Places {
    /// Whether there is a repository with this address.
    #[must_use]
    pub fn knows(&self, url: &str) -> bool {
        let url = url.trim_end_matches('/');
        self.texts().any(|text| names(&text, url, self.has_parts))
    }

    /// The addresses of the repositories in use, or of the lists of their mirrors.
    #[must_use]
    pub fn addresses(&self) -> BTreeSet<String> {
        self.texts().flat_map(|text| addresses(&text)).collect()
    }

    /// Who has to answer so that something can be fetched from an address; `None` if that can't be told.
    #[must_use]
    pub fn contact(&self, url: &str) -> Option<Place> {
        let url = url.split_whitespace().next()?;
        match (Place::of(url)?, &self.proxy) {
            (place @ Place::Path(_), _) => Some(place),
            (Place::Host(..), _) if self.finds_proxies => None,
            (place, Some(proxy)) => Some(Place::of(proxy).unwrap_or(place)),
            (place, None) => {
                let mut set = self.texts().filter_map(|text| proxy(&text));
                Some(set.next().unwrap_or(place))
            }
        }
    }

    /// What stands in the files.
    fn texts(&self) -> impl Iterator<Item = String> {
        let files = fs::read_dir(&self.sources).into_iter().flatten().flatten();
        let files = files.map(|entry| entry.path()).chain(self.list.clone());
        let contents = files.filter_map(|file| fs::read(file).ok());
        contents.map(|content| String::from_utf8_lossy(&content).into_owned())
    }
}

/// The addresses in a file of repositories: one a line (sources.list(5)), or in paragraphs or sections, which may be switched off.
fn addresses(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut part = Vec::new();
    let mut is_off = false;
    for line in text.lines().map(str::trim).chain([""]) {
        if line.is_empty() || line.starts_with('[') {
            match std::mem::take(&mut is_off) {
                true => part.clear(),
                false => found.append(&mut part),
            }
        }
        is_off |= switches_off(line);
        part.extend(address_words(line).map(str::to_owned));
    }
    found
}

fn switches_off(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let setting = line.split_once(['=', ':']);
    setting.is_some_and(|(key, value)| {
        key.trim() == "enabled" && ["0", "no", "false"].contains(&value.trim())
    })
}

/// The words of a line that are addresses of repositories: keys have some too.
fn address_words(line: &str) -> impl Iterator<Item = &str> {
    let (key, value) = match line.split_once(['=', ':']) {
        _ if line.starts_with("deb ") => ("deb", line),
        Some((key, value)) => (key.trim(), value),
        None => ("", ""),
    };
    let is_source = ["deb", "URIs", "baseurl", "mirrorlist", "metalink"].contains(&key);
    let words = value.split([' ', '\t', ',']);
    words.filter(move |word| is_source && Place::of(word).is_some())
}

/// The one that a section of settings names.
fn proxy(text: &str) -> Option<Place> {
    let mut lines = text.lines().filter_map(|line| line.split_once('='));
    let (_, proxy) = lines.find(|(key, _)| key.trim() == "proxy")?;
    Place::of(proxy.trim())
}

/// Whether a line that isn't a comment has this address as a whole word, or one that goes on behind it.
fn names(text: &str, url: &str, has_parts: bool) -> bool {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let url = flat(url);
    lines.map(flat).any(|line| {
        let line = format!("{line} ");
        line.match_indices(&url).any(|(start, found)| {
            let behind = &line[start + found.len()..];
            let rest = behind.trim_start_matches('/');
            let is_start = line[..start].is_empty() || line[..start].ends_with([' ', '=']);
            let is_part = has_parts && behind.starts_with('/');
            is_start && (is_part || rest.starts_with([' ', '?']))
        })
    })
}

/// The files that make a repository known to the package manager.
pub fn files(
    manager: &dyn PackageManager,
    places: &Places,
    order: &RepositoryOrder,
) -> Result<Vec<RepositoryFile>, RepositoryError> {
    let refuse = |what, why| RepositoryError::Unwritable {
        slug: order.slug.clone(),
        what,
        manager: manager.name(),
        why,
    };
    let has_control = |text: &str| text.contains(char::is_control);
    let texts = [&order.name, &order.url, &order.options];
    if texts.into_iter().any(|text| has_control(text)) {
        return Err(refuse(Part::Text, Unwritable::Control));
    }
    if order.login.is_some() && !manager.keeps_logins() {
        return Err(refuse(Part::Login, Unwritable::NoLogins));
    }
    for (what, text) in order.login.iter().flat_map(|login| {
        [
            (Part::Login, &login.name),
            (Part::Password, &login.password),
        ]
    }) {
        if text.is_empty() || has_control(text) {
            return Err(refuse(what, Unwritable::EmptyOrControl));
        }
        if !manager.takes_secret(text) {
            return Err(refuse(what, Unwritable::Characters));
        }
    }
    let mut files = manager.repository_files(places, order);
    let additions = manager.repository_additions(places, order).into_iter();
    files.extend(additions.map(with_what_is_there));
    if let Some(key) = &order.key {
        let content = fs::read(key).map_err(|source| RepositoryError::Key {
            slug: order.slug.clone(),
            path: key.clone(),
            source,
        })?;
        files.push(RepositoryFile {
            path: manager.key_path(places, order, key),
            content,
            is_secret: false,
        });
    }
    Ok(files)
}

/// Whether a word of a module's options is one for a file, such as `priority=10`, and not for a command line.
pub(super) fn has_value(word: &str) -> bool {
    !word.starts_with('-') && word.contains('=')
}

/// What becomes of a file that others write into as well. Of logins for one machine the first counts (netrc(5)).
fn with_what_is_there(addition: RepositoryFile) -> RepositoryFile {
    let mut there = fs::read(&addition.path).unwrap_or_default();
    if there.last().is_some_and(|last| *last != b'\n') {
        there.push(b'\n');
    }
    let parts = match addition.is_secret {
        true => [addition.content, there],
        false => [there, addition.content],
    };
    RepositoryFile {
        content: parts.concat(),
        ..addition
    }
}

/// Where the key of a repository goes. Its ending says which form it has.
pub(super) fn key_path(places: &Places, order: &RepositoryOrder, key: &Path) -> PathBuf {
    let ending = match key.extension() {
        Some(ending) if ending == "gpg" => "gpg",
        _ => "asc",
    };
    places.keys.join(format!("contara-{}.{ending}", order.slug))
}

/// What has a key trusted that was just written, if its file alone isn't enough.
pub async fn trust_key(manager: &dyn PackageManager, key: &Path) -> Vec<CommandOrder> {
    let answer = match manager.key_query(key) {
        Some(query) => ask(manager, &query).await.map(|answer| answer.output),
        None => Ok(String::new()),
    };
    // What can't be asked is seen when the lists are fetched: the key isn't trusted then.
    manager.trust_key(key, &answer.unwrap_or_default())
}

/// Writes files, all or none.
pub fn write(files: &[RepositoryFile]) -> Result<WrittenFiles, RepositoryError> {
    let mut written = WrittenFiles {
        before: BTreeMap::new(),
    };
    for file in files {
        let before = fs::read(&file.path).ok();
        let before = before.zip(
            fs::metadata(&file.path)
                .ok()
                .map(|known| known.permissions()),
        );
        let outcome = write_file(file);
        written.before.entry(file.path.clone()).or_insert(before);
        if let Err(source) = outcome {
            written.take_back();
            let path = file.path.clone();
            return Err(RepositoryError::Write { path, source });
        }
    }
    Ok(written)
}

/// In one step, and with its mode from the start.
fn write_file(file: &RepositoryFile) -> io::Result<()> {
    let mode = if file.is_secret { 0o600 } else { 0o644 };
    replace(&file.path, &file.content, mode)
}

fn replace(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    DirBuilder::new()
        .recursive(true)
        .mode(0o755)
        .create(folder)?;
    // Package managers pass over files with such a name.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(format!(".{name}.contara"));
    let _ = fs::remove_file(&beside);
    let mut options = OpenOptions::new();
    let options = options.write(true).create_new(true).mode(mode);
    let mut file = options.open(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

/// Removes a repository that was added so; false if it isn't there.
pub fn remove(manager: &dyn PackageManager, places: &Places, order: &RepositoryOrder) -> bool {
    // With any login at all, so that its file is among them.
    let order = RepositoryOrder {
        login: Some(Login {
            name: String::new(),
            password: String::new(),
        }),
        ..order.clone()
    };
    let files = manager.repository_files(places, &order);
    let key = order.key.as_ref().map(|key| key_path(places, &order, key));
    let paths: Vec<_> = files.into_iter().map(|file| file.path).chain(key).collect();
    let is_there = paths.first().is_some_and(|source| source.exists());
    for path in paths.iter().filter(|_| is_there) {
        if let Err(error) = fs::remove_file(path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::error!("{} can't be removed: {error}", path.display());
        }
    }
    is_there
}

impl WrittenFiles {
    /// Everything is as it was before.
    pub fn take_back(self) {
        for (path, before) in self.before {
            let outcome = match before {
                Some((content, permissions)) => {
                    use std::os::unix::fs::PermissionsExt;
                    replace(&path, &content, permissions.mode() & 0o7777)
                }
                None => fs::remove_file(&path),
            };
            match outcome {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::error!("{} can't be taken back: {error}", path.display());
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
#[path = "repositories_tests.rs"]
mod tests;
