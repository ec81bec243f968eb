//! The two sources of a setting: the provider block, and the environment where the block
//! does not have it.
//!
//! Each setting stands on its own. Values that are not known while planning stay unknown
//! until something needs them. Knows no particular setting.

use tf_provider::schema::{Given, View};
use tf_provider::{Diagnostic, Result};

use super::table::{Setting, content};

/// The provider block and the environment.
pub(super) struct Sources<'a> {
    pub(super) block: View<'a>,
    pub(super) variable: &'a dyn Fn(&str) -> Option<String>,
}

impl Sources<'_> {
    /// The value of a setting, from the block or else from the environment.
    ///
    /// # Errors
    ///
    /// If the text is not of the setting's form.
    pub(super) fn get<T>(&self, setting: &Setting<T>) -> Result<Given<T>> {
        match self.text(setting) {
            Given::Known(text) => setting.parse(&text).map(Given::Known),
            Given::Null => Ok(Given::Null),
            Given::Unknown => Ok(Given::Unknown),
        }
    }

    /// The text of a setting, from the block or else from the environment.
    pub(super) fn text<T>(&self, setting: &Setting<T>) -> Given<String> {
        match given(&self.block, setting) {
            Given::Null => self.in_environment(setting).map_or(Given::Null, Given::Known),
            in_block => in_block,
        }
    }

    /// The text of a setting's environment variable. An empty one is no setting.
    pub(super) fn in_environment<T>(&self, setting: &Setting<T>) -> Option<String> {
        let text = (self.variable)(setting.variable?)?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// A warning where the environment sets an unusual value. Validation warns of those of
    /// the block.
    pub(super) fn unusual(&self, setting: &'static Setting) -> Option<Diagnostic> {
        if !given(&self.block, setting).is_null() {
            return None;
        }
        let usual = (setting.unusual)(&self.in_environment(setting)?)?;
        let variable = setting.variable?;
        Some(Diagnostic::warning(format!("Unusual {variable}")).detail(format!(
            "The environment variable {variable} is usually {usual}. The service may not know \
             this one."
        )))
    }
}

/// The text of an argument, without white space around it, such as the newline at the end
/// of a file. An empty one is no setting.
pub(super) fn given<T>(block: &View<'_>, setting: &Setting<T>) -> Given<String> {
    match block.get(setting.argument) {
        Given::Known(value) => content(value).map_or(Given::Null, Given::Known),
        Given::Null => Given::Null,
        Given::Unknown => Given::Unknown,
    }
}
