//! A transaction's whole log, a part at a time: as text to be kept, and line by line for the summary.

use contara_setup::engine::{Setup, SetupError};
use contara_setup::transaction::{LogLine, TransactionId};
use futures_util::stream::{Stream, TryStreamExt, try_unfold};
use jiff::tz::TimeZone;

use super::{MOST_LINES, transaction};
use crate::reader::Reader;

/// The whole log as it is now, in parts that are read when they are wanted.
pub(crate) fn parts(
    setup: Setup,
    id: TransactionId,
) -> impl Stream<Item = Result<Vec<LogLine>, SetupError>> + Send {
    try_unfold(Some(0), move |after| {
        let setup = setup.clone();
        async move {
            let Some(after) = after else { return Ok(None) };
            let part = setup.log(id, after, MOST_LINES).await?;
            let goes_on = part.has_more && part.next > after;
            Ok(Some((part.lines, goes_on.then_some(part.next))))
        }
    })
}

/// The same as text, in the machine's time and the reader's language.
pub(crate) fn texts(
    setup: Setup,
    id: TransactionId,
    reader: Reader,
) -> impl Stream<Item = Result<String, SetupError>> + Send {
    let zone = TimeZone::system();
    let text = move |line: &LogLine| text(line, &transaction::said(line, &reader), &zone);
    parts(setup, id).map_ok(move |lines| lines.iter().map(&text).collect())
}

/// `12:03:04 [slug] text`, with its end. The text is what was printed: the digit that it began with may have been no level.
fn text(line: &LogLine, said: &str, zone: &TimeZone) -> String {
    let time = line.at.to_zoned(zone.clone()).strftime("%H:%M:%S");
    let level = line.level.map(|level| level.to_string());
    let text = level.unwrap_or_default() + said;
    match &line.module {
        Some(module) => format!("{time} [{module}] {text}\n"),
        None => format!("{time} {text}\n"),
    }
}

#[cfg(test)]
mod tests {
    use contara_setup::transaction::LineKind;
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn a_line_says_when_and_whose_it_is() {
        let line = |module: Option<&str>| LogLine {
            number: 1,
            at: Timestamp::UNIX_EPOCH,
            module: module.map(str::to_owned),
            kind: LineKind::Output,
            level: module.map(|_| 1),
            text: "27.0.0.1 is here".into(),
            message: None,
            is_open: false,
        };
        let text = |line: LogLine| text(&line, &line.text, &TimeZone::UTC);
        assert_eq!(
            text(line(Some("dns"))),
            "00:00:00 [dns] 127.0.0.1 is here\n"
        );
        assert_eq!(text(line(None)), "00:00:00 27.0.0.1 is here\n");
    }
}
