//! The shared functions that setup scripts read as `../functions.sh`: a file of ours beside the modules' folders.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// As it is in this repository.
const OURS: &str = include_str!("../../../../modules/setup/functions.sh");

/// A file that has this line is ours to replace.
const MARK: &str = "# Contara's functions for setup scripts.";

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Functions {
    /// The file was absent or out of date, and was written.
    Written,
    /// The file is as it should be.
    Current,
    /// Somebody else's file is there, and was left alone.
    Foreign,
}

/// Puts the shared functions beside the modules of a folder, if there is none of somebody else's. Blocks.
pub fn ensure_functions(modules: &Path) -> io::Result<Functions> {
    let path = modules.join("functions.sh");
    match fs::read(&path) {
        Ok(there) if there == OURS.as_bytes() => return Ok(Functions::Current),
        Ok(there) if !is_ours(&there) => return Ok(Functions::Foreign),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    // As a whole: a script may be reading it.
    let new = modules.join(".functions.sh.new");
    fs::write(&new, OURS)?;
    fs::set_permissions(&new, fs::Permissions::from_mode(0o644))?;
    fs::rename(new, path)?;
    Ok(Functions::Written)
}

fn is_ours(text: &[u8]) -> bool {
    let mut first = String::from_utf8_lossy(text).into_owned();
    first.truncate(first.floor_char_boundary(1000));
    first.lines().any(|line| line.starts_with(MARK))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_where_there_is_none_or_an_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("functions.sh");
        assert_eq!(ensure_functions(folder.path()).unwrap(), Functions::Written);
        assert_eq!(fs::read_to_string(&path).unwrap(), OURS);
        assert_eq!(ensure_functions(folder.path()).unwrap(), Functions::Current);
        fs::write(&path, format!("{MARK} Older.\nold=1\n")).unwrap();
        assert_eq!(ensure_functions(folder.path()).unwrap(), Functions::Written);
        assert_eq!(fs::read_to_string(&path).unwrap(), OURS);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn somebody_elses_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("functions.sh");
        let theirs = OURS.replace(MARK, "# Mine.");
        fs::write(&path, &theirs).unwrap();
        assert_eq!(ensure_functions(folder.path()).unwrap(), Functions::Foreign);
        assert_eq!(fs::read_to_string(&path).unwrap(), theirs);
    }

    #[test]
    fn a_folder_that_isnt_there_is_said() {
        assert!(ensure_functions(Path::new("/nowhere")).is_err());
    }
}
