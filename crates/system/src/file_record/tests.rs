//! Records of real files in a private folder, what differs between them, and putting it back.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use rustix::fs::XattrFlags;
use tempfile::TempDir;

use super::*;

/// A private folder that stands for `/etc`, and a recorder of it.
struct House {
    folder: TempDir,
    recorder: FileRecorder,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let etc = folder.path().join("etc");
        fs::create_dir(&etc).unwrap();
        let data = folder.path().join("data");
        let recorder = FileRecorder::new(data.join("files"), vec![etc], data);
        Self { folder, recorder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("etc").join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), Permissions::from_mode(mode)).unwrap();
    }

    fn attribute(&self, name: &str, value: &[u8]) {
        let path = self.path(name);
        rustix::fs::setxattr(path, "user.note", value, XattrFlags::empty()).unwrap();
    }

    fn record(&self, run: i64) -> Record {
        self.recorder.record(run, &[]).unwrap()
    }

    fn changes(&self, before: &Record) -> Vec<Change> {
        compare(before, &self.recorder.again(before).unwrap())
    }

    /// `+ created`, `~ changed`, `- deleted`.
    fn said(&self, changes: &[Change]) -> Vec<String> {
        let root = self.path("");
        let said = changes.iter().map(|change| {
            let sign = match (&change.before, &change.after) {
                (None, _) => '+',
                (_, None) => '-',
                _ => '~',
            };
            format!(
                "{sign} {}",
                change.path.strip_prefix(&root).unwrap().display()
            )
        });
        said.collect()
    }

    fn put_back(&self, changes: &[Change]) -> Vec<String> {
        let left = self.recorder.put_back(changes).unwrap().into_iter();
        left.map(|left| left.reason).collect()
    }
}

/// A script's work on all kinds of things.
fn furnished() -> House {
    let house = House::new();
    for folder in ["app", "app/conf.d", "gone", "gone/deep"] {
        fs::create_dir(house.path(folder)).unwrap();
    }
    for (name, text) in [
        ("kept", "as it is"),
        ("changed", "old\n"),
        ("rights", "same"),
        ("marked", "same"),
        ("gone/deep/file", "deep\n"),
        ("becomes-link", "a file"),
        ("becomes-folder", "a file too"),
        ("app/conf.d/one", "1"),
    ] {
        house.write(name, text);
    }
    symlink("changed", house.path("link")).unwrap();
    symlink("nowhere", house.path("becomes-file")).unwrap();
    house.mode("changed", 0o640);
    house.mode("gone", 0o711);
    house.mode("gone/deep/file", 0o4755);
    house.attribute("marked", b"before");
    house.attribute("gone/deep/file", b"kept too");
    house
}

fn wreck(house: &House) {
    house.write("changed", "new\n");
    house.mode("rights", 0o600);
    house.attribute("marked", b"after");
    house.attribute("app", b"new");
    fs::remove_dir_all(house.path("gone")).unwrap();
    fs::remove_file(house.path("becomes-link")).unwrap();
    symlink("kept", house.path("becomes-link")).unwrap();
    fs::remove_file(house.path("becomes-file")).unwrap();
    house.write("becomes-file", "now a file");
    fs::remove_file(house.path("becomes-folder")).unwrap();
    fs::create_dir(house.path("becomes-folder")).unwrap();
    house.write("becomes-folder/inside", "x");
    fs::remove_file(house.path("link")).unwrap();
    symlink("elsewhere", house.path("link")).unwrap();
    fs::create_dir_all(house.path("new/deep")).unwrap();
    house.write("new/deep/file", "x");
}

#[test]
fn what_was_created_changed_and_deleted_is_found_and_put_back() {
    let house = furnished();
    let before = house.record(1);
    assert_eq!(house.changes(&before), []);
    wreck(&house);
    let changes = house.changes(&before);
    let expected = [
        "~ app",
        "~ becomes-file",
        "~ becomes-folder",
        "+ becomes-folder/inside",
        "~ becomes-link",
        "~ changed",
        "- gone",
        "- gone/deep",
        "- gone/deep/file",
        "~ link",
        "~ marked",
        "+ new",
        "+ new/deep",
        "+ new/deep/file",
        "~ rights",
    ];
    assert_eq!(house.said(&changes), expected);
    assert_eq!(changed_since(&changes), Vec::<PathBuf>::new());
    assert_eq!(house.put_back(&changes), Vec::<String>::new());
    let again = house.recorder.again(&before).unwrap();
    assert_eq!(house.said(&compare(&before, &again)), Vec::<String>::new());
    assert_eq!(
        house.path("changed").metadata().unwrap().mode() & 0o7777,
        0o640
    );
    let file = house.path("gone/deep/file");
    assert_eq!(fs::read_to_string(&file).unwrap(), "deep\n");
    assert_eq!(file.metadata().unwrap().mode() & 0o7777, 0o4755);
    assert_eq!(
        fs::read_link(house.path("link")).unwrap(),
        Path::new("changed")
    );
    let modified = |facts: &Facts| facts.modified;
    assert_eq!(
        again.facts(&file).map(modified),
        before.facts(&file).map(modified)
    );
    // A second time there is nothing to do.
    assert_eq!(changed_since(&changes), Vec::<PathBuf>::new());
    assert_eq!(house.put_back(&changes), Vec::<String>::new());
}

/// Whatever part of it was done before a kill, the rest is done by another call, and nothing of it counts as somebody's change.
#[test]
fn putting_back_can_be_broken_off_anywhere_and_repeated() {
    let count = {
        let house = furnished();
        let before = house.record(1);
        wreck(&house);
        house.changes(&before).len()
    };
    for done in 0..=count {
        let house = furnished();
        let before = house.record(1);
        wreck(&house);
        let changes = house.changes(&before);
        // The first part of the first half of the work, then of the second one.
        house.put_back(&changes[count - done..]);
        assert_eq!(changed_since(&changes), Vec::<PathBuf>::new(), "{done}");
        house.put_back(&changes);
        assert_eq!(
            house.said(&house.changes(&before)),
            Vec::<String>::new(),
            "{done}"
        );
    }
}

#[test]
fn what_was_changed_since_is_named_and_overwritten_only_on_demand() {
    let house = furnished();
    let before = house.record(1);
    wreck(&house);
    let changes = house.changes(&before);
    house.write("changed", "by somebody\n");
    house.write("new/deep/file", "by somebody");
    house.write("new/deep/other", "by somebody");
    house.mode("rights", 0o666);
    house.write("gone", "a file where the folder was");
    let named = ["changed", "gone", "new/deep/file", "rights"].map(|name| house.path(name));
    assert_eq!(changed_since(&changes), named);
    let left = house.put_back(&changes);
    assert_eq!(left, ["the folder has something else in it"; 2]);
    assert_eq!(fs::read_to_string(house.path("changed")).unwrap(), "old\n");
    assert_eq!(
        house.said(&house.changes(&before)),
        ["+ new", "+ new/deep", "+ new/deep/other"]
    );
}

#[test]
fn what_is_too_large_is_told_and_left() {
    let house = House::new();
    let large = |byte| vec![byte; usize::try_from(LARGEST).unwrap() + 1];
    fs::write(house.path("large"), large(b'a')).unwrap();
    let before = house.record(1);
    assert_eq!(house.changes(&before), []);
    house.mode("large", 0o600);
    let changes = house.changes(&before);
    assert_eq!(
        house.put_back(&changes),
        Vec::<String>::new(),
        "its mode can be put back"
    );
    fs::write(house.path("large"), large(b'b')).unwrap();
    fs::write(house.path("new"), large(b'c')).unwrap();
    let changes = house.changes(&before);
    assert_eq!(house.said(&changes), ["~ large", "+ new"]);
    assert_eq!(house.put_back(&changes), ["it was too large to be kept"]);
    assert!(!house.path("new").exists());
}

#[test]
fn pipes_are_passed_over_and_links_never_followed() {
    let house = House::new();
    let outside = house.folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("file"), "not ours").unwrap();
    symlink(&outside, house.path("way-out")).unwrap();
    symlink(".", house.path("circle")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        house.path("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    let before = house.record(1);
    let inside = |item: &&super::walk::Item| item.path.starts_with(house.path(""));
    let names: Vec<_> = before
        .items
        .iter()
        .filter(inside)
        .map(|item| item.path.clone())
        .collect();
    assert_eq!(
        names,
        [house.path(""), house.path("circle"), house.path("way-out")]
    );
    fs::write(outside.join("file"), "changed").unwrap();
    assert_eq!(house.changes(&before), []);
}

#[test]
fn nothing_is_written_through_a_folder_that_became_a_link() {
    let house = House::new();
    fs::create_dir(house.path("app")).unwrap();
    house.write("app/file", "old");
    let before = house.record(1);
    house.write("app/file", "new");
    let changes = house.changes(&before);
    let elsewhere = house.folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("file"), "new").unwrap();
    fs::remove_dir_all(house.path("app")).unwrap();
    symlink(&elsewhere, house.path("app")).unwrap();
    assert_eq!(changed_since(&changes), [house.path("app/file")]);
    assert_eq!(
        house.put_back(&changes),
        ["a folder that leads there is a link or a file now"]
    );
    assert_eq!(fs::read_to_string(elsewhere.join("file")).unwrap(), "new");
}

#[test]
fn names_that_are_no_text_are_names() {
    let house = House::new();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9 \n");
    let path = house.path("").join(name);
    fs::write(&path, "old").unwrap();
    let before = house.record(1);
    fs::remove_file(&path).unwrap();
    let kept = house.recorder.recorded(1).unwrap();
    assert_eq!(kept, before);
    let changes = house.changes(&kept);
    assert_eq!(house.put_back(&changes), Vec::<String>::new());
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
}

#[test]
fn a_change_that_keeps_size_and_time_is_found() {
    let house = House::new();
    house.write("file", "old");
    let time = house.path("file").metadata().unwrap().modified().unwrap();
    let before = house.record(1);
    house.write("file", "new");
    let file = fs::File::options()
        .write(true)
        .open(house.path("file"))
        .unwrap();
    file.set_modified(time).unwrap();
    assert_eq!(house.said(&house.changes(&before)), ["~ file"]);
}

#[test]
fn globs_name_files_beside_the_folders() {
    let house = House::new();
    let other = house.folder.path().join("srv");
    fs::create_dir_all(other.join("a/deep")).unwrap();
    for name in ["one.conf", "one.log", "a/two.conf", "a/deep/three.conf"] {
        fs::write(other.join(name), "old").unwrap();
    }
    fs::create_dir_all(house.folder.path().join("data")).unwrap();
    let globs =
        ["*.conf", "a/deep/**", "new/*.conf"].map(|glob| format!("{}/{glob}", other.display()));
    let mut globs = Vec::from(globs);
    globs.extend([
        "relative/*".into(),
        "/**".into(),
        format!("{}/data/**", house.folder.path().display()),
    ]);
    let before = house.recorder.record(1, &globs).unwrap();
    fs::create_dir(other.join("new")).unwrap();
    for name in [
        "one.conf",
        "one.log",
        "a/two.conf",
        "a/deep/three.conf",
        "new/four.conf",
        "new/four.log",
    ] {
        fs::write(other.join(name), "new").unwrap();
    }
    let changes = house.changes(&before);
    let named: Vec<_> = changes
        .iter()
        .map(|change| change.path.strip_prefix(&other).unwrap())
        .collect();
    let expected = ["a/deep/three.conf", "new", "new/four.conf", "one.conf"];
    assert_eq!(named, expected.map(Path::new));
    assert_eq!(
        house.put_back(&changes),
        ["the folder has something else in it"]
    );
    assert_eq!(
        fs::read_to_string(other.join("a/deep/three.conf")).unwrap(),
        "old"
    );
}

#[test]
fn contents_are_kept_once_and_privately_and_only_as_long_as_they_are_used() {
    let house = House::new();
    house.write("one", "the same");
    house.write("two", "the same");
    house.write("three", "another");
    let before = house.record(7);
    let store = house.folder.path().join("data/files");
    let contents = || -> BTreeMap<_, _> {
        let entries = fs::read_dir(store.join("contents")).unwrap();
        let entries = entries.map(|entry| entry.unwrap());
        entries
            .map(|entry| (entry.file_name(), entry.metadata().unwrap().mode() & 0o777))
            .collect()
    };
    assert_eq!(contents().into_values().collect::<Vec<_>>(), [0o600; 2]);
    for folder in [&store, &store.join("contents"), &store.join("records")] {
        assert_eq!(folder.metadata().unwrap().mode() & 0o777, 0o700);
    }
    assert_eq!(house.recorder.pending(), [7]);
    house.write("three", "changed");
    let after = house.recorder.again(&before).unwrap();
    assert_eq!(contents().len(), 2, "a second look keeps nothing");
    let used = Digest::of(b"another");
    house
        .recorder
        .settle(7, Some(&after), BTreeSet::from([used.clone()]))
        .unwrap();
    assert_eq!(house.recorder.pending(), Vec::<i64>::new());
    assert_eq!(contents().len(), 2);
    house.record(8);
    assert_eq!(contents().len(), 3);
    let after = house
        .recorder
        .again(&house.recorder.recorded(8).unwrap())
        .unwrap();
    house
        .recorder
        .settle(8, Some(&after), BTreeSet::new())
        .unwrap();
    assert_eq!(contents().len(), 2);
    house.recorder.content(&used).unwrap_err();
    fs::write(
        store.join("contents").join(Digest::of(b"changed").as_str()),
        "forged",
    )
    .unwrap();
    house.recorder.content(&Digest::of(b"changed")).unwrap_err();
}

#[test]
fn what_is_not_touched_is_not_read_again() {
    let house = House::new();
    house.write("file", "old");
    let before = house.record(1);
    house
        .recorder
        .settle(1, Some(&before), BTreeSet::new())
        .unwrap();
    // As if it had been recorded much later: now its stamp is sure.
    let latest = house.folder.path().join("data/files/records/latest");
    let mut aged: Record = rmp_serde::from_slice(&fs::read(&latest).unwrap()).unwrap();
    aged.age_by(3_600);
    let planted = Digest::of(b"planted");
    house.recorder.keep(&[b"planted".to_vec()]).unwrap();
    aged.plant(&house.path("file"), planted.clone());
    fs::write(&latest, rmp_serde::to_vec_named(&aged).unwrap()).unwrap();
    let again = house.record(2);
    let digest = |record: &Record| record.facts(&house.path("file")).unwrap().digest().cloned();
    assert_eq!(digest(&again), Some(planted));
    // Touched, it is.
    house.mode("file", 0o600);
    assert_eq!(digest(&house.record(3)), Some(Digest::of(b"old")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Any script's work is taken back.
    #[test]
    fn put_back_undoes_compare(acts in proptest::collection::vec((0..6_usize, 0..6_usize, 0..4_u32), 1..25)) {
        const NAMES: [&str; 6] = ["a", "a/b", "a/b/c", "d", "d/e", "f"];
        let house = House::new();
        fs::create_dir_all(house.path("a/b")).unwrap();
        house.write("a/b/c", "1");
        house.write("d", "2");
        let before = house.record(1);
        for (act, name, value) in acts {
            let path = house.path(NAMES[name]);
            // Whether it works depends on what was done before.
            let _ = match act {
                0 => fs::remove_file(&path),
                1 => fs::remove_dir_all(&path),
                2 => fs::create_dir(&path),
                3 => symlink(value.to_string(), &path),
                4 => fs::set_permissions(&path, Permissions::from_mode(0o700 + value)),
                _ => match path.is_symlink() {
                    true => Ok(()),
                    false => fs::write(&path, value.to_string()),
                },
            };
        }
        let changes = house.changes(&before);
        prop_assert_eq!(changed_since(&changes), Vec::<PathBuf>::new());
        prop_assert_eq!(house.put_back(&changes), Vec::<String>::new());
        prop_assert_eq!(house.changes(&before), vec![]);
    }
}
