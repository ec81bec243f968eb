//! What the figures are to reach.
//!
//! Times are relative to the floor, or hold for 50 ms of latency. Counts hold
//! anywhere.

use super::command::Command;
use super::report::thousands;

/// What a command on many objects is to reach.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Target {
    time: &'static str,
    pub(super) requests: Option<usize>,
    pub(super) connections: Option<usize>,
}

pub(super) const START: &str = "2 / 5 ms";
pub(super) const IDLE_MEMORY: &str = "8 MiB";

/// Processes of each command: Terraform starts the provider so often, however
/// it is written.
pub(super) const PROCESSES: [(Command, usize); 4] =
    [(Command::Validate, 2), (Command::Plan, 3), (Command::Apply, 4), (Command::Destroy, 5)];

/// The target for the memory of a plan.
pub(super) fn peak_memory(objects: usize) -> &'static str {
    if objects == 1000 { "24 MiB" } else { "" }
}

/// The target of a command; for other sizes there is none.
pub(super) fn of(command: Command, objects: usize) -> Target {
    let target =
        |time, requests, connections| Target { time, requests: Some(requests), connections };
    match (command, objects) {
        (Command::Plan, 1) => target("3 x", 1, Some(1)),
        (Command::Plan, 100) => target("2.5 x", 12, Some(10)),
        (Command::Plan, 1000) => target("1.8 x", 120, Some(10)),
        (Command::Apply, 1000) => target("1.3 x", 1010, None),
        (Command::Destroy, 1000) => target("1.2 x", 1120, None),
        _ => Target::default(),
    }
}

impl Target {
    /// The target as the table says it.
    pub(super) fn shown(&self) -> String {
        let count = |count: Option<usize>, what| count.map(|count| counted(count, what));
        let parts = [
            (!self.time.is_empty()).then(|| self.time.to_owned()),
            count(self.requests, "request"),
            count(self.connections, "connection"),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// `1 request`, `1,000 requests`.
pub(super) fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", thousands(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_told_with_all_its_parts() {
        assert_eq!(of(Command::Plan, 1).shown(), "3 x, 1 request, 1 connection");
        assert_eq!(of(Command::Apply, 1000).shown(), "1.3 x, 1,010 requests");
        assert_eq!(of(Command::Plan, 7).shown(), "");
    }
}
