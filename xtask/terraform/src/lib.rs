//! Terraform or OpenTofu on this machine, and the provider installed for it.

pub mod cli;
pub mod installation;
