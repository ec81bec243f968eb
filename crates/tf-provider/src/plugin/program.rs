//! The facts about a provider that the process around it passes on.

/// A provider, as the command line, the log and debug mode name it.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The provider type, as in `terraform-provider-<name>`.
    pub(crate) name: String,
    /// The full source address, for example `registry.terraform.io/flink-iac/flink`.
    pub(crate) address: String,
    /// The version of the provider, without a leading `v`.
    pub(crate) version: String,
}
