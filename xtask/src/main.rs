//! The development loop: codegen.
fn main() {}
