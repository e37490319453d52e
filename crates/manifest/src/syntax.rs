//! What makes a text JSON and nothing looser, and the words for what doesn't. The parser underneath reads JSON with
//! comments: it is let past comments and final commas, which are reported here one by one, so that a file with such
//! a comment still has its other problems shown.

use std::ops::Range;

use contara_i18n::{Message, message};
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::tokens::Token;
use jsonc_parser::{ParseOptions, ParseStringErrorKind, Scanner, ScannerOptions};

use crate::finding::{Finding, Report};
use crate::problem::Code;
use crate::source_text::quoted;

/// A manifest needs four levels. More than this is an accident or an attack on the stack of whoever walks the tree.
const DEEPEST: usize = 32;

/// Whether it makes sense to go on and parse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Parse,
    Stop,
}

pub(crate) fn parse_options() -> ParseOptions {
    ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

fn scanner_options() -> ScannerOptions {
    ScannerOptions {
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// Reports what the parser would let pass. `Stop` if parsing would only bring consequences of it to light.
pub(crate) fn check_tokens(text: &str, report: &mut Report) -> Verdict {
    let mut check = TokenCheck {
        text,
        report,
        previous_end: 0,
        comma: None,
        depth: 0,
    };
    let mut scanner = Scanner::new(text, &scanner_options());
    // A scanning error ends this pass; the parser meets the same error and reports it.
    while let Ok(Some(token)) = scanner.scan() {
        if check.token(&token, scanner.token_start()..scanner.token_end()) == Verdict::Stop {
            return Verdict::Stop;
        }
    }
    check.gap(scanner.token_start());
    Verdict::Parse
}

struct TokenCheck<'t, 'r> {
    text: &'t str,
    report: &'r mut Report,
    previous_end: usize,
    /// The comma that was the last token, comments aside.
    comma: Option<Range<usize>>,
    depth: usize,
}

impl TokenCheck<'_, '_> {
    fn token(&mut self, token: &Token<'_>, at: Range<usize>) -> Verdict {
        self.gap(at.start);
        self.previous_end = at.end;
        if matches!(token, Token::CommentLine(_) | Token::CommentBlock(_)) {
            self.report.add(comment(at));
            return Verdict::Parse;
        }
        self.final_comma(token, &at);
        match token {
            Token::OpenBrace | Token::OpenBracket => self.open(at),
            Token::CloseBrace | Token::CloseBracket => self.depth = self.depth.saturating_sub(1),
            Token::String(_) => return self.string(at),
            _ => {}
        }
        if self.depth > DEEPEST {
            Verdict::Stop
        } else {
            Verdict::Parse
        }
    }

    fn open(&mut self, at: Range<usize>) {
        self.depth += 1;
        if self.depth > DEEPEST {
            self.report.add(
                Finding::error(Code::TooDeep, at, message!("Nested too deeply"))
                    .found(message!(
                        "{count} arrays and objects inside each other",
                        count = self.depth
                    ))
                    .expected(message!(
                        "at most {count}; a manifest needs four",
                        count = DEEPEST
                    ))
                    .help(message!("Look for brackets that are opened by mistake.")),
            );
        }
    }

    fn final_comma(&mut self, token: &Token<'_>, at: &Range<usize>) {
        let closes = matches!(token, Token::CloseBrace | Token::CloseBracket);
        if let Some(comma) = self.comma.take().filter(|_| closes) {
            self.report.add(
                Finding::error(
                    Code::TrailingComma,
                    comma,
                    message!("JSON allows no comma after the last entry"),
                )
                .found(message!("a comma with nothing after it"))
                .expected(message!(
                    "\"{bracket}\" right after the last entry",
                    bracket = token.as_str()
                ))
                .help(message!("Delete this comma.")),
            );
        }
        self.comma = (*token == Token::Comma).then(|| at.clone());
    }

    /// JSON knows four kinds of white space between tokens, the parser below all of Unicode's.
    fn gap(&mut self, end: usize) {
        let gap = self.text.get(self.previous_end..end).unwrap_or_default();
        let strange = |char: &(usize, char)| !matches!(char.1, ' ' | '\t' | '\n' | '\r');
        for (offset, char) in gap.char_indices().filter(strange) {
            let start = self.previous_end + offset;
            self.report
                .add(invisible(start..start + char.len_utf8(), char));
        }
    }

    /// A raw line end in a string is nearly always a forgotten quote, and then what follows is read inside out.
    fn string(&mut self, at: Range<usize>) -> Verdict {
        let control = |char: &(usize, char)| char.1 < ' ';
        let inside = &self.text[at.clone()];
        for (offset, char) in inside.char_indices().filter(control) {
            if matches!(char, '\n' | '\r') {
                self.report.add(line_end(at.start..at.start + offset));
                return Verdict::Stop;
            }
            let start = at.start + offset;
            self.report.add(control_character(start..start + 1, char));
        }
        Verdict::Parse
    }
}

fn comment(at: Range<usize>) -> Finding {
    Finding::error(Code::Comment, at, message!("JSON allows no comments"))
        .found(message!("a comment"))
        .expected(message!("JSON only"))
        .help(message!("Delete the comment. If it came with the documentation's example: that line only names the file."))
}

fn invisible(at: Range<usize>, char: char) -> Finding {
    Finding::error(Code::InvisibleCharacter, at, message!("An invisible character that JSON doesn't allow"))
        .found(Message::verbatim(format!("U+{:04X}", u32::from(char))))
        .expected(message!("spaces, tabs and line ends only"))
        .help(message!("Delete it and type a plain space; such characters come from copying out of web pages and documents."))
}

fn control_character(at: Range<usize>, char: char) -> Finding {
    let escape = match char {
        '\t' => "\\t".to_owned(),
        other => format!("\\u{:04x}", u32::from(other)),
    };
    Finding::error(
        Code::InvisibleCharacter,
        at,
        message!("A control character inside a string"),
    )
    .found(Message::verbatim(format!("U+{:04X}", u32::from(char))))
    .expected(message!("the escape {escape}", escape = &escape))
    .help(message!(
        "Write {escape}, or delete it if it isn't meant.",
        escape = escape
    ))
}

fn line_end(at: Range<usize>) -> Finding {
    Finding::error(
        Code::Syntax,
        at,
        message!("A string that isn't closed on its line"),
    )
    .found(message!("a line end inside a string"))
    .expected(message!(
        "a closing double quote before the end of the line"
    ))
    .help(message!(
        "Add the missing quote, or write \\n for a line end that is meant."
    ))
}

/// The finding for a text that doesn't parse.
pub(crate) fn parse_failure(text: &str, error: &ParseError) -> Finding {
    let range = error.range().start..error.range().end;
    let words = Words::of(error.kind());
    let at = if words.marks_start {
        range.start..range.start
    } else {
        range
    };
    Finding::error(Code::Syntax, at.clone(), words.message)
        .found(words.found.unwrap_or_else(|| standing_at(text, &at)))
        .expected(words.expected)
        .help(words.help)
}

/// The finding for a text without any value.
pub(crate) fn empty(text: &str) -> Finding {
    Finding::error(
        Code::Syntax,
        text.len()..text.len(),
        message!("The file holds no JSON"),
    )
    .found(message!("the end of the file"))
    .expected(message!("an object: {example}", example = "{ … }"))
    .help(message!("Start from the minimal example of its reference."))
}

/// What stands at a place: the marked text, or else the next character that can be seen.
fn standing_at(text: &str, at: &Range<usize>) -> Message {
    let marked = text.get(at.clone()).unwrap_or_default().trim();
    let next = || {
        text.get(at.start..)
            .unwrap_or_default()
            .trim_start()
            .chars()
            .next()
    };
    match (marked, next()) {
        ("", Some('"')) => message!("the start of another text"),
        ("", None) => message!("the end of the file"),
        ("", Some(next)) => Message::verbatim(quoted(&next.to_string())),
        (marked, _) => Message::verbatim(quoted(marked)),
    }
}

/// How a parser's complaint is told.
struct Words {
    message: Message,
    /// What stands there; by default the marked text.
    found: Option<Message>,
    expected: Message,
    help: Message,
    /// Mark the first character only: the range runs to the end of the file.
    marks_start: bool,
}

impl Words {
    fn new(message: Message, expected: Message, help: Message) -> Self {
        Words {
            message,
            found: None,
            expected,
            help,
            marks_start: false,
        }
    }

    fn never_closed(message: Message, found: Message, expected: Message, help: Message) -> Self {
        Words {
            message,
            found: Some(found),
            expected,
            help,
            marks_start: true,
        }
    }

    fn of(kind: &ParseErrorKind) -> Self {
        match kind {
            ParseErrorKind::String(kind) => Self::of_string(kind),
            ParseErrorKind::BareDecimalPointNumbersNotAllowed
            | ParseErrorKind::ExpectedDigit
            | ParseErrorKind::ExpectedDigitFollowingNegativeSign
            | ParseErrorKind::ExpectedPlusMinusOrDigitInNumberLiteral
            | ParseErrorKind::HexadecimalNumbersNotAllowed
            | ParseErrorKind::NonFiniteNumbersNotAllowed
            | ParseErrorKind::UnaryPlusNumbersNotAllowed => Self::new(
                message!("Not a JSON number"),
                message!("a number such as 1, -2 or 0.5"),
                message!(
                    "Correct the number, or put it in double quotes if it is a text such as a version."
                ),
            ),
            other => Self::of_structure(other),
        }
    }

    fn of_structure(kind: &ParseErrorKind) -> Self {
        match kind {
            ParseErrorKind::ExpectedComma => Self::new(
                message!("A comma is missing"),
                message!("a comma between two entries"),
                message!("Add a comma after the entry before this place."),
            ),
            ParseErrorKind::ExpectedColonAfterObjectKey => Self::new(
                message!("A colon is missing"),
                message!("a colon between a key and its value"),
                message!("Write \"key\": value."),
            ),
            ParseErrorKind::ExpectedObjectValue => Self::new(
                message!("A value is missing"),
                message!("a value after the colon"),
                message!("Write the value, or delete the key."),
            ),
            ParseErrorKind::UnexpectedTokenInObject
            | ParseErrorKind::ExpectedStringObjectProperty => Self::new(
                message!("Not a key"),
                message!("a key in double quotes, or {close}", close = "}"),
                message!("Keys stand in double quotes: \"key\": value."),
            ),
            ParseErrorKind::UnexpectedCloseBrace | ParseErrorKind::UnexpectedCloseBracket => {
                Self::new(
                    message!("A closing bracket in the wrong place"),
                    message!("a value, or the bracket that closes what was opened last"),
                    message!("Look before this place for a missing value or a missing bracket."),
                )
            }
            ParseErrorKind::MultipleRootJsonValues => Self::new(
                message!("Something follows the end of the JSON"),
                message!("the end of the file"),
                message!(
                    "Delete what follows, or look for a {close} too many before this place.",
                    close = "}"
                ),
            ),
            ParseErrorKind::UnterminatedObject => Self::never_closed(
                message!("An object is never closed"),
                message!("a {open} without its {close}", open = "{", close = "}"),
                Message::verbatim("}"),
                message!("Add the missing {bracket}.", bracket = "}"),
            ),
            ParseErrorKind::UnterminatedArray => Self::never_closed(
                message!("An array is never closed"),
                message!("a {open} without its {close}", open = "[", close = "]"),
                Message::verbatim("]"),
                message!("Add the missing {bracket}.", bracket = "]"),
            ),
            ParseErrorKind::UnterminatedCommentBlock => Self::never_closed(
                message!("JSON allows no comments"),
                message!("a comment that is never closed"),
                message!("JSON only"),
                message!("Delete the comment."),
            ),
            ParseErrorKind::SingleQuotedStringsNotAllowed => Self::new(
                message!("Single quotes"),
                message!("double quotes"),
                message!("JSON puts keys and texts in double quotes: \"text\"."),
            ),
            _ => Self::new(
                message!("Not a JSON value"),
                message!(
                    "a text in double quotes, a number, true, false, null, an array or an object"
                ),
                message!("Put texts in double quotes, and look for a comma or bracket too many."),
            ),
        }
    }

    fn of_string(kind: &ParseStringErrorKind) -> Self {
        match kind {
            ParseStringErrorKind::UnterminatedStringLiteral => Self::never_closed(
                message!("A string is never closed"),
                message!("a double quote without its partner"),
                message!("a closing double quote"),
                message!("Add the missing quote."),
            ),
            _ => Self::new(
                message!("Not an escape JSON knows"),
                message!(
                    "one of {escapes} or \\u and four hexadecimal digits",
                    escapes = r#"\" \\ \/ \b \f \n \r \t"#
                ),
                message!("Write \\\\ for a backslash, as in Windows paths."),
            ),
        }
    }
}
