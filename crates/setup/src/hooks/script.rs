//! A module's script, as its `get_config_info()` tells.

use std::path::{Component, Path};

use serde_json::Value;

use super::{Expected, HookError, Hooks, is_truthy};

const FUNCTION: &str = "get_config_info";

/// What configures a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Relative to the module's folder, and within it.
    pub path: String,
    /// The names of the fields whose answers it gets, in this order.
    pub params: Vec<String>,
}

/// Asks for it; `None` if the module has none.
pub(super) async fn script_of(hooks: &dyn Hooks) -> Result<Option<Script>, HookError> {
    if !hooks.functions().contains(FUNCTION) {
        return Ok(None);
    }
    let answer = hooks.call(FUNCTION, Vec::new(), false).await?;
    read(&answer)
}

fn read(answer: &Value) -> Result<Option<Script>, HookError> {
    let wrong = |expected| HookError::BadAnswer {
        function: FUNCTION.into(),
        expected,
    };
    let pair = wrong(Expected::Script);
    let Some([path, params]) = answer.as_array().map(Vec::as_slice) else {
        return Err(pair);
    };
    if !is_truthy(path) {
        return Ok(None);
    }
    let (Some(path), Some(params)) = (path.as_str(), params.as_array()) else {
        return Err(pair);
    };
    if !is_inside(path) {
        return Err(wrong(Expected::ScriptInside));
    }
    let params = params.iter().map(|name| name.as_str().map(str::to_owned));
    let params = params.collect::<Option<_>>().ok_or(pair)?;
    Ok(Some(Script {
        path: path.to_owned(),
        params,
    }))
}

fn is_inside(path: &str) -> bool {
    let is_plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    !path.contains('\0') && Path::new(path).components().all(is_plain)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_script_and_its_parameters() {
        let script = read(&json!(["setup/run.sh", ["a", "b"]])).unwrap().unwrap();
        assert_eq!(
            (script.path.as_str(), script.params.as_slice()),
            ("setup/run.sh", ["a".to_owned(), "b".into()].as_slice())
        );
        for none in [json!(["", []]), json!([null, ["a"]]), json!([false, null])] {
            assert_eq!(read(&none), Ok(None), "{none}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_what_it_should_be() {
        for (answer, expected) in [
            (json!(null), "a script and a list"),
            (json!(["x.sh"]), "a script and a list"),
            (json!(["x.sh", [], 1]), "a script and a list"),
            (json!(["x.sh", "a"]), "a script and a list"),
            (json!(["x.sh", [1]]), "a script and a list"),
            (json!([1, []]), "a script and a list"),
            (json!(["/bin/sh", []]), "inside of the module's folder"),
            (json!(["../x.sh", []]), "inside of the module's folder"),
            (json!(["a/../../x.sh", []]), "inside of the module's folder"),
        ] {
            let refused = read(&answer).unwrap_err().to_string();
            assert!(refused.contains(expected), "{answer}: {refused}");
            assert!(refused.starts_with("get_config_info()"), "{refused}");
        }
    }
}
