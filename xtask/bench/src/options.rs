//! The command line. `cargo xtask bench --help` explains each option.

use std::path::PathBuf;
use std::str::FromStr;

use xtask_step::Arguments;
use xtask_step::outcome::Outcome;

#[derive(Debug)]
pub(super) struct Options {
    /// The numbers of objects, in ascending order.
    pub(super) objects: Vec<usize>,
    rounds: Option<usize>,
    /// The delay before the API answers, in milliseconds.
    pub(super) latency: u64,
    /// The parts to measure; all, if empty.
    only: Vec<Part>,
    /// The duration of the soak test, in minutes.
    pub(super) soak: Option<u64>,
    pub(super) provider: Option<PathBuf>,
    pub(super) cli: Option<PathBuf>,
    pub(super) no_verdict: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The program's size, its start, and the number of processes of a command.
    Start,
    /// Plans without a change, and their memory.
    Plan,
    /// Creating and destroying many objects.
    Changes,
    /// Instructions of the provider's own work, counted by valgrind.
    Instructions,
}

impl FromStr for Part {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "start" => Ok(Self::Start),
            "plan" => Ok(Self::Plan),
            "changes" => Ok(Self::Changes),
            "instructions" => Ok(Self::Instructions),
            _ => Err(format!("there is no part `{word}`")),
        }
    }
}

impl Options {
    pub(super) fn read(mut arguments: Arguments) -> Outcome<Self> {
        let mut objects: Vec<usize> = arguments.values_from_fn("--objects", list)?.concat();
        objects.retain(|objects| *objects > 0);
        objects.sort();
        objects.dedup();
        let options = Self {
            objects: if objects.is_empty() { vec![1, 100, 1000] } else { objects },
            rounds: arguments.opt_value_from_str("--rounds")?,
            latency: arguments.opt_value_from_str("--latency")?.unwrap_or(50),
            only: arguments.values_from_fn("--only", list)?.concat(),
            soak: arguments.opt_value_from_str("--soak")?,
            provider: arguments.opt_value_from_str("--provider")?,
            cli: arguments.opt_value_from_str("--cli")?,
            no_verdict: arguments.contains("--no-verdict"),
        };
        xtask_step::finish(arguments)?;
        Ok(options)
    }

    /// Returns true if a part is to be measured.
    pub(super) fn includes(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// The number of rounds: fewer for more objects, whose times vary less.
    pub(super) fn rounds(&self, objects: usize) -> usize {
        let default = match objects {
            ..10 => 15,
            10..1000 => 5,
            1000..10_000 => 3,
            _ => 1,
        };
        self.rounds.unwrap_or(default).max(1)
    }
}

/// The elements of a list such as `1,100`.
fn list<T: FromStr>(text: &str) -> Result<Vec<T>, T::Err> {
    text.split(',').map(str::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Outcome<Options> {
        let words = line.split_whitespace().map(Into::into).collect();
        Options::read(Arguments::from_vec(words))
    }

    #[test]
    fn splits_lists_and_applies_defaults() {
        let options = read("--objects 7,1 --only plan,changes --only=start --soak 60").unwrap();
        assert_eq!(options.objects, [1, 7]);
        assert_eq!(options.only, [Part::Plan, Part::Changes, Part::Start]);
        assert_eq!((options.soak, options.latency, options.rounds), (Some(60), 50, None));
        assert_eq!(read("").unwrap().objects, [1, 100, 1000]);
        assert!(read("--only plans").unwrap_err().to_string().contains("`plans`"));
    }
}
