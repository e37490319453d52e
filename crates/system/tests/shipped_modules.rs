//! The manifests of the modules that ship, read from the checkout as the catalog reads them. Their code is tested in
//! Python, in their own folders.

use std::path::Path;

use contara_manifest::Source;
use contara_system::catalog::{Root, scan};

#[test]
fn the_modules_that_ship_have_no_problems() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../modules/builtin");
    let builtin = Root {
        path,
        source: Source::Builtin,
    };
    let catalog = scan(&[builtin], &[]);
    let names: Vec<_> = catalog.modules.iter().map(|found| &found.name).collect();
    assert_eq!(names, ["steam", "sys_monitor"]);
    for found in &catalog.modules {
        assert!(found.problems.is_empty(), "{:?}", found.problems);
        assert!(found.manifest.is_some(), "{}", found.name);
    }
}
