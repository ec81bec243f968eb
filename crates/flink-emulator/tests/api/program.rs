//! The program: its output, its errors and its end; and the end of the handle.

use std::process::Command;

use crate::client::{Connection, Request, object, with_openai};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_flink-emulator"))
}

#[test]
fn reports_a_wrong_argument_without_repeating_a_secret() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (flag, value, reason) in [
        ("--tls", "/nowhere/ca.pem", "cannot write /nowhere/ca.pem"),
        ("--fault", r#"{"fault": {"answer": {"status": 42}}}"#, "/fault/answer/status: "),
        ("--listen", &address, &format!("cannot listen on {address}")),
        ("--listen", "nowhere", "--listen"),
        ("--require-key", "s3cret", "KEY:SECRET"),
    ] {
        let output = program().args([flag, value]).output().unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && message.contains(reason), "{message}");
        assert!(!message.contains("s3cret"), "{message}");
    }
}

#[tokio::test]
async fn closes_connections_when_it_is_stopped_or_dropped() {
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

#[cfg(unix)]
mod while_it_runs {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpStream;
    use std::process::{Child, Command, Stdio};

    use super::program;
    use crate::client::DEADLINE;

    /// The program while it runs, and what it prints. It does not outlive a test
    /// that fails.
    struct Running {
        child: Child,
        url: String,
        lines: Vec<String>,
    }

    impl Running {
        fn with(arguments: &[&str]) -> Self {
            let mut child = program().args(arguments).stdout(Stdio::piped()).spawn().unwrap();
            let output = BufReader::new(child.stdout.take().unwrap());
            let mut lines = output.lines().map(Result::unwrap);
            let first = lines.next().unwrap();
            let url = first.strip_prefix("listening on ").expect(&first).to_owned();
            // The journal's address is the last line.
            let last = format!("curl {url}/control/journal");
            let lines = lines.take_while(|line| *line != last).collect();
            Self { child, url, lines }
        }

        fn ends_after(mut self, signal: &str) {
            let id = self.child.id().to_string();
            assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
            assert!(self.child.wait().unwrap().success(), "{signal}");
        }
    }

    impl Drop for Running {
        fn drop(&mut self) {
            // Where it has ended already there is nothing to kill.
            let _ = self.child.kill();
        }
    }

    #[test]
    fn prints_its_address_and_ends_on_a_signal() {
        for signal in ["-INT", "-TERM"] {
            let running = Running::with(&[]);
            let Running { url, lines, .. } = &running;
            assert!(url.starts_with("http://127.0.0.1:"), "{url}");
            let exports: Vec<_> = lines.iter().filter(|line| line.starts_with("export ")).collect();
            let endpoint = format!("export FLINK_REST_ENDPOINT='{url}/flink/{{cloud}}/{{region}}'");
            let keys = ["export FLINK_API_KEY='any'", "export FLINK_API_SECRET='any'"];
            assert_eq!(exports, [&endpoint, keys[0], keys[1]]);
            running.ends_after(signal);
        }
    }

    #[test]
    fn writes_the_authority_to_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let authority = folder.path().join("ca.pem");
        let path = authority.to_str().unwrap();
        let running = Running::with(&["--tls", path]);
        let Running { url, lines, .. } = &running;
        assert!(url.starts_with("https://127.0.0.1:"), "{url}");
        assert!(lines.contains(&format!("export FLINK_CA_BUNDLE='{path}'")), "{lines:?}");
        let pem = std::fs::read_to_string(&authority).unwrap();
        assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\n"), "{pem}");
        running.ends_after("-TERM");
    }

    #[test]
    fn adds_the_faults_of_its_flags() {
        let faults = [r#"{"times": 1, "fault": {"drop": "before"}}"#, r#"{"fault": "gzip"}"#];
        let running = Running::with(&["--fault", faults[0], "--fault", faults[1]]);
        let address = running.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        let request = "GET /control/faults HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.contains(r#""drop": "before""#) && answer.contains(r#""gzip""#), "{answer}");
        running.ends_after("-TERM");
    }
}
