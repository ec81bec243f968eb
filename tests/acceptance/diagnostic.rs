//! Errors and warnings in the `-json` output of the CLI.
//!
//! Source: Terraform, "Machine-Readable UI" and `terraform validate -json`.

use serde_json::Value;

use crate::cli::Run;

/// The warning of every command under `dev_overrides`.
const OVERRIDES: &str = "Provider development overrides are in effect";

/// One error or warning.
#[derive(Clone, Debug)]
pub(crate) struct Diagnostic {
    pub(crate) is_error: bool,
    pub(crate) summary: String,
    pub(crate) detail: String,
    /// The argument at fault, or the first word of the block.
    pub(crate) argument: Option<String>,
    /// The header of the block at fault.
    pub(crate) context: String,
}

impl Diagnostic {
    fn read(value: &Value) -> Self {
        let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
        let code = text("/snippet/code").map(str::trim_start);
        let word = code.and_then(|code| code.split([' ', '=', '{']).next());
        Self {
            is_error: text("/severity") == Some("error"),
            summary: text("/summary").unwrap_or_default().to_owned(),
            detail: text("/detail").unwrap_or_default().to_owned(),
            argument: word.map(str::to_owned),
            context: text("/snippet/context").unwrap_or_default().to_owned(),
        }
    }

    /// Returns true if summary or detail contains the text.
    pub(crate) fn contains(&self, text: &str) -> bool {
        self.summary.contains(text) || self.detail.contains(text)
    }
}

/// The diagnostics of a run whose output is JSON.
impl Run {
    /// All errors and warnings.
    pub(crate) fn diagnostics(&self) -> Vec<Diagnostic> {
        let values: Vec<Value> = match serde_json::from_str::<Value>(&self.stdout) {
            // The output of `validate` is one object.
            Ok(whole) if whole["diagnostics"].is_array() => {
                whole["diagnostics"].as_array().cloned().unwrap_or_default()
            }
            _ => {
                let lines = self.stdout.lines().filter_map(|line| serde_json::from_str(line).ok());
                lines
                    .filter_map(|mut line: Value| Some(line.get_mut("diagnostic")?.take()))
                    .collect()
            }
        };
        let diagnostics = values.iter().map(Diagnostic::read);
        diagnostics.filter(|each| each.summary != OVERRIDES).collect()
    }

    /// All warnings.
    pub(crate) fn warnings(&self) -> Vec<Diagnostic> {
        self.diagnostics().into_iter().filter(|each| !each.is_error).collect()
    }

    /// Asserts that the run succeeded.
    #[track_caller]
    pub(crate) fn succeeds(self) -> Self {
        assert!(self.status.success(), "{}", self.shown());
        self
    }

    /// Asserts that one error contains all texts, and returns it.
    #[track_caller]
    pub(crate) fn fails(&self, texts: &[&str]) -> Diagnostic {
        assert!(!self.status.success(), "no error\n{}", self.shown());
        self.find(true, texts)
    }

    /// Asserts that one warning contains all texts, and returns it.
    #[track_caller]
    pub(crate) fn warns(&self, texts: &[&str]) -> Diagnostic {
        self.find(false, texts)
    }

    /// Asserts that there was no warning.
    #[track_caller]
    pub(crate) fn warns_of_nothing(&self) -> &Self {
        assert!(self.warnings().is_empty(), "{:#?}\n{}", self.warnings(), self.line);
        self
    }

    #[track_caller]
    fn find(&self, is_error: bool, texts: &[&str]) -> Diagnostic {
        let diagnostics = self.diagnostics();
        let fits = |each: &&Diagnostic| {
            each.is_error == is_error && texts.iter().all(|text| each.contains(text))
        };
        let found = diagnostics.iter().find(fits).cloned();
        let kind = if is_error { "error" } else { "warning" };
        found.unwrap_or_else(|| panic!("no {kind} contains {texts:?}\n{}", self.shown()))
    }
}
