//! Output on its way to people: levels, terminal sequences, bad bytes, progress, markup, and very much of it.

use std::time::Instant;

use serde_json::{Value, json};

use super::{CONFIGURATION, Machine, setup_folder, text, write_setup};
use crate::observe::{peak_memory, resident_memory};
use crate::support::eventually;

#[tokio::test]
async fn output_becomes_lines_with_levels() {
    let machine = Machine::start(&["talker"]).await;
    let id = machine.run(&["talker"], Value::Null).await;
    let lines = machine.log(id).await;
    let output: Vec<_> = lines
        .iter()
        .filter(|line| line["kind"] == "output")
        .map(|line| (line["level"].as_u64(), text(&line["text"])))
        .collect();
    let expected = [
        (Some(0), "a line of level 0"),
        (Some(1), "a warning"),
        (Some(2), "an error"),
        (Some(3), "of level 3"),
        (Some(6), "of level 6"),
        (Some(7), "an information"),
        (Some(8), "an important one"),
        (None, "9 is no level"),
        (Some(1), "27.0.0.1 begins with a level too"),
        (None, "7red is no level"),
        (None, "clear my line"),
        (None, "after the title"),
        (None, "progress 100%"),
        (None, "bad \u{fffd}\u{fffd} bytes, good é"),
        (None, ""),
        (None, "after an empty line"),
    ];
    for (line, (level, text)) in output.iter().zip(expected) {
        assert_eq!((line.0, line.1.as_str()), (level, text));
    }
    assert_eq!(output[19], (None, "control: abc".to_owned()));
    assert_eq!(output[20], (None, "no newline at the end".to_owned()));
    assert_eq!(output.len(), 21, "{output:#?}");
    let numbers: Vec<_> = lines
        .iter()
        .map(|line| line["number"].as_u64().unwrap())
        .collect();
    assert!(
        numbers.iter().copied().eq(1..=lines.len() as u64),
        "{numbers:?}"
    );
    assert!(lines.iter().all(|line| line["open"] == false));
}

#[tokio::test]
async fn markup_becomes_spans_and_html_stays_text() {
    let machine = Machine::start(&["talker"]).await;
    let id = machine.run(&["talker"], Value::Null).await;
    let lines = machine.log(id).await;
    let line = lines
        .iter()
        .find(|line| text(&line["text"]).starts_with("See http"))
        .unwrap();
    let spans: Vec<_> = line["spans"]
        .as_array()
        .unwrap()
        .iter()
        .map(|span| {
            (
                text(&span["text"]),
                span["bold"] == true,
                text(&span["href"]),
            )
        })
        .collect();
    let spans: Vec<_> = spans
        .iter()
        .map(|(text, bold, href)| (text.as_str(), *bold, href.as_str()))
        .collect();
    assert_eq!(
        spans,
        [
            ("See ", false, ""),
            ("http://127.0.0.1:8080/x", false, "http://127.0.0.1:8080/x"),
            (". Or ", false, ""),
            ("this", true, ""),
            (" and ", false, ""),
            ("that", true, ""),
            (".\n<b>No HTML</b> & no <script>.", false, ""),
        ]
    );
    let plain = lines
        .iter()
        .find(|line| line["text"] == "a warning")
        .unwrap();
    assert_eq!(plain["spans"], Value::Null);
}

#[tokio::test]
async fn the_log_is_there_as_text() {
    let machine = Machine::start(&["talker"]).await;
    let id = machine.run(&["talker"], Value::Null).await;
    let response = machine
        .api
        .send(
            reqwest::Method::GET,
            &format!("/api/setup/transactions/{id}/log.txt"),
        )
        .await;
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert!(header("content-type").starts_with("text/plain"));
    assert!(header("content-disposition").starts_with("attachment"));
    let log = response.text().await.unwrap();
    let line = log
        .lines()
        .find(|line| line.ends_with("an important one"))
        .unwrap();
    let (time, rest) = line.split_once(' ').unwrap();
    assert_eq!(
        (time.len(), rest),
        (8, "[talker] 8an important one"),
        "{line}"
    );
}

#[tokio::test]
async fn a_line_without_an_end_is_shown_at_once() {
    let data = setup_folder(&[]);
    let script =
        "printf '7Doing it'\nuntil test -e ../../probe/end; do sleep 0.05; done\necho ' … done'\n";
    write_setup(data.path(), "open", &json!({}), "", script);
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let id = machine.begin(&["open"]).await;
    let open = eventually("the open line", || async {
        let lines = machine.log(id).await;
        lines.into_iter().find(|line| line["text"] == "Doing it")
    })
    .await;
    assert_eq!((&open["open"], &open["level"]), (&true.into(), &7.into()));
    machine.allow("end");
    machine.until(id, "done").await;
    let lines = machine.log(id).await;
    let ended: Vec<_> = lines
        .iter()
        .filter(|line| line["number"] == open["number"])
        .collect();
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0]["text"], "Doing it … done");
    assert_eq!(ended[0]["open"], false);
}

/// 100,000 lines in seconds, with memory that doesn't grow with them. The figures are printed; the bounds are for slow machines.
#[tokio::test]
async fn very_many_lines_arrive_soon_and_cost_little() {
    let machine = Machine::start(&["many_lines"]).await;
    let before = resident_memory(machine.daemon.pid());
    let mut stream = machine.api.stream().await;
    let id = machine.begin(&["many_lines"]).await;
    let start = Instant::now();
    stream
        .send(super::stream::watch(
            &json!({"transaction": id, "after": 0}),
        ))
        .await;
    let mut seen = 0;
    loop {
        let frame = stream.next_of("setup_lines").await;
        let lines = frame["lines"].as_array().unwrap();
        seen += lines
            .iter()
            .filter(|line| line["kind"] == "output" && line["open"] == false)
            .count();
        if lines
            .iter()
            .any(|line| line["text"] == "All lines are printed.")
        {
            break;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    machine.until(id, "done").await;
    let grown = peak_memory(machine.daemon.pid()).saturating_sub(before) / 1024 / 1024;
    println!(
        "100,000 lines: {seconds:.1} s to the last one over the stream, the host grew by {grown} MiB at most"
    );
    assert!(seen >= 100_001, "{seen}");
    assert!(seconds < 30.0, "{seconds} s");
    assert!(grown < 150, "{grown} MiB");
}
