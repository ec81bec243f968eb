//! HTTP, as far as the emulator's control API needs it.
//!
//! HTTP/1.0 over loopback: one connection a request, and the end of the connection
//! ends the response. A client from outside would bring TLS, proxies and HTTP/2,
//! which are compiled for minutes and of no use here.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use xtask_step::outcome::{Outcome, fail};

/// How long a response may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Sends a request to an address such as `127.0.0.1:8080` and returns the body of a
/// response that reports success.
pub(crate) async fn send(
    address: &str,
    method: &str,
    path: &str,
    body: Option<&str>,
) -> Outcome<Vec<u8>> {
    let response = tokio::time::timeout(TIMEOUT, exchange(address, method, path, body)).await;
    let response = match response {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => return fail(format!("{method} {path} was not answered: {error}")),
        Err(_) => return fail(format!("{method} {path} was not answered in time")),
    };
    match parse(&response) {
        Some((status, body)) if (200..300).contains(&status) => Ok(body.to_vec()),
        Some((status, _)) => fail(format!("{method} {path} was answered with {status}")),
        None => fail(format!("{method} {path} was not answered with HTTP")),
    }
}

async fn exchange(
    address: &str,
    method: &str,
    path: &str,
    body: Option<&str>,
) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    let body = body.unwrap_or_default();
    let request = format!(
        "{method} {path} HTTP/1.0\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await?;
    let mut response = Vec::new();
    stream.read_to_end(&mut response).await?;
    Ok(response)
}

/// The status and the body of a response.
fn parse(response: &[u8]) -> Option<(u16, &[u8])> {
    const BLANK_LINE: &[u8] = b"\r\n\r\n";
    let end = response.windows(BLANK_LINE.len()).position(|bytes| bytes == BLANK_LINE)?;
    let head = std::str::from_utf8(&response[..end]).ok()?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.trim_end().parse().ok()?;
    Some((status, &response[end + BLANK_LINE.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_and_body_are_parsed() {
        let response = b"HTTP/1.0 200 OK\r\ncontent-length: 4\r\n\r\na\r\n\r\n";
        assert_eq!(parse(response), Some((200, b"a\r\n\r\n".as_slice())));
        assert_eq!(parse(b"HTTP/1.1 404\r\n\r\n"), Some((404, b"".as_slice())));
        assert_eq!(parse(b"HTTP/1.0 200 OK\r\ncontent"), None);
        assert_eq!(parse(b"SSH-2.0-x\r\n\r\n"), None);
    }

    #[tokio::test]
    async fn an_address_where_nobody_listens_is_an_error() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let error = send(&free.to_string(), "GET", "/journal", None).await.unwrap_err();
        assert!(error.to_string().contains("GET /journal was not answered"), "{error}");
    }
}
