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
    content: &'a [Content<'a>],
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
    let alert = Content::Alert {
        message: &trouble.detail,
        variant: "error",
        title: &trouble.title,
    };
    draw(spec, &[alert])
}

/// For a module whose packages are being installed.
pub(crate) fn of_preparation(spec: &ModuleSpec, preparing: &Preparing) -> Ui {
    let label = "Installing packages…";
    let how_far = match (preparing.done, preparing.total) {
        (Some(value), Some(max)) if max > 0 => Content::Progress {
            value,
            max,
            label,
            sublabel: format!("{value} of {max}"),
        },
        _ => Content::Spinner { size: "md", label },
    };
    let what = Content::Text {
        content: &preparing.text,
        variant: "muted",
        size: "sm",
    };
    let content = [how_far, what];
    let is_told = !preparing.text.is_empty();
    draw(spec, &content[..1 + usize::from(is_told)])
}

/// For a module that is on its way and has drawn nothing yet.
pub(crate) fn of_start(spec: &ModuleSpec) -> Ui {
    let spinner = Content::Spinner {
        size: "md",
        label: "Starting…",
    };
    draw(spec, &[spinner])
}

/// For a module that has none, so that clients that show every module show something.
pub(crate) fn of_absence(spec: &ModuleSpec) -> Option<Tree> {
    let text = Content::Text {
        content: "This module has no tile.",
        variant: "muted",
        size: "sm",
    };
    draw(spec, &[text]).tile
}

fn draw(spec: &ModuleSpec, content: &[Content<'_>]) -> Ui {
    let tile = Tile {
        r#type: "tile",
        icon: &spec.icon,
        title: &spec.display_name,
        colspan: 1,
        rowspan: 1,
        stats: [],
        content,
        actions: [],
    };
    Ui {
        tile: Tree::from_value(&tile).ok(),
        modals: Tree::empty_list(),
        page: None,
    }
}
