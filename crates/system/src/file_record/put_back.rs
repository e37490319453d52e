//! Puts files, links and folders back as they were. Each is made beside its place and takes it in one step; nothing is written through
//! a link, and no folder is removed that has something else in it.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use contara_i18n::with_causes;
use rustix::fs::{AtFlags, Gid, Mode, OFlags, Timespec, Timestamps, Uid, XattrFlags};
use rustix::io::Errno;
use thiserror::Error;

use super::compare::Change;
use super::facts::{Content, Digest, Facts, Kind};
use super::{FileRecordError, at};

/// Something that isn't as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Where.
    pub path: PathBuf,
    /// Why, for people.
    pub reason: String,
    /// Whether trying again is of no use.
    pub is_final: bool,
}

/// What no other attempt would do better.
#[derive(Debug, Clone, Copy, Error)]
enum Final {
    #[error("the folder has something else in it")]
    NotEmpty,
    #[error("it was too large to be kept")]
    TooLarge,
    #[error("it couldn't be read before the run")]
    NotRead,
}

/// Those that are neither as they were before their change nor as they were after it.
#[must_use]
pub fn changed_since(changes: &[Change]) -> Vec<PathBuf> {
    let changed = changes.iter().filter(|change| !is_ours(change));
    changed.map(|change| change.path.clone()).collect()
}

fn is_ours(change: &Change) -> bool {
    let Ok(now) = current(&change.path) else {
        return false;
    };
    match (&change.before, &change.after, now) {
        (None, _, None) | (_, None, None) => true,
        // Where one of them is a folder, the other can't take its place in one step.
        (Some(before), Some(after), None) => is_folder(before) != is_folder(after),
        (Some(before), Some(after), Some(now)) => now.is_between(before, after),
        (Some(one), None, Some(now)) | (None, Some(one), Some(now)) => now.is_same(one),
        (None, None, Some(_)) => false,
    }
}

fn is_folder(facts: &Facts) -> bool {
    facts.kind == Kind::Folder
}

/// Puts everything back; what is as it was already isn't touched. `changes` are in order of their paths.
pub(super) fn put_back(
    changes: &[Change],
    content: impl Fn(&Digest) -> Result<Vec<u8>, FileRecordError>,
) -> Vec<Left> {
    let mut left = Vec::new();
    let mut is_left = BTreeSet::new();
    let mut leave = |change: &Change, error: &io::Error| {
        if is_left.insert(change.path.clone()) {
            left.push(Left {
                path: change.path.clone(),
                reason: reason(error),
                is_final: is_final(error),
            });
        }
    };
    // What is in a folder goes before the folder, and comes after it.
    for change in changes.iter().rev() {
        if let Err(error) = clear(change) {
            leave(change, &error);
        }
    }
    for change in changes {
        let Some(before) = &change.before else {
            continue;
        };
        if let Err(error) = restore(&change.path, before, &content) {
            leave(change, &error);
        }
    }
    left
}

/// Removes what wasn't there, and what can't be replaced in one step.
fn clear(change: &Change) -> io::Result<()> {
    let Some(now) = current(&change.path)? else {
        return Ok(());
    };
    let is_replaceable = change
        .before
        .as_ref()
        .is_some_and(|before| is_folder(before) == is_folder(&now));
    if is_replaceable {
        return Ok(());
    }
    let (folder, name) = place(&change.path)?;
    let flags = match is_folder(&now) {
        true => AtFlags::REMOVEDIR,
        false => AtFlags::empty(),
    };
    match rustix::fs::unlinkat(&folder, name, flags) {
        Ok(()) => Ok(rustix::fs::fsync(&folder)?),
        Err(Errno::NOTEMPTY | Errno::EXIST) => Err(io::Error::other(Final::NotEmpty)),
        Err(error) => Err(error.into()),
    }
}

fn restore(
    path: &Path,
    before: &Facts,
    content: impl Fn(&Digest) -> Result<Vec<u8>, FileRecordError>,
) -> io::Result<()> {
    let now = current(path)?;
    if now.as_ref().is_some_and(|now| now.is_same(before)) {
        return Ok(());
    }
    let (folder, name) = place(path).map_err(unreachable)?;
    if before.kind != Kind::Link && now.is_some_and(|now| now.has_same_content(before)) {
        return rights_in_place(folder.as_fd(), name, before);
    }
    let new = beside(name);
    remove_leftover(folder.as_fd(), &new);
    match before.kind {
        Kind::Folder => make_folder(folder.as_fd(), &new, before)?,
        Kind::Link => make_link(folder.as_fd(), &new, before, &kept(before, content)?)?,
        Kind::File => make_file(folder.as_fd(), &new, before, &kept(before, content)?)?,
    }
    rustix::fs::renameat(&folder, &new, &folder, name)
        .inspect_err(|_| remove_leftover(folder.as_fd(), &new))?;
    Ok(rustix::fs::fsync(&folder)?)
}

fn kept(
    before: &Facts,
    content: impl Fn(&Digest) -> Result<Vec<u8>, FileRecordError>,
) -> io::Result<Vec<u8>> {
    match &before.content {
        Content::Known(digest) => content(digest).map_err(io::Error::other),
        Content::TooLarge => Err(io::Error::other(Final::TooLarge)),
        Content::Unreadable | Content::Folder => Err(io::Error::other(Final::NotRead)),
    }
}

fn make_file(folder: BorrowedFd<'_>, new: &OsStr, before: &Facts, bytes: &[u8]) -> io::Result<()> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = rustix::fs::openat(folder, new, flags, Mode::RUSR | Mode::WUSR)?;
    let mut file = File::from(file);
    file.write_all(bytes)?;
    rights(file.as_fd(), before)?;
    let (seconds, nanoseconds) = before.modified;
    let time = Timespec {
        tv_sec: seconds,
        tv_nsec: nanoseconds.into(),
    };
    let times = Timestamps {
        last_access: time,
        last_modification: time,
    };
    rustix::fs::futimens(&file, &times)?;
    file.sync_all()
}

fn make_link(folder: BorrowedFd<'_>, new: &OsStr, before: &Facts, target: &[u8]) -> io::Result<()> {
    rustix::fs::symlinkat(OsStr::from_bytes(target), folder, new)?;
    let stat = rustix::fs::statat(folder, new, AtFlags::SYMLINK_NOFOLLOW)?;
    if (stat.st_uid, stat.st_gid) != (before.uid, before.gid) {
        let (uid, gid) = (Uid::from_raw(before.uid), Gid::from_raw(before.gid));
        rustix::fs::chownat(folder, new, Some(uid), Some(gid), AtFlags::SYMLINK_NOFOLLOW)?;
    }
    Ok(())
}

fn make_folder(folder: BorrowedFd<'_>, new: &OsStr, before: &Facts) -> io::Result<()> {
    rustix::fs::mkdirat(folder, new, Mode::RWXU)?;
    let made = at::folder_in(folder, new)?;
    rights(made.as_fd(), before)
}

fn rights_in_place(folder: BorrowedFd<'_>, name: &OsStr, before: &Facts) -> io::Result<()> {
    let opened = match before.kind {
        Kind::Folder => at::folder_in(folder, name)?,
        _ => at::open(folder, name)?.into(),
    };
    rights(opened.as_fd(), before)?;
    Ok(rustix::fs::fsync(&opened)?)
}

/// Owner first: a change of it takes bits of the mode and some attributes away.
fn rights(file: BorrowedFd<'_>, before: &Facts) -> io::Result<()> {
    let stat = rustix::fs::fstat(file)?;
    if (stat.st_uid, stat.st_gid) != (before.uid, before.gid) {
        let (uid, gid) = (Uid::from_raw(before.uid), Gid::from_raw(before.gid));
        rustix::fs::fchown(file, Some(uid), Some(gid))?;
    }
    rustix::fs::fchmod(file, Mode::from_raw_mode(before.mode))?;
    let now = at::attributes(file);
    for (name, _) in now
        .iter()
        .filter(|(name, _)| !before.attributes.iter().any(|(kept, _)| kept == name))
    {
        // A label that the system insists on stays.
        match rustix::fs::fremovexattr(file, name.0.as_slice()) {
            Ok(()) | Err(Errno::ACCESS | Errno::PERM | Errno::NODATA | Errno::OPNOTSUPP) => {}
            Err(error) => return Err(error.into()),
        }
    }
    for attribute in before
        .attributes
        .iter()
        .filter(|attribute| !now.contains(attribute))
    {
        let (name, value) = attribute;
        rustix::fs::fsetxattr(file, name.0.as_slice(), &value.0, XattrFlags::empty())?;
    }
    Ok(())
}

/// What is there now.
fn current(path: &Path) -> io::Result<Option<Facts>> {
    let (folder, name) = match place(path) {
        Ok(place) => place,
        Err(error) if at::is_absent(&error) || at::is_blocked(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    match at::find(folder.as_fd(), name)? {
        Some(found) => Ok(at::read(folder.as_fd(), name, &found)?.map(|(facts, _)| facts)),
        None => match rustix::fs::statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(_) => Err(io::Error::other("it is a socket, a pipe or a device now")),
            Err(_) => Ok(None),
        },
    }
}

fn place(path: &Path) -> io::Result<(OwnedFd, &OsStr)> {
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::Error::other("it is no path of a file"));
    };
    Ok((at::folder(parent)?, name))
}

fn unreachable(error: io::Error) -> io::Error {
    if at::is_absent(&error) {
        return io::Error::other("its folder is gone");
    }
    match at::is_blocked(&error) {
        true => io::Error::other("a folder that leads there is a link or a file now"),
        false => error,
    }
}

/// The same name each time, so that what a kill has left is found again.
fn beside(name: &OsStr) -> OsString {
    let digest = Digest::of(name.as_bytes());
    format!(".contara-undo-{}", &digest.as_str()[..16]).into()
}

fn remove_leftover(folder: BorrowedFd<'_>, new: &OsStr) {
    // If neither works, making it says why.
    if rustix::fs::unlinkat(folder, new, AtFlags::empty()).is_err() {
        let _ = rustix::fs::unlinkat(folder, new, AtFlags::REMOVEDIR);
    }
}

fn is_final(error: &io::Error) -> bool {
    match error.get_ref() {
        Some(cause) => cause.is::<Final>(),
        None => false,
    }
}

fn reason(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(code) if code == Errno::BUSY.raw_os_error() => {
            "it is a place where something is mounted".into()
        }
        _ => with_causes(error),
    }
}
