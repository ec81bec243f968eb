//! The command line: which step it names, and the help.

use crate::steps::{Argument, STEPS, Step};

/// The column at which explanations begin, at least.
const COLUMN: usize = 12;

const WIDTH: usize = 80;

/// The step to run; `None` where help is asked for. An error says what is wrong.
pub(crate) fn read(words: &[String]) -> Result<Option<&'static Step>, String> {
    let Some((name, rest)) = words.split_first() else {
        return Err("a step is missing".to_owned());
    };
    if is_help(name) || name == "help" {
        return Ok(None);
    }
    let Some(step) = Step::find(name) else { return Err(format!("there is no step `{name}`")) };
    if rest.iter().any(|word| is_help(word)) {
        return Ok(None);
    }
    check(step, rest)?;
    Ok(Some(step))
}

fn is_help(word: &str) -> bool {
    ["--help", "-h"].contains(&word)
}

/// Refuses options that the step does not have, and those without their value.
fn check(step: &Step, words: &[String]) -> Result<(), String> {
    let mut unnamed = 0;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if !word.starts_with('-') {
            unnamed += 1;
            if unnamed > step.words() {
                return Err(format!("unexpected argument `{word}`"));
            }
            continue;
        }
        let Some(option) = step.option(word) else {
            return Err(format!("there is no option `{word}`"));
        };
        if option.has_value() && !word.contains('=') && words.next().is_none() {
            return Err(format!("`{word}` needs a value"));
        }
    }
    Ok(())
}

/// The help on the step that the words name, or on all of them.
pub(crate) fn help(words: &[String]) -> String {
    let mut named = words.iter().filter_map(|word| Step::find(word));
    named.next().map_or_else(overview, of_step)
}

fn overview() -> String {
    let steps = STEPS.map(|step| (step.name, step.about));
    format!(
        "The development loop of this repository.\n\n\
         Usage: cargo xtask <STEP>\n\n\
         Steps:\n{}\n\
         `cargo xtask <STEP> --help` lists the options of a step.\n",
        table(&steps)
    )
}

fn of_step(step: &'static Step) -> String {
    let Step { name, about, arguments } = step;
    let written: String = arguments.iter().map(in_usage).collect();
    let mut help = format!("{about}.\n\nUsage: cargo xtask {name}{written}\n");
    if !arguments.is_empty() {
        let rows: Vec<_> = arguments.iter().map(|each| (each.written, each.about)).collect();
        help += &format!("\n{}", table(&rows));
    }
    help
}

fn in_usage(argument: &Argument) -> String {
    match argument.written {
        word if word.starts_with('[') => format!(" {word}"),
        option => format!(" [{option}]"),
    }
}

/// Names with what they are for, the latter in a column of its own.
fn table(rows: &[(&str, &str)]) -> String {
    let widest = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let column = COLUMN.max(widest + 4);
    rows.iter().map(|(name, about)| row(name, about, column)).collect()
}

fn row(name: &str, about: &str, column: usize) -> String {
    let mut row = String::new();
    let mut line = format!("{:column$}", format!("  {name}"));
    for word in about.split(' ') {
        if line.len() + word.len() > WIDTH {
            row += &format!("{}\n", line.trim_end());
            line = " ".repeat(column);
        }
        line += &format!("{word} ");
    }
    format!("{row}{}\n", line.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(line: &str) -> Result<Option<&'static str>, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        read(&words).map(|step| step.map(|step| step.name))
    }

    #[test]
    fn finds_the_step_and_accepts_its_arguments() {
        for line in [
            "demo --keep",
            "test",
            "fuzz msgpack --seconds 600",
            "fuzz --seconds=600",
            "docs --check",
            "bench --only plan --objects 1,100 --no-verdict",
        ] {
            assert_eq!(step(line), Ok(line.split(' ').next()), "{line}");
        }
    }

    #[test]
    fn help_is_asked_for_anywhere() {
        for line in ["--help", "-h", "help", "help demo", "demo --help", "bench --soak -h"] {
            assert_eq!(step(line), Ok(None), "{line}");
        }
    }

    #[test]
    fn a_mistake_is_named() {
        for (line, part) in [
            ("", "a step is missing"),
            ("demmo", "`demmo`"),
            ("demo --kepp", "`--kepp`"),
            ("demo all", "`all`"),
            ("fuzz one two", "`two`"),
            ("bench --soak", "needs a value"),
        ] {
            let mistake = step(line).unwrap_err();
            assert!(mistake.contains(part), "{line}: {mistake}");
        }
    }

    #[test]
    fn every_step_has_a_package() {
        for step in &STEPS {
            let manifest = format!("{}/../{}/Cargo.toml", env!("CARGO_MANIFEST_DIR"), step.name);
            let manifest = std::fs::read_to_string(manifest).unwrap();
            assert!(manifest.contains(&format!("name = \"xtask-{}\"\n", step.name)));
        }
    }

    #[test]
    fn help_fits_into_the_width_of_a_terminal() {
        let names = STEPS.map(|step| vec![step.name.to_owned()]);
        for words in names.iter().chain([&Vec::new()]) {
            let help = help(words);
            let longest =
                help.lines().filter(|line| !line.starts_with("Usage")).map(str::len).max();
            assert!(longest.is_some_and(|longest| longest <= WIDTH), "{help}");
        }
    }
}
