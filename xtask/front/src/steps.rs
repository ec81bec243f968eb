//! The steps that there are, with their arguments.
//!
//! What an argument does, and whether its value makes sense, is known to the step
//! alone. One that is missing here is refused here; one that the step does not
//! know is refused there.

/// A step, in the package `xtask-<name>`.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) arguments: &'static [Argument],
}

/// An argument of a step.
#[derive(Debug)]
pub(crate) struct Argument {
    /// As the usage shows it: `--flag`, `--option <VALUE>` or `[WORD]`.
    pub(crate) written: &'static str,
    pub(crate) about: &'static str,
}

const fn argument(written: &'static str, about: &'static str) -> Argument {
    Argument { written, about }
}

const CHECK: Argument = argument("--check", "Compare with what is committed instead of writing");

pub(crate) const STEPS: [Step; 7] = [
    Step {
        name: "demo",
        about: "See the provider work: a tour with the real CLI against the emulator",
        arguments: &[argument(
            "--keep",
            "Leave the emulator and the connections up at the end, to go on by hand",
        )],
    },
    Step { name: "test", about: "Run every check there is", arguments: &[] },
    Step {
        name: "fuzz",
        about: "Look for input that breaks a promise, with a fuzzer",
        arguments: &[
            argument("[TARGET]", "The target to fuzz; each in turn where none is named"),
            argument("--seconds <SECONDS>", "How long to fuzz each target [default: 120]"),
        ],
    },
    Step {
        name: "codegen",
        about: "Generate the Rust of the protocol from proto/",
        arguments: &[CHECK],
    },
    Step {
        name: "docs",
        about: "Generate docs/ from the schema, the examples and the templates",
        arguments: &[CHECK],
    },
    Step {
        name: "dist",
        about: "Build the release archive for this machine's platform",
        arguments: &[],
    },
    Step {
        name: "bench",
        about: "Measure what Terraform's commands cost with the provider",
        arguments: &[
            argument(
                "--objects <NUMBERS>",
                "How many connections to plan; sizes above 1,000 take Terraform minutes \
                 [default: 1,100,1000]",
            ),
            argument(
                "--rounds <ROUNDS>",
                "How often to run each command; fewer for more objects, if not given",
            ),
            argument(
                "--latency <MILLISECONDS>",
                "The time that passes before the API answers [default: 50]",
            ),
            argument(
                "--only <PARTS>",
                "The parts to measure: start, plan, changes, instructions; all, if not given",
            ),
            argument(
                "--soak <MINUTES>",
                "How long to refresh in one process, besides; not at all, if not given",
            ),
            argument(
                "--provider <PROGRAM>",
                "The provider's program, instead of building the one that is released",
            ),
            argument("--cli <PROGRAM>", "The CLI, instead of the one that tests and demo use"),
            argument("--no-verdict", "End well even where a count is above its target"),
        ],
    },
];

impl Step {
    /// The step of this name.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        STEPS.iter().find(|step| step.name == name)
    }

    /// The option that a word of the command line names, before any `=`.
    pub(crate) fn option(&self, word: &str) -> Option<&Argument> {
        let name = word.split('=').next();
        self.arguments.iter().find(|each| each.name() == name)
    }

    /// The most words that it takes besides its options.
    pub(crate) fn words(&self) -> usize {
        self.arguments.iter().filter(|each| each.name().is_none()).count()
    }
}

impl Argument {
    /// The name of an option; `None` for a word that has no name.
    fn name(&self) -> Option<&'static str> {
        self.written.split(' ').next().filter(|name| name.starts_with("--"))
    }

    /// Returns true if a value has to follow the name.
    pub(crate) fn has_value(&self) -> bool {
        self.written.contains('<')
    }
}
