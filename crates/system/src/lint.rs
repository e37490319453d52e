//! What other programs say about a script that isn't run: bash, whether it can be read at all, and ShellCheck, where it is
//! installed, what its author likely didn't mean.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::command_run::{CommandOrder, StartCommandError, capture};

/// Either is through with a long script in a second or two.
const PATIENCE: Duration = Duration::from_secs(20);
/// Files that a script reads aren't there to be looked at: `functions.sh` stands beside the modules.
const UNSEEN_FILES: &str = "SC1090,SC1091";

/// Something about one line of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// From 1.
    pub line: usize,
    /// From 1, if it is known.
    pub column: Option<usize>,
    /// One sentence.
    pub message: String,
}

/// Why bash can't read the script; nothing if it can.
pub async fn bash_syntax(script: &Path) -> Result<Vec<Remark>, StartCommandError> {
    let script = &absolute(script);
    let order = CommandOrder::new("bash", ["-n".as_ref(), script.as_os_str()]).with("LC_ALL", "C");
    let captured = capture(&order, PATIENCE).await?;
    if captured.end.is_success {
        return Ok(Vec::new());
    }
    Ok(bash_remarks(&captured.output, script))
}

/// What ShellCheck warns of; nothing if it isn't installed.
pub async fn shellcheck(script: &Path) -> Vec<Remark> {
    let script = &absolute(script);
    let flags = ["--format=json1", "--shell=bash", "--severity=warning"];
    let excluded = format!("--exclude={UNSEEN_FILES}");
    let arguments = flags.into_iter().chain([excluded.as_str(), "--"]);
    let arguments = arguments.map(AsRef::as_ref).chain([script.as_os_str()]);
    let order = CommandOrder::new("shellcheck", arguments).with("LC_ALL", "C.UTF-8");
    let Ok(captured) = capture(&order, PATIENCE).await else {
        return Vec::new();
    };
    shellcheck_remarks(&captured.output)
}

/// Programs don't run in the folder that the path may be relative to.
fn absolute(script: &Path) -> PathBuf {
    std::path::absolute(script).unwrap_or_else(|_| script.to_owned())
}

/// Reads lines such as `setup.sh: line 3: syntax error near unexpected token 'fi'`. The line after repeats the script's own.
fn bash_remarks(output: &str, script: &Path) -> Vec<Remark> {
    let prefix = format!("{}: line ", script.display());
    let remark = |line: &str| {
        let (number, message) = line.strip_prefix(&prefix)?.split_once(": ")?;
        Some(Remark {
            line: number.parse().ok()?,
            column: None,
            message: message.to_owned(),
        })
    };
    let remarks = output.lines().filter_map(remark);
    let mut remarks: Vec<_> = remarks
        .filter(|remark| !remark.message.starts_with('`'))
        .collect();
    if remarks.is_empty() {
        remarks.push(Remark {
            line: 1,
            column: None,
            message: output.trim().to_owned(),
        });
    }
    remarks
}

#[derive(Deserialize)]
struct Answer {
    comments: Vec<Comment>,
}

#[derive(Deserialize)]
struct Comment {
    line: usize,
    column: usize,
    code: u32,
    message: String,
}

/// An answer that can't be read is one of another ShellCheck, which is no fault of the script.
fn shellcheck_remarks(output: &str) -> Vec<Remark> {
    let answer: Option<Answer> = serde_json::from_str(output).ok();
    let comments = answer.map(|answer| answer.comments).unwrap_or_default();
    comments
        .into_iter()
        .map(|comment| Remark {
            line: comment.line,
            column: Some(comment.column),
            message: format!(
                "{} (SC{})",
                comment.message.trim_end_matches('.'),
                comment.code
            ),
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    async fn bash(content: &str) -> Vec<(usize, String)> {
        let temp = tempfile::tempdir().unwrap();
        let script = temp.path().join("setup it.sh");
        std::fs::write(&script, content).unwrap();
        let remarks = bash_syntax(&script).await.unwrap();
        remarks
            .into_iter()
            .map(|remark| (remark.line, remark.message))
            .collect()
    }

    #[tokio::test]
    async fn bash_says_where_it_stumbles() {
        assert_eq!(bash("echo \"$1\" $\"text\"\n").await, []);
        let remarks = bash("true\nif true\nfi\n").await;
        assert_eq!(remarks.len(), 1, "{remarks:?}");
        assert_eq!(remarks[0].0, 3);
        assert!(remarks[0].1.contains("syntax error"), "{remarks:?}");
        let remarks = bash("echo 'never closed\n").await;
        assert!(remarks[0].1.contains("unexpected EOF"), "{remarks:?}");
    }

    #[test]
    fn words_without_a_line_are_kept() {
        let remarks = bash_remarks("bash: out of memory\n", Path::new("a.sh"));
        assert_eq!(
            (remarks[0].line, remarks[0].message.as_str()),
            (1, "bash: out of memory")
        );
    }

    /// As version 0.9.0 prints it.
    #[test]
    fn shellcheck_is_understood() {
        let output = r#"{"comments":[{"file":"s.sh","line":2,"endLine":2,"column":1,"endColumn":5,"level":"warning",
            "code":2164,"message":"Use 'cd ... || exit' in case cd fails.","fix":null}]}"#;
        let remark = Remark {
            line: 2,
            column: Some(1),
            message: "Use 'cd ... || exit' in case cd fails (SC2164)".to_owned(),
        };
        assert_eq!(shellcheck_remarks(output), [remark]);
        assert_eq!(shellcheck_remarks("shellcheck: unrecognized option"), []);
    }
}
