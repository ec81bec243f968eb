//! The steps, their options, and the check of a command line.
//!
//! The front knows which options a step has, so that help and mistakes on the command
//! line need no compilation. The step alone knows which values make sense.

/// A step, in the package `xtask-<name>`.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) name: &'static str,
    about: &'static str,
    /// The lines of the help, one or more for each argument. A line of an argument
    /// begins with `--option`, `--option <VALUE>` or `[WORD]`.
    arguments: &'static str,
}

const CHECK: &str = "  --check    Compare with the committed files instead of writing\n";

const STEPS: [Step; 7] = [
    Step {
        name: "demo",
        about: "See the provider work: a tour with the real CLI against the emulator",
        arguments: "  --keep    Keep the emulator and the connections at the end, to go on by hand\n",
    },
    Step { name: "test", about: "Run every check", arguments: "" },
    Step {
        name: "fuzz",
        about: "Look for input that breaks a promise, with a fuzzer",
        arguments: "  [TARGET]               The target to fuzz [default: each in turn]
  --seconds <SECONDS>    How long to fuzz each target [default: 120]
",
    },
    Step {
        name: "codegen",
        about: "Generate the Rust of the protocol from proto/",
        arguments: CHECK,
    },
    Step {
        name: "docs",
        about: "Generate docs/ from the schema, the examples and the templates",
        arguments: CHECK,
    },
    Step {
        name: "dist",
        about: "Build the release archive for this machine's platform",
        arguments: "",
    },
    Step {
        name: "bench",
        about: "Measure what Terraform's commands cost with the provider",
        arguments: "  --objects <NUMBERS>         How many connections to plan; above 1,000 they
                              take Terraform minutes [default: 1,100,1000]
  --rounds <ROUNDS>           How often to run each command [default: fewer for
                              more objects]
  --latency <MILLISECONDS>    The time before the API answers [default: 50]
  --only <PARTS>              The parts to measure: start, plan, changes,
                              instructions [default: all]
  --soak <MINUTES>            Also refresh in one process for so long
  --provider <PROGRAM>        The provider's program [default: a release build]
  --cli <PROGRAM>             The CLI [default: the one that tests and demo use]
  --no-verdict                Succeed even if a count is above its target
",
    },
];

/// Finds the step that a command line names. Returns `None` if it asks for help, and an
/// error if it is invalid.
pub(crate) fn read(words: &[String]) -> Result<Option<&'static Step>, String> {
    let Some((name, rest)) = words.split_first() else {
        return Err("a step is missing".to_owned());
    };
    if is_help(name) || name == "help" {
        return Ok(None);
    }
    let Some(step) = find(name) else { return Err(format!("there is no step `{name}`")) };
    if rest.iter().any(|word| is_help(word)) {
        return Ok(None);
    }
    step.check(rest)?;
    Ok(Some(step))
}

fn find(name: &str) -> Option<&'static Step> {
    STEPS.iter().find(|step| step.name == name)
}

fn is_help(word: &str) -> bool {
    ["--help", "-h"].contains(&word)
}

/// The help for the step that the words name, or for all steps.
pub(crate) fn help(words: &[String]) -> String {
    if let Some(Step { name, about, arguments }) = words.iter().find_map(|word| find(word)) {
        let usage = if arguments.is_empty() { "" } else { " [ARGUMENTS]\n\n" };
        return format!("{about}.\n\nUsage: cargo xtask {name}{usage}{arguments}");
    }
    let steps = STEPS.map(|Step { name, about, .. }| format!("  {name:10}{about}\n"));
    format!(
        "The development loop of this repository.\n\nUsage: cargo xtask <STEP>\n\nSteps:\n{}\n\
         `cargo xtask <STEP> --help` lists the options of a step.\n",
        steps.concat()
    )
}

impl Step {
    /// Refuses options that the step does not have, options without their value, and
    /// more words than it takes.
    fn check(&self, words: &[String]) -> Result<(), String> {
        let declared: Vec<Vec<&str>> =
            self.arguments.lines().map(|line| line.split_whitespace().take(2).collect()).collect();
        let mut left = declared.iter().filter(|line| line[0].starts_with('[')).count();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if !word.starts_with('-') {
                left =
                    left.checked_sub(1).ok_or_else(|| format!("unexpected argument `{word}`"))?;
                continue;
            }
            let (name, value) = word.split_once('=').map_or((&**word, None), |(n, v)| (n, Some(v)));
            let Some(option) = declared.iter().find(|line| line[0] == name) else {
                return Err(format!("there is no option `{word}`"));
            };
            if option[1].starts_with('<') && value.is_none() && words.next().is_none() {
                return Err(format!("`{word}` needs a value"));
            }
        }
        Ok(())
    }
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
    fn accepts_a_request_for_help_anywhere() {
        for line in ["--help", "-h", "help", "help demo", "demo --help", "bench --soak -h"] {
            assert_eq!(step(line), Ok(None), "{line}");
        }
    }

    #[test]
    fn names_a_mistake() {
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
    fn every_step_has_a_package_and_its_help_fits_a_terminal() {
        for step in &STEPS {
            let manifest = format!("{}/../{}/Cargo.toml", env!("CARGO_MANIFEST_DIR"), step.name);
            let manifest = std::fs::read_to_string(manifest).unwrap();
            assert!(manifest.contains(&format!("name = \"xtask-{}\"\n", step.name)));
            let help = help(&[step.name.to_owned()]) + &help(&[]);
            assert!(help.lines().all(|line| line.len() <= 80), "{help}");
        }
    }
}
