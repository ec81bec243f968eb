//! The environment that a host starts the process with.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::handshake::run(input));
