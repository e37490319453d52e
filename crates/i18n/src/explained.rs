//! Errors that say themselves in each language: what failed in Contara's own words, and why in its own or in those of whoever said it.

use std::error::Error;

use crate::{Message, message};

/// An error whose words are Contara's. Its `Display` is [`Self::message`] in English.
pub trait Explained: Error {
    /// What failed. The cause isn't in it.
    fn message(&self) -> Message;

    /// The cause, if its words are Contara's too. Those of any other [`source`](Error::source) are left as they are.
    fn explained_cause(&self) -> Option<&dyn Explained> {
        None
    }

    /// What failed, and why.
    fn explanation(&self) -> Message {
        let cause = self.explained_cause().map(Explained::explanation);
        match cause.or_else(|| self.source().map(in_its_own_words)) {
            Some(cause) => self.message().because(cause),
            None => self.message(),
        }
    }
}

/// What somebody else's error says, with its causes.
fn in_its_own_words(error: &dyn Error) -> Message {
    let words = Message::verbatim(error.to_string());
    match error.source() {
        Some(source) => words.because(in_its_own_words(source)),
        None => words,
    }
}

/// An error and its causes in one line, each in its own words.
#[must_use]
pub fn with_causes(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    let causes: Vec<_> = causes.map(ToString::to_string).collect();
    causes.join(": ")
}

impl Message {
    /// This, and why.
    #[must_use]
    pub fn because(self, reason: Self) -> Self {
        message!("{what}: {why}", what = self, why = reason)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;
    use crate::Languages;

    #[derive(Debug)]
    enum Failed {
        Whole(Box<Failed>),
        Part(fmt::Error),
    }

    impl fmt::Display for Failed {
        fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.message().fmt(out)
        }
    }

    impl Error for Failed {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            match self {
                Self::Whole(part) => Some(part),
                Self::Part(source) => Some(source),
            }
        }
    }

    impl Explained for Failed {
        fn message(&self) -> Message {
            match self {
                Self::Whole(_) => message!("the journal can't be used"),
                Self::Part(_) => message!("its folder is gone"),
            }
        }

        fn explained_cause(&self) -> Option<&dyn Explained> {
            match self {
                Self::Whole(part) => Some(&**part),
                Self::Part(_) => None,
            }
        }
    }

    #[test]
    fn an_error_says_its_causes_as_far_as_they_are_contaras() {
        let error = Failed::Whole(Box::new(Failed::Part(fmt::Error)));
        assert_eq!(error.to_string(), "the journal can't be used");
        assert_eq!(
            with_causes(&error),
            format!(
                "the journal can't be used: its folder is gone: {}",
                fmt::Error
            )
        );
        let explanation = error.explanation();
        assert_eq!(
            explanation.to_string(),
            format!(
                "the journal can't be used: its folder is gone: {}",
                fmt::Error
            )
        );
        assert_eq!(
            explanation.in_language(&Languages::of(["fr"])),
            format!(
                "La base de données ne peut pas être utilisée\u{202f}: son dossier n’existe plus\u{202f}: {}",
                fmt::Error
            )
        );
    }
}
