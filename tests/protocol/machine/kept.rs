//! Sequences that once broke a rule, by what was wrong.
