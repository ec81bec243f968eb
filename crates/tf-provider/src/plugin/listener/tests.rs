//! Listeners on real sockets: who may open them, where they end up, what stays behind.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::net::{TcpStream, UnixStream};

use super::*;

fn placement(directories: &[&Path]) -> Placement {
    Placement {
        directories: directories.iter().map(|path| path.to_path_buf()).collect(),
        group: None,
        ports: 0..=0,
    }
}

fn entries(directory: &TempDir) -> Vec<PathBuf> {
    fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn only_the_owner_may_open_the_socket() {
    let directory = TempDir::new().unwrap();
    let (listener, endpoint) = Listener::bind(&placement(&[directory.path()])).unwrap();

    assert_eq!(endpoint.network(), "unix");
    let metadata = fs::metadata(endpoint.address()).unwrap();
    assert!(metadata.file_type().is_socket());
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    let (client, _server) =
        tokio::join!(UnixStream::connect(endpoint.address()), listener.accept());
    client.unwrap();
}

#[tokio::test]
async fn leaves_nothing_behind() {
    let directory = TempDir::new().unwrap();
    let (_listener, endpoint) = Listener::bind(&placement(&[directory.path()])).unwrap();
    assert_eq!(entries(&directory), [PathBuf::from(endpoint.address())]);
    drop(endpoint);
    assert!(entries(&directory).is_empty());
}

#[tokio::test]
async fn a_group_may_be_let_in() {
    let directory = TempDir::new().unwrap();
    let own_group = fs::metadata(directory.path()).unwrap().gid();
    let mut placement = placement(&[directory.path()]);
    placement.group = Some(own_group.to_string());
    let (_listener, endpoint) = Listener::bind(&placement).unwrap();

    let metadata = fs::metadata(endpoint.address()).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o660);
    assert_eq!(metadata.gid(), own_group);
}

#[tokio::test]
async fn avoids_a_directory_with_a_long_path() {
    let long = TempDir::with_prefix("x".repeat(100)).unwrap();
    let short = TempDir::new().unwrap();
    let (_listener, endpoint) = Listener::bind(&placement(&[long.path(), short.path()])).unwrap();

    assert_eq!(Path::new(&endpoint.address()).parent(), Some(short.path()));
    assert!(entries(&long).is_empty());
}

#[tokio::test]
async fn falls_back_to_tcp() {
    let missing = Path::new("/nowhere/at/all");
    let (listener, endpoint) = Listener::bind(&placement(&[missing])).unwrap();

    assert_eq!(endpoint.network(), "tcp");
    assert!(endpoint.address().starts_with("127.0.0.1:"));
    let (client, _server) = tokio::join!(TcpStream::connect(endpoint.address()), listener.accept());
    client.unwrap();
}

#[tokio::test]
async fn takes_the_first_free_port_of_the_range() {
    let taken = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let last = port.saturating_add(50);

    let error = bind_tcp(port..=port).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    let (_listener, endpoint) = bind_tcp(port..=last).unwrap();
    let Endpoint::Tcp(address) = endpoint else { panic!("not TCP") };
    assert!(port < address.port() && address.port() <= last);
}
