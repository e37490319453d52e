//! The sections that setup modules are sorted into: what `sections.json` beside the modules says, and what follows from
//! the modules themselves.

use std::path::Path;

use contara_manifest::{Problem, ReadFailure, Section, read_sections, unreadable};

use super::scan::{Catalog, Root, read_bounded};

/// What there is where no root has a `sections.json`.
const USUAL: [(&str, &str); 3] = [
    ("core", "Core"),
    ("other", "Other"),
    ("management", "Management"),
];

/// The sections in the order to show them, and what is wrong with the files.
pub(super) fn read(roots: &[Root], catalog: &Catalog) -> (Vec<Section>, Vec<Problem>) {
    let mut sections = Vec::new();
    let mut problems = Vec::new();
    let mut is_listed = false;
    for root in roots {
        let file = root.path.join("sections.json");
        let (more, found, is_there) = read_file(&file);
        is_listed |= is_there;
        problems.extend(found);
        more.into_iter()
            .for_each(|section| add(&mut sections, section));
    }
    if !is_listed {
        let usual = USUAL.map(|(slug, name)| section(slug, name));
        usual
            .into_iter()
            .for_each(|section| add(&mut sections, section));
    }
    for (_, setup) in catalog.setups() {
        add(&mut sections, unlisted(&setup.section));
    }
    (sections, problems)
}

/// What one file says, what is wrong with it, and whether it is of use at all.
fn read_file(file: &Path) -> (Vec<Section>, Vec<Problem>, bool) {
    match read_bounded(file) {
        Ok(bytes) => {
            let (sections, problems) = read_sections(file, &bytes);
            let is_of_use = !sections.is_empty() || problems.is_empty();
            (sections, problems, is_of_use)
        }
        Err(ReadFailure::NotFound) => (Vec::new(), Vec::new(), false),
        Err(ReadFailure::TooLarge { bytes }) => {
            let why = format!("it has {bytes} bytes, which is too much");
            (Vec::new(), vec![unreadable(file, &why)], false)
        }
        Err(ReadFailure::Other(why)) => (Vec::new(), vec![unreadable(file, &why)], false),
    }
}

fn unlisted(slug: &str) -> Section {
    let usual = USUAL.iter().find(|(usual, _)| *usual == slug);
    section(slug, usual.map_or(slug, |(_, name)| name))
}

fn section(slug: &str, name: &str) -> Section {
    Section {
        slug: slug.to_owned(),
        name: name.to_owned(),
    }
}

fn add(sections: &mut Vec<Section>, section: Section) {
    if !sections.iter().any(|known| known.slug == section.slug) {
        sections.push(section);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::fs;

    use contara_manifest::Source;
    use tempfile::TempDir;

    use super::super::scan;

    /// Two roots with these files `sections.json`, and a module in the section `shop`.
    fn roots(files: [Option<&str>; 2]) -> (TempDir, Vec<super::Root>) {
        let temp = tempfile::tempdir().unwrap();
        let root = |(index, content): (usize, Option<&str>)| {
            let path = temp.path().join(index.to_string());
            fs::create_dir(&path).unwrap();
            if let Some(content) = content {
                fs::write(path.join("sections.json"), content).unwrap();
            }
            super::Root {
                path,
                source: Source::Builtin,
            }
        };
        let roots: Vec<_> = files.into_iter().enumerate().map(root).collect();
        let module = temp.path().join("0/till");
        fs::create_dir(&module).unwrap();
        fs::write(module.join("__init__.py"), "").unwrap();
        let manifest = r#"{"slug": "till", "module": {"section": "shop"}}"#;
        fs::write(module.join("desc.json"), manifest).unwrap();
        (temp, roots)
    }

    #[track_caller]
    fn check(files: [Option<&str>; 2], expected: &[(&str, &str)], problems: usize) {
        let (_temp, roots) = roots(files);
        let catalog = scan(&roots, &[]);
        let sections = catalog.sections.iter();
        let sections: Vec<_> = sections
            .map(|section| (section.slug.as_str(), section.name.as_str()))
            .collect();
        assert_eq!(sections, expected, "{files:?}");
        assert_eq!(catalog.section_problems.len(), problems);
    }

    const USUAL_AND_SHOP: [(&str, &str); 4] = [
        ("core", "Core"),
        ("other", "Other"),
        ("management", "Management"),
        ("shop", "shop"),
    ];

    #[test]
    fn without_a_file_there_are_the_usual_ones_and_those_of_modules() {
        check([None, None], &USUAL_AND_SHOP, 0);
        check([Some("{"), None], &USUAL_AND_SHOP, 1);
    }

    #[test]
    fn files_of_all_roots_are_one_list() {
        check(
            [
                Some(r#"[{"slug": "a", "name": "A"}]"#),
                Some(r#"[{"slug": "a", "name": "B"}, {"slug": "shop", "name": "Shop"}]"#),
            ],
            &[("a", "A"), ("shop", "Shop")],
            0,
        );
        check([None, Some("[]")], &[("shop", "shop")], 0);
    }
}
