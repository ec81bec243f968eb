//! Examples: Terraform files that are shown as they are.
//!
//! Such a file begins with comment lines. The first is the example's heading,
//! the rest is what there is to say about it; the code follows after an empty
//! line.

use std::fs;

use xtask_step::outcome::{Outcome, fail};
use xtask_step::workspace;

use super::{files_below, show};

/// One file of examples.
#[derive(Debug)]
pub(super) struct Example {
    /// The file's name without its extension.
    pub(super) stem: String,
    heading: String,
    prose: String,
    code: String,
}

/// The examples of a folder whose names begin with `kind`: the plain one first,
/// then the others by name.
pub(super) fn all(folder: &str, kind: &str) -> Outcome<Vec<Example>> {
    let mut examples = Vec::new();
    for file in files_below(&workspace::root().join(folder))? {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if stem.starts_with(kind) && file.extension().is_some_and(|each| each == "tf") {
            match Example::parse(stem, &fs::read_to_string(&file)?) {
                Some(example) => examples.push(example),
                None => return fail(format!("{} must begin with a comment line.", show(&file))),
            }
        }
    }
    examples.sort_by(|one, other| one.stem.cmp(&other.stem));
    match examples.is_empty() {
        true => fail(format!("{folder}/{kind}.tf is missing: what is served has an example.")),
        false => Ok(examples),
    }
}

impl Example {
    fn parse(stem: String, text: &str) -> Option<Self> {
        let (comments, code): (Vec<&str>, &str) = split(text);
        let (heading, prose) = comments.split_first()?;
        Some(Self {
            stem,
            heading: (*heading).to_owned(),
            prose: prose.join("\n").trim().to_owned(),
            code: code.to_owned(),
        })
    }

    /// With its heading, as one of several.
    pub(super) fn section(&self) -> String {
        format!("### {}\n\n{}", self.heading, self.body())
    }

    /// Without its heading.
    pub(super) fn body(&self) -> String {
        let code = fence("terraform", &self.code);
        match self.prose.as_str() {
            "" => code,
            prose => format!("{prose}\n\n{code}"),
        }
    }
}

/// The comment lines at the beginning, without their marks, and the rest.
fn split(text: &str) -> (Vec<&str>, &str) {
    let mut comments = Vec::new();
    let mut rest = text;
    while let Some(line) = rest.strip_prefix('#') {
        let (comment, behind) = line.split_once('\n').unwrap_or((line, ""));
        comments.push(comment.trim());
        rest = behind;
    }
    (comments, rest.trim())
}

/// The section on imports, from the files that there are; none where an import
/// is not shown.
pub(super) fn import(folder: &str) -> Outcome<String> {
    const BLOCK: &str = "In Terraform v1.5.0 and later, the [`import` block]\
                         (https://developer.hashicorp.com/terraform/language/import) can be used \
                         with the `id` attribute, for example:";
    const COMMAND: &str = "The [`terraform import` command]\
                           (https://developer.hashicorp.com/terraform/cli/commands/import) can be \
                           used, for example:";
    let folder = workspace::root().join(folder);
    let mut parts = Vec::new();
    for (file, language, sentence) in
        [("import-by-string-id.tf", "terraform", BLOCK), ("import.sh", "shell", COMMAND)]
    {
        let file = folder.join(file);
        if file.exists() {
            let code = fs::read_to_string(file)?;
            parts.push(format!("{sentence}\n\n{}", fence(language, code.trim())));
        }
    }
    match parts.is_empty() {
        true => Ok(String::new()),
        false => Ok(format!(
            "## Import\n\nImport is supported using the following syntax:\n\n{}",
            parts.join("\n\n")
        )),
    }
}

fn fence(language: &str, code: &str) -> String {
    format!("```{language}\n{code}\n```")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_comment_is_the_heading_and_the_rest_is_prose() {
        let text = "# A heading\n#\n# Some\n# prose.\n\n# Code.\nx = 1\n";
        let example = Example::parse("resource".to_owned(), text).unwrap();
        assert_eq!(
            example.section(),
            "### A heading\n\nSome\nprose.\n\n```terraform\n# Code.\nx = 1\n```"
        );
    }

    #[test]
    fn an_example_without_a_heading_is_none() {
        assert!(Example::parse("resource".to_owned(), "x = 1\n").is_none());
    }
}
