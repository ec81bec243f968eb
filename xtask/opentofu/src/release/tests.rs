//! Fetching from a server on this machine that has one release, in various
//! states of health.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;

use tempfile::TempDir;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;

const PLATFORM: &str = "plan9_amd64";
const PROGRAM: &[u8] = b"#!/bin/sh\necho OpenTofu v1.12.6\n";

/// The files of a release. `None` is a file that is not there.
struct Served {
    sums: Option<String>,
    archive: Option<Vec<u8>>,
    /// How much of the archive is sent of what its length promises.
    cut: usize,
}

/// A release in which all is well.
fn healthy() -> Served {
    let archive = archive(&platform::executable("tofu"));
    let sums = checksum::line("tofu_1.12.6_other.zip", b"other")
        + &checksum::line(&format!("tofu_{VERSION}_{PLATFORM}.zip"), &archive);
    Served { sums: Some(sums), archive: Some(archive), cut: 0 }
}

fn archive(name: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [("LICENSE", b"terms".as_slice()), (name, PROGRAM)] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Serves the release and fetches it; what comes of it, and the folder.
async fn fetched(served: Served) -> (Outcome<PathBuf>, TempDir) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let site = format!("http://{}", listener.local_addr().unwrap());
    // Ends with the test: there is nobody to wait for it.
    thread::spawn(move || listener.incoming().try_for_each(|stream| answer(stream?, &served)));
    let folder = tempfile::tempdir().unwrap();
    let outcome = fetch(&site, PLATFORM, &folder.path().join("below")).await;
    (outcome, folder)
}

/// Answers one request and hangs up.
fn answer(mut stream: std::net::TcpStream, served: &Served) -> io::Result<()> {
    let lines = BufReader::new(&stream).lines().map_while(Result::ok);
    let request: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let path = request[0].split(' ').nth(1).unwrap();
    let archive_path = format!("/v{VERSION}/tofu_{VERSION}_{PLATFORM}.zip");
    let sums_path = format!("/v{VERSION}/tofu_{VERSION}_SHA256SUMS");
    let file = match path {
        _ if path == sums_path => served.sums.clone().map(String::into_bytes),
        _ if path == archive_path => served.archive.clone(),
        _ => None,
    };
    let Some(file) = file else {
        return stream.write_all(
            b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        );
    };
    let sent = if path == archive_path { file.len() - served.cut } else { file.len() };
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", file.len());
    stream.write_all(head.as_bytes())?;
    stream.write_all(&file[..sent])
}

/// The error, where nothing was left behind.
async fn refused(served: Served) -> String {
    let (outcome, folder) = fetched(served).await;
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    outcome.unwrap_err().to_string()
}

#[tokio::test]
async fn the_right_archive_becomes_a_program() {
    let (outcome, folder) = fetched(healthy()).await;
    let path = outcome.unwrap();
    assert_eq!(fs::read(&path).unwrap(), PROGRAM);
    assert_eq!(super::fetched(&folder.path().join("below")), Some(path.clone()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o755);
    }
}

#[tokio::test]
async fn a_program_that_was_not_fetched_is_not_found() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(super::fetched(folder.path()), None);
}

#[tokio::test]
async fn an_archive_with_another_checksum_is_not_unpacked() {
    let mut served = healthy();
    let altered = served.archive.as_mut().unwrap();
    *altered.last_mut().unwrap() ^= 1;
    let seen = checksum::of(altered);
    let error = refused(served).await;
    assert!(error.contains(&seen) && error.contains("thrown away"), "{error}");
}

#[tokio::test]
async fn an_archive_without_a_checksum_is_not_fetched() {
    let sums = checksum::line("tofu_1.12.6_other.zip", b"other");
    let error = refused(Served { sums: Some(sums), ..healthy() }).await;
    assert!(error.contains(&format!("no checksum of tofu_{VERSION}_{PLATFORM}.zip")), "{error}");
}

#[tokio::test]
async fn a_download_that_breaks_off_is_an_error() {
    let error = refused(Served { cut: 10, ..healthy() }).await;
    assert!(error.contains("broke off"), "{error}");
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named() {
    let error = refused(Served { archive: None, ..healthy() }).await;
    assert!(error.contains(&format!("{PLATFORM}.zip answers 404")), "{error}");
    let error = refused(Served { sums: None, ..healthy() }).await;
    assert!(error.contains("SHA256SUMS answers 404"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = fetch(&format!("http://{free}"), PLATFORM, folder.path()).await.unwrap_err();
    assert!(error.to_string().contains("does not answer"), "{error}");
}

#[tokio::test]
async fn an_archive_without_the_program_is_an_error() {
    let archive = archive("readme.txt");
    let sums = checksum::line(&format!("tofu_{VERSION}_{PLATFORM}.zip"), &archive);
    refused(Served { sums: Some(sums), archive: Some(archive), cut: 0 }).await;
}
