//! The program: its one line, its errors, its end; and the life of the handle.

use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

use flink_emulator::{Emulator, StartError};

use crate::client::{Connection, Request, object, with_openai};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_flink-emulator"))
}

fn failed(arguments: &[&str]) -> (Output, String) {
    let output = program().args(arguments).output().unwrap();
    assert!(!output.status.success());
    let message = String::from_utf8(output.stderr.clone()).unwrap();
    (output, message)
}

#[cfg(unix)]
#[test]
fn says_where_it_is_and_ends_when_asked_to() {
    for signal in ["-INT", "-TERM"] {
        let mut child = program().stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("http://127.0.0.1:"), "{line}");
        assert!(line.contains("FLINK_REST_ENDPOINT='http://127.0.0.1:"), "{line}");
        assert!(line.contains("/flink/{cloud}/{region}' FLINK_API_KEY=any"), "{line}");
        let id = child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        assert!(child.wait().unwrap().success(), "{signal}");
    }
}

#[cfg(unix)]
#[test]
fn writes_down_whom_to_trust_and_plays_what_it_was_told() {
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("ca.pem");
    let fault = r#"{"times": 1, "fault": "gzip"}"#;
    let arguments = ["--fault", fault, "--fault", r#"{"fault": "stale"}"#, "--tls"];
    let mut child =
        program().args(arguments).arg(&authority).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("listening on https://127.0.0.1:"), "{line}");
    assert!(line.contains(&format!("FLINK_CA_BUNDLE='{}'", authority.display())), "{line}");
    let pem = std::fs::read_to_string(&authority).unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\n"), "{pem}");
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(child.wait().unwrap().success());

    let (_, message) = failed(&["--tls", "/nowhere/ca.pem"]);
    assert!(message.contains("cannot write /nowhere/ca.pem"), "{message}");
    let (_, message) = failed(&["--fault", r#"{"fault": {"answer": {"status": 42}}}"#]);
    assert!(message.contains("/fault/answer/status: an answer has a status"), "{message}");
}

#[test]
fn an_address_that_is_taken_is_a_clear_error() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (output, message) = failed(&["--listen", &address]);
    assert_eq!(output.status.code(), Some(1));
    assert!(message.contains(&format!("cannot listen on {address}")), "{message}");
}

#[test]
fn a_malformed_flag_is_a_clear_error_that_repeats_no_secret() {
    let (_, message) = failed(&["--listen", "nowhere"]);
    assert!(message.contains("--listen"), "{message}");
    let (_, message) = failed(&["--require-key", "s3cret"]);
    assert!(message.contains("KEY:SECRET") && !message.contains("s3cret"), "{message}");
}

#[tokio::test]
async fn hangs_up_when_it_is_stopped_or_dropped() {
    for stopped in [true, false] {
        let emulator = with_openai().await;
        let mut idle = Connection::open(&emulator).await;
        assert_eq!(idle.send(&Request::get(&object("openai"))).await.status, 200);
        if stopped {
            emulator.stop().await;
        } else {
            drop(emulator);
        }
        idle.closed().await;
    }
}

#[tokio::test]
async fn two_cannot_listen_on_one_address() {
    let first = Emulator::start().await;
    let second = Emulator::builder().listen(first.address()).start().await;
    assert!(matches!(second, Err(StartError::Listen { .. })));
}

#[tokio::test]
async fn a_seed_makes_two_runs_alike() {
    let mut answers = Vec::new();
    for _ in 0..2 {
        let emulator = Emulator::builder().seed(7).start().await.unwrap();
        let answer = Request::get("/nowhere").send(&emulator).await;
        answers.push(answer.header("x-request-id").unwrap().to_owned());
    }
    assert_eq!(answers[0], answers[1]);
}
