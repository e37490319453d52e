//! Somebody at a terminal: is told things and answers, line by line.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};

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
                    self.tell("  That isn't UTF-8 text. Please type it again, if need be without accents.")?;
                }
                line => return line,
            }
        }
    }

    /// Yes or no; `usual` if only Enter is pressed.
    pub(super) fn ask_whether(&mut self, question: &str, usual: bool) -> io::Result<bool> {
        let choice = if usual { "[Y/n]" } else { "[y/N]" };
        loop {
            let answer = self.ask(&format!("{question} {choice} "))?;
            match answer.to_lowercase().as_str() {
                "" => return Ok(usual),
                "y" | "yes" | "on" => return Ok(true),
                "n" | "no" | "off" => return Ok(false),
                _ => self.tell("  Please answer y or n.")?,
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

fn read_line(input: &mut dyn BufRead) -> io::Result<String> {
    let mut line = String::new();
    if input.read_line(&mut line)? == 0 {
        let message = "nobody answers any more: standard input has ended";
        return Err(io::Error::new(ErrorKind::UnexpectedEof, message));
    }
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

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
