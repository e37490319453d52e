//! What scripts print: secrets, lines without an end, and very much of it.

use std::time::{Duration, Instant};

use contara_setup::transaction::TransactionState;

use crate::house::{House, answers, begin, line, lines, state, texts, wait_for};

const PASSWORD: &str = r#"{"type": "password", "name": "passwd", "require": "yes"}"#;
const SECRET: &str = "kanari-4711-ünd";

#[tokio::test]
async fn secrets_are_in_no_line_and_nowhere_in_the_journal() {
    let house = House::new();
    let script = "echo \"it is $1, really\"; printf 'open %s' \"${1:0:5}\"; sleep 0.5; echo \"${1:5}\"; exit 1";
    house.module("it", "", &[PASSWORD], Some(script));
    let setup = house.setup().await;
    let id = begin(&setup, &["it"]).await.unwrap().id;
    let posted = answers("it", &[("passwd", SECRET), ("passwd2", SECRET)]);
    setup.answer(id, posted, "tester").await.unwrap();
    line(&setup, id, "open ••••••").await;
    let failed = state(&setup, id, TransactionState::Failed).await;
    let expected = ["it is ••••••, really", "open ••••••"];
    assert_eq!(failed.failure.unwrap().last_lines, expected);
    setup.shut_down().await;
    drop(setup);
    let mut found = 0;
    for file in std::fs::read_dir(house.folder.path()).unwrap().flatten() {
        if file.file_name().to_string_lossy().starts_with("contara.db") {
            let bytes = std::fs::read(file.path()).unwrap();
            let is_in = |text: &str| {
                bytes
                    .windows(text.len())
                    .any(|part| part == text.as_bytes())
            };
            assert!(!is_in(SECRET) && !is_in("kanar"), "{:?}", file.path());
            found += usize::from(is_in("really"));
        }
    }
    assert!(found > 0);
}

#[tokio::test]
async fn a_line_without_an_end_is_shown_and_grows_in_place() {
    let house = House::new();
    let go = house.path("go");
    let script = format!(
        "printf 'half'; until [ -e {} ]; do sleep 0.02; done; echo ' whole'; echo next",
        go.display()
    );
    house.module("it", "", &[], Some(&script));
    let setup = house.setup().await;
    let id = begin(&setup, &["it"]).await.unwrap().id;
    line(&setup, id, "half").await;
    let part = setup.log(id, 0, 100).await.unwrap();
    let open = part.lines.last().unwrap();
    assert!(open.is_open);
    assert_eq!(part.next, open.number - 1);
    std::fs::write(&go, "").unwrap();
    state(&setup, id, TransactionState::Done).await;
    let rest = setup.log(id, part.next, 100).await.unwrap();
    let texts: Vec<_> = rest.lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(texts, ["half whole", "next"]);
    assert_eq!(rest.lines[0].number, open.number);
    assert!(rest.lines.iter().all(|line| !line.is_open));
    setup.shut_down().await;
}

#[tokio::test]
async fn a_hundred_thousand_lines_take_seconds_and_no_memory() {
    let house = House::new();
    house.module(
        "it",
        "",
        &[],
        Some("seq -f 'line %.0f of very many that say nothing' 100000"),
    );
    let setup = house.setup().await;
    let before = memory();
    let started = Instant::now();
    let id = begin(&setup, &["it"]).await.unwrap().id;
    let done = state(&setup, id, TransactionState::Done).await;
    let took = started.elapsed();
    let grown = memory().saturating_sub(before) / 1024;
    println!("100,000 lines: {took:?}, {grown} KiB more memory");
    let part = setup.log(id, done.lines - 1, 10).await.unwrap();
    assert_eq!(
        part.lines[0].text,
        "line 100000 of very many that say nothing"
    );
    assert!(took < Duration::from_secs(30), "{took:?}");
    assert!(grown < 40 * 1024, "{grown} KiB");
    setup.shut_down().await;
}

#[tokio::test]
async fn a_log_that_is_full_says_how_much_is_missing() {
    let house = House::new();
    house.module("it", "", &[], Some("seq 200100; echo end; exit 1"));
    let setup = house.setup().await;
    let id = begin(&setup, &["it"]).await.unwrap().id;
    let failed = wait_for(&setup, id, |t| t.state == TransactionState::Failed).await;
    assert_eq!(failed.failure.unwrap().last_lines.last().unwrap(), "end");
    let end = setup.log(id, failed.lines - 2, 10).await.unwrap();
    // Two lines came before the output: who began it, and the command.
    let dropped = "… 103 lines were dropped: a log keeps 200000.";
    assert_eq!(end.lines[0].text, dropped);
    setup.shut_down().await;
}

#[tokio::test]
async fn a_log_is_read_in_parts() {
    let house = House::new();
    house.module("it", "", &[], Some("seq 10"));
    let setup = house.setup().await;
    let id = begin(&setup, &["it"]).await.unwrap().id;
    state(&setup, id, TransactionState::Done).await;
    let all = texts(&setup, id).await;
    let (mut read, mut after) = (Vec::new(), 0);
    loop {
        let part = setup.log(id, after, 4).await.unwrap();
        assert!(part.lines.len() <= 4);
        read.extend(part.lines.into_iter().map(|line| line.text));
        after = part.next;
        if !part.has_more {
            break;
        }
    }
    assert_eq!(read, all);
    assert_eq!(after, lines(&setup, id).await.len() as u64);
    assert!(setup.log(id + 1, 0, 4).await.is_err());
    setup.shut_down().await;
}

/// Bytes that this process has in memory.
fn memory() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = text.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

#[tokio::test]
async fn nothing_comes_behind_a_line_that_is_open() {
    let house = House::new();
    let go = house.path("go");
    let script = format!(
        "trap '' TERM; printf 'Go on?'; until [ -e '{}' ]; do sleep 0.02; done",
        go.display()
    );
    house.module("it", "", &[], Some(&script));
    let setup = house.setup().await;
    let id = begin(&setup, &["it"]).await.unwrap().id;
    line(&setup, id, "Go on?").await;
    setup.cancel(id, "tester").await.unwrap();
    let part = setup.log(id, 0, 100).await.unwrap();
    let last = part.lines.last().unwrap();
    assert_eq!((last.text.as_str(), last.is_open), ("Go on?", true));
    assert_eq!((part.next, part.has_more), (last.number - 1, false));
    std::fs::write(go, "").unwrap();
    let note = "tester cancelled this. What was done stays done.";
    line(&setup, id, note).await;
    setup.shut_down().await;
}
