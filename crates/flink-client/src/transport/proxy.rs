//! Proxies: a check of the environment's settings.
//!
//! The HTTP library reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`
//! itself, and silently goes without a proxy where one of them is malformed. Requests
//! that were meant to pass a proxy then fail in odd ways or, worse, do not.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Uri;
use percent_encoding::percent_decode_str;

use crate::endpoint::split_user_info;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// In each line, the first one that is set counts.
const VARIABLES: [[&str; 2]; 3] =
    [["HTTPS_PROXY", "https_proxy"], ["HTTP_PROXY", "http_proxy"], ["ALL_PROXY", "all_proxy"]];

const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// Refuses an environment in which a proxy is meant but cannot be used.
pub(super) fn check_environment() -> Result<()> {
    VARIABLES.iter().try_for_each(|names| {
        let set = names.iter().find_map(|name| Some((*name, std::env::var_os(name)?)));
        match set {
            Some((name, value)) => check(name, value.to_str()),
            None => Ok(()),
        }
    })
}

/// Secrets sent to proxies, which some of them repeat on their pages.
pub(super) fn secrets() -> Vec<Secret> {
    let values = VARIABLES.iter().flatten().filter_map(|name| std::env::var(name).ok());
    values.flat_map(|value| secrets_of(&value)).collect()
}

/// The password, or a user name that stands for one, and the header made of both.
fn secrets_of(value: &str) -> Vec<Secret> {
    let (_, Some(user_info), _) = split_user_info(value) else { return Vec::new() };
    let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
    let decoded = |text| percent_decode_str(text).decode_utf8_lossy();
    let (user, password) = (decoded(user), decoded(password));
    let header = STANDARD.encode(format!("{user}:{password}"));
    let secret = if password.is_empty() { user } else { password };
    vec![Secret::new(secret), Secret::new(header)]
}

/// The value is never part of the message, because it may have a password.
fn check(name: &str, value: Option<&str>) -> Result<()> {
    let refused = |why| Err(Error::invalid(format!("the environment variable {name} {why}")));
    let Some(value) = value else {
        return refused("is not text");
    };
    if value.is_empty() {
        return Ok(());
    }
    let Ok(uri) = value.parse::<Uri>() else {
        return refused("is no URL of a proxy");
    };
    let Some(authority) = uri.authority().filter(|at| !at.host().is_empty()) else {
        return refused("names no host");
    };
    let (_, _, after_user) = split_user_info(authority.as_str());
    if after_user != authority.host() && authority.port_u16().is_none() {
        return refused("names no usable port");
    }
    match uri.scheme_str() {
        Some(scheme) if !SCHEMES.contains(&scheme) => {
            refused("names a kind of proxy that is not supported")
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_settings_of_the_http_library() {
        for value in [
            "",
            "http://proxy:3128",
            "proxy:3128",
            "proxy",
            "https://user:pass@proxy",
            "socks5h://localhost:1080",
        ] {
            assert!(check("HTTPS_PROXY", Some(value)).is_ok(), "{value}");
        }
    }

    #[test]
    fn finds_the_secrets_sent_to_proxies() {
        for (value, secrets) in [
            ("http://proxy:3128", &[][..]),
            ("http://user:pass%40+%26@proxy", &["pass@+&", "dXNlcjpwYXNzQCsm"]),
            ("user:p@ss@proxy:3128", &["p@ss", "dXNlcjpwQHNz"]),
            ("socks5://hunter2@proxy", &["hunter2", "aHVudGVyMjo="]),
        ] {
            let found = secrets_of(value);
            let found: Vec<_> = found.iter().map(Secret::expose).collect();
            assert_eq!(found, secrets, "{value}");
        }
    }

    #[test]
    fn refuses_other_settings_without_repeating_them() {
        for value in [
            Some("http://hunter2:hunter2@proxy:port"),
            Some("http://user:hunter2@"),
            Some("ftp://hunter2"),
            Some("/hunter2"),
            Some("hunter2 proxy"),
            None,
        ] {
            let error = check("HTTPS_PROXY", value).unwrap_err().to_string();
            assert!(error.contains("HTTPS_PROXY"), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
