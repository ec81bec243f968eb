//! Pages: which there are, and what stands on each.

use std::fs;
use std::path::Path;

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

/// What a resource's page says where there is no template for it.
const PLAIN: &str = "{{ description }}\n\n## Example Usage\n\n{{ examples }}\n\n{{ schema }}\n\n\
                     {{ import }}\n";

/// All pages of the provider.
pub(super) fn all() -> Outcome<Vec<Page>> {
    let provider = provider();
    let mut pages = vec![provider_page(provider.schema())?];
    let mut served = Vec::new();
    for (type_name, schema) in provider.resource_schemas() {
        pages.push(resource_page(type_name, schema)?);
        served.push(type_name);
    }
    for file in files_below(&workspace::root().join("templates/guides"))? {
        pages.push(guide(&file)?);
    }
    nothing_is_left_over(&pages, &served)?;
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

fn resource_page(type_name: &str, schema: &Schema) -> Outcome<Page> {
    let name = format!("resources/{}.md", schema.name());
    let folder = format!("examples/resources/{type_name}");
    let examples = example::all(&folder, "resource")?;
    let template = template::find(&name)?.unwrap_or_else(|| PLAIN.to_owned());
    let title = format!("# {type_name} (Resource)");
    let page_title = format!("{type_name} Resource - terraform-provider-flink");
    let front = front_matter(&page_title, Some(""), schema.description());
    let body = fill(&template, &name, schema, &examples, &example::import(&folder)?)?;
    Ok(Page { path: format!("docs/{name}"), text: format!("{front}\n{title}\n\n{body}") })
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

/// A template or an example of something that is not served is a page that is
/// missing without anyone noticing.
fn nothing_is_left_over(pages: &[Page], served: &[&str]) -> Outcome {
    let root = workspace::root();
    for file in files_below(&root.join("templates"))? {
        let of = |page: &Page| root.join(page.path.replacen("docs/", "templates/", 1)) == file;
        if !pages.iter().any(of) {
            return fail(format!("{} is a template of nothing that is served.", show(&file)));
        }
    }
    for file in files_below(&root.join("examples/resources"))? {
        let folder = file.parent().and_then(|folder| folder.file_name());
        if !served.iter().any(|name| folder.is_some_and(|folder| folder == *name)) {
            return fail(format!("{} is an example of nothing that is served.", show(&file)));
        }
    }
    Ok(())
}
