//! The manifests of the modules that ship, read from the checkout as the catalog reads them. Their code is tested in
//! Python, in their own folders.

use std::path::Path;

use contara_manifest::Source;
use contara_system::catalog::{Root, scan};

#[test]
fn the_modules_that_ship_have_no_problems() {
    let roots = ["builtin", "setup"].map(|folder| Root {
        path: Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../modules")
            .join(folder),
        source: Source::Builtin,
    });
    let catalog = scan(&roots, &[]);
    let names: Vec<_> = catalog.modules.iter().map(|found| &found.name).collect();
    let setup = ["nfs_server", "postgresql", "samba"];
    assert_eq!(names, [&["steam", "sys_monitor"], &setup[..]].concat());
    for found in &catalog.modules {
        assert!(found.problems.is_empty(), "{:?}", found.problems);
        let is_setup = setup.contains(&found.name.as_str());
        assert_eq!(found.setup.is_some(), is_setup, "{}", found.name);
        assert_eq!(found.manifest.is_some(), !is_setup, "{}", found.name);
    }
}
