//! A whole provider: notes, kept as text files in a folder.

use std::fs;
use std::io::ErrorKind::NotFound;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::{Deserialize, Serialize};
use tf_provider::resource::{Change, Create, Delete, Import, ImportState, Read, Update};
use tf_provider::schema::{length, number, string};
use tf_provider::{Call, Configure, Diagnostic, OrDiag, Provider, Resource, Result, Schema};

/// What configuring the provider makes, for every handler to use.
struct Notebook {
    folder: PathBuf,
}

async fn open(cx: &mut Configure) -> Result<Notebook> {
    match cx.config().text("folder").known() {
        Some(folder) => Ok(Notebook { folder: folder.into() }),
        None => Err(Diagnostic::error("The folder is not known yet").at("folder").into()),
    }
}

/// `notebook_note`: a text file in the folder.
struct Note;

#[derive(Serialize, Deserialize)]
struct Model {
    title: String,
    #[serde(default)] // Right after an import there is only the title.
    text: String,
    bytes: Option<u64>,
}

fn path(title: &str, cx: &Call<Notebook>) -> PathBuf {
    cx.provider().folder.join(format!("{title}.txt"))
}

fn write(note: Model, cx: &Call<Notebook>) -> Result<Model> {
    fs::write(path(&note.title, cx), &note.text).or_diag("Cannot write the note")?;
    Ok(Model { bytes: Some(note.text.len() as u64), ..note })
}

impl Resource for Note {
    type Provider = Notebook;
    type Model = Model;
    type Private = ();

    fn schema(&self) -> Schema {
        Schema::resource("note", "A note, kept as a file.")
            .attribute(string("title").required().requires_replace().validate(length(1..=80)))
            .attribute(string("text").default("").describe("What the note says."))
            .attribute(number("bytes").computed().describe("How long the note is."))
    }

    async fn create(&self, planned: Model, cx: &mut Create<Self>) -> Result<Model> {
        write(planned, cx)
    }

    async fn read(&self, state: Model, cx: &mut Read<Self>) -> Result<Option<Model>> {
        match fs::read_to_string(path(&state.title, cx)) {
            Ok(text) => Ok(Some(Model { bytes: Some(text.len() as u64), text, ..state })),
            Err(error) if error.kind() == NotFound => Ok(None),
            error => error.or_diag("Cannot read the note").map(|_| None),
        }
    }

    async fn update(&self, change: Change<Model>, cx: &mut Update<Self>) -> Result<Model> {
        write(change.after, cx)
    }

    async fn delete(&self, state: Model, cx: &mut Delete<Self>) -> Result<()> {
        match fs::remove_file(path(&state.title, cx)) {
            Err(error) if error.kind() != NotFound => Err(error).or_diag("Cannot delete the note"),
            _ => Ok(()),
        }
    }

    async fn import(&self, id: String, _: &mut Import<Self>) -> Result<ImportState> {
        Ok(ImportState::new().set("title", id))
    }
}

fn provider() -> Provider<Notebook> {
    let schema = Schema::provider("Notes in a folder.").attribute(string("folder").required());
    Provider::new("notebook", schema, open).resource(Note)
}

fn main() -> ExitCode {
    provider().serve()
}
