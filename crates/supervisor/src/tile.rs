//! Tiles that the host draws in a module's place, of components that every client knows. They are drawn for whoever looks, since
//! they are in words.

use std::sync::Arc;

use contara_i18n::{Catalogue, Message, message};
use contara_protocol::Tree;
use serde::Serialize;

use crate::supervisor::ModuleSpec;
use crate::view::{Preparing, Trouble, Ui};

/// What a module's tile is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tile {
    /// As the module drew it.
    Drawn(Tree),
    /// The host's, in its place.
    StandIn(Arc<StandIn>),
}

/// A tile that the host draws.
#[derive(Debug, PartialEq, Eq)]
pub struct StandIn {
    icon: String,
    title: String,
    shows: Shows,
}

/// What it says.
#[derive(Debug, PartialEq, Eq)]
enum Shows {
    Trouble(Arc<Trouble>),
    Preparation(Preparing),
    Start,
    Absence,
}

#[derive(Serialize)]
struct Drawing<'a> {
    r#type: &'static str,
    icon: &'a str,
    title: &'a str,
    colspan: u8,
    rowspan: u8,
    stats: [(); 0],
    content: Vec<Content>,
    actions: [(); 0],
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Content {
    Alert {
        message: String,
        variant: &'static str,
        title: String,
    },
    Progress {
        value: u64,
        max: u64,
        label: String,
        sublabel: String,
    },
    Spinner {
        size: &'static str,
        label: String,
    },
    Text {
        content: String,
        variant: &'static str,
        size: &'static str,
    },
}

impl Tile {
    /// For a client of this language.
    #[must_use]
    pub fn tree(&self, catalogue: Option<Catalogue>) -> Option<Tree> {
        match self {
            Self::Drawn(tree) => Some(tree.clone()),
            Self::StandIn(tile) => tile.draw(catalogue),
        }
    }

    /// What the module drew, if it did.
    #[must_use]
    pub fn drawn(&self) -> Option<&Tree> {
        match self {
            Self::Drawn(tree) => Some(tree),
            Self::StandIn(_) => None,
        }
    }
}

/// For a module that isn't running, or can't draw.
pub(crate) fn of_trouble(spec: &ModuleSpec, trouble: &Arc<Trouble>) -> Ui {
    stand_in(spec, Shows::Trouble(Arc::clone(trouble)))
}

/// For a module whose packages are being installed.
pub(crate) fn of_preparation(spec: &ModuleSpec, preparing: &Preparing) -> Ui {
    stand_in(spec, Shows::Preparation(preparing.clone()))
}

/// For a module that is on its way and has drawn nothing yet.
pub(crate) fn of_start(spec: &ModuleSpec) -> Ui {
    stand_in(spec, Shows::Start)
}

/// For a module that has none, so that clients that show every module show something.
pub(crate) fn of_absence(spec: &ModuleSpec) -> Option<Tile> {
    stand_in(spec, Shows::Absence).tile
}

fn stand_in(spec: &ModuleSpec, shows: Shows) -> Ui {
    let tile = StandIn {
        icon: spec.icon.clone(),
        title: spec.display_name.clone(),
        shows,
    };
    Ui {
        tile: Some(Tile::StandIn(Arc::new(tile))),
        modals: Tree::empty_list(),
        page: None,
    }
}

impl StandIn {
    fn draw(&self, catalogue: Option<Catalogue>) -> Option<Tree> {
        let drawing = Drawing {
            r#type: "tile",
            icon: &self.icon,
            title: &self.title,
            colspan: 1,
            rowspan: 1,
            stats: [],
            content: self.shows.content(catalogue),
            actions: [],
        };
        Tree::from_value(&drawing).ok()
    }
}

impl Shows {
    fn content(&self, catalogue: Option<Catalogue>) -> Vec<Content> {
        let say = |message: Message| message.render(catalogue);
        match self {
            Self::Trouble(trouble) => vec![Content::Alert {
                message: trouble.detail.render(catalogue),
                variant: "error",
                title: trouble.title.render(catalogue),
            }],
            Self::Preparation(preparing) => preparation(preparing, catalogue),
            Self::Start => vec![Content::Spinner {
                size: "md",
                label: say(message!("Starting…")),
            }],
            Self::Absence => vec![muted(say(message!("This module has no tile.")))],
        }
    }
}

fn preparation(preparing: &Preparing, catalogue: Option<Catalogue>) -> Vec<Content> {
    let label = message!("Installing packages…").render(catalogue);
    let how_far = match (preparing.done, preparing.total) {
        (Some(value), Some(max)) if max > 0 => Content::Progress {
            value,
            max,
            label,
            sublabel: message!("{done} of {total}", done = value, total = max).render(catalogue),
        },
        _ => Content::Spinner { size: "md", label },
    };
    let what = preparing.text.render(catalogue);
    let what = (!what.is_empty()).then(|| muted(what));
    std::iter::once(how_far).chain(what).collect()
}

fn muted(content: String) -> Content {
    Content::Text {
        content,
        variant: "muted",
        size: "sm",
    }
}
