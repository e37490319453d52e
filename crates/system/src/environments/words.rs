//! What installers print, made fit for people: without credentials, control characters and noise; and what kind of failure
//! it speaks of. Known from uv 0.13 and pip 23; words that aren't recognised are kept as they are. pip speaks of the
//! network only when it tries again, so `PIP_RETRIES=0` makes an index that can't be reached look like one without the package.

/// Lines of an explanation that are kept. The conclusion is the last of them.
const MOST_LINES: usize = 20;

/// What says that the package index wasn't reached. In this order: uv, pip, both.
const NO_NETWORK: [&str; 14] = [
    "error sending request",
    "dns error",
    "tcp connect error",
    "operation timed out",
    "Request failed after",
    "NewConnectionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "SSLError",
    "Connection refused",
    "Network is unreachable",
    "Temporary failure in name resolution",
    "Name or service not known",
];

/// What says that no versions fit.
const UNRESOLVABLE: [&str; 5] = [
    "No solution found",
    "requirements are unsatisfiable",
    "No matching distribution found",
    "ResolutionImpossible",
    "conflicting dependencies",
];

/// Why an installer has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    NoNetwork,
    Unresolvable,
    Other,
}

/// Judges by what was printed.
pub(super) fn kind(lines: &[String]) -> Kind {
    let says = |words: &[&str]| {
        lines
            .iter()
            .any(|line| words.iter().any(|word| line.contains(word)))
    };
    // pip says that it found no such package, too, when it couldn't ask.
    if says(&NO_NETWORK) {
        Kind::NoNetwork
    } else if says(&UNRESOLVABLE) {
        Kind::Unresolvable
    } else {
        Kind::Other
    }
}

/// The part of an output that explains a failure, without noise; at most some 20 lines.
pub(super) fn explanation(lines: &[String]) -> String {
    let start = lines.iter().position(|line| is_start(line)).unwrap_or(0);
    let mut kept: Vec<_> = lines[start..]
        .iter()
        .filter(|line| !is_noise(line))
        .map(|line| without_marks(line))
        .filter(|line| !line.is_empty())
        .collect();
    kept.dedup();
    if kept.len() <= MOST_LINES {
        return kept.join("\n");
    }
    let left_out = kept.len() - MOST_LINES;
    format!(
        "({left_out} lines are left out here)\n{}",
        kept[left_out..].join("\n")
    )
}

fn is_start(line: &str) -> bool {
    let line = line.trim_start();
    ["error:", "ERROR:", "×", "The conflict is caused by:"]
        .iter()
        .any(|mark| line.starts_with(mark))
}

/// Progress, headings that our own sentence says better, and pip's advice for people at a prompt.
fn is_noise(line: &str) -> bool {
    let line = line.trim();
    const STARTS: [&str; 12] = [
        "Collecting ",
        "Downloading ",
        "Downloaded ",
        "Using cached ",
        "Looking in ",
        "Resolved ",
        "Prepared ",
        "Using CPython ",
        "To fix this you could try to:",
        "1. loosen the range",
        "2. remove package versions",
        "[notice]",
    ];
    line.contains("No solution found when resolving")
        || line.contains("ResolutionImpossible")
        || STARTS.iter().any(|start| line.starts_with(start))
}

/// Without the marks in front with which uv and pip draw a tree.
fn without_marks(line: &str) -> String {
    let mut line = line.trim_start_matches(['×', '╰', '─', '▶', '│', '├', ' ']);
    for mark in ["error: ", "cause: ", "ERROR: "] {
        line = line.strip_prefix(mark).unwrap_or(line);
    }
    line.trim().to_owned()
}

/// A line for the log: without credentials in links and without control characters.
pub(super) fn harmless(line: &str) -> String {
    let line: String = line
        .chars()
        .map(|char| {
            if char.is_control() && char != '\t' {
                '\u{fffd}'
            } else {
                char
            }
        })
        .collect();
    without_credentials(line.trim_end())
}

/// `https://user:password@host/` becomes `https://***@host/`.
fn without_credentials(line: &str) -> String {
    let mut parts = line.split("://");
    let mut clean = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        clean.push_str("://");
        let end = part
            .find(|char: char| char.is_whitespace() || "/\"'<>".contains(char))
            .unwrap_or(part.len());
        let (authority, rest) = part.split_at(end);
        match authority.rsplit_once('@') {
            Some((_, host)) => clean.extend(["***@", host]),
            None => clean.push_str(authority),
        }
        clean.push_str(rest);
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[track_caller]
    fn check(output: &str, expected: Kind, words: &str) {
        let lines = lines(output);
        assert_eq!(kind(&lines), expected, "{output}");
        assert_eq!(explanation(&lines), words);
    }

    #[test]
    fn uv_is_understood() {
        check(
            "Using CPython 3.11.7 interpreter at: /x\nerror: No solution found when resolving dependencies\n  cause: \
             Because you require pydantic<2 and pydantic>=2.11,<3, we can conclude that your requirements are unsatisfiable.",
            Kind::Unresolvable,
            "Because you require pydantic<2 and pydantic>=2.11,<3, we can conclude that your requirements are unsatisfiable.",
        );
        check(
            "  × No solution found when resolving dependencies:\n  ╰─▶ Because a was not found\n      and you require a, we \
             can conclude that your requirements are unsatisfiable.",
            Kind::Unresolvable,
            "Because a was not found\nand you require a, we can conclude that your requirements are unsatisfiable.",
        );
        check(
            "error: Request failed after 3 retries in 4.6s\n  cause: Failed to fetch: http://h/simple/a/\n  cause: client \
             error (Connect)\n  cause: tcp connect error",
            Kind::NoNetwork,
            "Request failed after 3 retries in 4.6s\nFailed to fetch: http://h/simple/a/\nclient error \
             (Connect)\ntcp connect error",
        );
    }

    #[test]
    fn pip_is_understood() {
        check(
            "Collecting pydantic<2\nERROR: Cannot install pydantic<2 because these package versions have conflicting \
             dependencies.\n\nThe conflict is caused by:\n    The user requested pydantic<2\n    The user requested \
             (constraint) pydantic<3,>=2.11\n\nTo fix this you could try to:\n1. loosen the range of package versions \
             you've specified\nERROR: ResolutionImpossible: for help visit x",
            Kind::Unresolvable,
            "Cannot install pydantic<2 because these package versions have conflicting dependencies.\nThe conflict is \
             caused by:\nThe user requested pydantic<2\nThe user requested (constraint) pydantic<3,>=2.11",
        );
        check(
            "WARNING: Retrying after connection broken by 'NewConnectionError(x)': /simple/a/\nERROR: No matching \
             distribution found for a",
            Kind::NoNetwork,
            "No matching distribution found for a",
        );
    }

    #[test]
    fn what_is_not_recognised_is_kept_and_what_is_long_is_cut() {
        check(
            "something odd\n\nhappened",
            Kind::Other,
            "something odd\nhappened",
        );
        let many: Vec<_> = (0..50).map(|line| format!("line {line}")).collect();
        let words = explanation(&many);
        assert!(
            words.starts_with("(30 lines are left out here)\nline 30\n"),
            "{words}"
        );
        assert!(words.ends_with("line 49"), "{words}");
    }

    #[test]
    fn credentials_and_control_characters_are_taken_out() {
        let check = |line: &str, expected: &str| assert_eq!(harmless(line), expected);
        check(
            "at https://user:pass@host/simple/ x",
            "at https://***@host/simple/ x",
        );
        check(
            "(http://token@host), https://a:b@c",
            "(http://***@host), https://***@c",
        );
        check("https://u:p@ss@host/x@y", "https://***@host/x@y");
        check("see https://host/a@b", "see https://host/a@b");
        check("\u{1b}[31mred\u{7}  ", "\u{fffd}[31mred\u{fffd}");
    }
}
