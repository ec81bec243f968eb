//! A schema as a client learns it from the wire.
//!
//! It is read from the provider's response and not from its [`Schema`], so that
//! a mistake in the encoding shows. It knows no validators, defaults or other
//! rules of the provider: Terraform does not either.
//!
//! Source: Terraform plugin protocol 5, message `Schema`.
//!
//! [`Schema`]: crate::Schema

use super::violation::Violation;
use crate::proto::generated::tfplugin5 as wire;
use crate::proto::generated::tfplugin5::schema::nested_block::NestingMode;
use crate::schema::Nesting;
use crate::value::{Type, Value};

/// The shape of a provider block or a resource.
#[derive(Debug)]
pub(crate) struct Shape {
    /// The version that state is stored under.
    pub(crate) version: i64,
    pub(crate) body: Body,
    /// The type of a whole value, made of the body.
    pub(crate) ty: Type,
}

/// The content of a block.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) blocks: Vec<Nested>,
}

/// One argument or result, with the flags of the message.
#[derive(Debug)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) required: bool,
    pub(crate) optional: bool,
    pub(crate) computed: bool,
    pub(crate) sensitive: bool,
    pub(crate) write_only: bool,
}

/// A block in a block.
#[derive(Debug)]
pub(crate) struct Nested {
    pub(crate) name: String,
    pub(crate) nesting: Nesting,
    pub(crate) body: Body,
    /// The type of one of them.
    pub(crate) element: Type,
}

impl Shape {
    pub(super) fn read(sent: Option<wire::Schema>) -> Result<Self, Violation> {
        let sent = sent.ok_or_else(|| Violation::new("a schema is missing"))?;
        let body = Body::read(sent.block)?;
        Ok(Self { version: sent.version, ty: body.ty(), body })
    }
}

impl Body {
    fn read(sent: Option<wire::schema::Block>) -> Result<Self, Violation> {
        let sent = sent.ok_or_else(|| Violation::new("a schema has no block"))?;
        Ok(Self {
            attributes: sent
                .attributes
                .into_iter()
                .map(Attribute::read)
                .collect::<Result<_, _>>()?,
            blocks: sent.block_types.into_iter().map(Nested::read).collect::<Result<_, _>>()?,
        })
    }

    /// The type of its value.
    pub(crate) fn ty(&self) -> Type {
        let attributes = self.attributes.iter().map(|each| (&each.name, each.ty.clone()));
        Type::object(attributes.chain(self.blocks.iter().map(|each| (&each.name, each.ty()))))
    }

    /// Its value where nothing is set.
    pub(crate) fn empty(&self) -> Value {
        let attributes = self.attributes.iter().map(|each| (&each.name, Value::Null));
        Value::map(attributes.chain(self.blocks.iter().map(|each| (&each.name, each.absent()))))
    }
}

impl Attribute {
    fn read(sent: wire::schema::Attribute) -> Result<Self, Violation> {
        let ty = Type::from_json(&sent.r#type)
            .map_err(|error| Violation::new(format!("the type of `{}`: {error}", sent.name)))?;
        Ok(Self {
            name: sent.name,
            ty,
            required: sent.required,
            optional: sent.optional,
            computed: sent.computed,
            sensitive: sent.sensitive,
            write_only: sent.write_only,
        })
    }
}

impl Nested {
    fn read(sent: wire::schema::NestedBlock) -> Result<Self, Violation> {
        let nesting = match sent.nesting() {
            NestingMode::Single => Nesting::Single,
            NestingMode::List => Nesting::List,
            NestingMode::Set => Nesting::Set,
            other => {
                let name = &sent.type_name;
                return Err(Violation::new(format!(
                    "the block `{name}` nests as {other:?}, which this framework does not serve"
                )));
            }
        };
        let body = Body::read(sent.block)?;
        Ok(Self { name: sent.type_name, nesting, element: body.ty(), body })
    }

    /// The type of its value.
    pub(crate) fn ty(&self) -> Type {
        match self.nesting {
            Nesting::Single => self.element.clone(),
            Nesting::List => Type::list(self.element.clone()),
            Nesting::Set => Type::set(self.element.clone()),
        }
    }

    /// Its value where no such block stands.
    pub(crate) fn absent(&self) -> Value {
        match self.nesting {
            Nesting::Single => Value::Null,
            Nesting::List | Nesting::Set => Value::List(Vec::new()),
        }
    }
}
