//! One line of the log, as go-plugin parses it.
//!
//! Every value is a string: a host written in Go fails on another type for the keys that begin with
//! `@`. The time has exactly six digits of a second; otherwise the line counts as unparsable. Lines
//! of 64 KiB and more are cut apart by the host, so they do not get that long.

use jiff::Timestamp;
use serde_json::{Map, Value};
use tracing::Level;

/// The longest line, with room left below the 64 KiB at which hosts cut.
const LONGEST: usize = 60 * 1024;

/// The most bytes JSON makes of one byte, as in `\u0000`.
const ESCAPED: usize = 6;

/// Stands at the end of a text that was cut.
const CUT: &str = "…";

/// A line in the making.
pub(super) struct Line {
    keys: Map<String, Value>,
    /// The number of bytes that may still be added.
    room: usize,
}

impl Line {
    /// Begins a line of the present moment.
    pub(super) fn new(level: Level, module: &str) -> Self {
        let mut line = Self { keys: Map::new(), room: LONGEST };
        line.put("@level", level.as_str().to_ascii_lowercase());
        line.put("@module", module.to_owned());
        line.put("@timestamp", format!("{:.6}", Timestamp::now()));
        line
    }

    /// Adds a field. Keys of the format itself are not for others to set.
    pub(super) fn field(&mut self, name: &str, value: &str) {
        // Half of the room at most, so that the message still finds some.
        let limit = self.room / 2;
        self.put(name.trim_start_matches('@'), fit(value, limit));
    }

    /// Adds the message and returns the line with its end.
    pub(super) fn finish(mut self, message: &str) -> String {
        let message = fit(message, self.room);
        self.put("@message", message);
        let mut text = Value::Object(self.keys).to_string();
        text.push('\n');
        text
    }

    fn put(&mut self, key: &str, value: String) {
        // Quotes, colon and comma come on top of key and value.
        self.room = self.room.saturating_sub(key.len() + encoded(&value) + 6);
        self.keys.insert(key.to_owned(), Value::String(value));
    }
}

/// The text, or as much of its beginning as surely needs no more than `room` bytes in JSON.
fn fit(text: &str, room: usize) -> String {
    if encoded(text) <= room {
        return text.to_owned();
    }
    let most = room.saturating_sub(CUT.len()) / ESCAPED;
    format!("{}{CUT}", &text[..text.floor_char_boundary(most)])
}

/// The length of a text in JSON, without its quotes.
fn encoded(text: &str) -> usize {
    text.chars()
        .map(|symbol| match symbol {
            '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
            '\0'..='\u{1f}' => ESCAPED,
            _ => symbol.len_utf8(),
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Map<String, Value> {
        assert_eq!(text.matches('\n').count(), 1, "one line");
        assert!(text.ends_with('\n') && text.len() < 64 * 1024, "{} bytes", text.len());
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn has_the_keys_that_hosts_look_for() {
        let mut line = Line::new(Level::WARN, "flink_client::retry");
        line.field("attempt", "3");
        let keys = parsed(&line.finish("trying \"again\""));
        assert_eq!(keys["@level"], "warn");
        assert_eq!(keys["@module"], "flink_client::retry");
        assert_eq!(keys["@message"], "trying \"again\"");
        assert_eq!(keys["attempt"], "3");
        assert!(keys.values().all(Value::is_string));
    }

    #[test]
    fn the_time_has_six_digits_whatever_the_moment() {
        for _ in 0..50 {
            let keys = parsed(&Line::new(Level::INFO, "x").finish(""));
            let time = keys["@timestamp"].as_str().unwrap();
            let (_, fraction) = time.split_once('.').unwrap();
            assert_eq!(fraction.len(), "123456Z".len(), "{time}");
            assert!(fraction.ends_with('Z'));
        }
    }

    #[test]
    fn fields_cannot_replace_the_keys_of_the_format() {
        let mut line = Line::new(Level::INFO, "x");
        line.field("@level", "panic");
        let keys = parsed(&line.finish(""));
        assert_eq!(keys["@level"], "info");
        assert_eq!(keys["level"], "panic");
    }

    #[test]
    fn long_texts_are_cut_and_all_of_the_rest_is_kept() {
        for text in ["x".repeat(200_000), "\0".repeat(200_000), "ß\"".repeat(100_000)] {
            let mut line = Line::new(Level::INFO, "x");
            for name in ["first", "second", "third", "fourth", "fifth", "sixth"] {
                line.field(name, &text);
            }
            let keys = parsed(&line.finish(&text));
            assert_eq!(keys.len(), 10);
            assert!(keys["@message"].as_str().unwrap().ends_with(CUT));
        }
    }

    #[test]
    fn texts_that_fit_are_left_alone() {
        let text = "x".repeat(50_000);
        assert_eq!(parsed(&Line::new(Level::INFO, "x").finish(&text))["@message"], *text);
    }
}
