//! Files of repositories, as each package manager wants them.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::os::unix::fs::PermissionsExt;

use super::super::{Apk, Apt, Dnf, Pacman, Urpmi, Zypper, apk, pacman};
use super::*;

fn order() -> RepositoryOrder {
    RepositoryOrder {
        slug: "closed".into(),
        name: "Closed".into(),
        url: "http://mirror.example/closed/x86_64/".into(),
        options: "--updates priority=10".into(),
        login: Some(Login {
            name: "me".into(),
            password: "pa$$-word".into(),
        }),
        key: None,
    }
}

fn etc(folder: &Path, manager: &dyn PackageManager) -> Places {
    let etc = folder.display();
    let answer = match manager.name() {
        "apt" => format!(
            "SOURCES='{etc}/sources/'\nLIST='{etc}/list'\nLOGINS='{etc}/logins/'\nAPT='{etc}/'\n"
        ),
        "pacman" => return pacman::places_in(folder),
        "apk" => return apk::places_in(folder),
        _ => format!("{etc}\n"),
    };
    manager.read_places(&answer).unwrap()
}

#[test]
fn addresses_of_repositories_in_use_are_found() {
    let list = "# deb http://comment.example/ ./\ndeb [arch=amd64 signed-by=/a:b] http://one.example/debian bookworm main\n\
                deb-src http://source.example/ ./\ndeb file:/srv/packages ./\n";
    assert_eq!(
        addresses(list),
        ["http://one.example/debian", "file:/srv/packages"]
    );
    let paragraphs = "Types: deb\nURIs: http://two.example/debian http://three.example\nSuites: sid\n\n\
                      Enabled: no\nTypes: deb\nURIs: http://off.example\n";
    assert_eq!(
        addresses(paragraphs),
        ["http://two.example/debian", "http://three.example"]
    );
    let sections = "[main]\nproxy=http://proxy.example:3128\n[fedora]\nname=Fedora\nenabled=1\n\
                    metalink=https://mirrors.example/metalink?repo=fedora-$releasever\ngpgkey=https://keys.example/key\n\
                    [off]\nbaseurl=http://off.example/\nenabled = 0\n[last]\nbaseurl = http://last.example/\n";
    assert_eq!(
        addresses(sections),
        [
            "https://mirrors.example/metalink?repo=fedora-$releasever",
            "http://last.example/"
        ]
    );
}

#[test]
fn who_has_to_answer_is_the_proxy_if_there_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let contact = |places: &Places, url| places.contact(url).map(|place| place.to_string());
    let url = "http://mirror.example/debian bookworm main";
    let direct = etc(folder.path(), &Apt::default());
    assert_eq!(contact(&direct, url).unwrap(), "mirror.example:80");
    let apt = |more: &str| {
        let etc = folder.path().display();
        Apt::default()
            .read_places(&format!("SOURCES='{etc}/'\nAPT='{etc}/'\n{more}\n"))
            .unwrap()
    };
    let through = apt("PROXY='http://proxy.example:3128/'");
    assert_eq!(contact(&through, url).unwrap(), "proxy.example:3128");
    assert_eq!(contact(&through, "file:/srv").unwrap(), "/srv");
    let without = apt("PROXY='DIRECT'");
    assert_eq!(contact(&without, url).unwrap(), "mirror.example:80");
    assert_eq!(contact(&apt("FINDER='/usr/bin/find-one'"), url), None);
    let dnf = etc(folder.path(), &Dnf);
    fs::create_dir(folder.path().join("dnf")).unwrap();
    fs::write(
        folder.path().join("dnf/dnf.conf"),
        "[main]\nproxy = http://proxy.example:8080\n",
    )
    .unwrap();
    assert_eq!(contact(&dnf, url).unwrap(), "proxy.example:8080");
}

/// All files below a folder: name, mode, content.
fn found(folder: &Path) -> Vec<(String, u32, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(self::found(&path));
            continue;
        }
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        found.push((name, mode, fs::read_to_string(&path).unwrap()));
    }
    found.sort();
    found
}

#[track_caller]
fn check(manager: &dyn PackageManager, expected: &[(&str, u32, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    let places = etc(folder.path(), manager);
    let order = order();
    assert!(!places.knows(&order.url));
    let written = write(&files(manager, &places, &order).unwrap()).unwrap();
    let found = found(folder.path());
    let found: Vec<_> = found
        .iter()
        .map(|(name, mode, text)| (name.as_str(), *mode, text.as_str()))
        .collect();
    assert_eq!(found, expected);
    assert!(places.knows(&order.url));
    assert!(!places.knows("http://mirror.example/closed"));
    written.take_back();
    assert_eq!(self::found(folder.path()), []);
}

#[test]
fn a_login_is_in_a_file_that_only_root_reads() {
    check(
        &Apt::default(),
        &[
            (
                "contara-closed.conf",
                0o600,
                "machine http://mirror.example/closed/x86_64/ login me password pa$$-word\n",
            ),
            (
                "contara-closed.list",
                0o644,
                "# Closed, added by Contara\ndeb [priority=10] http://mirror.example/closed/x86_64/ ./\n",
            ),
        ],
    );
    let lines = "# Added by Contara.\n[contara-closed]\nname=Closed\nenabled=1\npriority=10\n";
    let url = "baseurl=http://mirror.example/closed/x86_64/";
    let dnf = format!("{lines}{url}\nusername=me\npassword=pa$$-word\n");
    check(&Dnf, &[("contara-closed.repo", 0o600, &dnf)]);
    let zypper = format!("{lines}{url}?credentials=contara-closed\n");
    check(
        &Zypper::default(),
        &[
            ("contara-closed", 0o600, "username=me\npassword=pa$$-word\n"),
            ("contara-closed.repo", 0o644, &zypper),
        ],
    );
}

#[test]
fn a_key_goes_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key.gpg");
    let order = RepositoryOrder {
        key: Some(key.clone()),
        url: "http://mirror.example stable main".into(),
        ..order()
    };
    let places = etc(folder.path(), &Apt::default());
    let error = files(&Apt::default(), &places, &order)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("the key of the repository closed can't be read"),
        "{error}"
    );
    fs::write(&key, "key").unwrap();
    let files = files(&Apt::default(), &places, &order).unwrap();
    let path = folder.path().join("keyrings/contara-closed.gpg");
    let line = format!(
        "deb [priority=10 signed-by={}] http://mirror.example stable main\n",
        path.display()
    );
    assert!(String::from_utf8_lossy(&files[0].content).ends_with(&line));
    assert_eq!(files.last().unwrap().path, path);
}

#[test]
fn what_would_mean_something_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let with = |change: fn(&mut RepositoryOrder)| {
        let mut order = order();
        change(&mut order);
        order
    };
    let places = etc(folder.path(), &Apt::default());
    for order in [
        with(|order| order.name = "a\ndeb http://evil ./".into()),
        with(|order| order.login.as_mut().unwrap().password = "a b".into()),
        with(|order| order.login.as_mut().unwrap().password = String::new()),
        with(|order| order.login.as_mut().unwrap().name = "a\nb".into()),
    ] {
        let error = files(&Apt::default(), &places, &order)
            .err()
            .unwrap()
            .to_string();
        assert!(
            error.contains("of the repository closed can't be written"),
            "{error}"
        );
        assert!(!error.contains("a b"), "{error}");
    }
    for (secret, is_taken) in [
        ("a$basearch", false),
        (" a", false),
        ("a$", true),
        ("$$-%", true),
    ] {
        assert_eq!(Dnf.takes_secret(secret), is_taken, "{secret}");
    }
}

/// What files of others have in them afterwards: each has a line before, and gets it back.
#[track_caller]
fn check_additions(
    manager: &dyn PackageManager,
    order: &RepositoryOrder,
    others: &str,
    expected: &[(&str, u32, &str)],
) {
    let folder = tempfile::tempdir().unwrap();
    let places = etc(folder.path(), manager);
    let others = folder.path().join(others);
    fs::create_dir_all(others.parent().unwrap()).unwrap();
    fs::write(&others, "theirs").unwrap();
    let before = found(folder.path());
    let written = write(&files(manager, &places, order).unwrap()).unwrap();
    let after = found(folder.path());
    let root = folder.path().display().to_string();
    let after: Vec<_> = after
        .iter()
        .map(|(name, mode, text)| (name.as_str(), *mode, text.replace(&root, "")))
        .collect();
    let after: Vec<_> = after
        .iter()
        .map(|(name, mode, text)| (*name, *mode, text.as_str()))
        .collect();
    assert_eq!(after, expected);
    written.take_back();
    assert_eq!(found(folder.path()), before);
}

#[test]
fn what_others_have_in_a_file_stays() {
    let netrc = "machine mirror.example login me password pa$$-word\ntheirs\n";
    check_additions(&Urpmi, &order(), "urpmi/netrc", &[("netrc", 0o600, netrc)]);
    let open = RepositoryOrder {
        login: None,
        ..order()
    };
    let section = "# Closed, added by Contara\n[closed]\nServer = http://mirror.example/closed/x86_64/\npriority=10\n";
    check_additions(
        &Pacman,
        &open,
        "pacman.conf",
        &[
            ("contara-closed.conf", 0o644, section),
            (
                "pacman.conf",
                0o644,
                "theirs\nInclude = /pacman.d/contara-closed.conf\n",
            ),
        ],
    );
    let line = "theirs\n# Closed, added by Contara\nhttp://mirror.example/closed/x86_64/\n";
    check_additions(
        &Apk::default(),
        &open,
        "apk/repositories",
        &[("repositories", 0o644, line)],
    );
}

#[test]
fn what_cant_keep_a_login_says_so() {
    let folder = tempfile::tempdir().unwrap();
    for manager in [&Pacman as &dyn PackageManager, &Apk::default()] {
        let places = etc(folder.path(), manager);
        let error = files(manager, &places, &order()).unwrap_err().to_string();
        let name = manager.name();
        assert_eq!(
            error,
            format!(
                "the login of the repository closed can't be written into a file of {name}: it has no file of its own for logins"
            )
        );
    }
}

#[test]
fn keys_are_trusted_as_each_wants_it() {
    let lines = |orders: Vec<crate::command_run::CommandOrder>| -> Vec<String> {
        let line = |order: &crate::command_run::CommandOrder| {
            let program = order.program.display().to_string();
            let words = order.arguments.iter().map(|word| word.to_str().unwrap());
            words.fold(program, |line, word| format!("{line} {word}"))
        };
        orders.iter().map(line).collect()
    };
    let key = Path::new("/keys/tests@example.org.rsa.pub");
    let answer =
        "pub:-:255:22:AA:1:::-:\nfpr:::::::::0123ABCD:\nuid:-::::1::::Tests:\nfpr:::::::::4567:\n";
    assert_eq!(
        lines(Pacman.trust_key(key, answer)),
        [
            "pacman-key --add /keys/tests@example.org.rsa.pub",
            "pacman-key --lsign-key 0123ABCD"
        ]
    );
    assert_eq!(
        lines(Urpmi.trust_key(key, "")),
        ["rpm --import /keys/tests@example.org.rsa.pub"]
    );
    let places = apk::places_in(Path::new("/etc"));
    assert_eq!(
        Apk::default().key_path(&places, &order(), key),
        Path::new("/etc/apk/keys/tests@example.org.rsa.pub")
    );
}

#[test]
fn a_distribution_is_known_by_its_parts() {
    let text = "core http://a.example/b/media/core/release {\n}\n";
    assert!(names(text, "http://a.example/b", true));
    assert!(!names(text, "http://a.example/b", false));
    assert!(!names(text, "http://a.example/b/media/co", true));
}

#[test]
fn what_was_there_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    fs::write(&path, "old").unwrap();
    let file = |path: PathBuf| RepositoryFile {
        path,
        content: b"new".to_vec(),
        is_secret: true,
    };
    let written = write(&[file(path.clone())]).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    written.take_back();
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    let below = path.join("no-folder");
    assert!(write(&[file(folder.path().join("b")), file(below)]).is_err());
    assert!(!folder.path().join("b").exists());
}

#[test]
fn commented_ones_arent_known() {
    let url = "http://a.example/b";
    for (text, is_known) in [
        ("deb http://a.example/b ./", true),
        ("baseurl=http://a.example/b/\n", true),
        ("# deb http://a.example/b ./", false),
        ("deb http://a.example/bc ./", false),
        ("deb xhttp://a.example/b ./", false),
        ("", false),
    ] {
        assert_eq!(names(text, url, false), is_known, "{text}");
    }
}

#[tokio::test]
async fn this_machines_apt_says_where_they_go() {
    use crate::environment::find_program;
    if find_program(Path::new("apt-config")).is_none() {
        return;
    }
    let places = places(&Apt::default()).await.unwrap().unwrap();
    assert!(places.sources.ends_with("sources.list.d"), "{places:?}");
    assert!(places.logins.unwrap().ends_with("auth.conf.d"));
}
