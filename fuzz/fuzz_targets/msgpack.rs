//! Values as Terraform sends them.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::msgpack::run(input));
