//! The emulator as a client sees it: HTTP over TCP, one module for each subject.
//! The tests depend on no clock and use the loopback interface alone.

#![allow(clippy::unwrap_used, reason = "a panic is the failure of a test")]

mod auth;
mod client;
mod connection;
mod control;
mod control_plane;
mod faults;
mod journal;
mod paging;
mod place;
mod program;
mod state;
mod strictness;
mod tls;
