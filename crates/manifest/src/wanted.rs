//! What a field should hold, in words.

use contara_i18n::{Message, message};

/// A JSON type, or what an array is of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted {
    String,
    Flag,
    Object,
    Strings,
    Objects,
    Ports,
}

impl Wanted {
    /// To follow "expected".
    pub(crate) fn name(self) -> Message {
        match self {
            Wanted::String => message!("a string"),
            Wanted::Flag => message!("true or false"),
            Wanted::Object => message!("an object"),
            Wanted::Strings => message!("an array of strings"),
            Wanted::Objects => message!("an array of objects"),
            Wanted::Ports => message!("an array of ports"),
        }
    }

    /// What to do about anything else.
    pub(crate) fn instead(self) -> Message {
        match self {
            Wanted::String => message!("Write a string instead."),
            Wanted::Flag => message!("Write true or false instead."),
            Wanted::Object => message!("Write an object instead."),
            Wanted::Strings => message!("Write an array of strings instead."),
            Wanted::Objects => message!("Write an array of objects instead."),
            Wanted::Ports => message!("Write an array of ports instead."),
        }
    }
}
