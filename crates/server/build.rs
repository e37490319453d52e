//! The web client is embedded at compile time, so its folder must exist; without a build of it a page says what to do.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist");
    let index = Path::new("../../web/dist/index.html");
    if index.exists() {
        return;
    }
    let page = "<!doctype html><title>Contara</title><p>The web client was not built: run <code>cargo xtask run</code>.";
    let written =
        std::fs::create_dir_all("../../web/dist").and_then(|()| std::fs::write(index, page));
    if let Err(error) = written {
        println!("cargo::error=can't write {}: {error}", index.display());
    }
}
