//! Following a transaction: its lines as they come, until it is over or needs somebody.

use std::fmt;
use std::io::{IsTerminal, Write as _};
use std::time::Duration;

use contara_i18n::message;
use contara_manifest::Colour;
use contara_protocol::stream::v1::setup::{
    SetupLine, SetupState, SetupStepKind, SetupStepState, SetupTransaction,
};
use tokio::time::sleep;

use super::daemon::{SetupApi, is_refusal};
use super::wire::LogPart;
use super::{line, say, transaction_text};
use crate::command::module::colour;
use crate::is_broken_pipe;
use crate::locale_language::{self, with_colon};
use crate::plain::plain;

/// Between two looks.
const GAP: Duration = Duration::from_millis(200);
/// Of a line that isn't finished so much is shown; it has to fit one row of the terminal.
const OPEN_WIDTH: usize = 78;

/// The daemon can't be reached any more.
#[derive(Debug)]
pub(super) struct Gone(u64);

impl fmt::Display for Gone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(id) = self;
        f.write_str(&locale_language::say(&message!(
            "Contara has ended meanwhile, and with it what transaction {id} was doing. Once Contara runs again, `contara setup status {id}` shows how far it came, and `contara setup retry {id}` goes on",
            id = *id
        )))
    }
}

impl std::error::Error for Gone {}

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
    /// Lines, and what is done now.
    Progress,
    Lines,
    Nothing,
}

/// Where somebody has come to in a transaction's log.
pub(super) struct Follower<'a> {
    api: &'a SetupApi,
    id: u64,
    show: Show,
    after: u64,
    colour: Colour,
    is_terminal: bool,
    has_open: bool,
    announced: Option<(SetupState, Option<SetupStepKind>)>,
}

impl<'a> Follower<'a> {
    /// Begins after the line of this number.
    pub(super) fn new(api: &'a SetupApi, id: u64, after: u64, show: Show) -> Self {
        Self {
            api,
            id,
            show,
            after,
            colour: colour(),
            is_terminal: std::io::stdout().is_terminal(),
            has_open: false,
            announced: None,
        }
    }

    /// Follows until it is over, or waits for somebody.
    pub(super) async fn until_it_rests(&mut self) -> anyhow::Result<SetupTransaction> {
        loop {
            let transaction = self.look().await?;
            if !matches!(transaction.state, SetupState::Queued | SetupState::Running) {
                return Ok(transaction);
            }
            sleep(GAP).await;
        }
    }

    /// Follows until it is over, whoever else does what it needs.
    pub(super) async fn until_it_is_over(&mut self) -> anyhow::Result<SetupTransaction> {
        loop {
            let transaction = self.until_it_rests().await?;
            if transaction.state != SetupState::Waiting {
                return Ok(transaction);
            }
            sleep(GAP).await;
        }
    }

    /// Shows what there is, and how the transaction stood before that. Who runs it goes on when nobody reads any more: there
    /// may be answers to give.
    pub(super) async fn look(&mut self) -> anyhow::Result<SetupTransaction> {
        let transaction = self.or_gone(self.api.transaction(self.id).await)?;
        let announced = self.announce(&transaction);
        self.unless_unheard(announced)?;
        while self.show != Show::Nothing {
            let part = self.or_gone(self.api.log(self.id, self.after).await)?;
            let LogPart { lines, next, more } = part;
            let printed = self.print(&lines);
            self.unless_unheard(printed)?;
            self.after = next;
            if !more {
                break;
            }
        }
        let shown = self.show_progress(&transaction).map_err(Into::into);
        self.unless_unheard(shown)?;
        Ok(transaction)
    }

    fn unless_unheard(&mut self, printed: anyhow::Result<()>) -> anyhow::Result<()> {
        match printed {
            Err(error) if self.show == Show::Progress && is_broken_pipe(&error) => {
                self.show = Show::Nothing;
                Ok(())
            }
            printed => printed,
        }
    }

    fn or_gone<T>(&self, answer: anyhow::Result<T>) -> anyhow::Result<T> {
        answer.map_err(|error| {
            if is_refusal(&error) {
                error
            } else {
                Gone(self.id).into()
            }
        })
    }

    /// Says what it does now, when that is something else than before.
    fn announce(&mut self, transaction: &SetupTransaction) -> anyhow::Result<()> {
        let mut steps = transaction.steps.iter();
        let running = steps.find(|step| step.state == SetupStepState::Running);
        let now = (transaction.state, running.map(|step| step.kind));
        if self.show != Show::Progress || self.announced == Some(now) {
            return Ok(());
        }
        self.announced = Some(now);
        self.leave_open_line()?;
        if let (SetupState::Queued, Some(other)) = (transaction.state, transaction.behind) {
            say(&locale_language::say(&message!(
                "Transaction {other} changes the machine now; this one comes after it.",
                other = other
            )))?;
        }
        if let Some(step) = running {
            let name = locale_language::say(&transaction_text::step_name(step.kind));
            say(&format!("{} {}", with_colon(&name), plain(&step.text)))?;
        }
        Ok(())
    }

    fn print(&mut self, lines: &[SetupLine]) -> anyhow::Result<()> {
        for line in lines.iter().filter(|line| !line.open) {
            self.take_open_line_away()?;
            say(&line::text(line, self.colour))?;
        }
        if let Some(open) = lines.last().filter(|line| line.open) {
            self.show_open_line(open)?;
        }
        Ok(())
    }

    /// A line whose end is still to come is shown over itself, where somebody looks.
    fn show_open_line(&mut self, line: &SetupLine) -> std::io::Result<()> {
        self.show_over(&line::text(line, Colour::Never))
    }

    fn show_over(&mut self, text: &str) -> std::io::Result<()> {
        if !self.is_terminal {
            return Ok(());
        }
        self.has_open = true;
        let text: String = text.chars().take(OPEN_WIDTH).collect();
        let mut stdout = std::io::stdout().lock();
        write!(stdout, "\r\x1b[K{text}")?;
        stdout.flush()
    }

    /// In the same way how far the package manager is, behind the lines that it has finished.
    fn show_progress(&mut self, transaction: &SetupTransaction) -> std::io::Result<()> {
        let mut steps = transaction.steps.iter();
        let progress = steps.find_map(|step| step.progress.as_ref());
        let (Some(progress), Show::Progress) = (progress, self.show) else {
            return Ok(());
        };
        let text = transaction_text::progress_text(progress);
        self.show_over(&format!("{text} ({} %)", progress.percent))
    }

    fn take_open_line_away(&mut self) -> std::io::Result<()> {
        if std::mem::take(&mut self.has_open) {
            write!(std::io::stdout(), "\r\x1b[K")?;
        }
        Ok(())
    }

    fn leave_open_line(&mut self) -> std::io::Result<()> {
        if std::mem::take(&mut self.has_open) {
            say("")?;
        }
        Ok(())
    }
}
