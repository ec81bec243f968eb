//! The arguments of the command line, and the texts for people who start the program by hand.
//!
//! Terraform starts a plugin without arguments, so everything here is for a person. This module
//! must not know the environment, by which a host differs from a person.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use super::program::Program;

/// The modes of the program.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Invocation {
    /// Started by Terraform, or by someone who does not know that this is a plugin.
    Plugin,
    /// Runs on its own; Terraform attaches to it.
    Debug,
    /// Prints something and ends.
    Inform(Topic),
    /// An argument that is not defined.
    Unknown(String),
}

/// A text that can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    Help,
    Version,
}

impl Invocation {
    /// Reads the arguments after the program's name; the first one that is not `--debug` decides.
    pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Self {
        let mut invocation = Self::Plugin;
        for argument in arguments {
            match argument.to_str() {
                // Go's flag package, which providers written in Go use, takes one dash or two.
                Some("--debug" | "-debug") => invocation = Self::Debug,
                Some("--help" | "-help" | "-h") => return Self::Inform(Topic::Help),
                Some("--version" | "-version" | "-V") => return Self::Inform(Topic::Version),
                _ => return Self::Unknown(argument.to_string_lossy().into_owned()),
            }
        }
        invocation
    }
}

/// Prints what was asked for to stdout.
pub(super) fn inform(program: &Program, topic: Topic) -> io::Result<ExitCode> {
    let text = match topic {
        Topic::Help => help(program),
        Topic::Version => {
            format!("terraform-provider-{} {} (plugin protocol 5)\n", program.name, program.version)
        }
    };
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn help(program: &Program) -> String {
    let Program { name, address, version } = program;
    format!(
        "terraform-provider-{name} {version}: a provider for Terraform and OpenTofu\n\
         \n\
         Terraform starts this program itself when a configuration requires\n\
         {address}.\n\
         \n\
         Options:\n  \
           --debug    run on its own and print how Terraform attaches to it\n  \
           --version  print the version\n  \
           --help     print this text\n"
    )
}

/// The text for a person who starts the plugin without a host.
pub(super) fn not_a_plugin(name: &str) -> String {
    format!(
        "this program is a plugin, not a command.\n\
         Terraform or OpenTofu starts it when a configuration requires the provider `{name}`;\n\
         run `terraform init` and `terraform plan` there. To run it under a debugger, use --debug."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Invocation {
        Invocation::parse(arguments.iter().map(OsString::from))
    }

    #[test]
    fn terraform_passes_no_arguments() {
        assert_eq!(parse(&[]), Invocation::Plugin);
    }

    #[test]
    fn one_dash_or_two() {
        assert_eq!(parse(&["-debug"]), Invocation::Debug);
        assert_eq!(parse(&["--debug"]), Invocation::Debug);
        assert_eq!(parse(&["-version"]), Invocation::Inform(Topic::Version));
        assert_eq!(parse(&["--debug", "--help"]), Invocation::Inform(Topic::Help));
    }

    #[test]
    fn names_the_argument_it_does_not_know() {
        assert_eq!(parse(&["--debug", "--prot"]), Invocation::Unknown("--prot".to_owned()));
        assert_eq!(parse(&["plan"]), Invocation::Unknown("plan".to_owned()));
    }

    #[test]
    fn explains_what_the_program_is() {
        let text = not_a_plugin("flink");
        assert!(text.contains("plugin") && text.contains("`flink`") && text.contains("--debug"));
    }
}
