//! The provider's executable, started by Terraform.

use std::process::ExitCode;

fn main() -> ExitCode {
    terraform_provider_flink::provider().serve()
}
