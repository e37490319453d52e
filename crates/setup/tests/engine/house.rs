//! A place with setup modules and a journal, and what tests ask of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use contara_manifest::Source;
use contara_setup::engine::{Begin, Choice, Parts, Settings, Setup, SetupError};
use contara_setup::form::{Posted, Value};
use contara_setup::transaction::{LogLine, Transaction, TransactionId, TransactionState};
use contara_store::Store;
use contara_system::catalog::{Root, scan};
use contara_system::file_record::FileRecorder;
use contara_system::spawner::{Spawner, StartWay};
use contara_system::worker_process::Interpreter;
use tempfile::TempDir;
use tokio::sync::watch;

pub(crate) struct House {
    pub(crate) folder: TempDir,
    pub(crate) settings: Settings,
}

impl House {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["modules", "etc"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let settings = Settings {
            package_manager: "none".into(),
            package_patience: Duration::from_secs(60),
            language: "en_US".into(),
            hook_limit: Duration::from_secs(20),
            is_root: true,
            catalogues: folder.path().join("catalogues"),
            reboot_delay: Duration::from_millis(50),
            reboot_command: vec!["true".into()],
            files: FileRecorder::new(
                folder.path().join("files"),
                vec![folder.path().join("etc")],
                folder.path().join("files"),
            ),
        };
        Self { folder, settings }
    }

    /// Writes a module: more keys of its `desc.json`, its fields, and its script, which gets all answers.
    pub(crate) fn module(&self, slug: &str, keys: &str, fields: &[&str], script: Option<&str>) {
        let names = fields.iter().map(|field| {
            let field: serde_json::Value = serde_json::from_str(field).unwrap();
            field["name"].as_str().unwrap().to_owned()
        });
        let names: Vec<_> = names.collect();
        let code = match script {
            Some(_) => format!("def get_config_info(): return 'setup.sh', {names:?}\n"),
            None => String::new(),
        };
        self.module_with_code(slug, keys, fields, script, &code);
    }

    pub(crate) fn module_with_code(
        &self,
        slug: &str,
        keys: &str,
        fields: &[&str],
        script: Option<&str>,
        code: &str,
    ) {
        let folder = self.module_folder(slug);
        std::fs::create_dir_all(&folder).unwrap();
        let config = match fields {
            [] => String::new(),
            fields => format!(r#", "config": [{}]"#, fields.join(",")),
        };
        let desc = format!(r#"{{"slug": "{slug}", "name": "Module {slug}"{keys}{config}}}"#);
        std::fs::write(folder.join("desc.json"), desc).unwrap();
        std::fs::write(folder.join("__init__.py"), code).unwrap();
        if let Some(script) = script {
            std::fs::write(folder.join("setup.sh"), script).unwrap();
        }
    }

    pub(crate) fn module_folder(&self, slug: &str) -> PathBuf {
        self.folder.path().join("modules").join(slug)
    }

    /// A file beside the modules, for scripts to touch.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.path("contara.db")
    }

    pub(crate) fn store(&self) -> Store {
        Store::open(&self.journal()).unwrap()
    }

    pub(crate) async fn setup(&self) -> Setup {
        self.try_setup().await.unwrap()
    }

    pub(crate) async fn try_setup(&self) -> Result<Setup, SetupError> {
        let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let python = std::env::var_os("CONTARA_PYTHON").map(PathBuf::from);
        let interpreter = Interpreter {
            python: python.unwrap_or_else(|| checkout.join("python/.venv/bin/python")),
            bytecode_cache: self.path("cache"),
            module_data: self.path("data"),
            module_cache: self.path("module-cache"),
        };
        let root = Root {
            path: self.path("modules"),
            source: Source::Community,
        };
        let catalog = Arc::new(scan(&[root], &[]));
        let parts = Parts {
            store: self.store(),
            spawner: Spawner::new(interpreter, StartWay::Fork),
            catalog: watch::channel(catalog).1,
            settings: self.settings.clone(),
        };
        Setup::start(parts).await
    }
}

pub(crate) fn choice(modules: &[&str]) -> Choice {
    Choice {
        modules: modules.iter().map(ToString::to_string).collect(),
        reconfigure: false,
    }
}

pub(crate) async fn begin(setup: &Setup, modules: &[&str]) -> Result<Transaction, SetupError> {
    let begin = Begin {
        choice: choice(modules),
        digest: None,
        by: "tester".into(),
    };
    setup.begin(begin).await
}

/// Waits until a transaction is as wanted.
pub(crate) async fn wait_for(
    setup: &Setup,
    id: TransactionId,
    is_it: impl Fn(&Transaction) -> bool,
) -> Transaction {
    let mut changes = setup.changes();
    let wait = async {
        loop {
            changes.borrow_and_update();
            let transaction = setup.transaction(id).await.unwrap();
            if is_it(&transaction) {
                return transaction;
            }
            changes.changed().await.unwrap();
        }
    };
    match tokio::time::timeout(Duration::from_secs(60), wait).await {
        Ok(transaction) => transaction,
        Err(_) => panic!("{:#?}", setup.transaction(id).await),
    }
}

pub(crate) async fn state(
    setup: &Setup,
    id: TransactionId,
    state: TransactionState,
) -> Transaction {
    wait_for(setup, id, |transaction| transaction.state == state).await
}

/// Waits until a log holds this line.
pub(crate) async fn line(setup: &Setup, id: TransactionId, text: &str) {
    let mut changes = setup.changes();
    let wait = async {
        loop {
            changes.borrow_and_update();
            if texts(setup, id).await.iter().any(|line| line == text) {
                return;
            }
            changes.changed().await.unwrap();
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(60), wait).await;
    if waited.is_err() {
        panic!("no {text:?} in {:?}", texts(setup, id).await);
    }
}

pub(crate) async fn lines(setup: &Setup, id: TransactionId) -> Vec<LogLine> {
    setup.log(id, 0, 1_000_000).await.unwrap().lines
}

pub(crate) async fn texts(setup: &Setup, id: TransactionId) -> Vec<String> {
    let lines = lines(setup, id).await.into_iter();
    lines.map(|line| line.text).collect()
}

/// Answers of one module.
pub(crate) fn answers(slug: &str, fields: &[(&str, &str)]) -> BTreeMap<String, Posted> {
    let fields = fields.iter();
    let fields = fields.map(|(name, text)| (name.to_string(), Value::Text(text.to_string())));
    BTreeMap::from([(slug.to_owned(), fields.collect())])
}

/// Waits until a file is there.
pub(crate) async fn file(path: &Path) {
    let deadline = std::time::Instant::now() + Duration::from_secs(60);
    while !path.exists() {
        assert!(std::time::Instant::now() < deadline, "no {path:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
