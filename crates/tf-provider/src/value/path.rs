//! Places inside a value.
//!
//! A path names one attribute, one map entry or one list element, however deep, in
//! diagnostics, in plans and in the errors of this module. It must not know the value at
//! the place: attribute names and map keys are the only text in it.
//!
//! Specification: `AttributePath` of the plugin protocol; the spelling of
//! [`Path`]'s `Display` is that of references in Terraform's language.

use std::fmt::{self, Display, Formatter};

/// A place inside a value, counted from its root.
///
/// Elements of sets have no place of their own; a path ends at the set.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Step>);

/// One step of a [`Path`]. Closed: the protocol has these three.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Into an attribute or a nested block of an object.
    Attribute(String),
    /// Into an entry of a map.
    Key(String),
    /// Into an element of a list or tuple, counted from zero.
    Index(i64),
}

impl Path {
    /// Returns the path of the value itself.
    #[must_use]
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// Returns this path and one step into an attribute.
    #[must_use]
    pub fn attribute(self, name: impl Into<String>) -> Self {
        self.step(Step::Attribute(name.into()))
    }

    /// Returns this path and one step into a map entry.
    #[must_use]
    pub fn key(self, key: impl Into<String>) -> Self {
        self.step(Step::Key(key.into()))
    }

    /// Returns this path and one step into a list element.
    #[must_use]
    pub fn index(self, index: i64) -> Self {
        self.step(Step::Index(index))
    }

    /// Returns this path and one step into the list element at a position in memory.
    #[must_use]
    pub fn element(self, position: usize) -> Self {
        self.step(Step::at(position))
    }

    /// Returns this path and one more step.
    #[must_use]
    pub fn step(mut self, step: Step) -> Self {
        self.0.push(step);
        self
    }

    /// Returns the steps, from the root on.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Returns true if this is the value itself.
    #[must_use]
    pub const fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The same place seen from one step further out.
    ///
    /// Errors are located on the way back from where they happen, so that what
    /// succeeds never builds a path.
    pub(super) fn under(mut self, step: Step) -> Self {
        self.0.insert(0, step);
        self
    }
}

impl Step {
    /// Into the element at a position of a list in memory.
    pub(super) fn at(position: usize) -> Self {
        Self::Index(i64::try_from(position).expect("no list is longer than the address space"))
    }
}

/// The path to one attribute of the root.
impl From<&str> for Path {
    fn from(name: &str) -> Self {
        Self::root().attribute(name)
    }
}

impl FromIterator<Step> for Path {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

/// As a reference would be written: `timeouts.create`, `tags["a"]`, `list[0]`.
impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if position == 0 => f.write_str(name)?,
                Step::Attribute(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_like_a_reference() {
        let spelled = |path: Path| path.to_string();
        assert_eq!(spelled(Path::root()), "");
        assert_eq!(spelled(Path::from("timeouts").attribute("create")), "timeouts.create");
        assert_eq!(spelled(Path::from("tags").key("a")), r#"tags["a"]"#);
        assert_eq!(spelled(Path::from("tags").key("say \"a\"")), r#"tags["say \"a\""]"#);
        assert_eq!(spelled(Path::from("list").index(0).attribute("x")), "list[0].x");
    }
}
