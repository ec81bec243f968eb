//! The environment variables by which a host starts a plugin, as one typed value.
//!
//! A pure function of a lookup, so tests need no process of their own. It must not act on the
//! values. The `PLUGIN_*` names are go-plugin's; the cookie is Terraform's own and OpenTofu's; the
//! `TF_LOG*` names follow Terraform and its Go SDK.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use tracing_subscriber::filter::LevelFilter;

use super::start_error::StartError;

/// The major version of Terraform's plugin protocol that this crate speaks.
pub(super) const PROTOCOL: u32 = 5;

/// The variable by which a host shows that it means to start a Terraform plugin.
const COOKIE_NAME: &str = "TF_PLUGIN_MAGIC_COOKIE";

/// The value of that variable. It is no secret: it tells a host from a person at a prompt.
const COOKIE_VALUE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// The variables of one start.
#[derive(Debug)]
pub(super) struct Environment {
    /// True if the parent process is a host of Terraform plugins.
    pub(super) started_by_host: bool,
    /// True if the host speaks the protocol of this crate, or names none.
    pub(super) protocol_matches: bool,
    /// The host's certificate in PEM. Without it the connection is not encrypted.
    pub(super) client_certificate: Option<String>,
    /// True if the host asks whether brokered connections can share one socket.
    pub(super) multiplexing_asked: bool,
    /// The places to listen at.
    pub(super) placement: Placement,
    /// The lowest level to log.
    pub(super) log_level: LevelFilter,
}

/// The places where the plugin may listen, best first: the directories in order, then TCP.
#[derive(Debug)]
#[cfg_attr(not(unix), expect(dead_code, reason = "there are no socket files on this system"))]
pub(super) struct Placement {
    /// Directories for a Unix socket.
    pub(super) directories: Vec<PathBuf>,
    /// A group, by name or number, that may use the socket besides the owner.
    pub(super) group: Option<String>,
    /// Ports of the loopback interface; 0 lets the system choose.
    pub(super) ports: RangeInclusive<u16>,
}

impl Environment {
    /// Reads the variables through `lookup`. A variable that is empty counts as absent.
    pub(super) fn read(
        provider: &str,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, StartError> {
        let lookup = |name: &str| lookup(name).filter(|value| !value.is_empty());
        Ok(Self {
            started_by_host: lookup(COOKIE_NAME).as_deref() == Some(COOKIE_VALUE),
            protocol_matches: lookup("PLUGIN_PROTOCOL_VERSIONS")
                .is_none_or(|offered| is_offered(&offered)),
            client_certificate: lookup("PLUGIN_CLIENT_CERT"),
            multiplexing_asked: lookup("PLUGIN_MULTIPLEX_GRPC").is_some(),
            placement: Placement::read(lookup)?,
            log_level: log_level(provider, lookup),
        })
    }
}

impl Placement {
    fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, StartError> {
        let fallback = || Some("/tmp".to_owned());
        let mut directories: Vec<PathBuf> =
            [lookup("PLUGIN_UNIX_SOCKET_DIR"), lookup("TMPDIR"), fallback()]
                .into_iter()
                .flatten()
                .map(PathBuf::from)
                .collect();
        directories.dedup();
        Ok(Self {
            directories,
            group: lookup("PLUGIN_UNIX_SOCKET_GROUP"),
            ports: port(lookup("PLUGIN_MIN_PORT"))?..=port(lookup("PLUGIN_MAX_PORT"))?,
        })
        .and_then(Self::checked)
    }

    fn checked(self) -> Result<Self, StartError> {
        if self.ports.is_empty() {
            let value = format!("{}-{}", self.ports.start(), self.ports.end());
            return Err(StartError::Ports { value, reason: "is an empty range" });
        }
        Ok(self)
    }
}

/// Returns true if a comma-separated list of versions contains ours.
///
/// If it does not, the plugin still answers with its own version: the host words the error better.
fn is_offered(versions: &str) -> bool {
    versions.split(',').any(|version| version.trim().parse() == Ok(PROTOCOL))
}

fn port(value: Option<String>) -> Result<u16, StartError> {
    let Some(value) = value else { return Ok(0) };
    value.parse().map_err(|_| StartError::Ports { value, reason: "is not a port" })
}

/// The level for this provider: the most specific variable that is set decides.
///
/// As in Terraform itself, `JSON` and every word that is no level ask for everything.
fn log_level(provider: &str, lookup: impl Fn(&str) -> Option<String>) -> LevelFilter {
    let own = format!("TF_LOG_PROVIDER_{}", provider.to_uppercase().replace('-', "_"));
    let Some(level) = [own.as_str(), "TF_LOG_PROVIDER", "TF_LOG"].into_iter().find_map(lookup)
    else {
        return LevelFilter::OFF;
    };
    match level.to_uppercase().as_str() {
        "OFF" => LevelFilter::OFF,
        "ERROR" => LevelFilter::ERROR,
        "WARN" => LevelFilter::WARN,
        "INFO" => LevelFilter::INFO,
        "DEBUG" => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Environment, StartError> {
        Environment::read("flink", |name| {
            let (_, value) = variables.iter().find(|(known, _)| *known == name)?;
            Some((*value).to_owned())
        })
    }

    #[test]
    fn an_empty_environment_is_not_a_host() {
        let environment = read(&[]).unwrap();
        assert!(!environment.started_by_host);
        assert!(environment.protocol_matches);
        assert_eq!(environment.client_certificate, None);
        assert!(!environment.multiplexing_asked);
        assert_eq!(environment.log_level, LevelFilter::OFF);
        assert_eq!(environment.placement.directories, [PathBuf::from("/tmp")]);
        assert_eq!(environment.placement.ports, 0..=0);
    }

    #[test]
    fn the_cookie_must_match() {
        let started = |value| read(&[(COOKIE_NAME, value)]).unwrap().started_by_host;
        assert!(started(COOKIE_VALUE));
        assert!(!started("chocolate"));
    }

    #[test]
    fn finds_the_protocol_in_any_order() {
        let matches =
            |offered| read(&[("PLUGIN_PROTOCOL_VERSIONS", offered)]).unwrap().protocol_matches;
        assert!(matches("5,6"));
        assert!(matches("6,5"));
        assert!(matches("6, 5"));
        assert!(!matches("6"));
        assert!(!matches("15,55"));
    }

    #[test]
    fn prefers_the_directory_of_the_host() {
        let environment =
            read(&[("TMPDIR", "/var/tmp"), ("PLUGIN_UNIX_SOCKET_DIR", "/run/host")]).unwrap();
        let expected = ["/run/host", "/var/tmp", "/tmp"].map(PathBuf::from);
        assert_eq!(environment.placement.directories, expected);
    }

    #[test]
    fn port_ranges() {
        let ports = |min, max| read(&[("PLUGIN_MIN_PORT", min), ("PLUGIN_MAX_PORT", max)]);
        assert_eq!(ports("10000", "25000").unwrap().placement.ports, 10000..=25000);
        for (min, max) in [("2", "1"), ("10000", ""), ("x", "1"), ("1", "70000")] {
            assert!(matches!(ports(min, max), Err(StartError::Ports { .. })), "{min}-{max}");
        }
    }

    #[test]
    fn the_most_specific_level_decides() {
        let level = |variables: &[_]| read(variables).unwrap().log_level;
        assert_eq!(level(&[("TF_LOG", "json")]), LevelFilter::TRACE);
        assert_eq!(level(&[("TF_LOG", "info")]), LevelFilter::INFO);
        assert_eq!(level(&[("TF_LOG", "nonsense")]), LevelFilter::TRACE);
        assert_eq!(level(&[("TF_LOG", "")]), LevelFilter::OFF);
        assert_eq!(level(&[("TF_LOG", "TRACE"), ("TF_LOG_PROVIDER", "OFF")]), LevelFilter::OFF);
        let specific = [("TF_LOG_PROVIDER", "OFF"), ("TF_LOG_PROVIDER_FLINK", "WARN")];
        assert_eq!(level(&specific), LevelFilter::WARN);
    }
}
