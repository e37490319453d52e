//! What `/proc/<pid>/stat` says of a process (proc(5)): read in one place, as its second field may hold any character.

/// Its fields from the third, the state.
pub(crate) fn fields(stat: &str) -> Option<impl Iterator<Item = &str>> {
    Some(stat.rsplit_once(')')?.1.split_ascii_whitespace())
}

/// When a process started, in ticks since the machine did: together with its number that names one process. `None` if it is gone.
pub(crate) fn start_time(pid: u32) -> Option<u64> {
    fields(&read(pid)?)?.nth(19)?.parse().ok()
}

/// The number of its session; `None` if it is gone.
pub(crate) fn session_of(pid: u32) -> Option<u32> {
    fields(&read(pid)?)?.nth(3)?.parse().ok()
}

/// Whether it is gone, or has ended and only waits for being asked how.
pub(crate) fn has_ended(pid: u32) -> bool {
    let state = read(pid).and_then(|text| Some(fields(&text)?.next()?.to_owned()));
    state.is_none_or(|state| state == "Z" || state == "X")
}

fn read(pid: u32) -> Option<String> {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_and_blanks_is_no_field() {
        let stat = "7 (a) b (c) S 1 2 3 0";
        let all: Vec<_> = fields(stat).unwrap().collect();
        assert_eq!(all, ["S", "1", "2", "3", "0"]);
        assert!(fields("").is_none());
    }

    #[test]
    fn this_process_has_started_and_not_ended() {
        let own = std::process::id();
        assert!(start_time(own).unwrap() > 0);
        assert!(!has_ended(own));
        assert_eq!((start_time(0), has_ended(0)), (None, true));
    }
}
