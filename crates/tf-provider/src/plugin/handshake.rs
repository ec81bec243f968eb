//! The one line a plugin prints, from which the host learns the address and certificate.
//!
//! Pure text, apart from [`announce`]; it must not know the origin of the values. The format is
//! go-plugin's: `core version|protocol|network|address|transport|certificate[|multiplexing]`.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::environment::PROTOCOL;
use super::listener::Endpoint;

/// The version of go-plugin's own conventions; there has only been one.
const CORE_VERSION: u32 = 1;

/// The handshake line, without its end.
///
/// The host decodes the certificate strictly without padding: with `=` it would fail for two
/// lengths out of three, so only now and then. Without TLS the field is empty but present. The last
/// field is an answer and appears only if the host asked; brokered connections are not offered.
pub(super) fn line(endpoint: &Endpoint, certificate: Option<&[u8]>, multiplexing: bool) -> String {
    let network = endpoint.network();
    let address = endpoint.address();
    let certificate = certificate.map(|der| STANDARD_NO_PAD.encode(der)).unwrap_or_default();
    let answer = if multiplexing { "|false" } else { "" };
    format!("{CORE_VERSION}|{PROTOCOL}|{network}|{address}|grpc|{certificate}{answer}")
}

/// Prints the line at once. The socket must accept connections by now.
pub(super) fn announce(line: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(format!("{line}\n").as_bytes())?;
    stdout.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tcp() -> Endpoint {
        Endpoint::Tcp("127.0.0.1:10000".parse().unwrap())
    }

    #[test]
    fn without_tls_the_certificate_is_empty_but_present() {
        assert_eq!(line(&tcp(), None, false), "1|5|tcp|127.0.0.1:10000|grpc|");
    }

    #[test]
    fn answers_about_multiplexing_only_when_asked() {
        assert_eq!(line(&tcp(), None, true), "1|5|tcp|127.0.0.1:10000|grpc||false");
    }

    #[test]
    fn certificates_of_any_length_carry_no_padding() {
        for length in 300..303 {
            let der: Vec<u8> = (0..length).map(|index| (index % 251) as u8).collect();
            let line = line(&tcp(), Some(&der), false);
            let field = line.rsplit('|').next().unwrap();
            assert!(!field.contains('='));
            assert_eq!(STANDARD_NO_PAD.decode(field).unwrap(), der);
        }
    }

    #[test]
    fn uses_the_standard_alphabet() {
        assert!(line(&tcp(), Some(&[0xfb, 0xff, 0xfe]), false).ends_with("|+//+"));
    }
}
