//! A local emulator of the REST API of Confluent Cloud for Apache Flink.
//!
//! The emulator behaves like the real service, as far as its API description
//! (`sql/v1` connections, `org/v2`, `fcpm/v2` regions, `sts/v1`) and its
//! documentation define that. It is strict: it refuses a field, a status or a rule
//! that the description does not have. It is written from the description alone
//! and shares no code with a client, so that a client's mistake fails a test.
//!
//! Two kinds of objects have their routes once for all nouns. An object of a place,
//! such as a connection, is a `Noun` (`object`): it says what its JSON is and what
//! may change, and the store and the routes do the rest. An object of the control
//! plane, such as a region, is `Listed` (`control_plane`) and can only be read.
//!
//! # In a test
//!
//! ```
//! use flink_emulator::{Emulator, Method, NewConnection, Place};
//!
//! # async fn example() -> Result<(), flink_emulator::Refusal> {
//! let emulator = Emulator::start().await;
//! emulator.settings(|settings| settings.update_answers_with_body = true);
//!
//! // Give `emulator.rest_endpoint_template()` to the client under test, then:
//! let place = Place::new("00000000-0000-4000-8000-000000000001", "env-1", "aws", "us-east-1");
//! let connections = emulator.connections(&place);
//! connections.insert(
//!     NewConnection::new("openai", "OPENAI", "https://api.openai.com/v1/chat/completions")
//!         .credential("API_KEY", "secret"),
//! )?;
//! assert!(connections.holds("openai", "API_KEY", "secret"));
//! assert!(connections.delete("openai"));
//! assert_eq!(emulator.journal().count(Method::POST, "/connections"), 0);
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```
//!
//! # As a program
//!
//! ```text
//! flink-emulator [--listen 127.0.0.1:8080] [--state FILE] [--require-key KEY:SECRET]...
//!                [--tls FILE] [--fault JSON]...
//! ```
//!
//! Its first line of output is `listening on URL`. The lines that follow are for a
//! shell: the variables to export for a client, and the URLs of the control API.
//!
//! With `--tls` it speaks HTTPS and writes the certificate of the authority that
//! clients must trust to the file. It speaks HTTP/2 with a client that asks for it.
//! Each JSON body is indented.
//!
//! # Paths
//!
//! | path | service |
//! |---|---|
//! | `/flink/{cloud}/{region}/sql/v1/…` | the gateway of a region |
//! | `/flink-private/{cloud}/{region}/sql/v1/…` | the same, as its private endpoint |
//! | `/sql/v1/…` | the gateway of the region that the host names (`flink.{region}.{cloud}.…`), or else of the default region |
//! | `/org/v2/…`, `/fcpm/v2/regions` | the control plane |
//! | `/sts/v1/oauth2/token` | the security token service |
//! | `/oauth/token` | an identity provider |
//! | `/control/…` | the control API, below |
//!
//! Every request needs credentials; by default any API key is valid. A token of
//! the identity provider is valid on the gateway, together with the header
//! `confluent-identity-pool-id`. The token that the security token service gives
//! for it is valid on the control plane.
//!
//! The regions, organizations and environments of the control plane are in
//! [`Settings`].
//!
//! # Faults
//!
//! The emulator can lose responses, delay them, refuse requests and close
//! connections. Each rule says which requests it picks, and its effect on them:
//!
//! ```
//! # use std::time::Duration;
//! # use flink_emulator::{Announce, Answer, Emulator, Fault, Method};
//! # async fn example() {
//! # let emulator = Emulator::start().await;
//! let faults = emulator.faults();
//! faults.add(Fault::delay(Duration::from_millis(50)));
//! faults.add(Fault::drop_after().on(Method::POST, "*/connections").times(1));
//! faults.add(Fault::page(502).path("*/sql/v1/*").skip(10).times(2));
//! faults.add(Fault::answer(Answer::status(429).header("Retry-After", "1")).probability(0.1));
//! faults.add(Fault::rate_limit(10, Duration::from_secs(1), Announce::Everything));
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example());
//! ```
//!
//! Rules are tried in their order. Delays add up; a rule with any other effect is
//! the last one tried. A pattern is compared with the whole path as it was sent,
//! and `*` stands for any text:
//!
//! | pattern | requests |
//! |---|---|
//! | `*/connections` | the list of connections; with `POST`, their creation |
//! | `*/connections/openai` | one connection |
//! | `*/sql/v1/*` | anything of a gateway |
//! | `*/oauth*/token` | the two token services |
//!
//! No rule picks a request of the control API. As JSON a rule has the fields
//! `method`, `path`, `skip`, `times`, `probability`, `seed`, all optional,
//! and `fault`, which is one of:
//!
//! | `"fault":` | library |
//! |---|---|
//! | `{"delay": {"milliseconds": 50}}` | [`Fault::delay`]; with `"when": "before"` [`Fault::delay_before`] |
//! | `{"drop": "before"}`, `{"drop": "after"}` | [`Fault::drop_before`], [`Fault::drop_after`] |
//! | `{"answer": {"status": 503}}` | [`Fault::status`]; with `"when": "after"` [`Fault::status_after`] |
//! | `{"answer": {"status": 429, "headers": {"retry-after": "1"}, "body": ""}}` | [`Fault::answer`] |
//! | `{"cut": {}}`, `{"cut": {"chunked": true}}` | [`Fault::cut`], [`Fault::cut_chunked`] |
//! | `{"drip": {"bytes": 16, "milliseconds": 100}}` | [`Fault::drip`] |
//! | `"gzip"` | [`Fault::gzip`] |
//! | `"stale"` | [`Fault::stale`] |
//! | `{"rate_limit": {"requests": 10, "milliseconds": 1000}}` | [`Fault::rate_limit`] |
//!
//! The limit of TCP connections and the certificate of the server are in
//! [`Settings`].
//!
//! # Control API
//!
//! It does over HTTP what the library does by methods, asks for no credentials and
//! never shows a secret. `PLACE` stands for
//! `{organization}/{environment}/{cloud}/{region}`.
//!
//! | request to `/control` | library | effect |
//! |---|---|---|
//! | `GET`, `DELETE /journal` | [`Emulator::journal`] | shows, removes the requests received |
//! | `GET /counts` | [`Journal::counts`] | shows the counts since they were last removed |
//! | `GET`, `POST`, `DELETE /faults` | [`Emulator::faults`] | shows, adds one, removes all rules of faults |
//! | `GET /connections` | [`Emulator::all_connections`] | shows all connections, with the names of their credential keys |
//! | `POST /connections/PLACE` | [`Connections::insert`] | creates one, as in the console |
//! | `POST …/{name}/verify` | [`Connections::holds`] | compares a secret with the server's, without showing it |
//! | `PUT …/{name}/credentials` | [`Connections::set_credentials`] | replaces the credentials, as ALTER CONNECTION does |
//!
//! With `CONTROL=http://127.0.0.1:8080/control` and
//! `AT=$CONTROL/connections/00000000-0000-4000-8000-000000000001/env-1/aws/us-east-1`:
//!
//! ```text
//! curl $CONTROL/journal
//! curl -X DELETE $CONTROL/journal
//! curl $CONTROL/counts
//! curl --json '{"method": "POST", "path": "*/connections", "times": 1, "fault": {"drop": "after"}}' $CONTROL/faults
//! curl $CONTROL/faults
//! curl -X DELETE $CONTROL/faults
//! curl $CONTROL/connections
//! curl --json '{"name": "openai", "connection_type": "OPENAI", "endpoint": "https://api.openai.com/v1/chat/completions", "credentials": {"API_KEY": "secret"}}' $AT
//! curl --json '{"key": "API_KEY", "value": "secret"}' $AT/openai/verify
//! curl -X PUT --json '{"API_KEY": "another"}' $AT/openai/credentials
//! ```

mod auth;
mod certificates;
mod clock;
mod connection;
mod control_plane;
mod emulator;
mod error;
mod faults;
mod ids;
mod journal;
mod json;
mod object;
mod place;
mod routes;
mod server;
mod settings;
mod store;
mod world;

pub use auth::{ApiKey, MalformedKey};
pub use axum::http::Method;
pub use clock::Clock;
pub use connection::Status;
pub use connection::handle::{Connections, NewConnection, StoredConnection};
pub use control_plane::environment::Environment;
pub use control_plane::organization::Organization;
pub use control_plane::region::Region;
pub use emulator::{Emulator, EmulatorBuilder, StartError};
pub use faults::{
    Announce, Answer, Effect, Fault, Faults, InvalidFault, Played, RateLimit, StandingFault, When,
};
pub use journal::{AuthSeen, Counts, Entry, Journal};
pub use object::refusal::Refusal;
pub use place::Place;
pub use settings::{Certificate, Settings};
pub use store::Bump;
pub use store::file::StateError;
