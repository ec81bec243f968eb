//! Calls of the plugin protocol.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::grpc_call::run(input));
