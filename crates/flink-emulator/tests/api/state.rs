//! The state file: its objects, its permissions and its errors.

use std::fs;

use flink_emulator::{Bump, Emulator, Place, StartError, Status};

use crate::client::{COLLECTION, Request, creation, object, openai, place, rotation};

#[tokio::test]
async fn keeps_connections_beyond_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let emulator = Emulator::builder().state_file(&path).start().await.unwrap();
    assert!(!path.exists(), "nothing has changed yet");
    Request::post(COLLECTION, &creation("openai")).send(&emulator).await;
    let west = Place { region: "us-west-2".to_owned(), ..place() };
    emulator.connections(&west).insert(openai("other")).unwrap();
    let status = Status::new("INVALID_AUTH").detail("401");
    emulator.connections(&west).set_status("other", status, Bump::Version).unwrap();
    emulator.connections(&west).insert(openai("gone")).unwrap();
    emulator.connections(&west).delete("gone");
    let before = emulator.all_connections();
    emulator.stop().await;

    let emulator = Emulator::builder().state_file(&path).start().await.unwrap();
    assert_eq!(emulator.all_connections(), before);
    assert!(emulator.connections(&place()).holds("openai", "API_KEY", "s3cret"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no file is left beside it");
}

#[cfg(unix)]
#[tokio::test]
async fn lets_only_its_owner_read_it() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    fs::write(&path, r#"{"version":1,"connections":[]}"#).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let emulator = Emulator::builder().state_file(&path).start().await.unwrap();
    emulator.connections(&place()).insert(openai("openai")).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn reports_a_broken_file_and_leaves_it_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let place = r#"{"organization":"o","environment":"e","cloud":"c","region":"r"}"#;
    let record = format!(
        r#"{{"place":{place},"name":"twice","connection_type":"OPENAI","endpoint":"e",
            "credentials":{{"API_KEY":"s3cret"}},"uid":"u","resource_version":"v",
            "created_at":"2025-08-01T12:00:00Z","updated_at":"2025-08-01T12:00:00Z","status":null}}"#
    );
    for (broken, reason) in [
        (String::new(), "line 1"),
        ("s3cret".to_owned(), "line 1"),
        (r#"{"version":1,"connections":"s3cret"}"#.to_owned(), "its connections"),
        (r#"{"version":1,"connections":["s3cret"]}"#.to_owned(), "its connections"),
        (r#"{"version":1,"s3cret":[]}"#.to_owned(), "unknown section"),
        (r#"{"version":9,"connections":[]}"#.to_owned(), "format 9"),
        (format!(r#"{{"version":1,"connections":[{record},{record}]}}"#), "'twice'"),
        (
            format!(r#"{{"version":1,"connections":[{}]}}"#, record.replace("12:00", "noon")),
            "its connections",
        ),
    ] {
        fs::write(&path, &broken).unwrap();
        let error = Emulator::builder().state_file(&path).start().await.unwrap_err();
        assert!(matches!(error, StartError::State(_)));
        let message = error.to_string();
        assert!(message.contains("state.json") && message.contains(reason), "{message}");
        assert!(!message.contains("s3cret"), "{message}");
        assert_eq!(fs::read_to_string(&path).unwrap(), broken);
    }
}

#[tokio::test]
async fn reports_an_absent_folder_at_the_start() {
    let error = Emulator::builder().state_file("/nowhere/state.json").start().await.unwrap_err();
    assert!(error.to_string().contains("/nowhere"), "{error}");
}

#[tokio::test]
async fn refuses_a_change_that_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let emulator = Emulator::builder().state_file(&path).start().await.unwrap();
    let kept = emulator.connections(&place()).insert(openai("kept")).unwrap();
    folder.close().unwrap();
    Request::post(COLLECTION, &creation("openai")).send(&emulator).await.failure(500);
    Request::get(&object("openai")).send(&emulator).await.failure(404);
    Request::put(&object("kept"), &rotation("kept", "v")).send(&emulator).await.failure(500);
    assert!(!emulator.connections(&place()).delete("kept"));
    assert_eq!(emulator.all_connections(), [kept]);
}
