//! Lengths of time in a setting.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::duration::run(input));
