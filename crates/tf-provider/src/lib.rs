//! A framework for Terraform providers in Rust, speaking plugin protocol 5.10.
#![expect(dead_code)]

mod proto;
