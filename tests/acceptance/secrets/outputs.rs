//! The outputs of a run, and the secrets that Terraform itself keeps in each.

use crate::cli::Run;
use crate::secrets::search::{Secret, search};
use crate::world::World;

/// The way in which a secret is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    /// As an ordinary argument of a resource.
    Ordinary,
    /// As a write-only argument of a resource or as an argument of the provider,
    /// from an ephemeral variable.
    Passing,
    /// In a variable of the environment that the provider reads.
    Environment,
    /// As a write-only argument whose value stands in the configuration.
    Literal,
    /// As an argument of the command line.
    Argument,
}

/// A kind of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// Text for users, and the progress of a run with `-json`.
    Printed,
    /// The output of `show -json`, `state pull` and `output -json`.
    Data,
    /// The state and its backups.
    State,
    /// A saved plan.
    Plan,
    /// The log of Terraform and of the provider.
    Log,
    /// Any other file.
    File,
}

/// The secrets that Terraform itself keeps in each output. Secrets that are given in another
/// way must be in none of them, and outputs that are not listed must have no secret.
const KEPT: [(Output, &[Given]); 4] = [
    (Output::Data, &[Given::Ordinary]),
    (Output::State, &[Given::Ordinary]),
    // A plan has the configuration and the variables.
    (Output::Plan, &[Given::Ordinary, Given::Literal]),
    (Output::Log, &[Given::Argument]),
];

/// Planted secrets, with how each is given.
#[derive(Debug, Default)]
pub(crate) struct Planted {
    secrets: Vec<Secret>,
    given: Vec<Given>,
}

impl Planted {
    /// Makes a secret to be given at a place.
    pub(crate) fn plant(&mut self, given: Given, place: &str) -> Secret {
        let secret = Secret::new(self.secrets.len(), format!("{place} ({given:?})"));
        self.add(given, secret.clone());
        secret
    }

    /// Adds a secret that was made elsewhere.
    pub(crate) fn add(&mut self, given: Given, secret: Secret) {
        self.secrets.push(secret);
        self.given.push(given);
    }

    fn kept_in(&self, output: Output) -> Vec<&Secret> {
        let kept = KEPT.iter().find(|(each, _)| *each == output).map_or(&[][..], |(_, kept)| kept);
        let all = self.secrets.iter().zip(&self.given);
        all.filter(|(_, given)| kept.contains(given)).map(|(secret, _)| secret).collect()
    }

    /// Asserts that an output has no secret but those that Terraform keeps there.
    #[track_caller]
    pub(crate) fn assert_no_more_in(&self, output: Output, name: &str, text: &str) {
        let kept = self.kept_in(output);
        let hits = search(&self.secrets, text);
        let leaks = hits.iter().filter(|hit| hit.secret.is_none_or(|found| !kept.contains(&found)));
        let leaks: Vec<String> = leaks
            .map(|leak| {
                let place = leak.secret.map_or("a part of a secret", |secret| &secret.place);
                format!("{place}: …{}…", leak.around)
            })
            .collect();
        assert!(leaks.is_empty(), "{name} ({output:?}) shows\n  {}", leaks.join("\n  "));
    }

    /// Asserts that an output has exactly the secrets that Terraform keeps there.
    #[track_caller]
    pub(crate) fn assert_exactly_in(&self, output: Output, name: &str, text: &str) {
        self.assert_no_more_in(output, name, text);
        let hits = search(&self.secrets, text);
        let is_found = |kept: &&&Secret| hits.iter().any(|hit| hit.secret == Some(**kept));
        let kept = self.kept_in(output);
        let lost: Vec<_> = kept.iter().filter(|kept| !is_found(kept)).collect();
        assert!(lost.is_empty(), "{name} ({output:?}) is said to keep {lost:#?}");
    }

    /// Searches the output of a run.
    #[track_caller]
    pub(crate) fn watch(&self, output: Output, run: Run) -> Run {
        self.assert_no_more_in(output, &run.line, &run.stdout);
        self.assert_no_more_in(Output::Printed, &run.line, &run.stderr);
        run
    }

    /// Searches every file of a world and the journal of the API.
    #[track_caller]
    pub(crate) fn watch_world(&self, world: &World) {
        for (name, text) in world.files() {
            self.assert_no_more_in(kind_of(&name), &name, &text);
        }
        let entries = world.emulator.journal().entries();
        let written = serde_json::to_string(&entries).expect("a journal is data");
        self.assert_no_more_in(Output::File, "the journal", &format!("{entries:?}\n{written}"));
    }
}

fn kind_of(file: &str) -> Output {
    match file {
        _ if file.contains(".tfstate") => Output::State,
        _ if file.ends_with(".tfplan") => Output::Plan,
        _ if file.ends_with(".log") => Output::Log,
        _ => Output::File,
    }
}
