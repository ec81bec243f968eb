//! Answers of a server to single calls.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::api_answer::run(input));
