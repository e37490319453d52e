//! Somebody at a terminal: is told things and answers, line by line.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};

use contara_i18n::message;

use crate::locale_language::say;

/// Where questions go and answers come from.
pub(super) struct Terminal {
    input: Box<dyn BufRead>,
    output: Box<dyn Write>,
    read_secret: fn(&mut dyn BufRead) -> io::Result<String>,
}

impl Terminal {
    /// The one that this program was started in. Questions go to standard error, so that output can be kept.
    pub(super) fn own() -> Self {
        Self {
            input: Box::new(BufReader::new(io::stdin())),
            output: Box::new(io::stderr()),
            read_secret: |_| rpassword::read_password(),
        }
    }

    pub(super) fn tell(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.output, "{text}")
    }

    /// One line, without blanks around it.
    pub(super) fn ask(&mut self, question: &str) -> io::Result<String> {
        let line = self.ask_until_text(question, |terminal| read_line(&mut *terminal.input))?;
        Ok(line.trim().to_owned())
    }

    /// One line that isn't shown while it is typed.
    pub(super) fn ask_secret(&mut self, question: &str) -> io::Result<String> {
        self.ask_until_text(question, |terminal| {
            (terminal.read_secret)(&mut *terminal.input)
        })
    }

    /// A terminal that isn't set to UTF-8 sends accents as bytes of another encoding.
    fn ask_until_text(
        &mut self,
        question: &str,
        read: fn(&mut Self) -> io::Result<String>,
    ) -> io::Result<String> {
        loop {
            self.put(question)?;
            match read(self) {
                Err(error) if error.kind() == ErrorKind::InvalidData => {
                    let again = message!(
                        "That isn't UTF-8 text. Please type it again, if need be without accents."
                    );
                    self.tell(&format!("  {}", say(&again)))?;
                }
                line => return line,
            }
        }
    }

    /// Yes or no; `usual` if only Enter is pressed.
    pub(super) fn ask_whether(&mut self, question: &str, usual: bool) -> io::Result<bool> {
        let words = YesNo::own();
        loop {
            let answer = self.ask(&format!("{question} {} ", words.choice(usual)))?;
            if answer.is_empty() {
                return Ok(usual);
            }
            match words.read(&answer) {
                Some(answer) => return Ok(answer),
                None => self.tell(&format!("  {}", words.explained()))?,
            }
        }
    }

    fn put(&mut self, question: &str) -> io::Result<()> {
        write!(self.output, "{question}")?;
        self.output.flush()
    }

    /// One whose person types this, and everything that it was told.
    #[cfg(test)]
    pub(super) fn typed(text: impl Into<Vec<u8>>, output: impl Write + 'static) -> Self {
        Self {
            input: Box::new(io::Cursor::new(text.into())),
            output: Box::new(output),
            read_secret: read_line,
        }
    }
}

/// The words for an answer, of which the first letters do.
struct YesNo {
    yes: String,
    no: String,
}

impl YesNo {
    /// In the language of the terminal.
    fn own() -> Self {
        Self {
            yes: say(&message!("yes")),
            no: say(&message!("no")),
        }
    }

    fn letters(&self) -> [&str; 2] {
        [&self.yes, &self.no].map(|word| &word[..1])
    }

    /// What can be typed, with what Enter does in capitals.
    fn choice(&self, usual: bool) -> String {
        let [yes, no] = self.letters();
        match usual {
            true => format!("[{}/{no}]", yes.to_uppercase()),
            false => format!("[{yes}/{}]", no.to_uppercase()),
        }
    }

    /// English is understood in each language: it is what fingers know.
    fn read(&self, answer: &str) -> Option<bool> {
        let answer = answer.to_lowercase();
        let [yes, no] = self.letters();
        let is_one_of = |words: [&str; 5]| words.contains(&answer.as_str());
        if is_one_of([&self.yes, yes, "y", "yes", "on"]) {
            Some(true)
        } else if is_one_of([&self.no, no, "n", "no", "off"]) {
            Some(false)
        } else {
            None
        }
    }

    fn explained(&self) -> String {
        let [yes, no] = self.letters();
        say(&message!(
            "Please answer {yes} or {no}.",
            yes = yes,
            no = no
        ))
    }
}

fn read_line(input: &mut dyn BufRead) -> io::Result<String> {
    let mut line = String::new();
    if input.read_line(&mut line)? == 0 {
        let message = message!("nobody answers any more: standard input has ended");
        return Err(io::Error::new(ErrorKind::UnexpectedEof, say(&message)));
    }
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_own_yes_and_english_does_everywhere() {
        let words = |yes: &str, no: &str| YesNo {
            yes: yes.into(),
            no: no.into(),
        };
        let check = |words: &YesNo, choices: [&str; 2], yes: &[&str], no: &[&str]| {
            assert_eq!([true, false].map(|usual| words.choice(usual)), choices);
            for (answers, expected) in [(yes, true), (no, false)] {
                for answer in answers {
                    assert_eq!(words.read(answer), Some(expected), "{answer}");
                }
            }
            assert_eq!(words.read("maybe"), None);
        };
        let english = YesNo::own();
        check(
            &english,
            ["[Y/n]", "[y/N]"],
            &["Y", "yes", "on"],
            &["n", "NO", "off"],
        );
        assert_eq!(english.read("j"), None);
        let german = words("ja", "nein");
        check(
            &german,
            ["[J/n]", "[j/N]"],
            &["j", "Ja", "y"],
            &["n", "nein", "no"],
        );
        let french = words("oui", "non");
        check(
            &french,
            ["[O/n]", "[o/N]"],
            &["o", "oui", "yes"],
            &["n", "non"],
        );
    }

    #[test]
    fn what_is_no_text_is_asked_again() {
        let typed = b"caf\xe9\ncafe\n\xff\nsecret\n";
        let mut terminal = Terminal::typed(typed, io::sink());
        assert_eq!(terminal.ask("Where? ").ok().as_deref(), Some("cafe"));
        assert_eq!(terminal.ask_secret("How? ").ok().as_deref(), Some("secret"));
        let ended = terminal.ask("And? ").expect_err("nobody is there");
        assert_eq!(ended.kind(), ErrorKind::UnexpectedEof);
    }
}
