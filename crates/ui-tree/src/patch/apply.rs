//! Carries out the operations of RFC 6902, all or none.

use thiserror::Error;

use super::pointer;
use super::value::{Value, put};
use crate::fields::Fields;
use crate::scan::{Limits, TreeError};
use crate::tree::Tree;

/// Bytes that the copies of one patch may make in all: a few operations that copy the whole into itself would fill any
/// memory.
const MOST_COPIED: usize = 16 << 20;

/// Why operations were not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// The operations aren't a list.
    #[error("the operations are not a list")]
    NotAList,
    /// One of them can't be carried out.
    #[error("operation {index} on {path:?}: {reason}")]
    Refused {
        /// Which one, from 0 on.
        index: usize,
        /// The path, or `from`, that the reason is about, with `at` before it; empty if the operation has none.
        path: String,
        /// Why.
        reason: Refusal,
    },
    /// All can be carried out, but what comes of it is larger than a tree may be.
    #[error("the result can't be kept")]
    Result(#[source] TreeError),
}

/// Why one operation can't be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Nothing stands at the path.
    #[error("there is no such place")]
    NotFound,
    /// A list is asked for something that is neither an index nor `-`.
    #[error("{0:?} is no index of a list")]
    BadIndex(String),
    /// The path leads into a value that is neither a list nor a map.
    #[error("the path leads into a value that holds no others")]
    NoContainer,
    /// The path is no JSON Pointer.
    #[error("this is no JSON Pointer")]
    BadPointer,
    /// Something else stands there than `test` wants.
    #[error("something else stands there")]
    TestFailed,
    /// A value can't be moved into itself.
    #[error("a value can't be moved into itself")]
    IntoItself,
    /// The whole tree can't be removed.
    #[error("the whole can't be removed")]
    NoRoot,
    /// `op` is none of the six.
    #[error("there is no operation {0:?}")]
    UnknownOp(String),
    /// A field that the operation needs is missing or of another type.
    #[error("the field `{0}` is missing or of another type")]
    MissingField(&'static str),
    /// The operation is no map.
    #[error("an operation is a map")]
    NotAMap,
    /// The value would be nested too deep there.
    #[error("the tree would be nested deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// All copies together are too large.
    #[error("copies would make the tree grow by more than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
}

/// What comes of `tree` when the list `ops` of operations is carried out, with `at` before each of their paths. Values that
/// no operation touches keep their bytes. What is larger than the usual [`Limits`] is refused.
///
/// # Errors
/// Names the first operation that can't be carried out, and why; nothing is done then.
pub fn apply(tree: &Tree, at: &str, ops: &Tree) -> Result<Tree, ApplyError> {
    let mut list = Value::Raw(ops.as_msgpack());
    list.open().map_err(ApplyError::Result)?;
    let Value::List(list) = list else {
        return Err(ApplyError::NotAList);
    };
    let mut target = Target {
        root: Value::Raw(tree.as_msgpack()),
        copied: 0,
    };
    for (index, op) in list.into_iter().enumerate() {
        let refused = |(path, reason)| ApplyError::Refused {
            index,
            path,
            reason,
        };
        let operation =
            Operation::of(&op, ops, at).map_err(|reason| refused((String::new(), reason)))?;
        target.carry_out(operation).map_err(refused)?;
    }
    let bytes = target.root.to_msgpack();
    Tree::from_msgpack(bytes.into(), Limits::default()).map_err(ApplyError::Result)
}

/// A path and what is wrong with it.
type Refused = (String, Refusal);

struct Operation<'a> {
    action: Action<'a>,
    path: String,
}

enum Action<'a> {
    Add(Value<'a>),
    Remove,
    Replace(Value<'a>),
    Move(String),
    Copy(String),
    Test(Value<'a>),
}

impl<'a> Operation<'a> {
    /// Reads an operation, which lies in `ops`.
    fn of(op: &Value<'a>, ops: &'a Tree, at: &str) -> Result<Self, Refusal> {
        let Value::Raw(bytes) = op else {
            return Err(Refusal::NotAMap);
        };
        let all = ops.as_msgpack();
        let fields =
            Fields::of(all.slice_ref(bytes), Limits::default()).map_err(|_| Refusal::NotAMap)?;
        let text = |field| {
            fields
                .get::<String>(field)
                .map_err(|_| Refusal::MissingField(field))
        };
        let value = || {
            let raw = fields
                .place("value")
                .ok_or(Refusal::MissingField("value"))?;
            Ok(Value::Raw(&bytes[raw]))
        };
        let op = text("op")?;
        let action = match op.as_str() {
            "add" => Action::Add(value()?),
            "remove" => Action::Remove,
            "replace" => Action::Replace(value()?),
            "move" => Action::Move(whole(at, &text("from")?)?),
            "copy" => Action::Copy(whole(at, &text("from")?)?),
            "test" => Action::Test(value()?),
            _ => return Err(Refusal::UnknownOp(op)),
        };
        let path = whole(at, &text("path")?)?;
        Ok(Self { action, path })
    }
}

/// Both are pointers of their own, so that `at` never ends within a token.
fn whole(at: &str, path: &str) -> Result<String, Refusal> {
    match path.is_empty() || path.starts_with('/') {
        true => Ok(format!("{at}{path}")),
        false => Err(Refusal::BadPointer),
    }
}

struct Target<'a> {
    root: Value<'a>,
    /// Bytes that were copied so far.
    copied: usize,
}

impl<'a> Target<'a> {
    fn carry_out(&mut self, operation: Operation<'a>) -> Result<(), Refused> {
        let path = operation.path;
        match operation.action {
            Action::Add(value) => on(path, |tokens| self.add(tokens, value)),
            Action::Remove => on(path, |tokens| self.remove(tokens).map(drop)),
            Action::Replace(value) => on(path, |tokens| self.replace(tokens, value)),
            Action::Move(from) => self.move_value(from, path),
            Action::Copy(from) => {
                let value = on(from, |tokens| self.copy(tokens))?;
                on(path, |tokens| self.add(tokens, value))
            }
            Action::Test(value) => on(path, |tokens| match is_same(self.find(tokens)?, &value) {
                true => Ok(()),
                false => Err(Refusal::TestFailed),
            }),
        }
    }

    fn move_value(&mut self, from: String, path: String) -> Result<(), Refused> {
        let is_inside = path
            .strip_prefix(&from)
            .is_some_and(|rest| rest.starts_with('/'));
        on(from.clone(), |tokens| match is_inside {
            true => Err(Refusal::IntoItself),
            false => self.find(tokens).map(drop),
        })?;
        if from == path {
            return Ok(());
        }
        let value = on(from, |tokens| self.remove(tokens))?;
        on(path, |tokens| self.add(tokens, value))
    }

    fn find(&mut self, tokens: &[String]) -> Result<&mut Value<'a>, Refusal> {
        tokens
            .iter()
            .try_fold(&mut self.root, |value, token| child(value, token))
    }

    fn copy(&mut self, tokens: &[String]) -> Result<Value<'a>, Refusal> {
        let value = self.find(tokens)?.clone();
        self.copied += value.to_msgpack().len();
        match self.copied > MOST_COPIED {
            true => Err(Refusal::TooLarge { limit: MOST_COPIED }),
            false => Ok(value),
        }
    }

    fn add(&mut self, tokens: &[String], value: Value<'a>) -> Result<(), Refusal> {
        check_depth(tokens, &value)?;
        let Some((last, parents)) = tokens.split_last() else {
            self.root = value;
            return Ok(());
        };
        let parent = self.find(parents)?;
        open(parent)?;
        match parent {
            Value::Map(entries) => put(entries, last, value),
            Value::List(items) => {
                let index = match last.as_str() {
                    "-" => items.len(),
                    token => index(token)?,
                };
                if index > items.len() {
                    return Err(Refusal::NotFound);
                }
                items.insert(index, value);
            }
            Value::Raw(_) => return Err(Refusal::NoContainer),
        }
        Ok(())
    }

    fn remove(&mut self, tokens: &[String]) -> Result<Value<'a>, Refusal> {
        let (last, parents) = tokens.split_last().ok_or(Refusal::NoRoot)?;
        let parent = self.find(parents)?;
        open(parent)?;
        match parent {
            Value::Map(entries) => {
                let place = entries.iter().position(|(key, _)| key == last);
                Ok(entries.remove(place.ok_or(Refusal::NotFound)?).1)
            }
            Value::List(items) => match item(last)? {
                Some(index) if index < items.len() => Ok(items.remove(index)),
                _ => Err(Refusal::NotFound),
            },
            Value::Raw(_) => Err(Refusal::NoContainer),
        }
    }

    fn replace(&mut self, tokens: &[String], value: Value<'a>) -> Result<(), Refusal> {
        check_depth(tokens, &value)?;
        *self.find(tokens)? = value;
        Ok(())
    }
}

/// Does something at a path, and names the path if that fails.
fn on<T>(path: String, act: impl FnOnce(&[String]) -> Result<T, Refusal>) -> Result<T, Refused> {
    let done = match pointer::tokens(&path) {
        Some(tokens) => act(&tokens),
        None => Err(Refusal::BadPointer),
    };
    done.map_err(|reason| (path, reason))
}

fn child<'v, 'a>(value: &'v mut Value<'a>, token: &str) -> Result<&'v mut Value<'a>, Refusal> {
    open(value)?;
    let found = match value {
        Value::Map(entries) => entries
            .iter_mut()
            .find(|(key, _)| key == token)
            .map(|(_, value)| value),
        Value::List(items) => item(token)?.and_then(|index| items.get_mut(index)),
        Value::Raw(_) => return Err(Refusal::NoContainer),
    };
    found.ok_or(Refusal::NotFound)
}

fn open(value: &mut Value<'_>) -> Result<(), Refusal> {
    // Trees are checked, so there is always something to open.
    value.open().map_err(|_| Refusal::NoContainer)
}

/// The index of an item that is to be there, `None` for the place behind the last one.
fn item(token: &str) -> Result<Option<usize>, Refusal> {
    match token {
        "-" => Ok(None),
        token => index(token).map(Some),
    }
}

/// Digits without a leading zero. A number that is too large for this machine stands for an item that isn't there.
fn index(token: &str) -> Result<usize, Refusal> {
    let is_number = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || (token.len() > 1 && token.starts_with('0')) {
        return Err(Refusal::BadIndex(token.to_owned()));
    }
    token.parse().map_err(|_| Refusal::NotFound)
}

fn check_depth(tokens: &[String], value: &Value<'_>) -> Result<(), Refusal> {
    let limit = Limits::default().depth;
    match limit.checked_sub(tokens.len()) {
        Some(left) if value.fits(left) => Ok(()),
        _ => Err(Refusal::TooDeep { limit }),
    }
}

/// Whether both are the same JSON value.
fn is_same(one: &Value<'_>, other: &Value<'_>) -> bool {
    let decoded =
        |value: &Value<'_>| rmp_serde::from_slice::<serde_json::Value>(&value.to_msgpack()).ok();
    decoded(one) == decoded(other)
}
