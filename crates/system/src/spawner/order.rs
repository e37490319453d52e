//! What is to be started: the module, its packages, its limits; and how the spawner is told.

use std::ffi::OsString;
use std::path::Path;

use contara_protocol::spawner::{Environment, ProcessLimits, StartWay, ToSpawner};

use crate::environments::Packages;
use crate::limits::Limits;
use crate::worker_process::{Interpreter, inherited};

/// Where programs are looked for when nobody says (`execvp`(3)).
const DEFAULT_PATH: &str = "/bin:/usr/bin";

/// A worker to be started.
#[derive(Debug, Clone)]
pub struct WorkerOrder {
    /// The module's name.
    pub module: String,
    /// The Python packages of its own, if it has any.
    pub packages: Option<Packages>,
    /// What it may use.
    pub limits: Limits,
}

impl WorkerOrder {
    /// How the spawner is told; the `id` is still to be filled in. Text that isn't UTF-8 can't be said: such variables are left
    /// out, and such paths name nothing.
    pub(super) fn into_message(
        self,
        interpreter: &Interpreter,
        way: StartWay,
    ) -> impl FnOnce(u64) -> ToSpawner + Send + use<> {
        let packages = self.packages.as_ref();
        let way = match packages {
            Some(packages) if packages.overrides_sdk => StartWay::Exec,
            _ => way,
        };
        let python = text(&interpreter.python);
        let pycache_prefix = text(&interpreter.bytecode_cache);
        let environment = self.environment(interpreter);
        let limits = ProcessLimits {
            address_space: bounded(self.limits.address_space),
            open_files: bounded(self.limits.open_files),
        };
        let packages = packages.map(|packages| text(&packages.site));
        move |id| ToSpawner::Start {
            id,
            module: self.module,
            way,
            python,
            pycache_prefix,
            packages,
            environment,
            limits,
        }
    }

    fn environment(&self, interpreter: &Interpreter) -> Environment {
        let mut variables: Vec<(&str, OsString)> = inherited().collect();
        let data = interpreter.module_data.join(&self.module);
        let cache = interpreter.module_cache.join(&self.module);
        variables.push(("CONTARA_DATA_DIR", data.into()));
        variables.push(("CONTARA_CACHE_DIR", cache.into()));
        if let Some(packages) = &self.packages {
            variables.push(("PYTHONPATH", packages.site.clone().into()));
            put_first_on_path(&mut variables, &packages.bin);
        }
        let said = variables
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value.into_string().ok()?)));
        Environment(said.collect())
    }
}

fn put_first_on_path(variables: &mut Vec<(&str, OsString)>, folder: &Path) {
    let position = variables.iter().position(|(name, _)| *name == "PATH");
    let rest = position.map_or_else(
        || OsString::from(DEFAULT_PATH),
        |position| variables.swap_remove(position).1,
    );
    let mut path = OsString::from(folder);
    path.push(":");
    path.push(rest);
    variables.push(("PATH", path));
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn bounded(limit: u64) -> Option<u64> {
    (limit != u64::MAX).then_some(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interpreter() -> Interpreter {
        Interpreter {
            python: "/python".into(),
            bytecode_cache: "/cache".into(),
            module_data: "/data".into(),
            module_cache: "/module-cache".into(),
        }
    }

    fn packages(overrides_sdk: bool) -> Packages {
        Packages {
            site: "/packages".into(),
            bin: "/packages/bin".into(),
            overrides_sdk,
        }
    }

    /// The way, the packages and the variables that a worker gets.
    fn start(
        way: StartWay,
        packages: Option<Packages>,
    ) -> (StartWay, Option<String>, Vec<(String, String)>) {
        let order = WorkerOrder {
            module: "steam".into(),
            packages,
            limits: Limits {
                open_files: u64::MAX,
                ..Limits::default()
            },
        };
        match order.into_message(&interpreter(), way)(7) {
            ToSpawner::Start {
                id: 7,
                way,
                packages,
                environment,
                limits,
                ..
            } if limits.open_files.is_none() && limits.address_space == Some(2 << 30) => {
                (way, packages, environment.0)
            }
            other => panic!("{other:?}"),
        }
    }

    fn value<'a>(variables: &'a [(String, String)], name: &str) -> Option<&'a str> {
        let mut found = variables.iter().filter(|(known, _)| known == name);
        let (Some((_, value)), None) = (found.next(), found.next()) else {
            return None;
        };
        Some(value)
    }

    #[test]
    fn a_module_without_packages_is_told_where_it_may_write() {
        let (way, packages, variables) = start(StartWay::Fork, None);
        assert_eq!((way, packages), (StartWay::Fork, None));
        assert_eq!(value(&variables, "CONTARA_DATA_DIR"), Some("/data/steam"));
        assert_eq!(
            value(&variables, "CONTARA_CACHE_DIR"),
            Some("/module-cache/steam")
        );
        assert_eq!(value(&variables, "PYTHONPATH"), None);
    }

    #[test]
    fn packages_come_first_and_those_that_override_the_sdk_need_a_start_of_their_own() {
        for (way, overrides, expected) in [
            (StartWay::Fork, false, StartWay::Fork),
            (StartWay::Exec, false, StartWay::Exec),
            (StartWay::Fork, true, StartWay::Exec),
        ] {
            let (way, site, variables) = start(way, Some(packages(overrides)));
            assert_eq!((way, site.as_deref()), (expected, Some("/packages")));
            assert_eq!(value(&variables, "PYTHONPATH"), Some("/packages"));
            let path = value(&variables, "PATH").unwrap_or_default();
            assert!(path.starts_with("/packages/bin:/"), "{path}");
        }
    }
}
