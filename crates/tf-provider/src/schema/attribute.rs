//! One argument or result of a block, and how a plan treats it.

use std::fmt;
use std::sync::Arc;

use super::key::{Key, Keys};
use super::shape::{Field, Shape, object_type};
use super::validator::Validator;
use crate::value::{Type, Value};

/// The side that sets an attribute. Closed: Terraform has these four, and code that shows
/// a schema has to handle each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The user has to set it.
    Required,
    /// The user may set it.
    Optional,
    /// The user may set it, and the provider sets it where the user does not.
    OptionalComputed,
    /// The provider sets it.
    Computed,
}

type Equality = Arc<dyn Fn(&Value, &Value) -> bool + Send + Sync>;

/// One argument or result.
#[derive(Clone)]
pub struct Attribute {
    name: String,
    shape: Shape,
    presence: Presence,
    description: String,
    deprecated: Option<String>,
    sensitive: bool,
    write_only: bool,
    twin: Option<String>,
    requires_replace: bool,
    use_state_for_unknown: bool,
    local: bool,
    default: Option<Value>,
    validators: Vec<Validator>,
    equality: Option<Equality>,
    keys: Option<Arc<Keys>>,
}

/// A text attribute.
#[must_use]
pub fn string(name: &str) -> Attribute {
    Attribute::new(name, Type::String)
}

/// A number attribute.
#[must_use]
pub fn number(name: &str) -> Attribute {
    Attribute::new(name, Type::Number)
}

/// A true-or-false attribute.
#[must_use]
pub fn bool(name: &str) -> Attribute {
    Attribute::new(name, Type::Bool)
}

/// A list attribute: elements of one type, in order.
#[must_use]
pub fn list(name: &str, element: impl Into<Shape>) -> Attribute {
    Attribute::new(name, element.into().collected(Type::list))
}

/// A set attribute: elements of one type, without order or repeats.
#[must_use]
pub fn set(name: &str, element: impl Into<Shape>) -> Attribute {
    Attribute::new(name, element.into().collected(Type::set))
}

/// A map attribute: elements of one type under keys of the user's.
#[must_use]
pub fn map(name: &str, element: impl Into<Shape>) -> Attribute {
    Attribute::new(name, element.into().collected(Type::map))
}

/// An object attribute with these fields, as [`object_type`] takes them. A user has to
/// give all of its fields at once; a [block](super::block) has optional arguments.
#[must_use]
pub fn object<F: Into<Field>>(name: &str, fields: impl IntoIterator<Item = F>) -> Attribute {
    Attribute::new(name, object_type(fields))
}

/// Builder methods.
impl Attribute {
    /// An optional attribute of any type.
    #[must_use]
    pub fn new(name: &str, shape: impl Into<Shape>) -> Self {
        Self {
            name: name.to_owned(),
            shape: shape.into(),
            presence: Presence::Optional,
            description: String::new(),
            deprecated: None,
            sensitive: false,
            write_only: false,
            twin: None,
            requires_replace: false,
            use_state_for_unknown: false,
            local: false,
            default: None,
            validators: Vec::new(),
            equality: None,
            keys: None,
        }
    }

    /// Makes the user set it, and to a value: null is refused.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.presence = Presence::Required;
        self
    }

    /// Lets the user set it.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.presence = Presence::Optional;
        self
    }

    /// Leaves it to the provider.
    #[must_use]
    pub fn computed(mut self) -> Self {
        self.presence = Presence::Computed;
        self
    }

    /// Lets the user set it, and leaves it to the provider where the user does not.
    #[must_use]
    pub fn optional_computed(mut self) -> Self {
        self.presence = Presence::OptionalComputed;
        self
    }

    /// Makes Terraform hide its value.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Adds an attribute `<name>_wo` that is never stored in state or plan, for
    /// use instead of this one. Using both is an error, except for maps with
    /// [`keys`](Self::keys), where each key may stand in either.
    #[must_use]
    pub fn with_write_only_twin(mut self) -> Self {
        self.twin = Some(format!("{}_wo", self.name));
        self
    }

    /// Replaces the object where the value changes.
    #[must_use]
    pub fn requires_replace(mut self) -> Self {
        self.requires_replace = true;
        self
    }

    /// Keeps the stored value through an update, for a computed value that no update
    /// changes.
    #[must_use]
    pub fn use_state_for_unknown(mut self) -> Self {
        self.use_state_for_unknown = true;
        self
    }

    /// Marks an argument that only the provider itself reads. A change of it alone changes
    /// nothing at the service, so no computed value becomes unknown.
    #[must_use]
    pub fn local(mut self) -> Self {
        self.local = true;
        self
    }

    /// Sets the value that holds where the user sets none.
    #[must_use]
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        self.presence = Presence::OptionalComputed;
        self.default = Some(value.into());
        self
    }

    /// Adds a rule for values that are known.
    #[must_use]
    pub fn validate(mut self, validator: Validator) -> Self {
        self.validators.push(validator);
        self
    }

    /// Recognizes two spellings of one value: a plan and a refresh keep the spelling that
    /// is stored.
    #[must_use]
    pub fn semantic_equality(
        mut self,
        same: impl Fn(&str, &str) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.equality = Some(Arc::new(move |one, other| {
            one.as_str().zip(other.as_str()).is_some_and(|(one, other)| same(one, other))
        }));
        self
    }

    /// Sets the keys that a map of texts takes, and no others. The rules of a key run at
    /// the key; two spellings of one key are an error, and a change of nothing but
    /// the spelling is no change.
    #[must_use]
    pub fn keys(mut self, keys: impl IntoIterator<Item = Key>) -> Self {
        self.keys = Some(Arc::new(Keys::new(keys)));
        self
    }

    /// As [`keys`](Self::keys), but the map takes other keys too. `other` makes such a key
    /// with its rules; a [check](super::Schema::check) judges the key itself.
    #[must_use]
    pub fn open_keys(
        mut self,
        keys: impl IntoIterator<Item = Key>,
        other: impl Fn(&str) -> Key + Send + Sync + 'static,
    ) -> Self {
        self.keys = Some(Arc::new(Keys::new(keys).and(other)));
        self
    }

    /// Sets the description, in Markdown.
    #[must_use]
    pub fn describe(mut self, description: &str) -> Self {
        self.description = description.to_owned();
        self
    }

    /// Deprecates it. `message` names the replacement.
    #[must_use]
    pub fn deprecated(mut self, message: &str) -> Self {
        self.deprecated = Some(message.to_owned());
        self
    }

    pub(super) fn write_only_twin(&self) -> Option<Self> {
        let name = self.twin.as_ref()?;
        Some(Self {
            name: name.clone(),
            presence: Presence::Optional,
            description: format!(
                "As `{}`, but never stored in state or plan. Needs a client that knows write-only \
                 arguments: Terraform 1.11 or OpenTofu 1.11.",
                self.name
            ),
            write_only: true,
            sensitive: true,
            twin: None,
            requires_replace: false,
            default: None,
            equality: None,
            ..self.clone()
        })
    }
}

/// Access for the framework and the documentation.
impl Attribute {
    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the type.
    #[must_use]
    pub fn ty(&self) -> &Type {
        self.shape.ty()
    }

    /// Returns the described fields of its object type, or of the object type of its
    /// elements, for documentation.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        self.shape.fields()
    }

    /// Returns the side that sets it.
    #[must_use]
    pub fn presence(&self) -> Presence {
        self.presence
    }

    /// Returns the description, in Markdown.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Returns the message of a deprecated attribute.
    #[must_use]
    pub fn deprecation(&self) -> Option<&str> {
        self.deprecated.as_deref()
    }

    /// Returns true if Terraform hides its value.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        self.sensitive
    }

    /// Returns true if it is never stored.
    #[must_use]
    pub fn is_write_only(&self) -> bool {
        self.write_only
    }

    /// Returns true if a change replaces the object.
    #[must_use]
    pub fn replaces(&self) -> bool {
        self.requires_replace
    }

    /// Returns the value that holds where the user sets none.
    #[must_use]
    pub fn default_value(&self) -> Option<&Value> {
        self.default.as_ref()
    }

    /// Returns the name of its write-only twin.
    #[must_use]
    pub fn twin(&self) -> Option<&str> {
        self.twin.as_deref()
    }

    pub(crate) fn is_stable(&self) -> bool {
        self.use_state_for_unknown
    }

    pub(crate) fn is_local(&self) -> bool {
        self.local
    }

    /// Returns true if different values may mean the same.
    pub(super) fn has_spellings(&self) -> bool {
        self.equality.is_some() || self.keys.is_some()
    }

    pub(crate) fn is_computed(&self) -> bool {
        matches!(self.presence, Presence::Computed | Presence::OptionalComputed)
    }

    pub(crate) fn validators(&self) -> &[Validator] {
        &self.validators
    }

    /// Returns the keys that are declared for a map.
    pub(crate) fn declared_keys(&self) -> Option<&Keys> {
        self.keys.as_deref()
    }

    /// Returns true if two known values mean the same though they differ in spelling.
    pub(crate) fn means_the_same(&self, one: &Value, other: &Value) -> bool {
        self.equality.as_ref().is_some_and(|same| same(one, other))
            || self.declared_keys().is_some_and(|keys| keys.are_same(one, other))
    }
}

impl fmt::Debug for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attribute")
            .field("name", &self.name)
            .field("ty", self.ty())
            .field("presence", &self.presence)
            .finish_non_exhaustive()
    }
}
