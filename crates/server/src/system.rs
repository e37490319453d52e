//! How this machine's Contara is: each of its parts in words, with what to do where something isn't well. Knows nothing of HTTP.

mod measured;

use contara_i18n::{Message, message};
use contara_setup::engine::SetupError;
use contara_setup::transaction::TransactionState;
use contara_store::Store;
use contara_supervisor::{Life, ModuleView, TroubleKind};
use contara_system::catalog::Catalog;
use contara_system::machine::{self, Disk};

use crate::app::App;
use crate::stream::Version;

pub(crate) use measured::{Figures, Measured, ModuleSize};

/// Less than this is free, and writing will soon fail. An update of a database alone takes as much again.
const LITTLE_ROOM: u64 = 256 * 1024 * 1024;
/// The latest transactions that are looked at: those that are unfinished are among them, unless dozens are queued.
const TRANSACTIONS: usize = 50;

/// How well a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
pub(crate) async fn parts(app: &App, figures: Option<&Figures>) -> Vec<Part> {
    let views = app.supervisor.board().all();
    let views: Vec<_> = views.iter().map(AsRef::as_ref).collect();
    let catalog = app.catalog.borrow().clone();
    let disk = machine::disk(&app.settings.folders.data);
    let mut parts = vec![
        Part::well("daemon", message!("It answers.")),
        listener(app),
        store(app, figures).await,
    ];
    parts.extend(disk.map(room));
    parts.extend([
        python(figures),
        packages(&views),
        modules(&views),
        folders(app, &catalog),
        setup(app).await,
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

async fn store(app: &App, figures: Option<&Figures>) -> Part {
    let failed = |reason: String| {
        Part::not_well(
            "store",
            Condition::Failed,
            message!("The database can't be read: {reason}", reason = reason),
            message!("See whether the data folder is there and can be written. The log says more."),
        )
    };
    if let Err(error) = app.store.run(Store::is_readable).await {
        return failed(chain(&error));
    }
    match figures.map(|figures| &figures.fault) {
        None => Part::well(
            "store",
            message!("The database can be read. It is being checked."),
        ),
        Some(Ok(None)) => Part::well(
            "store",
            message!("The database can be read, and its check has found nothing."),
        ),
        Some(Ok(Some(fault))) => Part::not_well(
            "store",
            Condition::Failed,
            message!("The database is damaged: {fault}", fault = fault.as_str()),
            message!("Stop Contara, and put contara.db back from a copy."),
        ),
        Some(Err(reason)) => failed(reason.clone()),
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

fn python(figures: Option<&Figures>) -> Part {
    match figures.map(|figures| &figures.python) {
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

async fn setup(app: &App) -> Part {
    if let Some(why) = app.setup.read_only() {
        return Part::well("setup", why);
    }
    match app.setup.transactions(TRANSACTIONS).await {
        Ok(transactions) => {
            let any = |state| transactions.iter().any(|each| each.state == state);
            let is_busy = any(TransactionState::Running);
            Part::well(
                "setup",
                match is_busy {
                    true => message!("Something is being set up."),
                    false if any(TransactionState::Waiting) => {
                        message!("What is being set up waits for somebody.")
                    }
                    false => message!("Nothing is being set up."),
                },
            )
        }
        Err(error) => journal_failed(&error),
    }
}

fn journal_failed(error: &SetupError) -> Part {
    Part::not_well(
        "setup",
        Condition::Failed,
        error.message(),
        message!("See whether the data folder is there and can be written. The log says more."),
    )
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

/// An error and its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
