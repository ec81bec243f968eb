//! Reading bodies: bounded in size and depth, and unpacked.
//!
//! Some servers and proxies compress a body without saying so. So every body that
//! begins like gzip is unpacked, whatever the headers say; JSON, HTML and text never
//! begin like that.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use serde::de::DeserializeOwned;

use super::causes::chain;

/// The longest body of a success that is read, in bytes.
pub(crate) const MOST: usize = 16 << 20;

/// The longest body of a refusal that is read; its message is at the beginning.
const MOST_REFUSED: usize = 64 << 10;

/// The depth to which the JSON library reads. It has no constant for it.
const DEEPEST: usize = 127;

/// Its message about anything deeper.
const TOO_DEEP: &str = "recursion limit exceeded";

/// The beginning of a gzip stream (RFC 1952, section 2.3.1).
const GZIP: [u8; 3] = [0x1f, 0x8b, 8];

/// The part of a body that was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it.
    Whole,
    /// The rest was left unread, because there was more than is ever looked at.
    TooLong,
    /// The connection ended early, for this reason.
    Cut(String),
}

/// Reads the body of a response with this status.
pub(super) async fn read(response: &mut reqwest::Response, status: u16) -> (Vec<u8>, Extent) {
    let most = if (200..300).contains(&status) { MOST } else { MOST_REFUSED };
    let mut body = Vec::new();
    let extent = loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > most => {
                body.extend_from_slice(&chunk[..most - body.len()]);
                break Extent::TooLong;
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break Extent::Whole,
            Err(error) => break Extent::Cut(chain(&error.without_url())),
        }
    };
    unpacked(body, extent, most)
}

/// The body without compression, which is bounded in turn: a short stream can unpack
/// to any length.
fn unpacked(body: Vec<u8>, extent: Extent, most: usize) -> (Vec<u8>, Extent) {
    if !body.starts_with(&GZIP) {
        return (body, extent);
    }
    let mut plain = Vec::new();
    let result = MultiGzDecoder::new(body.as_slice()).take(most as u64 + 1).read_to_end(&mut plain);
    if plain.len() > most {
        plain.truncate(most);
        return (plain, Extent::TooLong);
    }
    let extent = match (result, extent) {
        (Err(error), Extent::Whole) => Extent::Cut(error.to_string()),
        (_, extent) => extent,
    };
    (plain, extent)
}

/// Reads a body as JSON. `Err` says what is wrong with it and repeats nothing of it,
/// which the message of the JSON library could.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| match error.to_string() {
        text if text.starts_with(TOO_DEEP) => {
            format!("its JSON is nested deeper than the {DEEPEST} levels that this client reads")
        }
        _ if error.is_data() => "it is JSON of another kind".to_owned(),
        _ => "it is not JSON".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn stops_a_short_stream_that_unpacks_to_a_long_one() {
        let (body, extent) = unpacked(packed(&[0; 1 << 20]), Extent::Whole, 1000);
        assert_eq!((body.len(), extent), (1000, Extent::TooLong));
    }

    #[test]
    fn names_the_depth_that_is_read() {
        let nested = |depth| [b"[".repeat(depth), b"]".repeat(depth)].concat();
        assert!(json::<serde_json::Value>(&nested(DEEPEST)).is_ok());
        let why = json::<serde_json::Value>(&nested(DEEPEST + 1)).unwrap_err();
        assert!(why.contains("deeper than the 127 levels"), "{why}");
    }

    #[test]
    fn reports_an_error_without_repeating_the_body() {
        for (body, expected) in [("\"planted\"", "JSON of another kind"), ("{planted", "not JSON")]
        {
            let why = json::<serde_json::Map<String, serde_json::Value>>(body.as_bytes());
            let why = why.unwrap_err();
            assert!(why.contains(expected) && !why.contains("planted"), "{why}");
        }
    }

    #[test]
    fn keeps_the_beginning_of_a_stream_that_breaks() {
        let mut body = packed(&b"hello ".repeat(1000));
        body.truncate(body.len() - 4);
        let (plain, extent) = unpacked(body, Extent::Whole, 1 << 20);
        assert!(plain.starts_with(b"hello ") && matches!(extent, Extent::Cut(_)));
    }
}
