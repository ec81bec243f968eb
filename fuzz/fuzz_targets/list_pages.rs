//! Pages of a list.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::list_pages::run(input));
