//! `contara module enable` and `contara module disable`. Both return once it is done, however long packages take.

use std::process::ExitCode;

use clap::Args;
use contara_i18n::message;
use hyper::StatusCode;
use serde_json::Value;

use super::{Named, preparing, say, warnings};
use crate::admin_client::{Refused, Wait};
use crate::command::wait_for;
use crate::locale_language::{self, warning_line};

#[derive(Debug, Args)]
pub(crate) struct Enable {
    #[command(flatten)]
    module: Named,
    /// Print the daemon's answer, one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Disable {
    #[command(flatten)]
    module: Named,
    /// Print the daemon's answer, one JSON object
    #[arg(long)]
    json: bool,
}

impl Enable {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let name = &self.module.name;
        let mut answer = ask(&self.module, "/enable").with_context_if_failed(name)?;
        if answer["life"] == "preparing" {
            let daemon = self.module.data_dir.admin_client()?;
            wait_for(preparing::follow(&daemon, name))?;
            answer["life"] = "running".into();
        }
        let running = message!("{module} is running.", module = name);
        print(self.json, &answer, &locale_language::say(&running))?;
        self.warn()
    }

    /// What the module lacks though it runs, on standard error.
    fn warn(&self) -> anyhow::Result<ExitCode> {
        let daemon = self.module.data_dir.admin_client()?;
        let module = wait_for(preparing::find(&daemon, &self.module.name))?;
        for warning in warnings(&module) {
            eprintln!("{}", warning_line(warning));
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Disable {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let name = &self.module.name;
        let answer = ask(&self.module, "/disable").with_context_if_failed(name)?;
        let off = message!("{module} is off.", module = name);
        print(self.json, &answer, &locale_language::say(&off))
    }
}

fn ask(module: &Named, what: &str) -> anyhow::Result<Value> {
    let daemon = module.data_dir.admin_client()?;
    wait_for(async {
        let path = module.path(what);
        let answer = daemon.post(&path, None, Wait::AsLongAsItTakes).await;
        match answer {
            Ok(answer) => Ok(answer),
            Err(error) => Err(module.explain(&daemon, error).await),
        }
    })
}

fn print(json: bool, answer: &Value, text: &str) -> anyhow::Result<ExitCode> {
    if json {
        say(&answer.to_string())?;
    } else {
        say(text)?;
    }
    Ok(ExitCode::SUCCESS)
}

trait WithContext {
    /// Where to read on when the module itself failed.
    fn with_context_if_failed(self, name: &str) -> Self;
}

impl<T> WithContext for anyhow::Result<T> {
    fn with_context_if_failed(self, name: &str) -> Self {
        let failed = |error: &anyhow::Error| {
            let refused = error.downcast_ref::<Refused>();
            refused.is_some_and(|refused| refused.status == StatusCode::INTERNAL_SERVER_ERROR)
        };
        match self {
            Err(error) if failed(&error) => Err(error.context(super::failed(name))),
            other => other,
        }
    }
}
