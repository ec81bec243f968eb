//! The table of a run in Markdown, and the counts above their targets.

use xtask_step::outcome::{Outcome, fail};

/// The explanation of the table's columns.
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
    pub(super) smallest: String,
    pub(super) ours: String,
    pub(super) ratio: String,
    pub(super) target: String,
}

/// The results of a run.
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

    /// Adds a row that has no floor.
    pub(super) fn ours(&mut self, what: impl Into<String>, ours: String, target: &str) {
        self.row(Row { what: what.into(), ours, target: target.to_owned(), ..Row::default() });
    }

    /// Adds a paragraph below the table.
    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Records a count that is above its target.
    pub(super) fn limit(&mut self, what: &str, count: usize, target: usize) {
        if count > target {
            let [count, target] = [count, target].map(thousands);
            self.excesses.push(format!("{what}: {count}, where {target} is the target"));
        }
    }

    /// The table, its explanation and the notes.
    pub(super) fn table(&self, conditions: &str) -> String {
        let rows = self.rows.iter().map(|Row { what, floor, smallest, ours, ratio, target }| {
            format!("| {what} | {floor} | {smallest} | {ours} | {ratio} | {target} |\n")
        });
        let rows: String = rows.collect();
        let notes: String = self.notes.iter().map(|note| format!("\n{note}\n")).collect();
        format!(
            "| | floor | smallest | ours | ratio | target |\n|---|---|---|---|---|---|\n{rows}\n\
             {COLUMNS}\n\n{conditions}\n{notes}"
        )
    }

    /// Fails if a count is above its target.
    pub(super) fn verdict(&self) -> Outcome {
        if self.excesses.is_empty() {
            return Ok(());
        }
        let excesses = self.excesses.join("\n  ");
        fail(format!(
            "these counts are above their targets (`--no-verdict` ignores that):\n  {excesses}"
        ))
    }
}

/// A number and its unit: `1 request`, `1,000 requests`.
pub(super) fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", thousands(count))
}

/// A number in groups of three digits: `1,000`.
pub(super) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_digits_by_three() {
        assert_eq!([0, 999, 1000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn fails_for_a_count_above_its_target_and_names_it() {
        let mut report = Report::default();
        report.limit("requests", 120, 120);
        report.verdict().unwrap();
        report.limit("connections", 1000, 10);
        let error = report.verdict().unwrap_err().to_string();
        assert!(error.contains("connections: 1,000, where 10 is"), "{error}");
        assert!(!error.contains("requests: 120"), "{error}");
    }
}
