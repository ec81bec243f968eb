//! The provider where the CLI installs it from, and the settings that make the
//! CLI look there and nowhere else, so that those of the person at the terminal
//! neither matter nor change.

use std::fs;
use std::path::Path;

use xtask_step::outcome::Outcome;
use xtask_step::platform;

use crate::cli::Cli;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Puts `provider` into a mirror below `folder`. What the CLI has to be told by
/// its environment to use it.
pub fn install(provider: &Path, cli: &Cli, folder: &Path) -> Outcome<[(&'static str, String); 2]> {
    let mirror = folder.join("providers");
    let package = mirror.join(cli.registry()).join("flink-iac/flink").join(VERSION);
    let package = package.join(platform::name());
    fs::create_dir_all(&package)?;
    let name = platform::executable(&format!("terraform-provider-flink_v{VERSION}"));
    fs::copy(provider, package.join(name))?;
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
