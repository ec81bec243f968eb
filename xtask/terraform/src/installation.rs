//! The provider where the CLI installs it from, and the settings that make the
//! CLI look there and nowhere else, so that those of the person at the terminal
//! neither matter nor change.

use std::fs;
use std::path::Path;

use xtask_step::outcome::Outcome;
use xtask_step::platform;

use crate::cli::Cli;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Puts the program of the provider `flink-iac/<name>` into a mirror below `folder`.
/// Returns the environment in which the CLI uses it.
pub fn install(
    name: &str,
    program: &Path,
    cli: &Cli,
    folder: &Path,
) -> Outcome<[(&'static str, String); 2]> {
    let mirror = folder.join("providers");
    let package = mirror.join(cli.registry()).join("flink-iac").join(name).join(VERSION);
    let package = package.join(platform::name());
    fs::create_dir_all(&package)?;
    let file = platform::executable(&format!("terraform-provider-{name}_v{VERSION}"));
    fs::copy(program, package.join(file))?;
    let configuration = folder.join("cli.tfrc");
    fs::write(&configuration, cli_configuration(&mirror))?;
    Ok([
        ("TF_CLI_CONFIG_FILE", configuration.display().to_string()),
        ("CHECKPOINT_DISABLE", "1".to_owned()),
    ])
}

fn cli_configuration(mirror: &Path) -> String {
    let path = mirror.display().to_string().replace('\\', "/");
    format!("provider_installation {{\n  filesystem_mirror {{\n    path = \"{path}\"\n  }}\n}}\n")
}
