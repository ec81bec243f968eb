//! What the command line says went wrong, as its `-json` output has it.
//!
//! Source: Terraform, "Machine-Readable UI" and `terraform validate -json`.

use serde_json::Value;

use crate::cli::Run;

/// Said at every command while `dev_overrides` are in force.
const OVERRIDES: &str = "Provider development overrides are in effect";

/// One error or warning.
#[derive(Clone, Debug)]
pub(crate) struct Diagnostic {
    pub(crate) is_error: bool,
    pub(crate) summary: String,
    pub(crate) detail: String,
    /// The argument in the configuration that it points at, or the word with
    /// which the block begins.
    pub(crate) argument: Option<String>,
    /// The header of the block that it points into.
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

    /// Whether it says this, in its summary or its detail.
    pub(crate) fn says(&self, text: &str) -> bool {
        self.summary.contains(text) || self.detail.contains(text)
    }
}

/// Questions to a run whose output is JSON.
impl Run {
    /// Everything it complained of.
    pub(crate) fn diagnostics(&self) -> Vec<Diagnostic> {
        let whole: Option<Value> = serde_json::from_str(&self.stdout).ok();
        let told: Vec<Value> =
            match whole.as_ref().and_then(|whole| whole["diagnostics"].as_array()) {
                Some(told) => told.clone(),
                None => {
                    let lines =
                        self.stdout.lines().filter_map(|line| serde_json::from_str(line).ok());
                    lines
                        .filter_map(|mut line: Value| Some(line.get_mut("diagnostic")?.take()))
                        .collect()
                }
            };
        let told = told.iter().map(Diagnostic::read);
        told.filter(|each| each.summary != OVERRIDES).collect()
    }

    /// Everything it warned of.
    pub(crate) fn warnings(&self) -> Vec<Diagnostic> {
        self.diagnostics().into_iter().filter(|each| !each.is_error).collect()
    }

    /// Asserts that it was a success.
    #[track_caller]
    pub(crate) fn succeeds(self) -> Self {
        assert!(self.status.success(), "{}", self.shown());
        self
    }

    /// Asserts that one of its errors says all of this, and gives that one.
    #[track_caller]
    pub(crate) fn fails(&self, texts: &[&str]) -> Diagnostic {
        assert!(!self.status.success(), "no error\n{}", self.shown());
        self.find(true, texts)
    }

    /// Asserts that one of its warnings says all of this, and gives that one.
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
        let told = self.diagnostics();
        let fits = |each: &&Diagnostic| {
            each.is_error == is_error && texts.iter().all(|text| each.says(text))
        };
        let found = told.iter().find(fits).cloned();
        let kind = if is_error { "error" } else { "warning" };
        found.unwrap_or_else(|| panic!("no {kind} says {texts:?}\n{}", self.shown()))
    }
}
