//! Plans, as `terraform show -json` prints them.
//!
//! Each method that is named after an effect of a plan asserts that effect.
//!
//! Source: Terraform, "JSON Output Format", plan representation.

use serde_json::Value;

use crate::cli::Run;

/// A plan that was made and saved.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The plan's JSON.
    pub(crate) json: Value,
    /// The run that made it.
    pub(crate) run: Run,
}

impl Plan {
    /// Asserts that the plan changes nothing.
    #[track_caller]
    pub(crate) fn is_empty(&self) -> &Self {
        let changes = self.changes().iter().filter(|each| actions(each) != ["no-op"]);
        let changes: Vec<&Value> = changes.collect();
        assert!(changes.is_empty(), "the plan is not empty: {changes:#?}\n{}", self.run.shown());
        self
    }

    /// Asserts that it creates this object.
    #[track_caller]
    pub(crate) fn creates(&self, address: &str) -> &Self {
        self.does(address, &["create"])
    }

    /// Asserts that it updates this object in place.
    #[track_caller]
    pub(crate) fn updates_in_place(&self, address: &str) -> &Self {
        self.does(address, &["update"])
    }

    /// Asserts that it replaces this object because of the attribute `because`.
    #[track_caller]
    pub(crate) fn replaces(&self, address: &str, because: &str) -> &Self {
        self.does(address, &["delete", "create"]);
        let paths = &self.change(address)["replace_paths"];
        assert!(paths.to_string().contains(&format!("[\"{because}\"]")), "{paths}");
        self
    }

    /// Asserts that it imports this object.
    #[track_caller]
    pub(crate) fn imports(&self, address: &str) -> &Self {
        assert!(self.change(address)["importing"].is_object(), "{:#}", self.change(address));
        self
    }

    /// Asserts that it does not change this object.
    #[track_caller]
    pub(crate) fn leaves(&self, address: &str) -> &Self {
        self.does(address, &["no-op"])
    }

    /// Asserts that planning printed a warning that contains all texts.
    #[track_caller]
    pub(crate) fn warns(&self, texts: &[&str]) -> &Self {
        self.run.warns(texts);
        self
    }

    /// Asserts that planning printed no warning.
    #[track_caller]
    pub(crate) fn warns_of_nothing(&self) -> &Self {
        self.run.warns_of_nothing();
        self
    }

    /// The change of an object, with its values before and after.
    #[track_caller]
    pub(crate) fn change(&self, address: &str) -> &Value {
        let found = self.changes().iter().find(|each| each["address"] == address);
        &found.unwrap_or_else(|| panic!("nothing is planned for {address}: {:#}", self.json))["change"]
    }

    /// Asserts that exactly these attributes change, to known or unknown values.
    #[track_caller]
    pub(crate) fn changes_only(&self, address: &str, expected: &[&str]) -> &Self {
        let change = self.change(address);
        let (before, after, unknown) =
            (&change["before"], &change["after"], &change["after_unknown"]);
        let names = before.as_object().expect("the object is there before").keys();
        let differs = |name: &&String| unknown[*name] == true || before[*name] != after[*name];
        let changed: Vec<&str> = names.filter(differs).map(String::as_str).collect();
        assert_eq!(changed, expected, "{change:#}");
        self
    }

    #[track_caller]
    fn does(&self, address: &str, expected: &[&str]) -> &Self {
        let change = self.change(address);
        assert_eq!(
            change["actions"],
            serde_json::json!(expected),
            "{change:#}\n{}",
            self.run.shown()
        );
        self
    }

    fn changes(&self) -> &[Value] {
        self.json["resource_changes"].as_array().map(Vec::as_slice).unwrap_or_default()
    }
}

fn actions(change: &Value) -> Vec<&str> {
    let actions = change["change"]["actions"].as_array();
    actions.into_iter().flatten().filter_map(Value::as_str).collect()
}
