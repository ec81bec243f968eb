//! The provider's executable, started by Terraform.
fn main() {}
