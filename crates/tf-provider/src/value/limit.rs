//! The limits that keep a hostile or broken peer from exhausting the stack and the memory.

/// The greatest depth of values and types, lists and objects counted alike.
///
/// Terraform has no such limit. This one keeps a hostile or broken peer from
/// exhausting the stack, and is far beyond what schemas use.
pub const MAX_DEPTH: usize = 64;

/// The greatest number of values in one value that is read: itself, absent attributes and
/// everything inside.
///
/// Without it a few bytes could stand for any amount of memory: a type that brings
/// hundreds of attributes, and a list of objects that say none of them.
pub const MAX_VALUES: usize = 1_000_000;
