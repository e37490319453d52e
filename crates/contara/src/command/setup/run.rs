//! `contara setup install`, `configure` and `retry`: a transaction from its plan, or from where it was left, to its end.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, bail};
use clap::Args;
use contara_i18n::{Message, message};
use contara_protocol::stream::v1::setup::{SetupNeed, SetupState, SetupTransaction};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::answers_file::AnswersFile;
use super::asking::{self, Answers};
use super::daemon::{Choice, SetupApi, is_about_login, is_refusal, is_unfinished, wrong_answers};
use super::follow::{Follower, Gone, Show};
use super::signing_in;
use super::terminal::Terminal;
use super::wire::{Form, Plan, Remark, Repository};
use super::{
    INTERRUPTED, Numbered, UNANSWERED, exit_code, is_attended, plan_text, print_json, say_if_heard,
    transaction_text,
};
use crate::command::{DataDir, labelled, wait_for};
use crate::locale_language::{error_line, say, warning_line, with_colon};
use crate::plain::plain;

#[derive(Debug, Args)]
pub(crate) struct Install {
    /// The modules' names, as `contara setup list` shows them
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,
    /// Go on without asking whether the plan is right
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    pub(super) way: Way,
    #[command(flatten)]
    data_dir: DataDir,
}

#[derive(Debug, Args)]
pub(crate) struct Retry {
    #[command(flatten)]
    transaction: Numbered,
    #[command(flatten)]
    pub(super) way: Way,
}

/// How a transaction is run.
#[derive(Debug, Args)]
pub(crate) struct Way {
    /// Answers to what the modules ask, as TOML or JSON (*.json)
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Print nothing but one JSON object at the end: the transaction, or why it was refused. Asks nothing
    #[arg(long)]
    pub(super) json: bool,
}

impl Install {
    pub(crate) fn run(&self, reconfigure: bool) -> anyhow::Result<ExitCode> {
        let choice = Choice {
            modules: &self.names,
            reconfigure,
        };
        let api = SetupApi::new(self.data_dir.admin_client()?);
        let run = Run::new(&api, &self.way)?;
        run.unless_interrupted(async {
            let plan = api.plan(choice).await?;
            if let Some(code) = run.approve(&plan, self.yes).await? {
                return Ok(code);
            }
            let begun = api.begin(choice, &plan["digest"]).await?;
            run.to_the_end(begun.id, 0).await
        })
    }
}

impl Retry {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let api = SetupApi::new(self.transaction.data_dir.admin_client()?);
        let run = Run::new(&api, &self.way)?;
        run.unless_interrupted(async {
            let can_go_on = |one: &SetupTransaction| one.state != SetupState::Done;
            let none = message!(
                "there is no transaction to go on with: `contara setup status` shows those that there are"
            );
            let found = api.named_or(self.transaction.id, can_go_on, &none);
            let found = found.await?;
            if !is_unfinished(&found) {
                api.change(found.id, "retry").await?;
            }
            run.to_the_end(found.id, found.lines).await
        })
    }
}

/// A transaction on its way.
struct Run<'a> {
    api: &'a SetupApi,
    answers: Arc<AnswersFile>,
    json: bool,
    /// Whether somebody can be asked.
    attended: bool,
    /// The transaction, once there is one.
    id: AtomicU64,
}

impl<'a> Run<'a> {
    fn new(api: &'a SetupApi, way: &Way) -> anyhow::Result<Self> {
        let answers = way.answers.as_deref().map(AnswersFile::read).transpose()?;
        Ok(Self {
            api,
            answers: Arc::new(answers.unwrap_or_default()),
            json: way.json,
            attended: !way.json && is_attended(),
            id: AtomicU64::new(0),
        })
    }

    /// Runs it. Ctrl-C ends this command, and says that it doesn't end what it has begun.
    fn unless_interrupted(
        &self,
        work: impl Future<Output = anyhow::Result<ExitCode>>,
    ) -> anyhow::Result<ExitCode> {
        const INTERRUPTED_BY_PERSON: i32 = 130;
        let ended = wait_for(async {
            tokio::select! {
                ended = work => ended,
                signal = tokio::signal::ctrl_c() => {
                    signal?;
                    self.explain_interrupt();
                    // A question that still waits for its answer must not hold this up.
                    std::process::exit(INTERRUPTED_BY_PERSON)
                }
            }
        });
        match ended {
            Err(error) if error.is::<Gone>() => {
                eprintln!("{}", error_line(&error.to_string()));
                Ok(ExitCode::from(INTERRUPTED))
            }
            Err(error) => {
                self.explain_error();
                Err(error)
            }
            ended => ended,
        }
    }

    /// A transaction that was begun doesn't end with this command's mistake.
    fn explain_error(&self) {
        let id = self.id.load(Ordering::Relaxed);
        if id != 0 && !self.json {
            let on = message!(
                "Transaction {id} isn't over: `contara setup status {id}` shows how it stands, `contara setup retry {id}` goes on with it.",
                id = id
            );
            eprintln!("{}", say(&on));
        }
    }

    fn explain_interrupt(&self) {
        let id = self.id.load(Ordering::Relaxed);
        if id == 0 {
            eprintln!("\n{}", say(&message!("Nothing was begun.")));
            return;
        }
        let on = message!("Transaction {id} goes on without this command.", id = id);
        eprintln!("\n{}", say(&on));
        let ways = labelled([
            (message!("See it"), format!("contara setup log -f {id}")),
            (message!("Answer it"), format!("contara setup retry {id}")),
            (message!("End it"), format!("contara setup cancel {id}")),
        ]);
        for way in ways {
            eprintln!("  {way}");
        }
    }

    /// Shows the plan and asks whether it is right; a status if it ends here.
    async fn approve(&self, plan: &Value, yes: bool) -> anyhow::Result<Option<ExitCode>> {
        let read = read_plan(plan)?;
        let slugs: Vec<_> = read
            .modules
            .iter()
            .map(|module| module.slug.as_str())
            .collect();
        self.answers.check_modules(&slugs)?;
        if !self.json {
            say_if_heard(&plan_text::text(plan))?;
        }
        if !read.problems.is_empty() {
            return self.impossible(plan, &read.problems).map(Some);
        }
        let forms = known_forms(&read);
        self.answers.check_fields(&forms)?;
        let repositories = signing_in::restricted(&read);
        if let Some(warning) = self.answers.unused_login(&repositories) {
            eprintln!("{}", warning_line(&warning));
        }
        let (_, mut missing) = signing_in::unattended(&repositories, &self.answers);
        missing.extend(fields(asking::unattended(&forms, &self.answers).1));
        if !self.attended && !missing.is_empty() {
            return self.unanswered(None, &missing).map(Some);
        }
        if yes {
            return Ok(None);
        }
        if self.json {
            print_json(&json!({"kind": "unapproved", "plan": plan}))?;
            return Ok(Some(ExitCode::from(UNANSWERED)));
        }
        if !self.attended {
            let nobody =
                message!("nobody is there to ask whether this is right: say so with --yes");
            eprintln!("{}", error_line(&say(&nobody)));
            return Ok(Some(ExitCode::from(UNANSWERED)));
        }
        let question = format!("\n{}", say(&message!("Go on?")));
        let asked = spawn_blocking(move || Terminal::own().ask_whether(&question, false));
        if asked.await?? {
            return Ok(None);
        }
        eprintln!("{}", say(&message!("Nothing was done.")));
        Ok(Some(ExitCode::FAILURE))
    }

    fn impossible(&self, plan: &Value, problems: &[Remark]) -> anyhow::Result<ExitCode> {
        if self.json {
            print_json(plan)?;
            return Ok(ExitCode::FAILURE);
        }
        let problems: Vec<_> = problems
            .iter()
            .map(|problem| plain(&problem.message))
            .collect();
        bail!(say(&message!(
            "this can't be done here: {problems}",
            problems = problems.join("; ")
        )))
    }

    /// Follows it from after this line, and answers what it asks.
    async fn to_the_end(&self, id: u64, after: u64) -> anyhow::Result<ExitCode> {
        self.id.store(id, Ordering::Relaxed);
        let show = if self.json {
            Show::Nothing
        } else {
            Show::Progress
        };
        let mut follower = Follower::new(self.api, id, after, show);
        loop {
            let transaction = follower.until_it_rests().await?;
            match (transaction.state, transaction.needs) {
                (SetupState::Waiting, Some(SetupNeed::Answers)) => {
                    if let Some(code) = self.answer(id).await? {
                        return Ok(code);
                    }
                }
                (SetupState::Waiting, _) => {
                    if let Some(code) = self.sign_in(&transaction).await? {
                        return Ok(code);
                    }
                }
                _ => return self.over(id).await,
            }
        }
    }

    /// Answers the forms; a status if that can't be done here.
    async fn answer(&self, id: u64) -> anyhow::Result<Option<ExitCode>> {
        let forms = Arc::new(self.api.forms(id).await?);
        self.answers.check_fields(&forms)?;
        if let Some(warning) = self.answers.warning(&forms) {
            eprintln!("{}", warning_line(&warning));
        }
        let (mut answers, missing) = asking::unattended(&forms, &self.answers);
        if self.attended {
            answers = self.ask(&forms).await?;
        } else if !missing.is_empty() {
            return self.unanswered(Some(id), &fields(missing)).map(Some);
        }
        loop {
            let Err(error) = self.api.answer(id, &answers.as_value()).await else {
                return Ok(None);
            };
            let Some(wrong) = wrong_answers(&error).filter(|_| !self.json) else {
                return Err(error);
            };
            if !self.attended {
                return Ok(Some(refused(id, &wrong)));
            }
            answers = self.ask_again(&forms, wrong, answers, error).await?;
        }
    }

    /// Signs in to the repositories; a status if that can't be done here.
    async fn sign_in(&self, transaction: &SetupTransaction) -> anyhow::Result<Option<ExitCode>> {
        let id = transaction.id;
        let repositories = self.restricted(transaction).await?;
        if let Some(warning) = self.answers.login_warning() {
            eprintln!("{}", warning_line(&warning));
        }
        let (mut logins, missing) = signing_in::unattended(&repositories, &self.answers);
        if !self.attended && !missing.is_empty() {
            return self.unanswered(Some(id), &missing).map(Some);
        }
        let mut file = Arc::clone(&self.answers);
        loop {
            if self.attended {
                let (open, file) = (repositories.clone(), Arc::clone(&file));
                let ask = move || signing_in::attended(&open, &file, &mut Terminal::own());
                logins = spawn_blocking(ask).await??;
            }
            match self.api.sign_in(id, &logins.as_value()).await {
                Ok(_) => return Ok(None),
                Err(error) if self.attended && is_about_login(&error) => {
                    eprintln!("{error:#}");
                    // What it has doesn't do.
                    file = Arc::default();
                }
                // Somebody else was quicker: what has become of it comes next.
                Err(error) if is_refusal(&error) && !self.wants_login(id).await? => {
                    eprintln!("{error:#}");
                    return Ok(None);
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn wants_login(&self, id: u64) -> anyhow::Result<bool> {
        let transaction = self.api.transaction(id).await?;
        Ok(transaction.needs == Some(SetupNeed::SignIn))
    }

    /// A transaction doesn't repeat its plan; it is made again of its modules.
    async fn restricted(&self, transaction: &SetupTransaction) -> anyhow::Result<Vec<Repository>> {
        let modules = transaction.modules.iter().map(|module| module.slug.clone());
        let choice = Choice {
            modules: &modules.collect::<Vec<_>>(),
            reconfigure: true,
        };
        let plan = self.api.plan(choice).await?;
        Ok(signing_in::restricted(&read_plan(&plan)?))
    }

    async fn ask(&self, forms: &Arc<Vec<Form>>) -> anyhow::Result<Answers> {
        let (forms, file) = (Arc::clone(forms), Arc::clone(&self.answers));
        let asked = spawn_blocking(move || asking::attended(&forms, &file, &mut Terminal::own()));
        Ok(asked.await??)
    }

    /// Asks what was refused; if nothing of it can be asked, `error` is the end of it.
    async fn ask_again(
        &self,
        forms: &Arc<Vec<Form>>,
        wrong: Value,
        mut answers: Answers,
        error: anyhow::Error,
    ) -> anyhow::Result<Answers> {
        let forms = Arc::clone(forms);
        let asked = spawn_blocking(move || {
            let has_asked = asking::again(&forms, &wrong, &mut answers, &mut Terminal::own())?;
            std::io::Result::Ok(has_asked.then_some(answers))
        });
        asked.await??.ok_or(error)
    }

    /// Says what has to be answered, where nobody can be asked.
    fn unanswered(&self, id: Option<u64>, missing: &[Message]) -> anyhow::Result<ExitCode> {
        if self.json {
            let missing: Vec<_> = missing.iter().map(Message::to_string).collect();
            print_json(&json!({"kind": "unanswered", "transaction": id, "missing": missing}))?;
            return Ok(ExitCode::from(UNANSWERED));
        }
        let missing: Vec<_> = missing.iter().map(say).collect();
        let nobody = message!(
            "nobody is there to ask, and this has to be answered: {missing}. Give the answers with --answers FILE; `contara setup install --help` has an example",
            missing = missing.join(", ")
        );
        eprintln!("{}", error_line(&say(&nobody)));
        if let Some(id) = id {
            let waits = message!(
                "Transaction {id} waits for them: contara setup retry {id} --answers FILE",
                id = id
            );
            eprintln!("{}", say(&waits));
        }
        Ok(ExitCode::from(UNANSWERED))
    }

    async fn over(&self, id: u64) -> anyhow::Result<ExitCode> {
        let transaction = self.api.transaction(id).await?;
        if self.json {
            print_json(&serde_json::to_value(&transaction)?)?;
        } else {
            say_if_heard(&transaction_text::outcome(&transaction))?;
        }
        Ok(exit_code(transaction.state))
    }
}

fn read_plan(plan: &Value) -> anyhow::Result<Plan> {
    Plan::deserialize(plan).with_context(|| say(&message!("the plan can't be read")))
}

/// The names of fields, which are the same in each language.
fn fields(names: Vec<String>) -> Vec<Message> {
    names.into_iter().map(Message::verbatim).collect()
}

/// What is asked for certain: packages may change it.
fn known_forms(plan: &Plan) -> Vec<Form> {
    let is_settled = plan.packages.install.is_empty() && plan.packages.upgrade.is_empty();
    let forms = plan.modules.iter().filter(|_| is_settled);
    forms.filter_map(|module| module.form.clone()).collect()
}

/// Says which answers were refused.
fn refused(id: u64, wrong: &Value) -> ExitCode {
    for (module, fields) in wrong.as_object().into_iter().flatten() {
        for (field, error) in fields.as_object().into_iter().flatten() {
            let error = plain(error.as_str().unwrap_or_default());
            let field = with_colon(&format!("{}.{}", plain(module), plain(field)));
            eprintln!("{}", error_line(&format!("{field} {error}")));
        }
    }
    let waits = message!(
        "Transaction {id} waits for other answers: contara setup retry {id} --answers FILE",
        id = id
    );
    eprintln!("{}", say(&waits));
    ExitCode::FAILURE
}
