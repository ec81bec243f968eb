//! Responses to single calls, byte for byte as they come from the socket: heads, compressed
//! bodies, refusals of the API and of third parties, tokens.
//!
//! The first part of an input is the name of a call, each other part a response. After the
//! last one the server closes the connection.

use std::sync::OnceLock;

use flink_client::{AuthData, ConnectionSpec, Connections, Credentials, Error, OAuth};

use super::parts;
use super::server::{IN_THE_HEADER, KEY_SECRET, Server, assert_decent, place};

const NAME: &str = "openai";
const ENDPOINT: &str = "https://api.openai.com/v1";
const API_KEY: &str = "planted-api-key";
const CLIENT_SECRET: &str = "planted-client-secret";

/// Makes a call.
pub fn run(input: &[u8]) {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let server = SERVER.get_or_init(Server::start);
    let [call, answers @ ..] = &*parts(input) else { return };
    let connections = match *call {
        b"token" => with_token(server),
        _ => server.client().connections(&place()),
    };
    let answers = answers.iter().map(|answer| answer.to_vec());
    let (outcome, _) = server.play(answers, ask(call, &connections));
    if let Err(error) = outcome {
        assert_decent(&error, secrets(call, &error));
    }
}

async fn ask(call: &[u8], connections: &Connections) -> Result<(), Error> {
    match call {
        b"find" | b"token" => {
            let found = connections.find(NAME).await?;
            assert!(found.is_none_or(|found| found.name == NAME), "another connection");
        }
        b"create" => {
            connections.create(&spec()).await?;
        }
        b"update" => {
            connections.update(&spec(), Some("1")).await?;
        }
        b"delete" => connections.delete(NAME).await?,
        _ => {}
    }
    Ok(())
}

/// The secrets of the request that an error is about.
fn secrets(call: &[u8], error: &Error) -> &'static [&'static str] {
    match call {
        b"create" | b"update" => &[API_KEY, KEY_SECRET, IN_THE_HEADER],
        b"token" if error.to_string().starts_with("POST /token") => &[CLIENT_SECRET],
        // The input has made up the token.
        b"token" => &[],
        _ => &[KEY_SECRET, IN_THE_HEADER],
    }
}

fn spec() -> ConnectionSpec {
    ConnectionSpec {
        name: NAME.to_owned(),
        connection_type: "OPENAI".to_owned(),
        endpoint: ENDPOINT.to_owned(),
        auth_data: AuthData::new().secret("API_KEY", API_KEY),
    }
}

/// The connections of a client that has to fetch a token first.
fn with_token(server: &Server) -> Connections {
    let oauth = Credentials::oauth(OAuth {
        token_url: server.url("/token"),
        client_id: "id".to_owned(),
        client_secret: CLIENT_SECRET.into(),
        scope: None,
        identity_pool_id: "pool-1".to_owned(),
        sts_expires_in: None,
    });
    let client = server.builder().credentials(oauth).build().expect("settings of a client");
    client.connections(&place())
}
