//! The emulator as a client sees it: raw HTTP over TCP, one module for each
//! thing that is promised. Nothing here waits for a clock or leaves the machine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may say so in any way")]

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
