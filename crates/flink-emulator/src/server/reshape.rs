//! Broken bodies: cut, slow, or compressed without a header.

use std::io::{self, Write};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::CONTENT_LENGTH;
use axum::http::response::Parts;
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;

/// Ends in the middle of the body.
pub(super) async fn cut(response: Response, chunked: bool) -> Response {
    let (mut parts, body) = taken_apart(response).await;
    if !chunked {
        // An empty body too is announced as longer than it is.
        parts.headers.insert(CONTENT_LENGTH, body.len().max(1).into());
    }
    let pieces = stream::unfold(Some(body.slice(..body.len() / 2)), async |left| match left {
        Some(piece) if !piece.is_empty() => Some((Ok(piece), Some(Bytes::new()))),
        Some(_) => {
            // The writer can send the piece before the error.
            tokio::task::yield_now().await;
            Some((Err(io::Error::from(io::ErrorKind::BrokenPipe)), None))
        }
        None => None,
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}

/// Sends the body in pieces of so many bytes, with a pause between them.
pub(super) async fn drip(response: Response, bytes: usize, milliseconds: u64) -> Response {
    let (mut parts, body) = taken_apart(response).await;
    parts.headers.insert(CONTENT_LENGTH, body.len().into());
    let pause = Duration::from_millis(milliseconds);
    let pieces = stream::unfold((body, false), move |(mut left, has_begun)| async move {
        if left.is_empty() {
            return None;
        }
        if has_begun {
            tokio::time::sleep(pause).await;
        }
        let piece = left.split_to(bytes.min(left.len()));
        Some((Ok::<_, io::Error>(piece), (left, true)))
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}

/// Compresses the body without a header that says so.
pub(super) async fn gzip(response: Response) -> Response {
    let (parts, body) = taken_apart(response).await;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(&body).and_then(|()| encoder.finish());
    let compressed = written.expect("memory takes what is written to it");
    Response::from_parts(parts, Body::from(compressed))
}

/// The head without a length, and the whole body.
async fn taken_apart(response: Response) -> (Parts, Bytes) {
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    let body = to_bytes(body, usize::MAX).await;
    (parts, body.expect("the server's own bodies are in memory"))
}
