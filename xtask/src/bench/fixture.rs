//! The modules that are measured, written into a data folder.

use std::fs;
use std::path::Path;

use anyhow::Result;
use serde_json::json;

/// A module's code.
#[derive(Clone, Copy)]
pub(crate) struct Code(&'static str);

/// A number and two actions: `increment` commits, `touch` does nothing.
pub(crate) const COUNTER: Code = Code(include_str!("fixtures/counter.py"));
/// A tile of 63 nodes with a chart of 60 points, drawn anew each second.
pub(crate) const PULSE: Code = Code(include_str!("fixtures/pulse.py"));
/// Commits what the monotonic clock says.
pub(crate) const CLOCK: Code = Code(include_str!("fixtures/clock.py"));

/// A tile with a chart and a table of 100 rows, which changes in the way that an action says.
pub(crate) const CHANGING: Code = Code(include_str!("fixtures/changing.py"));
/// The action `flood` commits so many times.
pub(crate) const FLOOD: Code = Code(include_str!("fixtures/flood.py"));

/// Writes a module of this name into a data folder.
pub(crate) fn write(data: &Path, name: &str, code: Code) -> Result<()> {
    let folder = data.join("modules").join(name);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("__init__.py"), code.0)?;
    let manifest = json!({
        "name": name,
        "displayName": name,
        "version": "1.0.0",
        "author": "Contara",
        "description": "A module to measure.",
        "icon": "Activity",
        "engine": {"contaranas": "^0.1.0"},
        "platforms": ["linux"],
        // Each draws by itself; another one would be asked to for each client that comes.
        "capabilities": {"websocket": true, "dashboard": true},
        "dependencies": {},
    });
    fs::write(folder.join("module.json"), manifest.to_string())?;
    Ok(())
}

/// Writes as many modules as are wanted and gives their names.
pub(crate) fn write_many(
    data: &Path,
    prefix: &str,
    count: usize,
    code: Code,
) -> Result<Vec<String>> {
    let names: Vec<_> = (0..count)
        .map(|number| format!("{prefix}_{number:02}"))
        .collect();
    names.iter().try_for_each(|name| write(data, name, code))?;
    Ok(names)
}
