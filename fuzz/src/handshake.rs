//! The environment variables in which a host describes the handshake that it expects.
//!
//! Each part of an input is a variable, as `NAME=value`.

use std::net::{Ipv4Addr, SocketAddr};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tf_provider::testing::handshake;

use super::parts;

const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// Makes the handshake for a host with these variables, or an error.
pub fn run(input: &[u8]) {
    let Ok(text) = parts(input).into_iter().map(std::str::from_utf8).collect::<Result<Vec<_>, _>>()
    else {
        return;
    };
    let variables: Vec<_> = text.iter().filter_map(|variable| variable.split_once('=')).collect();
    let variable = |name: &str| {
        let (_, value) = variables.iter().find(|(known, _)| *known == name)?;
        Some((*value).to_owned())
    };
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 4242));
    match handshake("flink", address, variable) {
        Ok(line) => {
            assert_eq!(
                variable(COOKIE.0).as_deref(),
                Some(COOKIE.1),
                "a handshake without the cookie"
            );
            assert_answer(&line, is_set("PLUGIN_CLIENT_CERT"), is_set("PLUGIN_MULTIPLEX_GRPC"));
        }
        Err(why) => assert!(!why.is_empty() && why.len() < input.len() + 1000, "{why}"),
    }
}

/// Asserts that the host can parse the line.
fn assert_answer(line: &str, is_secured: bool, is_asked: bool) {
    assert!(!line.contains(char::is_control), "{line:?} is no single line");
    let fields: Vec<&str> = line.split('|').collect();
    let [core, protocol, network, address, transport, certificate, answer @ ..] = &*fields else {
        panic!("{line} has too few fields");
    };
    assert_eq!(
        [*core, *protocol, *network, *address, *transport],
        ["1", "5", "tcp", "127.0.0.1:4242", "grpc"]
    );
    let certificate = STANDARD_NO_PAD.decode(certificate).expect("base64 without padding");
    assert_eq!(!certificate.is_empty(), is_secured, "{line}");
    let expected: &[&str] = if is_asked { &["false"] } else { &[] };
    assert_eq!(answer, expected, "{line}");
}
