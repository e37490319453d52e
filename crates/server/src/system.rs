//! How this machine's Contara is: each of its parts in words, with what to do where something isn't well. Knows nothing of HTTP.

mod look;
mod measured;
mod seen;
mod slot;

use contara_i18n::{Message, message, with_causes};
use contara_setup::engine::{SetupError, Standing};
use contara_store::StoreError;
use contara_supervisor::{Life, ModuleView, TroubleKind};
use contara_system::catalog::Catalog;
use contara_system::machine::Disk;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::stream::Version;

pub(crate) use measured::{Figures, Measured, ModuleSize, Sizes};
pub(crate) use seen::{Looks, Machine, Seen};

/// Less than this is free, and writing will soon fail. An update of a database alone takes as much again.
const LITTLE_ROOM: u64 = 256 * 1024 * 1024;

/// How well a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Condition {
    /// As it should be.
    Well,
    /// It does its work, but somebody should look.
    Attention,
    /// It doesn't do its work.
    Failed,
}

/// One part of the whole.
#[derive(Debug)]
pub(crate) struct Part {
    /// Its name, for programs.
    pub(crate) name: &'static str,
    pub(crate) condition: Condition,
    /// How it is, in one or two sentences.
    pub(crate) detail: Message,
    /// What to do, where something isn't well.
    pub(crate) help: Option<Message>,
}

impl Part {
    fn well(name: &'static str, detail: Message) -> Self {
        Self {
            name,
            condition: Condition::Well,
            detail,
            help: None,
        }
    }

    fn not_well(name: &'static str, condition: Condition, detail: Message, help: Message) -> Self {
        Self {
            name,
            condition,
            detail,
            help: Some(help),
        }
    }
}

/// All parts, in the order in which they depend on each other.
pub(crate) fn parts(app: &App, seen: &Seen, figures: &Figures) -> Vec<Part> {
    let views = app.supervisor.board().all();
    let views: Vec<_> = views.iter().map(AsRef::as_ref).collect();
    let catalog = app.catalog.borrow().clone();
    let mut parts = vec![
        Part::well("daemon", message!("It answers.")),
        listener(app),
        store(seen.store.as_ref(), figures),
    ];
    parts.extend(disk(seen.machine.as_ref()));
    parts.extend([
        python(figures),
        packages(&views),
        modules(&views),
        folders(app, &catalog),
        setup(app, seen.setup.as_ref()),
        stream(app),
    ]);
    parts
}

fn listener(app: &App) -> Part {
    let url = app.settings.url.as_str();
    Part::well(
        "listener",
        message!("It listens on {url}, without encryption.", url = url),
    )
}

fn store(readable: Option<&Result<(), StoreError>>, figures: &Figures) -> Part {
    match (readable, &figures.fault) {
        (None, _) => silent("store", message!("The database doesn't answer.")),
        (Some(Err(error)), _) => Part::not_well(
            "store",
            Condition::Failed,
            message!(
                "The database can't be read: {reason}",
                reason = with_causes(error)
            ),
            message!("See whether the data folder is there and can be written. The log says more."),
        ),
        (Some(Ok(())), None) => Part::well(
            "store",
            message!("The database can be read. It is being checked."),
        ),
        (Some(Ok(())), Some(Ok(None))) => Part::well(
            "store",
            message!("The database can be read, and its check has found nothing."),
        ),
        (Some(Ok(())), Some(Ok(Some(fault)))) => Part::not_well(
            "store",
            Condition::Failed,
            message!("The database is damaged: {fault}", fault = fault.as_str()),
            message!("Stop Contara, and put contara.db back from a copy."),
        ),
        (Some(Ok(())), Some(Err(reason))) => Part::not_well(
            "store",
            Condition::Attention,
            message!(
                "The database can be read, but not be checked: {reason}",
                reason = reason.as_str()
            ),
            message!("It is tried again. See whether its disk is there and has room."),
        ),
    }
}

/// Nothing answers, so that nobody knows how it is.
fn silent(name: &'static str, detail: Message) -> Part {
    Part::not_well(
        name,
        Condition::Attention,
        detail,
        message!(
            "See whether the disk of the data folder works. The log of the operating system says more."
        ),
    )
}

/// `None` if the system doesn't say.
fn disk(machine: Option<&Machine>) -> Option<Part> {
    match machine {
        None => Some(silent(
            "disk",
            message!("The disk of the data folder doesn't answer."),
        )),
        Some(machine) => machine.disk.map(room),
    }
}

fn room(disk: Disk) -> Part {
    if disk.free >= LITTLE_ROOM {
        return Part::well(
            "disk",
            message!("There is room on the disk of the data folder."),
        );
    }
    Part::not_well(
        "disk",
        Condition::Attention,
        message!("The disk of the data folder is nearly full."),
        message!("Make room: on a full disk nothing can be stored or set up."),
    )
}

fn python(figures: &Figures) -> Part {
    match &figures.python {
        None => Part::well("python", message!("Python is being asked.")),
        Some(Ok(version)) => Part::well(
            "python",
            message!(
                "Python {version} runs the modules.",
                version = version.as_str()
            ),
        ),
        Some(Err(reason)) => Part::not_well(
            "python",
            Condition::Failed,
            message!("Python can't be used: {reason}", reason = reason.clone()),
            message!("Install Contara's SDK for it, or start Contara with another --python."),
        ),
    }
}

fn packages(views: &[&ModuleView]) -> Part {
    let lacking = names(views, |view| {
        let trouble = view.trouble.as_deref();
        trouble.is_some_and(|trouble| trouble.kind == TroubleKind::Packages)
    });
    if !lacking.is_empty() {
        return Part::not_well(
            "packages",
            Condition::Attention,
            message!("Packages can't be installed for: {names}", names = &lacking),
            message!("The module's tile has the installer's words, and Try again."),
        );
    }
    let waiting = names(views, |view| view.life == Life::Preparing);
    Part::well(
        "packages",
        match waiting.is_empty() {
            true => message!("No module waits for Python packages."),
            false => message!(
                "Packages are being installed for: {names}",
                names = &waiting
            ),
        },
    )
}

fn modules(views: &[&ModuleView]) -> Part {
    let enabled = views.iter().filter(|view| view.wanted).count() as u64;
    let running = views
        .iter()
        .filter(|view| view.life == Life::Running)
        .count() as u64;
    let down = names(views, |view| {
        view.wanted && (is_down(&view.life) || view.trouble.is_some())
    });
    if !down.is_empty() {
        return Part::not_well(
            "modules",
            Condition::Attention,
            message!(
                "{running} of {enabled} enabled modules run. In trouble: {names}",
                running = running,
                enabled = enabled,
                names = &down
            ),
            message!("The module's tile says why, and Try again starts it anew."),
        );
    }
    Part::well(
        "modules",
        match enabled {
            0 => message!("No module is enabled."),
            _ => message!(
                "{running} of {enabled} enabled modules run.",
                running = running,
                enabled = enabled
            ),
        },
    )
}

fn is_down(life: &Life) -> bool {
    matches!(
        life,
        Life::Failed | Life::Backoff { .. } | Life::Blocked { .. }
    )
}

fn folders(app: &App, catalog: &Catalog) -> Part {
    let unreadable: Vec<_> = catalog
        .unreadable
        .iter()
        .map(|(folder, _)| folder.display().to_string())
        .collect();
    if !unreadable.is_empty() {
        return Part::not_well(
            "catalog",
            Condition::Attention,
            message!(
                "Folders that can't be read: {folders}",
                folders = &unreadable
            ),
            message!("Let Contara's user read them."),
        );
    }
    let invalid: Vec<_> = catalog
        .modules
        .iter()
        .filter(|found| found.manifest.is_none() && found.setup.is_none())
        .map(|found| found.name.clone())
        .collect();
    if !invalid.is_empty() {
        return Part::not_well(
            "catalog",
            Condition::Attention,
            message!(
                "Folders with a manifest that can't be used: {names}",
                names = &invalid
            ),
            message!("The pages Modules and Set up say what is wrong, with file and line."),
        );
    }
    Part::well(
        "catalog",
        message!(
            "Modules that were found: {count}. Folders that are watched: {folders}",
            count = catalog.modules.len() as u64,
            folders = app.settings.folders.modules.len() as u64
        ),
    )
}

fn setup(app: &App, standing: Option<&Result<Standing, SetupError>>) -> Part {
    if let Some(why) = app.setup.read_only() {
        return Part::well("setup", why);
    }
    match standing {
        None => silent("setup", message!("Setup doesn't answer.")),
        Some(Ok(standing)) => stands(*standing),
        Some(Err(error)) => Part::not_well(
            "setup",
            Condition::Failed,
            error.message(),
            message!("See whether the data folder is there and can be written. The log says more."),
        ),
    }
}

fn stands(standing: Standing) -> Part {
    let attention = |detail, help| Part::not_well("setup", Condition::Attention, detail, help);
    let again = || message!("The page Set up leads to it, and to Retry.");
    match standing {
        Standing::Busy => Part::well("setup", message!("Something is being set up.")),
        Standing::Waiting => Part::well(
            "setup",
            message!("What is being set up waits for somebody."),
        ),
        Standing::Failed => attention(message!("What was set up last has failed."), again()),
        Standing::Interrupted => attention(
            message!("What was set up last was interrupted by the end of Contara."),
            again(),
        ),
        Standing::RestartNeeded => attention(
            message!("The machine has to be restarted before all works that was set up."),
            message!("The page Set up leads to it, and to the restart."),
        ),
        Standing::Idle => Part::well("setup", message!("Nothing is being set up.")),
    }
}

fn stream(app: &App) -> Part {
    let open = |version| app.sockets.open(version) as u64;
    Part::well(
        "stream",
        message!(
            "Open connections: {newer} of stream v2, {older} of v1.",
            newer = open(Version::V2),
            older = open(Version::V1)
        ),
    )
}

fn names(views: &[&ModuleView], which: impl Fn(&ModuleView) -> bool) -> Vec<String> {
    let those = views.iter().filter(|view| which(view));
    those.map(|view| view.display_name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(part: &Part, condition: Condition, detail: &str) {
        assert_eq!(
            (part.condition, part.detail.to_string().as_str()),
            (condition, detail)
        );
        assert_eq!(
            part.help.is_some(),
            condition != Condition::Well,
            "{part:?}"
        );
    }

    #[test]
    fn what_was_set_up_last_needs_attention_until_it_is_seen_to() {
        let attention = Condition::Attention;
        for (standing, condition, detail) in [
            (Standing::Idle, Condition::Well, "Nothing is being set up."),
            (
                Standing::Busy,
                Condition::Well,
                "Something is being set up.",
            ),
            (
                Standing::Failed,
                attention,
                "What was set up last has failed.",
            ),
            (
                Standing::Interrupted,
                attention,
                "What was set up last was interrupted by the end of Contara.",
            ),
            (
                Standing::RestartNeeded,
                attention,
                "The machine has to be restarted before all works that was set up.",
            ),
        ] {
            check(&stands(standing), condition, detail);
        }
    }

    #[test]
    fn what_says_nothing_of_a_part_is_no_failure_of_it() {
        let figures = |fault| Figures {
            python: None,
            fault,
            sizes: None,
        };
        let busy = figures(Some(Err("the database refused: busy".into())));
        check(
            &store(Some(&Ok(())), &busy),
            Condition::Attention,
            "The database can be read, but not be checked: the database refused: busy",
        );
        check(
            &store(None, &figures(None)),
            Condition::Attention,
            "The database doesn't answer.",
        );
        check(
            &store(Some(&Ok(())), &figures(Some(Ok(Some("torn".into()))))),
            Condition::Failed,
            "The database is damaged: torn",
        );
        check(
            &disk(None).unwrap_or_else(|| unreachable!()),
            Condition::Attention,
            "The disk of the data folder doesn't answer.",
        );
    }
}
