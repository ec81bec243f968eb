//! Pages of a list, and their links to the next page.
//!
//! Each part of an input is the body of a page. After the last one the server closes the
//! connection.

use std::collections::HashSet;
use std::sync::OnceLock;

use flink_client::Filter;

use super::parts;
use super::server::{IN_THE_HEADER, KEY_SECRET, Server, assert_decent, place, success};

/// The beginning of every request for a page.
const ASKED: &str = "GET /sql/v1/organizations/org/environments/env-1/connections?page_size=100";

/// Reads a list to its end.
pub fn run(input: &[u8]) {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let server = SERVER.get_or_init(Server::start);
    let pages = parts(input);
    let mut pager = server.client().connections(&place()).list(&Filter::default());
    let answers = pages.iter().map(|page| success(page));
    let (outcome, requests) = server.play(answers, pager.all());
    if let Err(error) = outcome {
        assert_decent(&error, &[KEY_SECRET, IN_THE_HEADER]);
    }
    for request in &requests {
        assert!(request.starts_with(ASKED), "a page led to {request}");
    }
    let different: HashSet<&String> = requests.iter().collect();
    // A request on a connection that was just closed is sent again.
    assert!(requests.len() - different.len() <= 1, "in a circle: {requests:?}");
}
