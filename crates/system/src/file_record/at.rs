//! Looks at single files, links and folders by a descriptor of their folder, so that no link on the way leads elsewhere.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use super::LARGEST;
use super::bytes::Bytes;
use super::facts::{Content, Digest, Facts, Kind};

/// How the system knows a file, and when it was last touched: the same stamp, long after, is the same file with the same in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    device: u64,
    inode: u64,
    size: i64,
    modified: (i64, u32),
    /// Of the file's facts and content: nobody can set it.
    pub(super) changed: (i64, u32),
}

/// A file, link or folder before anything of it is read.
pub(super) struct Found {
    pub(super) kind: Kind,
    pub(super) stamp: Stamp,
    stat: Stat,
}

const FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// A folder within another one; not where a link leads.
pub(super) fn folder_in(parent: BorrowedFd<'_>, name: &OsStr) -> io::Result<OwnedFd> {
    Ok(rustix::fs::openat(parent, name, FOLDER, Mode::empty())?)
}

/// An absolute path's folder; no part of the path may be a link.
pub(super) fn folder(path: &Path) -> io::Result<OwnedFd> {
    let mut folder = rustix::fs::open("/", FOLDER, Mode::empty())?;
    for part in path.components() {
        match part {
            Component::RootDir => {}
            Component::Normal(name) => folder = folder_in(folder.as_fd(), name)?,
            _ => return Err(io::Error::other("it is no plain absolute path")),
        }
    }
    Ok(folder)
}

/// Whether there is nothing of that name.
pub(super) fn is_absent(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

/// Whether a link or a file is where a folder should be that leads to it.
pub(super) fn is_blocked(error: &io::Error) -> bool {
    let blocks = [Errno::LOOP, Errno::NOTDIR].map(Errno::raw_os_error);
    error
        .raw_os_error()
        .is_some_and(|code| blocks.contains(&code))
}

/// What there is of this name; `None` if nothing is, or nothing that is recorded.
pub(super) fn find(folder: BorrowedFd<'_>, name: &OsStr) -> io::Result<Option<Found>> {
    let stat = match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => stat,
        Err(Errno::NOENT) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let kind = match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Kind::File,
        FileType::Symlink => Kind::Link,
        FileType::Directory => Kind::Folder,
        _ => return Ok(None),
    };
    let stamp = stamp(&stat);
    Ok(Some(Found { kind, stamp, stat }))
}

/// All that is known of it, and what is in it, if that isn't too much; `None` if it is gone or has become something else.
pub(super) fn read(
    folder: BorrowedFd<'_>,
    name: &OsStr,
    found: &Found,
) -> io::Result<Option<(Facts, Vec<u8>)>> {
    let mut facts = facts(found);
    let read = match found.kind {
        Kind::Link => target(folder, name).map(|target| (Some(target), Vec::new())),
        Kind::Folder => folder_in(folder, name).map(|fd| (None, attributes(fd.as_fd()))),
        Kind::File => content(folder, name, found),
    };
    let (bytes, attributes) = match read {
        Ok(read) => read,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(_) => {
            facts.content = Content::Unreadable;
            return Ok(Some((facts, Vec::new())));
        }
    };
    facts.attributes = attributes;
    facts.content = match (&bytes, found.kind) {
        (_, Kind::Folder) => Content::Folder,
        (Some(bytes), _) => Content::Known(Digest::of(bytes)),
        (None, _) => Content::TooLarge,
    };
    Ok(Some((facts, bytes.unwrap_or_default())))
}

/// A regular file, if it still is the one that was found.
pub(super) fn open(folder: BorrowedFd<'_>, name: &OsStr) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(rustix::fs::openat(folder, name, flags, Mode::empty())?.into())
}

/// Names and values, in order. File systems that have none, and those that can't be read, are passed over.
pub(super) fn attributes(file: BorrowedFd<'_>) -> Vec<(Bytes, Bytes)> {
    let mut names = vec![0; 65_536];
    let Ok(length) = rustix::fs::flistxattr(file, &mut names[..]) else {
        return Vec::new();
    };
    let names = names[..length].split(|byte| *byte == 0);
    let mut attributes: Vec<_> = names
        .filter(|name| !name.is_empty())
        .filter_map(|name| {
            let mut value = vec![0; 65_536];
            let length = rustix::fs::fgetxattr(file, name, &mut value[..]).ok()?;
            value.truncate(length);
            Some((Bytes(name.to_vec()), Bytes(value)))
        })
        .collect();
    attributes.sort_unstable();
    attributes
}

/// The names in a folder.
pub(super) fn names(folder: BorrowedFd<'_>) -> io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in rustix::fs::Dir::read_from(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if name != b"." && name != b".." {
            names.push(OsStr::from_bytes(name).to_owned());
        }
    }
    Ok(names)
}

fn facts(found: &Found) -> Facts {
    let stat = &found.stat;
    Facts {
        kind: found.kind,
        mode: stat.st_mode & 0o7777,
        uid: stat.st_uid,
        gid: stat.st_gid,
        size: u64::try_from(stat.st_size).unwrap_or_default(),
        content: Content::Folder,
        modified: found.stamp.modified,
        attributes: Vec::new(),
    }
}

fn stamp(stat: &Stat) -> Stamp {
    let nanoseconds = |value| u32::try_from(value).unwrap_or_default();
    Stamp {
        device: stat.st_dev,
        inode: stat.st_ino,
        size: stat.st_size,
        modified: (stat.st_mtime, nanoseconds(stat.st_mtime_nsec)),
        changed: (stat.st_ctime, nanoseconds(stat.st_ctime_nsec)),
    }
}

impl Stamp {
    pub(super) fn device(&self) -> u64 {
        self.device
    }
}

fn target(folder: BorrowedFd<'_>, name: &OsStr) -> io::Result<Vec<u8>> {
    let target = rustix::fs::readlinkat(folder, name, Vec::new())?;
    Ok(OsString::from_vec(target.into_bytes()).into_vec())
}

/// `None` if there is too much.
type FileContent = (Option<Vec<u8>>, Vec<(Bytes, Bytes)>);

fn content(folder: BorrowedFd<'_>, name: &OsStr, found: &Found) -> io::Result<FileContent> {
    let file = open(folder, name)?;
    let now = rustix::fs::fstat(&file)?;
    if FileType::from_raw_mode(now.st_mode) != FileType::RegularFile {
        return Err(io::Error::other("it is no regular file any more"));
    }
    let attributes = attributes(file.as_fd());
    let size = u64::try_from(found.stamp.size).unwrap_or_default();
    if size > LARGEST {
        return Ok((None, attributes));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    let is_all = bytes.len() as u64 <= LARGEST;
    Ok((is_all.then_some(bytes), attributes))
}
