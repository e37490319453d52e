//! Python environments with the real uv and the real pip. Packages are wheels that the tests make, and indexes are the tests'
//! own: nothing here uses the network. What a daemon that is killed leaves is tested in `contara`, with a real one.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

use std::fs;
use std::process::Command;
use std::time::Duration;

use contara_system::environments::{EnvironmentError, Progress, Step};

use support::{Connection, House, Index, PATIENCE, SilentIndex, With, owned, prepare};

const BOTH: [With; 2] = [With::Uv, With::Pip];

#[tokio::test]
async fn two_versions_of_one_package_at_once() {
    for with in BOTH {
        let house = House::new(with, &["toy==1.0: spring>=2", "toy==2.0", "spring==2.5"]);
        let environments = house.environments();
        let old = ["toy<2"];
        let (old, new) = tokio::join!(
            prepare(&environments, &old),
            prepare(&environments, &["toy>=2"])
        );
        let name = format!("{with:?}").to_lowercase();
        let expected = format!("Installing Python packages with {name}: toy<2\n");
        assert!(old.log().starts_with(&expected), "{}", old.log());
        let (old, new) = (old.packages(), new.packages());
        assert_ne!(old.site, new.site);
        let versions = "import toy, spring; print(toy.VERSION, spring.VERSION)";
        assert_eq!(house.run(&old, versions), "1.0 2.5");
        assert_eq!(house.run(&new, "import toy; print(toy.VERSION)"), "2.0");
        assert!(!new.site.join("spring").exists());
        let program = Command::new(old.bin.join("toy"))
            .env("PYTHONPATH", &old.site)
            .output();
        assert_eq!(program.unwrap().stdout, b"1.0\n");
        assert!(!old.overrides_sdk && !new.overrides_sdk);
    }
}

#[tokio::test]
async fn steps_say_how_far_it_is() {
    for with in BOTH {
        let house = House::new(with, &["toy==1.0"]);
        let prepared = house.prepare(&["toy"]).await;
        let step = |progress: &Progress| match progress {
            Progress::Step(step) => Some(step.clone()),
            Progress::Line(_) => None,
        };
        let steps: Vec<Step> = prepared.progress.iter().filter_map(step).collect();
        let first = steps.first().unwrap();
        assert_eq!(
            (first.text.to_string().as_str(), first.done, first.total),
            ("Finding versions that fit", None, None)
        );
        assert!(steps.iter().any(|step| step.total == Some(1)), "{steps:?}");
        assert!(
            prepared
                .log()
                .contains("Python packages are ready: 1, after"),
            "{}",
            prepared.log()
        );
    }
}

#[tokio::test]
async fn what_is_there_is_used_at_once_and_by_the_next_daemon() {
    for with in BOTH {
        let house = House::new(with, &["toy==1.0", "spring==1.0"]);
        let first = house.prepare(&["toy", "spring"]).await.packages();
        // In any order, written twice, and without the wheels.
        fs::remove_dir_all(house.folder.path().join("wheels")).unwrap();
        let again = house.prepare(&["spring", "toy", "spring"]).await;
        assert_eq!(again.progress, []);
        assert_eq!(again.packages(), first);
    }
}

#[tokio::test]
async fn compiled_modules_are_where_workers_look_for_them() {
    let house = House::new(With::Uv, &["toy==1.0"]);
    let packages = house.prepare(&["toy"]).await.packages();
    let cached = house.run(&packages, "import toy; print(toy.__cached__)");
    let made = fs::metadata(&cached).unwrap().modified().unwrap();
    let used = packages.site.with_file_name("used");
    assert!(
        made <= fs::metadata(used).unwrap().modified().unwrap(),
        "compiled when it was imported"
    );
    assert!(!packages.site.join("toy/__pycache__").exists());
}

#[tokio::test]
async fn what_the_sdk_has_is_left_out() {
    for with in BOTH {
        let wheels = [
            "toy==1.0: typing-extensions>=4",
            "typing-extensions==installed",
            "typing-extensions==99.0",
        ];
        let house = House::new(with, &wheels);
        let packages = house.prepare(&["toy", "psutil>=5"]).await.packages();
        assert!(packages.site.join("toy").is_dir());
        assert!(!packages.site.join("typing_extensions").exists());
        assert!(!packages.overrides_sdk);
    }
}

#[tokio::test]
async fn what_the_sdk_meets_needs_neither_network_nor_installer() {
    let house = House::new(With::Pip, &[]).with_index("http://127.0.0.1:9/simple");
    let prepared = house.prepare(&["psutil>=5", "Typing.Extensions"]).await;
    assert_eq!(prepared.progress, []);
    assert_eq!(prepared.end.unwrap(), None);
    assert_eq!(house.prepare(&[]).await.end.unwrap(), None);
    assert!(!house.cache().exists());
}

#[tokio::test]
async fn nothing_to_install_on_this_platform_is_no_packages() {
    for with in BOTH {
        let house = House::new(with, &[]);
        for _ in 0..2 {
            let prepared = house.prepare(&["toy==1.0 ; sys_platform == 'win32'"]).await;
            assert_eq!(prepared.end.unwrap(), None);
        }
    }
}

#[tokio::test]
async fn another_version_of_a_package_of_the_sdk_is_said() {
    for with in BOTH {
        let house = House::new(with, &["psutil==7.0.0", "toy==1.0"]);
        let packages = house.prepare(&["psutil==7.0.0", "toy"]).await.packages();
        assert!(packages.overrides_sdk);
        assert_eq!(
            house.run(&packages, "import psutil; print(psutil.VERSION)"),
            "7.0.0"
        );
        assert!(
            house
                .prepare(&["psutil==7.0.0", "toy"])
                .await
                .packages()
                .overrides_sdk
        );
    }
}

#[track_caller]
fn unresolvable(error: &EnvironmentError) -> (&str, &[String]) {
    let EnvironmentError::Unresolvable { words, sdk } = error else {
        panic!("{error}");
    };
    (words, sdk)
}

#[tokio::test]
async fn a_conflict_is_told_in_the_resolvers_words() {
    for with in BOTH {
        let house = House::new(
            with,
            &[
                "toy==1.0: spring<2",
                "car==1.0: spring>=2",
                "spring==1.0",
                "spring==2.0",
            ],
        );
        let error = house.prepare(&["toy", "car"]).await.error();
        let (words, sdk) = unresolvable(&error);
        let expected = match with {
            With::Uv => "toy depend on spring<2",
            With::Pip => "toy 1.0 depends on spring<2",
        };
        // uv breaks its lines where it likes.
        let words = words.replace('\n', " ");
        assert!(words.contains(expected), "{words}");
        assert!(words.contains("car"), "{words}");
        assert!(sdk.is_empty(), "{sdk:?}");
        let sentence = "The Python packages that this module needs can't be installed together.";
        assert_eq!(error.message().to_string(), sentence);
        assert_eq!(
            fs::read_dir(house.cache().join("environments"))
                .unwrap()
                .count(),
            0
        );
    }
}

#[tokio::test]
async fn a_package_that_does_not_exist_is_named_and_can_be_retried() {
    for with in BOTH {
        let house = House::new(with, &["car==1.0"]);
        let environments = house.environments();
        let error = prepare(&environments, &["toy>=1"]).await.error();
        let (words, _) = unresolvable(&error);
        assert!(words.contains("toy"), "{words}");
        house.add_wheels(&["toy==1.0"]);
        prepare(&environments, &["toy>=1"]).await.packages();
    }
}

#[tokio::test]
async fn a_conflict_with_what_contara_needs_is_said() {
    for with in BOTH {
        let house = House::new(with, &["pydantic==1.10.2"]);
        let error = house.prepare(&["pydantic<2"]).await.error();
        let (words, sdk) = unresolvable(&error);
        assert!(words.contains("pydantic<2"), "{words}");
        assert_eq!(sdk, ["pydantic<3,>=2.11"]);
        let sentence = error.message().to_string();
        assert!(
            sentence.ends_with("Contara itself needs pydantic<3,>=2.11."),
            "{sentence}"
        );
    }
}

#[tokio::test]
async fn what_would_break_the_sdk_is_refused() {
    for with in BOTH {
        let house = House::new(
            with,
            &[
                "typing-extensions==4.0",
                "pydantic==2.99: typing-extensions>=4.14",
            ],
        );
        let error = house.prepare(&["typing-extensions==4.0"]).await.error();
        let (words, _) = unresolvable(&error);
        assert!(words.contains("pydantic"), "{words}");
    }
}

#[tokio::test]
async fn without_a_network_that_is_said_and_credentials_are_not() {
    for with in BOTH {
        let house = House::new(with, &[]).with_index("http://user:secret@127.0.0.1:9/simple");
        let prepared = house.prepare(&["toy"]).await;
        assert!(!format!("{prepared:?}").contains("secret"), "{prepared:?}");
        let error = prepared.error();
        assert!(
            matches!(error, EnvironmentError::NoNetwork { .. }),
            "{error}"
        );
        assert!(!error.words().is_empty());
    }
}

#[tokio::test]
async fn without_a_network_what_was_downloaded_before_will_do() {
    let house = House::new(With::Uv, &["toy==1.0", "spring==1.0"]);
    let index = Index::of(house.wheels());
    let house = house.with_index(&index.url());
    house.prepare(&["toy"]).await.packages();
    house.prepare(&["spring"]).await.packages();
    drop(index);
    let prepared = house.prepare(&["toy", "spring"]).await;
    let log = prepared.log();
    assert!(
        log.contains("No network: trying what was downloaded before"),
        "{log}"
    );
    let packages = prepared.packages();
    assert_eq!(
        house.run(&packages, "import toy, spring; print(toy.VERSION)"),
        "1.0"
    );
    // Something that was never there is a matter of the network still.
    let error = house.prepare(&["toy", "car"]).await.error();
    assert!(
        matches!(error, EnvironmentError::NoNetwork { .. }),
        "{error}"
    );
}

#[tokio::test]
async fn a_build_that_takes_too_long_is_killed() {
    let index = SilentIndex::new();
    let house = House::new(With::Uv, &[]).with_index(&index.url);
    let house = house.with_limit(Duration::from_secs(8));
    let error = house.prepare(&["toy"]).await.error();
    assert!(matches!(error, EnvironmentError::TooLong(_)), "{error}");
    index.expect(&Connection::Made);
    index.expect(&Connection::Gone);
    assert_eq!(
        fs::read_dir(house.cache().join("environments"))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn a_build_ends_with_the_daemon() {
    let index = SilentIndex::new();
    let house = House::new(With::Uv, &[]).with_index(&index.url);
    let daemon = tokio::runtime::Runtime::new().unwrap();
    let preparation = daemon.block_on(async { house.environments().prepare(&owned(&["toy"])) });
    drop(preparation);
    index.expect(&Connection::Made);
    drop(daemon);
    index.expect(&Connection::Gone);
    assert_eq!(
        fs::read_dir(house.cache().join("environments"))
            .unwrap()
            .count(),
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_the_same_shares_one_build() {
    let index = SilentIndex::new();
    let house = House::new(With::Uv, &[]).with_index(&index.url);
    let environments = house.environments();
    let mut first = environments.prepare(&owned(&["toy", "car"]));
    assert!(first.next().await.is_some());
    index.expect(&Connection::Made);
    index.expect(&Connection::Made);
    let mut second = environments.prepare(&owned(&["car", "toy"]));
    // What is being done, at once.
    let Some(Progress::Step(step)) = second.next().await else {
        panic!("the second sees the first one's build");
    };
    assert_eq!(step.text.to_string(), "Finding versions that fit");
    index.hang_up();
    for preparation in [&mut first, &mut second] {
        let end = tokio::time::timeout(PATIENCE, preparation.end())
            .await
            .unwrap();
        assert!(
            matches!(end, Err(EnvironmentError::NoNetwork { .. })),
            "{end:?}"
        );
    }
    index.expect(&Connection::Gone);
    index.expect(&Connection::Gone);
    assert!(
        index.events.try_recv().is_err(),
        "somebody else asked the index, too"
    );
}

#[tokio::test]
async fn what_is_damaged_is_made_anew() {
    let house = House::new(With::Uv, &["toy==1.0"]);
    let environments = house.environments();
    let packages = prepare(&environments, &["toy"]).await.packages();
    fs::remove_dir_all(packages.site.join("toy")).unwrap();
    assert_eq!(prepare(&environments, &["toy"]).await.packages(), packages);
    assert_eq!(
        house.run(&packages, "import toy; print(toy.VERSION)"),
        "1.0"
    );
    fs::remove_dir_all(house.cache().join("environments")).unwrap();
    prepare(&environments, &["toy"]).await.packages();
    assert_eq!(
        house.run(&packages, "import toy; print(toy.VERSION)"),
        "1.0"
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_named() {
    let house = House::new(With::Uv, &["toy==1.0"]);
    fs::create_dir(house.cache()).unwrap();
    fs::write(house.cache().join("environments"), "").unwrap();
    let error = house.prepare(&["toy"]).await.error();
    assert!(matches!(error, EnvironmentError::Folder { .. }), "{error}");
}

#[tokio::test]
async fn a_python_without_the_sdk_is_said() {
    let house = House::new(With::Pip, &[]);
    let venv = house.folder.path().join("venv");
    let library = fs::read_dir(venv.join("lib"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    fs::remove_file(library.path().join("site-packages/here.pth")).unwrap();
    let error = house.prepare(&["toy"]).await.error();
    let EnvironmentError::Failed { words, .. } = &error else {
        panic!("{error}");
    };
    assert!(words.contains("No module named"), "{words}");
}
