//! Functions of a module's `__init__.py`, which run in a worker under a time limit.

use std::collections::BTreeSet;

use futures_util::future::BoxFuture;
use serde_json::Value;
use thiserror::Error;

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
        /// The module's frames.
        traceback: Option<String>,
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
    /// The module's code can't be loaded.
    #[error("the module's __init__.py can't be loaded: {message}")]
    NotLoaded {
        /// Why.
        message: String,
        /// The module's frames.
        traceback: Option<String>,
    },
}
