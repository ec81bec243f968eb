//! The JSON of an object in a state file.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::state_json::run(input));
