//! The columns of the table: faults, and what each means for the outcome of the request.
//! Knows nothing of operations.

use std::time::Duration;

use flink_emulator::{Answer, Fault};

/// The secret of the last write, with characters that each encoding escapes.
pub(super) const SECRET: &str = r#"planted-second "<&>\é"#;

/// The meaning of a fault for its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nature {
    /// A correct response, only later.
    Harmless,
    /// The request was not processed, and the response says so.
    NotYet,
    /// There is no response that shows the outcome.
    Lost { worked: bool },
    /// The response is a refusal.
    Refused { worked: bool },
    /// The response is a refusal that repeats the request.
    Echoed,
    /// It worked, and the response breaks off.
    Cut,
    /// It worked, and the response has only a status: success, or created.
    Bare { made: bool },
    /// It worked, and the response is not from the API.
    Garbled,
    /// It did not work, and a third party responds with success.
    Pretended,
    /// A third party has written the object just before.
    Stale,
}

impl Nature {
    /// Returns true if the request has its effect, whatever the response.
    pub(super) fn works(self) -> bool {
        match self {
            Self::Lost { worked } | Self::Refused { worked } => worked,
            Self::Harmless | Self::Cut | Self::Bare { .. } | Self::Garbled => true,
            Self::NotYet | Self::Echoed | Self::Pretended | Self::Stale => false,
        }
    }
}

/// A fault with a name.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) nature: Nature,
    pub(super) fault: Fault,
}

/// All columns.
pub(super) fn all() -> Vec<Column> {
    let column = |(name, nature, fault)| Column { name, nature, fault };
    [late(), lost(), refused(), garbled()].concat().into_iter().map(column).collect()
}

type Named = (&'static str, Nature, Fault);

fn late() -> Vec<Named> {
    let moment = Duration::from_millis(5);
    let asking = |status, header: &str| answer(Answer::status(status).header(header, "1"));
    vec![
        ("delayed", Nature::Harmless, Fault::delay(moment)),
        ("delayed-before", Nature::Harmless, Fault::delay_before(moment)),
        ("dripping", Nature::Harmless, Fault::drip(64, moment)),
        ("status-429", Nature::NotYet, Fault::status(429)),
        ("status-429-asking", Nature::NotYet, asking(429, "Retry-After")),
        ("status-429-reset", Nature::NotYet, asking(429, "X-RateLimit-Reset")),
        ("status-503-asking", Nature::NotYet, asking(503, "Retry-After")),
        ("stale", Nature::Stale, Fault::stale()),
    ]
}

fn lost() -> Vec<Named> {
    let (undone, done) = (Nature::Lost { worked: false }, Nature::Lost { worked: true });
    vec![
        ("dropped", undone, Fault::drop_before()),
        ("dropped-after", done, Fault::drop_after()),
        ("status-500", undone, Fault::status(500)),
        ("status-500-after", done, Fault::status_after(500)),
        ("page-502", undone, Fault::page(502)),
        ("page-502-after", done, Fault::page_after(502)),
        ("status-503", undone, Fault::status(503)),
        ("status-503-after", done, Fault::status_after(503)),
        ("page-504", undone, Fault::page(504)),
        ("page-504-after", done, Fault::page_after(504)),
    ]
}

fn refused() -> Vec<Named> {
    let (undone, done) = (Nature::Refused { worked: false }, Nature::Refused { worked: true });
    let moved = |status| Answer::status(status).header("Location", "https://elsewhere.example/");
    let echo = serde_json::json!({ "errors": [{ "detail": format!("No such key: {SECRET}") }] });
    vec![
        ("status-400", undone, Fault::status(400)),
        ("status-403", undone, Fault::status(403)),
        ("page-403", undone, Fault::page(403)),
        ("page-403-after", done, Fault::page_after(403)),
        ("page-404", undone, Fault::page(404)),
        ("empty-404", undone, answer(Answer::status(404).body(""))),
        ("status-409", undone, Fault::status(409)),
        ("moved-301", undone, answer(moved(301))),
        ("moved-308", undone, answer(moved(308))),
        ("moved-302-after", done, answer(moved(302).after_the_work())),
        ("echo-422", Nature::Echoed, answer(Answer::status(422).body(echo.to_string()))),
    ]
}

fn garbled() -> Vec<Named> {
    let empty = |status| answer(Answer::status(status).body("").after_the_work());
    let another = || {
        let spec = serde_json::json!({ "connection_type": "OPENAI", "endpoint": "https://other" });
        let object = serde_json::json!({ "name": "foreign", "metadata": {}, "spec": spec });
        let json = Answer::status(200).header("Content-Type", "application/json");
        json.body(object.to_string())
    };
    vec![
        ("cut", Nature::Cut, Fault::cut()),
        ("cut-chunked", Nature::Cut, Fault::cut_chunked()),
        ("empty-200", Nature::Bare { made: false }, empty(200)),
        ("empty-201", Nature::Bare { made: true }, empty(201)),
        ("gzip", Nature::Harmless, Fault::gzip()),
        ("page-200-after", Nature::Garbled, Fault::page_after(200)),
        ("another-after", Nature::Garbled, answer(another().after_the_work())),
        ("page-200", Nature::Pretended, Fault::page(200)),
        ("page-201", Nature::Pretended, Fault::page(201)),
        ("another", Nature::Pretended, answer(another())),
    ]
}

fn answer(answer: Answer) -> Fault {
    Fault::answer(answer)
}
