//! The CLI's commands, as they are measured.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Command {
    Validate,
    Plan,
    Apply,
    Destroy,
}

impl Command {
    /// The arguments for a configuration of so many objects. A plan that is not
    /// empty counts as an error.
    pub(super) fn arguments(self, objects: usize) -> Vec<String> {
        let arguments: &[&str] = match self {
            Self::Validate => &["validate"],
            Self::Plan => &["plan", "-detailed-exitcode"],
            Self::Apply => &["apply", "-auto-approve"],
            Self::Destroy => &["destroy", "-auto-approve"],
        };
        let size = (self != Self::Validate).then(|| format!("-var=objects={objects}"));
        arguments.iter().map(|each| (*each).to_owned()).chain(size).collect()
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Validate => "validate",
            Self::Plan => "plan",
            Self::Apply => "apply",
            Self::Destroy => "destroy",
        })
    }
}
