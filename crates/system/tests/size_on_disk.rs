//! Sizes of folders that a module made to do harm. Alone in its process, whose limits it changes.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs;

use contara_system::machine::size_on_disk;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

#[test]
fn folders_may_be_deeper_in_each_other_than_files_may_be_open() {
    let top = tempfile::tempdir().unwrap();
    let deepest = top.path().join("a/".repeat(200));
    fs::create_dir_all(&deepest).unwrap();
    let empty = size_on_disk(top.path());
    fs::write(deepest.join("file"), [7; 100_000]).unwrap();
    let usual = getrlimit(Resource::Nofile);
    let few = Rlimit {
        current: Some(100),
        ..usual
    };
    setrlimit(Resource::Nofile, few).unwrap();
    let size = size_on_disk(top.path());
    // To be removed it may need as many files as it has folders.
    setrlimit(Resource::Nofile, usual).unwrap();
    let taken = size - empty;
    assert!((100_000..200_000).contains(&taken), "{taken}");
}
