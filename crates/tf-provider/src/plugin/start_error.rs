//! The reasons why a process could not start, for a person to read on stderr.
//!
//! Terraform shows nothing of this unless logging is on; people who start the program by hand see
//! it. The exit codes are those of go-plugin and of Go's flag package.

use std::fmt;
use std::io;
use std::process::ExitCode;

use super::{invocation, tls};

/// A reason not to serve at all.
#[derive(Debug)]
pub(super) enum StartError {
    /// The command line has an argument that is not defined.
    Argument(String),
    /// There is no place for a socket, nor a free port.
    Listen(io::Error),
    /// The parent process is not a host of plugins.
    NotAPlugin { name: String },
    /// The range of ports makes no sense.
    Ports { value: String, reason: &'static str },
    /// There is no runtime, or no handler for signals.
    Runtime(io::Error),
    /// The address cannot be printed.
    Stdout(io::Error),
    /// There is no certificate to show.
    Tls(tls::Error),
}

impl StartError {
    pub(super) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Argument(_) => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(argument) => {
                write!(f, "unknown argument `{argument}`; --help lists what there is")
            }
            Self::Listen(error) => write!(f, "cannot listen for Terraform: {error}"),
            Self::NotAPlugin { name } => f.write_str(&invocation::not_a_plugin(name)),
            Self::Ports { value, reason } => {
                write!(f, "PLUGIN_MIN_PORT and PLUGIN_MAX_PORT: `{value}` {reason}")
            }
            Self::Runtime(error) => write!(f, "cannot start the runtime: {error}"),
            Self::Stdout(error) => write!(f, "cannot write to stdout: {error}"),
            Self::Tls(error) => write!(f, "cannot prepare TLS: {error}"),
        }
    }
}

impl std::error::Error for StartError {}
