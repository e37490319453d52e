//! Tiles that the host draws in a module's place, of components that every client knows.

use contara_protocol::Tree;
use serde::Serialize;

use crate::supervisor::ModuleSpec;
use crate::view::{Preparing, Trouble, Ui};

#[derive(Serialize)]
struct Tile<'a> {
    r#type: &'static str,
    icon: &'a str,
    title: &'a str,
    colspan: u8,
    rowspan: u8,
    stats: [(); 0],
    content: [Content<'a>; 1],
    actions: [(); 0],
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Content<'a> {
    Alert {
        message: &'a str,
        variant: &'static str,
        title: &'a str,
    },
    Progress {
        value: u64,
        max: u64,
        label: &'a str,
        sublabel: String,
    },
    Spinner {
        size: &'static str,
        label: &'a str,
    },
    Text {
        content: &'a str,
        variant: &'static str,
        size: &'static str,
    },
}

/// For a module that isn't running, or can't draw.
pub(crate) fn of_trouble(spec: &ModuleSpec, trouble: &Trouble) -> Ui {
    draw(
        spec,
        Content::Alert {
            message: &trouble.detail,
            variant: "error",
            title: &trouble.title,
        },
    )
}

/// For a module whose packages are being installed.
pub(crate) fn of_preparation(spec: &ModuleSpec, preparing: &Preparing) -> Ui {
    let label = &preparing.text;
    let content = match (preparing.done, preparing.total) {
        (Some(value), Some(max)) if max > 0 => Content::Progress {
            value,
            max,
            label,
            sublabel: format!("{value} of {max}"),
        },
        _ => Content::Spinner { size: "md", label },
    };
    draw(spec, content)
}

/// For a module that is on its way and has drawn nothing yet.
pub(crate) fn of_start(spec: &ModuleSpec) -> Ui {
    draw(
        spec,
        Content::Spinner {
            size: "md",
            label: "Starting…",
        },
    )
}

/// For a module that has none, so that clients that show every module show something.
pub(crate) fn of_absence(spec: &ModuleSpec) -> Option<Tree> {
    let text = Content::Text {
        content: "This module has no tile.",
        variant: "muted",
        size: "sm",
    };
    draw(spec, text).tile
}

fn draw(spec: &ModuleSpec, content: Content<'_>) -> Ui {
    let tile = Tile {
        r#type: "tile",
        icon: &spec.icon,
        title: &spec.display_name,
        colspan: 1,
        rowspan: 1,
        stats: [],
        content: [content],
        actions: [],
    };
    Ui {
        tile: Tree::from_value(&tile).ok(),
        modals: Tree::empty_list(),
        page: None,
    }
}
