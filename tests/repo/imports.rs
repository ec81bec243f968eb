//! The imports between the files of a crate, and the circles among them.
//!
//! A file imports another if it uses a name that the other defines. A re-export is no
//! import: a name is followed through re-exports to the file that defines it. Code for
//! tests does not count.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, Path, UseTree, Visibility};

use crate::assert_none;
use crate::tree::{File, sources};

/// The path of a module within its crate.
type Module = Vec<String>;

/// One crate's files, by the module that each of them is.
struct Crate(BTreeMap<Module, Source>);

/// The names and paths of a file, as far as imports depend on them.
#[derive(Default)]
struct Source {
    path: String,
    /// Names that `use` brings in: each with the path that it stands for.
    names: BTreeMap<String, Module>,
    /// Paths in the code that may lead to another file.
    mentioned: Vec<Module>,
    /// Modules that it declares.
    children: BTreeSet<String>,
}

#[test]
fn files_of_a_crate_import_each_other_in_no_circle() {
    let circles = crates().into_values().flat_map(|each| each.circles());
    let found = circles.map(|circle| circle.join("\n    imports "));
    assert_none("imports run in a circle", found);
}

#[test]
fn a_circle_is_found_through_re_exports_and_paths_in_code() {
    let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
    let files = [
        file("x/src/lib.rs", "mod a; mod b; mod c; pub use a::A;"),
        file("x/src/a.rs", "pub struct A; fn f() { crate::b::g(); }"),
        file("x/src/b.rs", "use crate::A; pub fn g(_: A) {}"),
        file("x/src/c.rs", "use crate::a::A; #[cfg(test)] mod tests { use crate::b; }"),
    ];
    let parsed = Crate::parse("x/src/", files.iter());
    assert_eq!(parsed.circles(), [["x/src/a.rs", "x/src/b.rs", "x/src/a.rs"]]);
}

/// The crates of the workspace by the folder of their sources.
fn crates() -> BTreeMap<String, Crate> {
    let mut files: BTreeMap<String, Vec<&File>> = BTreeMap::new();
    for file in sources() {
        if let Some(end) = file.path.find("src/").filter(|at| is_crate(&file.path[..*at])) {
            files.entry(file.path[..end + 4].to_owned()).or_default().push(file);
        }
    }
    let parse = |(folder, files): (String, Vec<&'static File>)| {
        let parsed = Crate::parse(&folder, files.into_iter());
        (folder, parsed)
    };
    files.into_iter().map(parse).collect()
}

fn is_crate(folder: &str) -> bool {
    folder.is_empty() || ["crates/", "xtask/"].iter().any(|each| folder.starts_with(each))
}

impl Crate {
    fn parse<'a>(folder: &str, files: impl Iterator<Item = &'a File>) -> Self {
        let source = |file: &'a File| {
            let module = file.path.strip_prefix(folder)?.strip_suffix(".rs")?;
            let module = match module {
                "lib" => Vec::new(),
                _ => module.split('/').map(str::to_owned).collect(),
            };
            let is_for_tests = module.iter().any(|name| name == "tests");
            (!is_for_tests).then(|| (module, Source::parse(file)))
        };
        Self(files.filter_map(source).collect())
    }

    /// The circles, each as the files on its way and the first of them again.
    fn circles(&self) -> Vec<Vec<String>> {
        let imports: BTreeMap<&Module, BTreeSet<&Module>> =
            self.0.keys().map(|module| (module, self.imports(module))).collect();
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for start in self.0.keys() {
            let Some(way) = shortest_way_back(&imports, start) else { continue };
            if way.iter().all(|module| seen.insert(*module)) {
                let files = way.iter().chain([&start]).map(|module| self.0[*module].path.clone());
                found.push(files.collect());
            }
        }
        found
    }

    /// The modules whose names this one uses.
    fn imports(&self, module: &Module) -> BTreeSet<&Module> {
        let source = &self.0[module];
        let paths = source.mentioned.iter();
        paths
            .filter_map(|path| self.definition(module, path, 8))
            .filter(|at| *at != module)
            .collect()
    }

    /// The module that defines what a path in `from` names.
    fn definition(&self, from: &Module, path: &[String], depth: usize) -> Option<&Module> {
        let absolute = self.absolute(from, path)?;
        let at = (0..=absolute.len()).rev().find(|end| self.0.contains_key(&absolute[..*end]))?;
        let (module, source) = self.0.get_key_value(&absolute[..at])?;
        let Some(name) = absolute.get(at) else { return Some(module) };
        if source.children.contains(name) {
            // A module without a file among the sources, such as generated code.
            return None;
        }
        match source.names.get(name).filter(|_| depth > 0) {
            Some(path) => self.definition(module, path, depth - 1).or(Some(module)),
            None => Some(module),
        }
    }

    /// A path from the crate's root, or `None` where it leads out of the crate.
    fn absolute(&self, from: &Module, path: &[String]) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        let mut base = match first.as_str() {
            "crate" => Vec::new(),
            "self" => from.clone(),
            "super" => from[..from.len().checked_sub(1)?].to_vec(),
            child if self.0[from].children.contains(child) => [&from[..], &path[..1]].concat(),
            _ => return None,
        };
        for name in rest {
            match name.as_str() {
                "super" => drop(base.pop()?),
                name => base.push(name.to_owned()),
            }
        }
        Some(base)
    }
}

/// The shortest way over imports from a module back to itself, without its end.
fn shortest_way_back<'a>(
    imports: &BTreeMap<&'a Module, BTreeSet<&'a Module>>,
    start: &'a Module,
) -> Option<Vec<&'a Module>> {
    let mut ways = vec![vec![start]];
    let mut reached = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in &imports[way.last()?] {
                if *next == start {
                    return Some(way);
                }
                if reached.insert(*next) {
                    longer.push([&way[..], &[*next]].concat());
                }
            }
        }
        ways = longer;
    }
    None
}

impl Source {
    fn parse(file: &File) -> Self {
        let parsed = syn::parse_file(&file.text)
            .unwrap_or_else(|error| panic!("{} cannot be parsed: {error}", file.path));
        let mut source = Self { path: file.path.clone(), ..Self::default() };
        source.visit_file(&parsed);
        source
    }

    /// Takes the names of a `use`. One that re-exports them is no import.
    fn uses(&mut self, tree: &UseTree, path: &[String], is_re_export: bool) {
        let longer = |name: &syn::Ident| [path, &[name.to_string()]].concat();
        let (name, path) = match tree {
            UseTree::Path(inner) => {
                return self.uses(&inner.tree, &longer(&inner.ident), is_re_export);
            }
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.uses(tree, path, is_re_export));
            }
            UseTree::Name(name) if name.ident == "self" => (path.last().cloned(), path.to_vec()),
            UseTree::Name(name) => (Some(name.ident.to_string()), longer(&name.ident)),
            UseTree::Rename(name) => (Some(name.rename.to_string()), longer(&name.ident)),
            UseTree::Glob(_) => (None, path.to_vec()),
        };
        if let Some(name) = name {
            self.names.insert(name, path.clone());
        }
        if !is_re_export {
            self.mentioned.push(path);
        }
    }
}

impl Visit<'_> for Source {
    fn visit_item(&mut self, item: &Item) {
        match item {
            Item::Mod(module) if is_for_tests(&module.attrs) => {}
            Item::Mod(module) => {
                self.children.insert(module.ident.to_string());
                visit::visit_item_mod(self, module);
            }
            Item::Use(ItemUse { attrs, .. }) if is_for_tests(attrs) => {}
            Item::Fn(function) if is_for_tests(&function.attrs) => {}
            Item::Impl(block) if is_for_tests(&block.attrs) => {}
            Item::Use(item) => {
                let is_re_export = !matches!(item.vis, Visibility::Inherited);
                self.uses(&item.tree, &[], is_re_export);
            }
            _ => visit::visit_item(self, item),
        }
    }

    /// `pub(in crate::a)` names a module and uses nothing of it.
    fn visit_visibility(&mut self, _: &Visibility) {}

    fn visit_path(&mut self, path: &Path) {
        if path.segments.len() > 1 && path.leading_colon.is_none() {
            let names = path.segments.iter().map(|segment| segment.ident.to_string());
            self.mentioned.push(names.collect());
        }
        visit::visit_path(self, path);
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|each| {
        each.path().is_ident("cfg")
            && each.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    })
}
