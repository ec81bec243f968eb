//! The REST API of Confluent Cloud for Apache Flink, played locally.
//!
//! The emulator answers like the real service, as far as its API description
//! (`sql/v1` connections, `org/v2`, `fcpm/v2` regions, `sts/v1`) and its
//! documentation say how that is. It is strict: a field, a status or a rule
//! that the description does not have is refused. It is written from the
//! description alone and shares nothing with any client, so that a client's
//! mistake meets an answer of its own.
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
//! shell: what to export for a client, and where the control API is.
//!
//! With `--tls` it speaks HTTPS and writes the certificate of the authority that
//! clients must trust to the file. HTTP/2 is spoken where the client asks for it.
//! Each JSON body is indented.
//!
//! # Where things are
//!
//! | path | what |
//! |---|---|
//! | `/flink/{cloud}/{region}/sql/v1/…` | the gateway of a region |
//! | `/sql/v1/…` | the gateway of the region that the host names (`flink.{region}.{cloud}.…`), or else of the default region |
//! | `/org/v2/…`, `/fcpm/v2/regions` | the control plane |
//! | `/sts/v1/oauth2/token` | the security token service |
//! | `/oauth/token` | an identity provider |
//! | `/control/…` | the control API, below |
//!
//! Some credentials must come with every request, but by default any API key
//! will do. A token of the identity provider is good on the gateway, together
//! with the header `confluent-identity-pool-id`; the token that the security
//! token service gives for it is good on the control plane.
//!
//! # Faults
//!
//! The emulator can lose answers, be slow, refuse and break off. Each rule says
//! which requests it is for and what is done to them:
//!
//! ```
//! # use std::time::Duration;
//! # use flink_emulator::{Announce, Answer, Emulator, Fault, Method};
//! # async fn example() {
//! # let emulator = Emulator::start().await;
//! let faults = emulator.faults();
//! faults.add(Fault::delay(Duration::from_millis(50)));
//! faults.add(Fault::drop_after().on(Method::POST, "*/connections").times(1));
//! faults.add(Fault::page(502).path("*/sql/v1/*").skip(10).times(2).repeat());
//! faults.add(Fault::answer(Answer::status(429).header("Retry-After", "1")).probability(0.1));
//! faults.add(Fault::rate_limit(10, Duration::from_secs(1), Announce::Everything));
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example());
//! ```
//!
//! Rules are tried in their order. Delays add up; whatever else a rule does, it
//! is the last one tried. A pattern is compared with the whole path as it was
//! sent, and `*` stands for any text:
//!
//! | pattern | what it picks |
//! |---|---|
//! | `*/connections` | the list of connections; with `POST`, their creation |
//! | `*/connections/openai` | one connection |
//! | `*/sql/v1/*` | anything of a gateway |
//! | `*/oauth*/token` | the two token services |
//!
//! The control API meets no faults. As JSON a rule has the fields `method`,
//! `path`, `skip`, `times`, `repeat`, `probability`, `seed`, all optional, and
//! `fault`, which is one of:
//!
//! | `"fault":` | library |
//! |---|---|
//! | `{"delay": {"milliseconds": 50}}` | [`Fault::delay`]; with `"when": "before"` [`Fault::delay_before`] |
//! | `{"drop": "before"}`, `{"drop": "after"}` | [`Fault::drop_before`], [`Fault::drop_after`] |
//! | `{"answer": {"status": 503}}` | [`Fault::status`]; with `"when": "after"` [`Fault::status_after`] |
//! | `{"answer": {"status": 429, "headers": {"retry-after": "1"}, "body": ""}}` | [`Fault::answer`] |
//! | `{"cut": {}}`, `{"cut": {"bytes": 10, "chunked": true}}` | [`Fault::cut`], [`Fault::cut_chunked`] |
//! | `{"drip": {"bytes": 16, "milliseconds": 100}}` | [`Fault::drip`] |
//! | `"gzip"` | [`Fault::gzip`] |
//! | `"stale"` | [`Fault::stale`] |
//! | `{"rate_limit": {"requests": 10, "milliseconds": 1000}}` | [`Fault::rate_limit`] |
//!
//! How many TCP connections there may be, and which certificate is presented,
//! are [`Settings`].
//!
//! # Control API
//!
//! Everything behind it is also a method of the library. It asks for no
//! credentials and never shows a secret. `PLACE` stands for
//! `{organization}/{environment}/{cloud}/{region}`.
//!
//! | request to `/control` | library | what it does |
//! |---|---|---|
//! | `GET /health` | [`Emulator::url`] | says that it is there |
//! | `GET`, `DELETE /journal` | [`Emulator::journal`] | shows, forgets the requests received |
//! | `GET /counts` | [`Journal::counts`] | shows what was counted since the last such forgetting |
//! | `GET`, `POST`, `DELETE /faults` | [`Emulator::faults`] | shows, adds (one or an array), removes all rules of faults |
//! | `DELETE /faults/{id}` | [`Faults::remove`] | removes one |
//! | `GET`, `PUT /settings` | [`Emulator::settings`] | shows, changes [`Settings`]; what a PUT does not name stays |
//! | `GET`, `PUT /keys` | [`Emulator::require_keys`] | shows, sets the API keys that are good; none means any |
//! | `PUT`, `DELETE /oauth-client` | [`Emulator::oauth_client`] | sets the one client of the identity provider; lets any be good again |
//! | `DELETE /tokens` | [`Emulator::revoke_tokens`] | makes every issued token invalid |
//! | `GET /connections` | [`Emulator::all_connections`] | shows all connections |
//! | `GET /connections/PLACE` | [`Connections::list`] | shows those of a place |
//! | `POST /connections/PLACE` | [`Connections::insert`] | makes one, as if in the console |
//! | `GET /connections/PLACE/{name}` | [`Connections::get`] | shows one, with the names of its credential keys |
//! | `PUT /connections/PLACE/{name}` | [`Connections::recreate`] | puts another object in its place, with a new uid |
//! | `DELETE /connections/PLACE/{name}` | [`Connections::delete`] | deletes one |
//! | `POST …/{name}/verify` | [`Connections::holds`] | says whether the server holds a secret, without showing it |
//! | `PUT …/{name}/credentials` | [`Connections::set_credentials`] | replaces the credentials, as ALTER CONNECTION does |
//! | `PUT …/{name}/status` | [`Connections::set_status`] | sets the status; without a `phase` takes it away |
//! | `POST …/{name}/touch` | [`Connections::touch`] | moves the version by itself |
//!
//! With `CONTROL=http://127.0.0.1:8080/control` and
//! `AT=$CONTROL/connections/00000000-0000-4000-8000-000000000001/env-1/aws/us-east-1`:
//!
//! ```text
//! curl $CONTROL/health
//! curl $CONTROL/journal
//! curl -X DELETE $CONTROL/journal
//! curl $CONTROL/counts
//! curl --json '{"method": "POST", "path": "*/connections", "times": 1, "fault": {"drop": "after"}}' $CONTROL/faults
//! curl --json '[{"fault": {"delay": {"milliseconds": 50}}}, {"skip": 2, "fault": "gzip"}]' $CONTROL/faults
//! curl $CONTROL/faults
//! curl -X DELETE $CONTROL/faults/1
//! curl -X DELETE $CONTROL/faults
//! curl $CONTROL/settings
//! curl -X PUT --json '{"update_answers_with_body": true, "delete_status": 204}' $CONTROL/settings
//! curl -X PUT --json '{"max_tcp_connections": 5, "certificate": "expired"}' $CONTROL/settings
//! curl $CONTROL/keys
//! curl -X PUT --json '{"keys": [{"key": "KEY", "secret": "SECRET"}]}' $CONTROL/keys
//! curl -X PUT --json '{"client_id": "ID", "client_secret": "SECRET"}' $CONTROL/oauth-client
//! curl -X DELETE $CONTROL/oauth-client
//! curl -X DELETE $CONTROL/tokens
//! curl $CONTROL/connections
//! curl $AT
//! curl --json '{"name": "openai", "connection_type": "OPENAI", "endpoint": "https://api.openai.com/v1/chat/completions", "credentials": {"API_KEY": "secret"}}' $AT
//! curl $AT/openai
//! curl --json '{"key": "API_KEY", "value": "secret"}' $AT/openai/verify
//! curl -X PUT --json '{"API_KEY": "another"}' $AT/openai/credentials
//! curl -X PUT --json '{"phase": "INVALID_AUTH", "detail": "401", "bump_version": true}' $AT/openai/status
//! curl --json '{"keep_updated_at": true}' $AT/openai/touch
//! curl -X PUT --json '{"endpoint": "https://elsewhere.example"}' $AT/openai
//! curl -X DELETE $AT/openai
//! ```

mod auth;
mod clock;
mod connection;
mod control;
mod emulator;
mod error;
mod ids;
mod journal;
mod json;
mod place;
mod routes;
mod server;
mod store;
mod world;

pub use auth::{ApiKey, MalformedKey};
pub use axum::http::Method;
pub use clock::Clock;
pub use connection::{NewConnection, Status, StoredConnection};
pub use control::faults::{
    Announce, Answer, Effect, Fault, Faults, InvalidFault, Played, RateLimit, StandingFault, When,
};
pub use control::settings::{Certificate, Environment, NextAtEnd, Organization, Region, Settings};
pub use control::{Bump, Connections, Refusal};
pub use emulator::{Emulator, EmulatorBuilder, StartError};
pub use journal::{AuthSeen, Counts, Entry, Journal};
pub use place::Place;
pub use store::file::StateError;
