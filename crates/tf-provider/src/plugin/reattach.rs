//! Debug mode: the provider runs on its own and Terraform attaches to it.
//!
//! The developer copies a variable from this process's terminal to Terraform's. It must not know how
//! the process serves. The variable and its JSON are go-plugin's `ReattachConfig` as Terraform reads
//! it; `Test` keeps Terraform from ending the process after the first command.

use std::io::{self, Write};
use std::process;

use serde_json::json;

use super::environment::PROTOCOL;
use super::listener::Endpoint;
use super::program::Program;

/// The registry in which OpenTofu looks for providers whose address names none.
const OPENTOFU_REGISTRY: &str = "registry.opentofu.org";

/// Prints how to attach to the process. This mode has no handshake line, so stdout is for people.
pub(super) fn announce(program: &Program, endpoint: &Endpoint) -> io::Result<()> {
    let text = instructions(program, endpoint, process::id());
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

fn instructions(program: &Program, endpoint: &Endpoint, pid: u32) -> String {
    let Program { name, address, version } = program;
    let terraform = assignment(&configuration(address, endpoint, pid));
    let opentofu = assignment(&configuration(&for_opentofu(address), endpoint, pid));
    format!(
        "terraform-provider-{name} {version} is running as process {pid}; Ctrl-C ends it.\n\
         In the shell where Terraform runs, enter:\n\
         \n{terraform}\n\
         \n\
         For OpenTofu:\n\
         \n{opentofu}\n\n"
    )
}

/// The value of the variable. JSON takes care of whatever a path may contain.
fn configuration(address: &str, endpoint: &Endpoint, pid: u32) -> String {
    let entry = json!({
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL,
        "Pid": pid,
        "Test": true,
        "Addr": { "Network": endpoint.network(), "String": endpoint.address() },
    });
    json!({ address: entry }).to_string()
}

fn for_opentofu(address: &str) -> String {
    match address.split_once('/') {
        Some((_, rest)) => format!("{OPENTOFU_REGISTRY}/{rest}"),
        None => address.to_owned(),
    }
}

/// A line for the shell, with the value quoted so that nothing in it is special.
fn assignment(value: &str) -> String {
    if cfg!(windows) {
        format!("$env:TF_REATTACH_PROVIDERS = '{}'", value.replace('\'', "''"))
    } else {
        format!("export TF_REATTACH_PROVIDERS='{}'", value.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn program() -> Program {
        Program {
            name: "flink".to_owned(),
            address: "registry.terraform.io/flink-iac/flink".to_owned(),
            version: "1.2.3".to_owned(),
        }
    }

    fn endpoint() -> Endpoint {
        Endpoint::Tcp("127.0.0.1:4242".parse().unwrap())
    }

    #[test]
    fn the_variable_names_process_and_address() {
        let value: Value =
            serde_json::from_str(&configuration(&program().address, &endpoint(), 77)).unwrap();
        let entry = &value["registry.terraform.io/flink-iac/flink"];
        assert_eq!(
            *entry,
            json!({
                "Protocol": "grpc", "ProtocolVersion": 5, "Pid": 77, "Test": true,
                "Addr": { "Network": "tcp", "String": "127.0.0.1:4242" },
            })
        );
    }

    #[test]
    fn both_registries_are_mentioned() {
        let text = instructions(&program(), &endpoint(), 77);
        assert!(
            text.contains(r#"TF_REATTACH_PROVIDERS='{"registry.terraform.io/flink-iac/flink":"#)
        );
        assert!(
            text.contains(r#"TF_REATTACH_PROVIDERS='{"registry.opentofu.org/flink-iac/flink":"#)
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_quote_in_a_path_survives_the_shell() {
        assert_eq!(assignment("it's"), r"export TF_REATTACH_PROVIDERS='it'\''s'");
    }
}
