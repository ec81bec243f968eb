//! A server that speaks HTTP/2 and responds with a large head.

use std::convert::Infallible;

use flink_client::{Client, Credentials};
use http::Response;
use http::header::{HeaderValue, SERVER};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use tokio::net::TcpListener;

use crate::tls::{AUTHORITY, acceptor};
use crate::{NAME, place};

#[tokio::test]
async fn names_the_head_that_is_too_large() {
    let error = find(60).await;
    assert!(error.contains("something that is no connection"), "{error}");
    for headers in [64, 90, 200, 2000] {
        let error = find(headers).await;
        assert!(error.contains("more headers than this client reads, which is 64 KB"), "{error}");
    }
}

/// The error of a read whose response has so many headers of a thousand bytes.
async fn find(headers: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let stream = TokioIo::new(acceptor(&[b"h2"]).accept(stream).await.unwrap());
        let respond = hyper::service::service_fn(|_| async move {
            let mut value = HeaderValue::from_str(&"y".repeat(1000)).unwrap();
            // Sensitive headers are sent anew each time.
            value.set_sensitive(true);
            let mut response = Response::new(String::new());
            response.headers_mut().extend((0..headers).map(|_| (SERVER, value.clone())));
            Ok::<_, Infallible>(response)
        });
        // The client may disconnect first.
        let _ = Builder::new(TokioExecutor::new()).serve_connection(stream, respond).await;
    });
    let client = Client::builder()
        .rest_endpoint(format!("https://{address}"))
        .credentials(Credentials::basic("KEY", "planted-key-secret"))
        .ca_bundle_pem(AUTHORITY)
        .no_proxy()
        .max_retries(0)
        .build()
        .unwrap();
    client.connections(&place()).find(NAME).await.unwrap_err().to_string()
}
