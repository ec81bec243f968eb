//! What a state file holds of an object.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::state_json::run(input));
