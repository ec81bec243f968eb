//! The rows of the table: the objects before and after an operation, its request, and its
//! outcome under a fault.

use std::fmt::Display;

use flink_emulator::Method;

use super::column::{Nature, SECRET};
use crate::configuration::{Block, connection, ephemeral_variable};
use crate::world::ORGANIZATION;

/// The secret of objects that exist before the operation.
pub(super) const FIRST: &str = r#"planted-first "<&>\é"#;

const ENDPOINT: &str = "https://api.openai.com/v1/chat/completions";

/// An operation of Terraform, and the request that meets the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Create,
    Refresh,
    Import,
    Update,
    /// An update of credentials that are stored nowhere.
    UpdateWriteOnly,
    /// A replacement, with faults when the old object is deleted.
    ReplaceDelete,
    /// A replacement, with faults when the new object is made.
    ReplaceCreate,
    Delete,
}

/// The requests that a fault applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// The first request.
    Once,
    /// Each request of the operation.
    EachTime,
    /// Each request of the operation, and each read of its outcome.
    Everything,
}

impl Operation {
    /// The request that has the effect.
    pub(super) fn method(self) -> Method {
        match self {
            Self::Create | Self::ReplaceCreate => Method::POST,
            Self::Refresh | Self::Import => Method::GET,
            Self::Update | Self::UpdateWriteOnly => Method::PUT,
            Self::ReplaceDelete | Self::Delete => Method::DELETE,
        }
    }

    pub(super) fn only_reads(self) -> bool {
        self.method() == Method::GET
    }

    pub(super) fn creates(self) -> bool {
        self.method() == Method::POST
    }

    pub(super) fn updates(self) -> bool {
        self.method() == Method::PUT
    }

    pub(super) fn replaces(self) -> bool {
        matches!(self, Self::ReplaceDelete | Self::ReplaceCreate)
    }

    /// Returns true if the state has the objects before the operation.
    pub(super) fn begins_with_state(self) -> bool {
        !matches!(self, Self::Create | Self::Import)
    }

    /// The command of the operation, without a refresh.
    pub(super) fn command(self) -> &'static [&'static str] {
        match self {
            Self::Refresh => &["plan", "-json", "-out=saved.tfplan"],
            Self::Import => &["apply", "-json", "-auto-approve"],
            Self::Delete => &["destroy", "-json", "-auto-approve", "-refresh=false"],
            _ => &["apply", "-json", "-auto-approve", "-refresh=false"],
        }
    }

    /// Returns true if a fault of this nature can apply to the request.
    pub(super) fn can_meet(self, nature: Nature) -> bool {
        match nature {
            Nature::Stale => self.updates(),
            Nature::Echoed => self.updates() || self.creates(),
            _ => true,
        }
    }

    /// Returns true if the operation succeeds under the fault.
    pub(super) fn succeeds(self, nature: Nature, reach: Reach) -> bool {
        match nature {
            Nature::Harmless => true,
            Nature::Refused { .. } | Nature::Echoed | Nature::Pretended => false,
            Nature::NotYet | Nature::Stale | Nature::Lost { worked: false } => reach == Reach::Once,
            // The created object is found and adopted.
            Nature::Lost { worked: true } => {
                reach == Reach::Once || (reach == Reach::EachTime && self.creates())
            }
            Nature::Cut => reach == Reach::Once || !self.only_reads(),
            Nature::Bare { made } if made || !self.creates() => !self.only_reads(),
            // The outcome is read back.
            Nature::Garbled | Nature::Bare { .. } => {
                reach != Reach::Everything && !self.only_reads()
            }
        }
    }

    /// Returns true if it leaves an object that no state can have: the server has reported a
    /// failure and created the object.
    pub(super) fn leaves_an_unknown_object(self, nature: Nature) -> bool {
        self.creates() && nature == Nature::Refused { worked: true }
    }

    /// The object as it is configured before the operation.
    pub(super) fn before(self, name: &str) -> Block {
        self.object(name, FIRST)
    }

    /// The object as it is configured for the operation.
    pub(super) fn after(self, name: &str) -> Block {
        match self {
            Self::Refresh | Self::Delete => self.object(name, FIRST),
            _ if self.replaces() => self.object(name, SECRET).set("endpoint", &self.endpoint()),
            Self::UpdateWriteOnly => {
                self.object(name, SECRET).expression("credentials_wo_version", "2")
            }
            _ => self.object(name, SECRET),
        }
    }

    /// The secret that the server is to hold in the end.
    pub(super) fn secret(self) -> &'static str {
        match self {
            Self::Refresh => FIRST,
            _ => SECRET,
        }
    }

    /// The endpoint that the object is to have in the end.
    pub(super) fn endpoint(self) -> String {
        if self.replaces() { format!("{ENDPOINT}/moved") } else { ENDPOINT.to_owned() }
    }

    /// A connection in an environment of its own, so that its requests differ
    /// from those of others and no list answers for it.
    fn object(self, name: &str, secret: &str) -> Block {
        let block = connection(name, "OPENAI", ENDPOINT);
        let block = block.set("environment_id", &environment(name));
        match self {
            Self::UpdateWriteOnly => block.write_only_from("api_key", "var.secret"),
            _ => block.credential("api_key", secret),
        }
    }
}

/// The environment that a fault has for itself.
pub(super) fn environment(name: &str) -> String {
    format!("env-{name}")
}

/// A block that imports the object of this name.
pub(super) fn import(name: &str) -> Block {
    let id = format!("{ORGANIZATION}/{}/aws/us-east-1/{name}", environment(name));
    Block::new("import").expression("to", &format!("flink_connection.{name}")).set("id", &id)
}

/// The blocks of a configuration besides the objects.
pub(super) fn preamble() -> impl Display {
    // The server refuses once for each of its objects, perhaps in a row.
    let throttled =
        Block::new("provider \"flink\"").set("alias", "throttled").set("max_retries", "4");
    ephemeral_variable("secret").and(throttled)
}
