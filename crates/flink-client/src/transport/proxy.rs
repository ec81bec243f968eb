//! Proxies: a check of the environment's settings.
//!
//! The HTTP library reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`
//! itself, and silently goes without a proxy where one of them is malformed. Requests
//! that were meant to pass a proxy then fail in odd ways or, worse, do not.

use http::Uri;

use crate::error::{Error, Result};

/// In each line, the first one that is set counts.
const VARIABLES: [[&str; 2]; 3] = [
    ["HTTPS_PROXY", "https_proxy"],
    ["HTTP_PROXY", "http_proxy"],
    ["ALL_PROXY", "all_proxy"],
];

const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// Refuses an environment in which a proxy is meant but cannot be used.
pub(super) fn check_environment() -> Result<()> {
    VARIABLES.iter().try_for_each(|names| {
        let set = names
            .iter()
            .find_map(|name| Some((*name, std::env::var_os(name)?)));
        match set {
            Some((name, value)) => check(name, value.to_str()),
            None => Ok(()),
        }
    })
}

/// The value is never part of the message, because it may carry a password.
fn check(name: &str, value: Option<&str>) -> Result<()> {
    let refused = |why| {
        Err(Error::invalid(format!(
            "the environment variable {name} {why}"
        )))
    };
    let Some(value) = value else {
        return refused("is not text");
    };
    if value.is_empty() {
        return Ok(());
    }
    match value.parse::<Uri>() {
        Ok(uri) if uri.authority().is_none_or(|at| at.host().is_empty()) => {
            refused("names no host")
        }
        Ok(uri) if uri.scheme_str().is_some_and(|scheme| !SCHEMES.contains(&scheme)) => {
            refused("names a kind of proxy that is not supported")
        }
        Ok(_) => Ok(()),
        Err(_) => refused("is no URL of a proxy"),
    }
}
