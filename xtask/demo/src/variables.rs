//! The values of the example's variables, in its `.tfvars` files.

use std::fs;
use std::path::{Path, PathBuf};

use xtask_step::outcome::{Outcome, fail};

/// The files with values below one folder.
#[derive(Debug)]
pub(super) struct Variables(PathBuf);

impl Variables {
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// The value of a variable.
    pub(super) fn get(&self, name: &str) -> Outcome<String> {
        let (_, text) = self.file_with(name)?;
        match text.lines().find_map(|line| value(line, name)) {
            Some(value) => Ok(value.to_owned()),
            None => fail(format!("no value of {name}")),
        }
    }

    /// Changes the value of a variable.
    pub(super) fn set(&self, name: &str, new: &str) -> Outcome {
        let (file, text) = self.file_with(name)?;
        let lines = text.lines().map(|line| match value(line, name) {
            Some(old) => line.replace(&format!("\"{old}\""), &format!("\"{new}\"")),
            None => line.to_owned(),
        });
        fs::write(file, lines.map(|line| line + "\n").collect::<String>())?;
        Ok(())
    }

    fn file_with(&self, name: &str) -> Outcome<(PathBuf, String)> {
        for entry in fs::read_dir(&self.0)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "tfvars") {
                let text = fs::read_to_string(&path)?;
                if text.lines().any(|line| value(line, name).is_some()) {
                    return Ok((path, text));
                }
            }
        }
        fail(format!("no .tfvars file of the example gives {name} a value"))
    }
}

/// The text that a line such as `name = "text"` gives to `name`.
fn value<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (left, right) = line.split_once('=')?;
    let quoted = right.trim().strip_prefix('"')?.strip_suffix('"')?;
    (left.trim() == name).then_some(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_one_value_and_nothing_else_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("terraform.tfvars");
        fs::write(&file, "# A comment.\nregion = \"a\"\nkey    = \"a\"\n").unwrap();
        let variables = Variables::in_folder(folder.path());
        variables.set("key", "b").unwrap();
        assert_eq!(variables.get("key").unwrap(), "b");
        assert_eq!(
            fs::read_to_string(&file).unwrap(),
            "# A comment.\nregion = \"a\"\nkey    = \"b\"\n"
        );
        assert!(variables.get("absent").unwrap_err().to_string().contains("absent"));
    }
}
