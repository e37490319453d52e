//! Functions of setup modules in real Python workers, and little patience.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use contara_setup::hooks::{
    HookError, HookPool, HookSettings, Hooks, SetupModuleRef, check_configured,
};
use contara_system::spawner::{Spawner, StartWay};
use contara_system::worker_process::Interpreter;
use serde_json::{Value, json};
use tempfile::TempDir;

struct House {
    pool: HookPool,
    folder: TempDir,
}

impl House {
    fn new() -> Self {
        Self::with_limit(Duration::from_secs(20))
    }

    fn with_limit(limit: Duration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let python = std::env::var_os("CONTARA_PYTHON").map(PathBuf::from);
        let interpreter = Interpreter {
            python: python.unwrap_or_else(|| checkout.join("python/.venv/bin/python")),
            bytecode_cache: folder.path().join("cache"),
            module_data: folder.path().join("data"),
            module_cache: folder.path().join("module-cache"),
        };
        let settings = HookSettings {
            catalogues: folder.path().join("catalogues"),
            limit,
        };
        let pool = HookPool::new(Spawner::new(interpreter, StartWay::Fork), settings);
        Self { pool, folder }
    }

    fn module(&self, slug: &str, source: &str) -> SetupModuleRef {
        let folder = self.folder.path().join("modules").join(slug);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("__init__.py"), source).unwrap();
        SetupModuleRef {
            slug: slug.into(),
            name: slug.to_uppercase(),
            folder,
            fingerprint: 1,
            is_configured: true,
            may_know_secrets: false,
            language: "en_US".into(),
        }
    }

    async fn hooks(&self, source: &str) -> Arc<dyn Hooks> {
        let module = self.module("it", source);
        self.pool.hooks_of(&module).await.unwrap()
    }

    async fn refused(&self, module: &SetupModuleRef) -> HookError {
        match self.pool.hooks_of(module).await {
            Ok(_) => panic!("it was loaded"),
            Err(error) => error,
        }
    }
}

async fn call(hooks: &dyn Hooks, function: &str) -> Result<Value, HookError> {
    hooks.call(function, Vec::new(), true).await
}

async fn pid(hooks: &dyn Hooks) -> u64 {
    call(hooks, "pid").await.unwrap().as_u64().unwrap()
}

fn lives(pid: u64) -> bool {
    Path::new("/proc").join(pid.to_string()).exists()
}

#[tokio::test]
async fn functions_are_called_with_their_arguments_and_the_module_if_they_take_it() {
    let house = House::new();
    let hooks = house
        .hooks(
            "
def nothing(): return None
def told(module): return [module.slug, module.name, module.configured, module.path]
def both(fields, value): return {'fields': fields, 'value': value, 'n': 1.5}
def get_config_info(): return ('setup-it.sh', ['a', 'b'])
def check_configured(): return 0
helper = 5
",
        )
        .await;
    let functions: Vec<_> = hooks.functions().iter().map(String::as_str).collect();
    assert_eq!(
        functions,
        [
            "both",
            "check_configured",
            "get_config_info",
            "nothing",
            "told"
        ]
    );
    assert_eq!(call(&*hooks, "nothing").await, Ok(json!(null)));
    let module = house.module("it", "");
    let path = module.folder.to_str().unwrap();
    assert_eq!(
        call(&*hooks, "told").await,
        Ok(json!(["it", "IT", true, path]))
    );
    let fields = json!([{"name": "ä", "default": ["x"]}]);
    let both = hooks
        .call("both", vec![fields.clone(), json!("on")], false)
        .await;
    assert_eq!(both, Ok(json!({"fields": fields, "value": "on", "n": 1.5})));
    assert_eq!(check_configured(&*hooks).await, Ok(Some(false)));
    let script = house.pool.script_of(&module).await.unwrap().unwrap();
    assert_eq!(
        (script.path.as_str(), script.params.len()),
        ("setup-it.sh", 2)
    );
    let missing = call(&*hooks, "helper").await;
    assert_eq!(missing, Err(HookError::Missing("helper".into())));
}

#[tokio::test]
async fn a_function_that_raises_tells_where_and_its_worker_lives_on() {
    let house = House::new();
    let hooks = house
        .hooks("import os\ndef pid(): return os.getpid()\ndef fails(): return {}['x']\ndef leaves(): raise SystemExit(3)\n")
        .await;
    let before = pid(&*hooks).await;
    let Err(HookError::Raised { function, message }) = call(&*hooks, "fails").await else {
        panic!("it didn't raise");
    };
    assert_eq!(
        (function.as_str(), message.as_str()),
        ("fails", "KeyError: 'x'")
    );
    let left = call(&*hooks, "leaves").await.unwrap_err();
    assert!(matches!(left, HookError::Raised { .. }), "{left}");
    assert_eq!(pid(&*hooks).await, before);
}

#[tokio::test]
async fn a_module_that_may_know_secrets_is_told_of_without_its_words() {
    let house = House::new();
    let source = "def fails(): raise ValueError('canary')\nprint('canary')\n";
    let mut module = house.module("it", source);
    module.may_know_secrets = true;
    let hooks = house.pool.hooks_of(&module).await.unwrap();
    let failure = HookError::Raised {
        function: "fails".into(),
        message: "ValueError in __init__.py, line 1".into(),
    };
    assert_eq!(call(&*hooks, "fails").await, Err(failure.clone()));
    assert_eq!(house.pool.troubles_of(&module), [failure]);
    let mut broken = house.module("broken", "\nraise ValueError('canary')\n");
    broken.may_know_secrets = true;
    let failure = house.refused(&broken).await;
    assert_eq!(
        failure.to_string(),
        "the module's __init__.py can't be loaded: ValueError in __init__.py, line 2"
    );
}

#[tokio::test]
async fn a_function_that_hangs_is_ended_with_its_worker_and_the_next_call_has_another() {
    let house = House::with_limit(Duration::from_secs(4));
    let hooks = house
        .hooks("import os, threading\ndef pid(): return os.getpid()\ndef hangs(): threading.Event().wait()\n")
        .await;
    let before = pid(&*hooks).await;
    let begin = Instant::now();
    let error = call(&*hooks, "hangs").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "hangs() took longer than 4 s and was ended"
    );
    assert!(begin.elapsed() < Duration::from_secs(60));
    let after = pid(&*hooks).await;
    assert_ne!(before, after);
    gone(before).await;
}

/// Returns once the process is gone.
async fn gone(pid: u64) {
    let wait = async {
        while lives(pid) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait)
        .await
        .expect("it is killed");
}

#[tokio::test]
async fn a_function_that_ends_its_process_is_told_with_the_status() {
    let house = House::new();
    let hooks = house
        .hooks("import os\ndef pid(): return os.getpid()\ndef exits(): os._exit(7)\n")
        .await;
    let error = call(&*hooks, "exits").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "exits() ended its process (exit status 7)"
    );
    assert!(lives(pid(&*hooks).await));
}

#[tokio::test]
async fn what_a_module_prints_and_reads_does_not_touch_its_answers() {
    let house = House::new();
    let hooks = house
        .hooks("import os, sys\nprint('hello')\ndef f():\n    print('x' * 100000)\n    os.write(1, b'\\xff\\x00')\n    os.write(2, b'bad\\n' * 10000)\n    return sys.stdin.read()\n")
        .await;
    assert_eq!(call(&*hooks, "f").await, Ok(json!("")));
}

#[tokio::test]
async fn code_that_cannot_be_loaded_says_why() {
    let house = House::with_limit(Duration::from_secs(5));
    for (slug, source, reason) in [
        ("syntax", "def f(:\n", "SyntaxError"),
        ("raises", "{}['x']\n", "KeyError: 'x'"),
        ("absent", "import no_such_package\n", "no_such_package"),
        ("leaves", "import sys\nsys.exit(1)\n", "SystemExit"),
        (
            "exits",
            "import os\nos._exit(9)\n",
            "it ended its process (exit status 9)",
        ),
        (
            "hangs",
            "import threading\nthreading.Event().wait()\n",
            "it took longer than 5 s and was ended",
        ),
    ] {
        let error = house.refused(&house.module(slug, source)).await;
        assert!(matches!(error, HookError::NotLoaded { .. }), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
    let mut gone = house.module("gone", "");
    gone.folder.push("deeper");
    assert!(
        house
            .refused(&gone)
            .await
            .to_string()
            .contains("__init__.py can't be loaded")
    );
}

#[tokio::test]
async fn a_failed_load_is_remembered_until_the_module_changes_or_is_forgotten() {
    let house = House::new();
    let mut module = house.module("it", "import other\ndef f(): return 1\n");
    house.refused(&module).await;
    std::fs::write(module.folder.join("__init__.py"), "def f(): return 1\n").unwrap();
    house.refused(&module).await;
    module.fingerprint = 2;
    assert!(house.pool.hooks_of(&module).await.is_ok());
    module.fingerprint = 1;
    house.pool.forget("it");
    assert!(house.pool.hooks_of(&module).await.is_ok());
}

#[tokio::test]
async fn a_module_without_code_needs_no_worker() {
    let house = House::new();
    let hooks = house.hooks("# Nothing.\n").await;
    assert!(hooks.functions().is_empty());
    assert_eq!(
        call(&*hooks, "f").await,
        Err(HookError::Missing("f".into()))
    );
    assert_eq!(check_configured(&*hooks).await, Ok(None));
    assert_eq!(
        house.pool.script_of(&house.module("it", "")).await,
        Ok(None)
    );
}

#[tokio::test]
async fn more_modules_than_workers_take_turns() {
    let house = House::new();
    let mut loaded = Vec::new();
    for number in 0..10 {
        let module = house.module(
            &format!("m{number}"),
            "import os\ndef pid(): return os.getpid()\n",
        );
        loaded.push(house.pool.hooks_of(&module).await.unwrap());
    }
    let calls = loaded.iter().map(|hooks| pid(&**hooks));
    let pids = futures_util::future::join_all(calls).await;
    let calls = loaded.iter().map(|hooks| pid(&**hooks));
    futures_util::future::join_all(calls).await;
    assert_eq!(pids.len(), 10);
    let first = &loaded[0];
    let (a, b) = (pid(&**first).await, pid(&**first).await);
    assert_eq!(a, b, "one that is used is kept");
}
