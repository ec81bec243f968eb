//! Bodies that are cut, slow, or compressed without a header.

use std::io::Read;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use flink_emulator::{Emulator, Fault};

use super::{get, holds, post};
use crate::client::{Request, object, rotation, with_openai};

const WHILE: Duration = Duration::from_millis(20);

/// Head and body of a response, up to the end of the connection.
async fn halves(request: &Request, emulator: &Emulator) -> (String, Vec<u8>) {
    let bytes = request.bytes_of_response(emulator).await;
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    (String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase(), bytes[end..].to_vec())
}

fn announced(head: &str) -> Option<usize> {
    let line = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    line.map(|length| length.parse().unwrap())
}

fn decompressed(body: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(body).read_to_string(&mut text).unwrap();
    text
}

async fn playing(fault: Fault) -> Emulator {
    let emulator = with_openai().await;
    emulator.faults().add(fault);
    emulator
}

#[tokio::test]
async fn cuts_a_body_below_its_announced_length() {
    let whole = get().send(&with_openai().await).await.text.len();
    let emulator = playing(Fault::cut()).await;
    let (head, body) = halves(&get(), &emulator).await;
    assert!(head.starts_with("http/1.1 200 "), "{head}");
    assert_eq!((announced(&head), body.len()), (Some(whole), whole / 2));
    let put = Request::put(&object("openai"), &rotation("openai", "s3cret-2"));
    let (head, body) = halves(&put, &emulator).await;
    assert_eq!((announced(&head), body.len()), (Some(1), 0), "an empty body is cut too");
}

#[tokio::test]
async fn sends_a_chunk_without_the_end() {
    let emulator = playing(Fault::cut_chunked()).await;
    let (head, body) = halves(&post(), &emulator).await;
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    assert_eq!(announced(&head), None);
    let text = String::from_utf8(body).unwrap();
    let (length, chunk) = text.split_once("\r\n").unwrap();
    let length = usize::from_str_radix(length, 16).unwrap();
    assert_eq!(chunk.len(), length + "\r\n".len(), "one chunk, and nothing after it");
    assert!(chunk.starts_with("{\n  \"api_version\""), "{chunk}");
    assert!(holds(&emulator, "new"), "the work was done");
}

#[tokio::test]
async fn sends_a_body_in_pieces() {
    let whole = get().send(&with_openai().await).await.text;
    let piece = whole.len().div_ceil(4);
    let emulator = playing(Fault::drip(piece, WHILE)).await;
    let begin = Instant::now();
    let answer = get().send(&emulator).await;
    assert!(begin.elapsed() >= 3 * WHILE, "there are three pauses");
    assert_eq!(answer.json()["name"], "openai");
    assert_eq!(answer.text.len(), whole.len());
}

#[tokio::test]
async fn compresses_without_a_header() {
    let emulator = playing(Fault::gzip()).await;
    let (head, body) = halves(&get(), &emulator).await;
    assert!(!head.contains("content-encoding"), "{head}");
    assert!(head.contains("content-type: application/json"), "{head}");
    assert_eq!(announced(&head), Some(body.len()));
    assert!(decompressed(&body).contains(r#""name": "openai""#));
    let (head, body) = halves(&Request::get(&object("absent")), &emulator).await;
    assert!(head.starts_with("http/1.1 404 "), "{head}");
    assert!(decompressed(&body).contains("errors"), "failures are compressed with the rest");
}

#[tokio::test]
async fn leaves_a_response_without_a_body_alone() {
    for fault in [Fault::cut(), Fault::cut_chunked(), Fault::gzip(), Fault::drip(1, WHILE)] {
        let emulator = playing(fault).await;
        emulator.settings(|settings| settings.delete_status = 204);
        let (head, body) = halves(&Request::delete(&object("openai")), &emulator).await;
        assert!(head.starts_with("http/1.1 204 "), "{head}");
        assert_eq!((announced(&head), body.len()), (None, 0), "{head}");
    }
}
