//! The figures as a table for people and as JSON for programs. Pure.

use serde_json::{Value, json};

use super::Extent;
use super::statistics::Summary;

/// What a figure should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Target {
    MedianAtMost(f64),
    P99AtMost(f64),
    MedianAtLeast(f64),
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    /// A stable name for programs, e.g. `action.one_connection`.
    key: &'static str,
    /// For people.
    what: String,
    unit: &'static str,
    summary: Summary,
    targets: Vec<Target>,
}

/// Everything that was measured.
pub(crate) struct Report {
    machine: Value,
    extent: Extent,
    rows: Vec<Row>,
}

impl Target {
    fn is_reached(self, summary: &Summary) -> bool {
        match self {
            Self::MedianAtMost(limit) => summary.median <= limit,
            Self::P99AtMost(limit) => summary.p99 <= limit,
            Self::MedianAtLeast(limit) => summary.median >= limit,
        }
    }

    fn text(self) -> String {
        match self {
            Self::MedianAtMost(limit) => format!("≤ {limit}"),
            Self::P99AtMost(limit) => format!("p99 ≤ {limit}"),
            Self::MedianAtLeast(limit) => format!("≥ {limit}"),
        }
    }

    fn json(self) -> Value {
        match self {
            Self::MedianAtMost(limit) => json!({"of": "median", "at_most": limit}),
            Self::P99AtMost(limit) => json!({"of": "p99", "at_most": limit}),
            Self::MedianAtLeast(limit) => json!({"of": "median", "at_least": limit}),
        }
    }
}

impl Report {
    pub(crate) fn new(machine: Value, extent: Extent) -> Self {
        Self {
            machine,
            extent,
            rows: Vec::new(),
        }
    }

    /// Adds a line and says it at once, since the whole takes minutes. No samples, no line.
    pub(crate) fn add(
        &mut self,
        key: &'static str,
        what: impl Into<String>,
        unit: &'static str,
        samples: Vec<f64>,
        targets: &[Target],
    ) {
        let Some(summary) = Summary::of(samples) else {
            return;
        };
        let row = Row {
            key,
            what: what.into(),
            unit,
            summary,
            targets: targets.to_vec(),
        };
        crate::process::say(&format!(
            "{}: {} {} ({})",
            row.what,
            number(summary.median),
            row.unit,
            row.verdict()
        ));
        self.rows.push(row);
    }

    /// Markdown, with aligned columns.
    pub(crate) fn table(&self) -> String {
        let mut cells = vec![
            [
                "what",
                "unit",
                "median",
                "min–max",
                "p99",
                "n",
                "target",
                "reached",
            ]
            .map(str::to_owned),
        ];
        cells.extend(self.rows.iter().map(Row::cells));
        aligned(&cells)
    }

    /// One object; see `docs/bench.md`.
    pub(crate) fn json(&self) -> String {
        let rows: Vec<Value> = self.rows.iter().map(Row::json).collect();
        let all = json!({
            "machine": self.machine,
            "quick": self.extent == Extent::Quick,
            "figures": rows,
        });
        format!("{all:#}\n")
    }
}

impl Row {
    fn is_reached(&self) -> bool {
        self.targets
            .iter()
            .all(|target| target.is_reached(&self.summary))
    }

    fn verdict(&self) -> &'static str {
        match (self.targets.is_empty(), self.is_reached()) {
            (true, _) => "",
            (_, true) => "yes",
            (_, false) => "NO",
        }
    }

    fn cells(&self) -> [String; 8] {
        let summary = &self.summary;
        let targets: Vec<_> = self.targets.iter().map(|target| target.text()).collect();
        [
            self.what.clone(),
            self.unit.to_owned(),
            number(summary.median),
            format!("{}–{}", number(summary.min), number(summary.max)),
            number(summary.p99),
            summary.count.to_string(),
            targets.join(", "),
            self.verdict().to_owned(),
        ]
    }

    fn json(&self) -> Value {
        let summary = &self.summary;
        let targets: Vec<_> = self.targets.iter().map(|target| target.json()).collect();
        json!({
            "key": self.key,
            "what": self.what,
            "unit": self.unit,
            "count": summary.count,
            "median": summary.median,
            "p99": summary.p99,
            "min": summary.min,
            "max": summary.max,
            "targets": targets,
            "reached": (!self.targets.is_empty()).then(|| self.is_reached()),
        })
    }
}

/// About three digits that count.
fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        small if small >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

fn aligned(rows: &[[String; 8]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or_default()
    };
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        text += &line(row.iter().enumerate().map(|(column, cell)| {
            let missing = width(column) - cell.chars().count();
            format!("{cell}{}", " ".repeat(missing))
        }));
        if index == 0 {
            text += &line((0..8).map(|column| "-".repeat(width(column))));
        }
    }
    text
}

fn line(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let mut report = Report::new(json!({"processors": 2}), Extent::Quick);
        let targets = [Target::MedianAtMost(0.3), Target::P99AtMost(1.5)];
        report.add("a.b", "quick", "ms", vec![0.25, 0.3, 2.0], &targets);
        report.add(
            "c",
            "many",
            "1/s",
            vec![7000.0],
            &[Target::MedianAtLeast(6000.0)],
        );
        report.add("d", "only told", "MiB", vec![12.34], &[]);
        report.add("e", "nothing", "ms", Vec::new(), &[]);
        report
    }

    #[test]
    fn the_table_says_what_was_reached() {
        assert_eq!(
            report().table(),
            "\
| what      | unit | median | min–max    | p99   | n | target           | reached |
| --------- | ---- | ------ | ---------- | ----- | - | ---------------- | ------- |
| quick     | ms   | 0.300  | 0.250–2.00 | 2.00  | 3 | ≤ 0.3, p99 ≤ 1.5 | NO      |
| many      | 1/s  | 7000   | 7000–7000  | 7000  | 1 | ≥ 6000           | yes     |
| only told | MiB  | 12.3   | 12.3–12.3  | 12.3  | 1 |                  |         |
"
        );
    }

    #[test]
    fn the_json_has_every_figure_in_full() {
        let json: Value = serde_json::from_str(&report().json()).expect("JSON");
        assert_eq!(json["quick"], true);
        assert_eq!(json["machine"]["processors"], 2);
        assert_eq!(json["figures"].as_array().map(Vec::len), Some(3));
        assert_eq!(
            json["figures"][0],
            json!({
                "key": "a.b", "what": "quick", "unit": "ms", "count": 3, "median": 0.3, "p99": 2.0, "min": 0.25,
                "max": 2.0, "reached": false,
                "targets": [{"of": "median", "at_most": 0.3}, {"of": "p99", "at_most": 1.5}],
            })
        );
        assert_eq!(json["figures"][2]["reached"], Value::Null);
    }
}
