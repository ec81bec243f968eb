//! The files of the checkout, read once.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// Folders that no one wrote, and the file that stands for `.git` in a worktree.
const NOT_OURS: [&str; 3] = [".git", ".terraform", "target"];

/// Files that a program writes: their shape is nobody's choice.
const GENERATED: &str = "crates/tf-provider/src/proto/generated/";

/// A file of text.
#[derive(Debug)]
pub(crate) struct File {
    /// From the checkout's folder, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// All files of text, by path.
pub(crate) fn files() -> impl Iterator<Item = &'static File> {
    static FILES: LazyLock<Vec<File>> = LazyLock::new(|| {
        let mut files = Vec::new();
        collect(root(), &mut files);
        files.sort_by(|one, other| one.path.cmp(&other.path));
        files
    });
    FILES.iter()
}

/// The Rust sources that people write.
pub(crate) fn sources() -> impl Iterator<Item = &'static File> {
    files().filter(|file| file.path.ends_with(".rs") && !file.path.starts_with(GENERATED))
}

/// The folder of the checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn collect(folder: &Path, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).expect("the checkout can be read") {
        let path = entry.expect("the checkout can be read").path();
        let name = path.file_name().unwrap_or_default();
        if NOT_OURS.iter().any(|each| name == *each) {
            continue;
        }
        if path.is_dir() {
            collect(&path, files);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let below = path.strip_prefix(root()).expect("the walk begins at the root");
            let path = below.to_string_lossy().replace('\\', "/");
            files.push(File { path, text });
        }
    }
}

impl File {
    /// The lines that are no comments, with their numbers.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// The lines of code that have one of these texts, with their places.
    pub(crate) fn places_of(&self, texts: &[&str]) -> Vec<String> {
        let hits = self.code().filter(|(_, line)| texts.iter().any(|text| line.contains(text)));
        hits.map(|(number, line)| format!("{}:{number}: {}", self.path, line.trim())).collect()
    }
}
