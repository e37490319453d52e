//! Functions of a module's `__init__.py`, which run in a worker under a time limit.
//!
//! Workers are `worker`'s business and which of them live is `pool`'s; what they print goes through `drain`. The two functions
//! that every module may have and that belong to no form are read in `script` and here.

mod code;
mod drain;
mod pool;
mod script;
mod worker;

use std::collections::BTreeSet;
use std::fmt;

use contara_i18n::{Explained, Message, message};
use futures_util::future::BoxFuture;
use serde_json::Value;
use thiserror::Error;

pub use pool::{HookPool, HookSettings, SetupModuleRef};
pub use script::Script;

/// A module's Python code, loaded. Calls take turns.
pub trait Hooks: Send + Sync {
    /// The names of the functions that it has.
    fn functions(&self) -> &BTreeSet<String>;

    /// Calls one with these arguments, and with the module as one more if `with_module` and its signature takes it.
    fn call<'a>(
        &'a self,
        function: &'a str,
        arguments: Vec<Value>,
        with_module: bool,
    ) -> BoxFuture<'a, Result<Value, HookError>>;
}

/// A module without Python code.
#[derive(Debug, Clone, Copy)]
pub struct NoCode;

impl Hooks for NoCode {
    fn functions(&self) -> &BTreeSet<String> {
        static NONE: BTreeSet<String> = BTreeSet::new();
        &NONE
    }

    fn call<'a>(
        &'a self,
        function: &'a str,
        _: Vec<Value>,
        _: bool,
    ) -> BoxFuture<'a, Result<Value, HookError>> {
        Box::pin(async move { Err(HookError::Missing(function.to_owned())) })
    }
}

/// Whether the module itself says that it is configured; `None` if it doesn't say.
///
/// # Errors
/// It has a function for that, which failed.
pub async fn check_configured(hooks: &dyn Hooks) -> Result<Option<bool>, HookError> {
    if !hooks.functions().contains("check_configured") {
        return Ok(None);
    }
    let answer = hooks.call("check_configured", Vec::new(), false).await?;
    Ok(Some(is_truthy(&answer)))
}

/// Whether Python takes it for true.
#[must_use]
pub(crate) fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(bool) => *bool,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// Why a hook gave nothing. The message names the function, and is fit for people.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HookError {
    /// There is no such function.
    Missing(String),
    /// It raised.
    Raised {
        /// Which.
        function: String,
        /// One line, such as `KeyError: 'x'`.
        message: String,
    },
    /// It took too long, and its worker was ended.
    TooLong {
        /// Which.
        function: String,
        /// The limit.
        seconds: u64,
    },
    /// Its worker ended.
    Ended {
        /// Which.
        function: String,
        /// Such as "exit status 1".
        status: Message,
    },
    /// It returned something else than it is there for.
    BadAnswer {
        /// Which.
        function: String,
        /// What it has to return.
        expected: Expected,
    },
    /// The module's code can't be loaded.
    NotLoaded {
        /// Why.
        why: Message,
    },
}

/// What a function has to return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A script, and the fields whose answers it gets.
    Script,
    /// A script that is the module's own.
    ScriptInside,
}

impl Explained for HookError {
    fn message(&self) -> Message {
        match self {
            Self::Missing(function) => {
                message!(
                    "__init__.py has no function {function}()",
                    function = function
                )
            }
            Self::Raised { function, message } => message!(
                "{function}() failed: {reason}",
                function = function,
                reason = message
            ),
            Self::TooLong { function, seconds } => message!(
                "{function}() took longer than {seconds} s and was ended",
                function = function,
                seconds = *seconds
            ),
            Self::Ended { function, status } => message!(
                "{function}() ended its process ({status})",
                function = function,
                status = status.clone()
            ),
            Self::BadAnswer { function, expected } => expected.message(function),
            Self::NotLoaded { why } => message!(
                "the module's __init__.py can't be loaded: {reason}",
                reason = why.clone()
            ),
        }
    }
}

impl Expected {
    fn message(self, function: &str) -> Message {
        match self {
            Self::Script => message!(
                "{function}() has to return a script and a list of field names",
                function = function
            ),
            Self::ScriptInside => message!(
                "{function}() has to return the path of a script inside of the module's folder",
                function = function
            ),
        }
    }
}

impl fmt::Display for HookError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(out)
    }
}
