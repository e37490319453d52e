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

/// Why a hook gave nothing. The text names the function, and is fit for people.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HookError {
    /// There is no such function.
    #[error("__init__.py has no function {0}()")]
    Missing(String),
    /// It raised.
    #[error("{function}() failed: {message}")]
    Raised {
        /// Which.
        function: String,
        /// One line, such as `KeyError: 'x'`.
        message: String,
    },
    /// It took too long, and its worker was ended.
    #[error("{function}() took longer than {seconds} s and was ended")]
    TooLong {
        /// Which.
        function: String,
        /// The limit.
        seconds: u64,
    },
    /// Its worker ended.
    #[error("{function}() ended its process ({status})")]
    Ended {
        /// Which.
        function: String,
        /// Such as "exit status 1".
        status: String,
    },
    /// It returned something else than it is there for.
    #[error("{function}() has to return {expected}")]
    BadAnswer {
        /// Which.
        function: String,
        /// What it has to return.
        expected: &'static str,
    },
    /// The module's code can't be loaded.
    #[error("the module's __init__.py can't be loaded: {message}")]
    NotLoaded {
        /// Why.
        message: String,
    },
}
