//! The table of a run, in Markdown, and the counts above their targets.

use xtask_step::outcome::{Outcome, fail};

/// What the columns of the table are.
const COLUMNS: &str = "floor: the same command on as many `terraform_data`, which are built into \
    the CLI. smallest: on as many objects of a provider of the same framework with the same \
    attributes and nothing behind them \
    (`crates/tf-provider/examples/smallest.rs`); no provider with this schema gets below it. \
    ratio: ours to floor.";

/// A line of the table.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) what: String,
    pub(super) floor: String,
    /// Time and ratio of the smallest provider.
    pub(super) smallest: String,
    pub(super) ours: String,
    pub(super) ratio: Option<f64>,
    pub(super) target: String,
}

/// What a run has found.
#[derive(Debug, Default)]
pub(super) struct Report {
    rows: Vec<Row>,
    notes: Vec<String>,
    excesses: Vec<String>,
}

impl Report {
    pub(super) fn row(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// Something to know about the figures.
    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Holds a count against its target.
    pub(super) fn limit(&mut self, what: &str, count: usize, most: usize) {
        if count > most {
            let [count, most] = [count, most].map(thousands);
            self.excesses.push(format!("{what}: {count}, where {most} is the target"));
        }
    }

    pub(super) fn table(&self) -> String {
        let head = ["| | floor | smallest | ours | ratio | target |", "|---|---|---|---|---|---|"];
        let rows = self.rows.iter().map(|Row { what, floor, smallest, ours, ratio, target }| {
            let ratio = ratio.map(|ratio| format!("{ratio:.2} x")).unwrap_or_default();
            format!("| {what} | {floor} | {smallest} | {ours} | {ratio} | {target} |")
        });
        head.into_iter().map(str::to_owned).chain(rows).collect::<Vec<_>>().join("\n")
    }

    /// What stands below the table.
    pub(super) fn footnotes(&self, machine: &str) -> String {
        let notes: String = self.notes.iter().map(|note| format!("\n{note}\n")).collect();
        format!("\n{COLUMNS}\n\n{machine}\n{notes}")
    }

    /// An error where a count is above its target.
    pub(super) fn verdict(&self) -> Outcome {
        if self.excesses.is_empty() {
            return Ok(());
        }
        let excesses: String = self.excesses.iter().map(|each| format!("\n  {each}")).collect();
        fail(format!(
            "these counts are above their targets (`--no-verdict` measures all the same):\
             {excesses}"
        ))
    }
}

/// A number as people write it: `1,000`.
pub(super) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        assert_eq!([0, 999, 1000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_count_at_its_target_is_good_and_one_above_is_named() {
        let mut report = Report::default();
        report.limit("requests", 120, 120);
        report.verdict().unwrap();
        report.limit("connections", 1000, 10);
        let error = report.verdict().unwrap_err().to_string();
        assert!(error.contains("connections: 1,000, where 10 is"), "{error}");
        assert!(!error.contains("requests: 120"), "{error}");
    }

    #[test]
    fn a_row_leaves_empty_what_it_does_not_have() {
        let mut report = Report::default();
        report.row(Row { what: "a".to_owned(), ours: "2 s".to_owned(), ..Row::default() });
        assert!(report.table().ends_with("\n| a |  |  | 2 s |  |  |"), "{}", report.table());
    }
}
