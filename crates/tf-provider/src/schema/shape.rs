//! The type of an attribute, with descriptions of the fields of the objects in it.
//!
//! Protocol 5 carries no descriptions below an attribute, so they are for the generated
//! documentation alone. A shape knows nothing of the attribute that has it.

use crate::value::Type;

/// A type whose objects may describe their fields. Every [`Type`] is a shape without
/// descriptions.
///
/// ```
/// use tf_provider::schema::{Shape, field, list, object_type};
/// use tf_provider::value::Type;
///
/// let region = object_type([
///     field("name", Type::String, "The name, such as `us-east-1`."),
///     field("zones", Type::list(Type::String), "The zones that can be used."),
/// ]);
/// let regions = list("regions", region).computed();
/// assert_eq!(regions.fields()[1].name(), "zones");
/// ```
#[derive(Clone, Debug)]
pub struct Shape {
    ty: Type,
    fields: Vec<Field>,
}

/// A field of an object type.
#[derive(Clone, Debug)]
pub struct Field {
    name: String,
    shape: Shape,
    description: String,
}

/// A field of an object type, described in Markdown.
#[must_use]
pub fn field(name: &str, shape: impl Into<Shape>, description: &str) -> Field {
    Field { name: name.to_owned(), shape: shape.into(), description: description.to_owned() }
}

/// An object type, for the elements of lists, sets and maps, and for fields. The fields
/// are made by [`field`], or are pairs of a name and a type.
#[must_use]
pub fn object_type<F: Into<Field>>(fields: impl IntoIterator<Item = F>) -> Shape {
    let fields: Vec<Field> = fields.into_iter().map(Into::into).collect();
    Shape { ty: Type::object(fields.iter().map(|each| (each.name(), each.ty().clone()))), fields }
}

impl Shape {
    /// A collection of elements of this shape, whose fields it describes.
    pub(super) fn collected(self, collection: fn(Type) -> Type) -> Self {
        Self { ty: collection(self.ty), fields: self.fields }
    }

    pub(super) fn ty(&self) -> &Type {
        &self.ty
    }

    pub(super) fn fields(&self) -> &[Field] {
        &self.fields
    }
}

impl Field {
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

    /// Returns the description, in Markdown; empty where the author gave none.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Returns the described fields of the object in it, or of the object that is the
    /// element of its collection.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        self.shape.fields()
    }
}

impl From<Type> for Shape {
    fn from(ty: Type) -> Self {
        Self { ty, fields: Vec::new() }
    }
}

impl<S: Into<Shape>> From<(&str, S)> for Field {
    fn from((name, shape): (&str, S)) -> Self {
        field(name, shape, "")
    }
}

#[cfg(test)]
mod tests {
    use super::super::{list, map, object, set};
    use super::*;

    #[test]
    fn keeps_the_descriptions_through_collections() {
        let place = || object_type([field("cloud", Type::String, "The cloud.")]);
        for attribute in [
            list("a", place()),
            set("a", place()),
            map("a", place()),
            object("a", [field("cloud", Type::String, "The cloud.")]),
        ] {
            let [cloud] = attribute.fields() else { panic!("one field") };
            assert_eq!((cloud.name(), cloud.description()), ("cloud", "The cloud."));
        }
        let nested = object("a", [("places", place().collected(Type::list))]);
        assert_eq!(nested.ty().to_string(), "object({places = list(object({cloud = string}))})");
        assert_eq!(nested.fields()[0].fields()[0].ty(), &Type::String);
    }

    #[test]
    fn takes_types_without_descriptions() {
        let pairs = object("a", [("cloud", Type::String)]);
        assert_eq!(pairs.ty(), &Type::object([("cloud", Type::String)]));
        assert!(list("a", pairs.ty().clone()).fields().is_empty());
    }
}
