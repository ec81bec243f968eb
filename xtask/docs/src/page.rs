//! Pages: which there are, and what stands on each.

use std::fs;
use std::path::{Path, PathBuf};

use terraform_provider_flink::provider;
use tf_provider::Schema;
use xtask_step::outcome::{Outcome, fail};
use xtask_step::workspace;

use super::example::{self, Example};
use super::template::{self, Piece};
use super::{credentials, files_below, schema, show};

/// A page of the registry.
pub(super) struct Page {
    /// Below the checkout.
    pub(super) path: String,
    pub(super) text: String,
}

/// A kind of thing that has a page of its own for each type.
struct Kind {
    title: &'static str,
    /// The folder of its pages, templates and examples.
    folder: &'static str,
    /// The name that its examples begin with.
    example: &'static str,
}

const RESOURCE: Kind = Kind { title: "Resource", folder: "resources", example: "resource" };
const DATA_SOURCE: Kind =
    Kind { title: "Data Source", folder: "data-sources", example: "data-source" };

/// The template of a page that has none of its own.
const PLAIN: &str = "{{ description }}\n\n## Example Usage\n\n{{ examples }}\n\n{{ schema }}\n\n\
                     {{ import }}\n";

/// All pages of the provider.
pub(super) fn all() -> Outcome<Vec<Page>> {
    let provider = provider();
    let mut pages = vec![provider_page(provider.schema())?];
    let mut examples = Vec::new();
    let resources = provider.resource_schemas().map(|(name, schema)| (RESOURCE, name, schema));
    let data_sources =
        provider.data_source_schemas().map(|(name, schema)| (DATA_SOURCE, name, schema));
    for (kind, type_name, schema) in resources.chain(data_sources) {
        let folder = format!("examples/{}/{type_name}", kind.folder);
        pages.push(page(&kind, &folder, type_name, schema)?);
        examples.push(workspace::root().join(folder));
    }
    for file in files_below(&workspace::root().join("templates/guides"))? {
        pages.push(guide(&file)?);
    }
    nothing_is_left_over(&pages, &examples)?;
    Ok(pages)
}

fn provider_page(schema: &Schema) -> Outcome<Page> {
    let name = "index.md";
    let examples = example::all("examples/provider", "provider")?;
    let Some(template) = template::find(name)? else {
        return fail("templates/index.md is missing: the provider's page is made of it.");
    };
    let title = "# flink Provider";
    let front = front_matter("flink Provider", None, schema.description());
    let body = fill(&template, name, schema, &examples, "")?;
    Ok(Page { path: format!("docs/{name}"), text: format!("{front}\n{title}\n\n{body}") })
}

fn page(kind: &Kind, folder: &str, type_name: &str, schema: &Schema) -> Outcome<Page> {
    let Kind { title, example, .. } = kind;
    let name = format!("{}/{}.md", kind.folder, schema.name());
    let examples = example::all(folder, example)?;
    let template = template::find(&name)?.unwrap_or_else(|| PLAIN.to_owned());
    let page_title = format!("{type_name} {title} - terraform-provider-flink");
    let front = front_matter(&page_title, Some(""), schema.description());
    let body = fill(&template, &name, schema, &examples, &example::import(folder)?)?;
    let text = format!("{front}\n# {type_name} ({title})\n\n{body}");
    Ok(Page { path: format!("docs/{name}"), text })
}

/// A guide is its template: a heading, a paragraph that describes it, and the rest.
fn guide(file: &Path) -> Outcome<Page> {
    let text = fs::read_to_string(file)?;
    let Some((heading, body)) = text.strip_prefix("# ").and_then(|text| text.split_once("\n\n"))
    else {
        return fail(format!("{} must begin with a heading and an empty line.", show(file)));
    };
    let description = body.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let front = front_matter(heading, Some(""), &description);
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    Ok(Page { path: format!("docs/guides/{name}"), text: format!("{front}\n{text}") })
}

fn front_matter(title: &str, subcategory: Option<&str>, description: &str) -> String {
    let subcategory = subcategory.map(|name| format!("subcategory: \"{name}\"\n"));
    let plain = description.replace('`', "");
    format!(
        "---\n\
         # Made by `cargo xtask docs` from the schema, examples/ and templates/. Do not edit.\n\
         page_title: \"{title}\"\n\
         {}\
         description: |-\n  {plain}\n\
         ---\n",
        subcategory.unwrap_or_default()
    )
}

/// Fills a template; every example has to stand on the page.
fn fill(
    template: &str,
    name: &str,
    schema: &Schema,
    examples: &[Example],
    import: &str,
) -> Outcome<String> {
    let mut unused: Vec<&str> = examples.iter().map(|each| each.stem.as_str()).collect();
    let filled = template::fill(template, |piece| {
        Ok(match piece {
            Piece { name: "description", argument: None } => schema.description().to_owned(),
            Piece { name: "schema", argument: None } => schema::render(schema)?,
            Piece { name: "import", argument: None } => import.to_owned(),
            Piece { name: "connection_types", argument: None } => credentials::types(),
            Piece { name: "credential_keys", argument: None } => credentials::keys(),
            Piece { name: "examples", argument: None } => {
                unused.clear();
                let sections: Vec<String> = examples.iter().map(Example::section).collect();
                sections.join("\n\n")
            }
            Piece { name: "example", argument: Some(stem) } => {
                let Some(example) = examples.iter().find(|each| each.stem == stem) else {
                    return fail(format!("there is no example `{stem}`"));
                };
                unused.retain(|each| *each != stem);
                example.body()
            }
            Piece { name, .. } => return fail(format!("there is no piece `{name}`")),
        })
    });
    match (filled, unused.first()) {
        (Ok(text), None) => Ok(text),
        (Ok(_), Some(stem)) => {
            fail(format!("templates/{name} does not show the example `{stem}`."))
        }
        (Err(error), _) => fail(format!("templates/{name}: {error}.")),
    }
}

/// A template or an example of something that is not served is a page that is missing
/// and that nobody misses.
fn nothing_is_left_over(pages: &[Page], examples: &[PathBuf]) -> Outcome {
    let root = workspace::root();
    for file in files_below(&root.join("templates"))? {
        let of = |page: &Page| root.join(page.path.replacen("docs/", "templates/", 1)) == file;
        if !pages.iter().any(of) {
            return fail(format!("{} is a template of nothing that is served.", show(&file)));
        }
    }
    for Kind { folder, .. } in [RESOURCE, DATA_SOURCE] {
        for file in files_below(&root.join("examples").join(folder))? {
            if !examples.iter().any(|example| file.parent() == Some(example)) {
                return fail(format!("{} is an example of nothing that is served.", show(&file)));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tf_provider::schema::string;

    use super::*;

    #[test]
    fn a_data_source_without_a_template_has_the_plain_page() {
        let folder = "examples/data-sources/flink_thing";
        let schema = Schema::data_source("thing", "A `thing`.")
            .attribute(string("name").required().describe("Its name."));
        let error = page(&DATA_SOURCE, folder, "flink_thing", &schema).err().unwrap();
        assert!(error.to_string().contains(&format!("{folder}/data-source.tf is missing")));

        let filled = fill(PLAIN, "data-sources/thing.md", &schema, &[], "").unwrap();
        assert!(filled.starts_with("A `thing`.\n\n## Example Usage") && filled.contains("### Req"));
    }
}
