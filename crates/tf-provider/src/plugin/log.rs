//! The log: lines on stderr that Terraform understands and sorts into its own.
//!
//! Each is one JSON object, as go-hclog writes them and go-plugin reads them. Which events become
//! lines is decided here; what a line looks like, in [`mod@line`]. This module must not know where
//! events come from, except to tell the provider's own from those of the libraries below it.

use std::fmt;
use std::io::{self, Write};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry};

use self::line::Line;
use super::program::Program;

mod line;

/// Starts logging at `level`. When logging is off nothing is installed and events cost nothing.
pub(super) fn install(program: &Program, level: LevelFilter) {
    if level == LevelFilter::OFF {
        return;
    }
    let layer = HclogLayer::new(program, level, plain);
    // A subscriber set by someone else, such as a test, keeps its place.
    let _ = tracing::subscriber::set_global_default(Registry::default().with(layer));
}

/// Logs a failure between host and plugin, at every level: if they do not connect, this line is all
/// there is to find the cause.
pub(super) fn complain(message: &str) {
    plain(&Line::new(Level::ERROR, module_path!()).finish(message));
}

/// Writes text to stderr as it is, in one go, so that lines of several threads do not mix.
pub(super) fn plain(text: &str) {
    // An error means that the other end of stderr is closed, so it cannot be reported.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Turns events into lines.
struct HclogLayer<W> {
    level: LevelFilter,
    /// The crates whose events are wanted below WARN.
    own: [String; 3],
    write: W,
}

impl<W: Fn(&str)> HclogLayer<W> {
    fn new(program: &Program, level: LevelFilter, write: W) -> Self {
        let name = program.name.replace('-', "_");
        let own = ["tf_provider".to_owned(), format!("terraform_provider_{name}"), name];
        Self { level, own, write }
    }

    /// Everything of the provider's own crates, but only warnings of others: at lower levels the
    /// HTTP and TLS libraries write out what they send, credentials included. A list of what is
    /// allowed stays safe when a dependency is added.
    fn wants(&self, metadata: &Metadata<'_>) -> bool {
        let allowed = if self.is_own(metadata.target()) { Level::TRACE } else { Level::WARN };
        *metadata.level() <= self.level && *metadata.level() <= allowed
    }

    /// Own crates are the framework, the provider, and those named after it (`flink_client`).
    fn is_own(&self, target: &str) -> bool {
        let crate_name = target.split("::").next().unwrap_or(target);
        self.own.iter().any(|own| {
            crate_name
                .strip_prefix(own.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        })
    }
}

impl<S, W> Layer<S> for HclogLayer<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Fn(&str) + 'static,
{
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.wants(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        self.wants(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    /// A line has the fields of the event and of the spans around it; what is nearer wins.
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);

        let mut line = Line::new(*event.metadata().level(), event.metadata().target());
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(outer) = span.extensions().get::<Fields>() {
                fields.add_missing(outer);
            }
        }
        for (name, value) in &fields.named {
            line.field(name, value);
        }
        (self.write)(&line.finish(&fields.message));
    }
}

/// The message and the fields of an event or a span, as text.
#[derive(Default)]
struct Fields {
    message: String,
    named: Vec<(&'static str, String)>,
}

impl Fields {
    fn set(&mut self, field: &Field, value: String) {
        let name = field.name();
        if name == "message" {
            self.message = value;
            return;
        }
        match self.named.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.named.push((name, value)),
        }
    }

    fn add_missing(&mut self, outer: &Self) {
        for (name, value) in &outer.named {
            if !self.named.iter().any(|(known, _)| known == name) {
                self.named.push((name, value.clone()));
            }
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, value.to_owned());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.set(field, value.to_string());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.set(field, format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests;
