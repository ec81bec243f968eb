//! A server that speaks HTTP/2, as far as one response with a large head needs it.
//!
//! Specification: RFC 9113, sections 4 and 6; RFC 7541, section 6.

use std::net::SocketAddr;

use flink_client::{Client, Connection, Credentials};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::tls::{AUTHORITY, acceptor};
use crate::{NAME, place};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

#[tokio::test]
async fn names_the_head_that_is_too_large() {
    let error = find(serve(60).await).await.unwrap_err().to_string();
    assert!(error.contains("something that is no connection"), "{error}");
    for headers in [64, 90, 200, 2000] {
        let error = find(serve(headers).await).await.unwrap_err().to_string();
        assert!(error.contains("more headers than this client reads, which is 64 KB"), "{error}");
    }
}

async fn find(address: SocketAddr) -> flink_client::Result<Option<Connection>> {
    let client = Client::builder()
        .rest_endpoint(format!("https://{address}"))
        .credentials(Credentials::basic("KEY", "planted-key-secret"))
        .ca_bundle_pem(AUTHORITY)
        .no_proxy()
        .max_retries(0)
        .build()
        .unwrap();
    client.connections(&place()).find(NAME).await
}

/// Responds to one request with so many headers of a thousand bytes.
async fn serve(headers: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = acceptor(&[b"h2"]).accept(stream).await.unwrap();
        await_request(&mut stream).await;
        answer(&mut stream, headers).await;
        // Until the client has enough of it.
        let _ = stream.read_to_end(&mut Vec::new()).await;
    });
    address
}

async fn await_request(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) {
    let mut preface = [0; PREFACE.len()];
    stream.read_exact(&mut preface).await.unwrap();
    assert_eq!(preface, PREFACE);
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await.unwrap();
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await.unwrap();
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        stream.read_exact(&mut vec![0; length as usize]).await.unwrap();
        if head[3] == HEADERS {
            return;
        }
    }
}

/// The head comes in pieces, each of which is as large as any may be.
async fn answer(stream: &mut (impl AsyncWrite + Unpin), headers: usize) {
    // Status 200 has a number. A header is neither numbered nor packed: the length of
    // its name, the name, and the length of its value in three bytes, which is 1000.
    let mut block = vec![0x88];
    for _ in 0..headers {
        block.extend([0x00, 1, b'x', 0x7f, 0xe9, 0x06]);
        block.extend([b'y'; 1000]);
    }
    let pieces: Vec<&[u8]> = block.chunks(16 << 10).collect();
    for (position, piece) in pieces.iter().enumerate() {
        let (kind, begins) = if position == 0 { (HEADERS, END_STREAM) } else { (CONTINUATION, 0) };
        let ends = if position + 1 == pieces.len() { END_HEADERS } else { 0 };
        // The client may have gone.
        let _ = stream.write_all(&frame(kind, begins | ends, 1, piece)).await;
    }
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}
