//! Types of every shape, and the rules for every value that was read as one.

use tf_provider::value::{Type, Value, json, msgpack};

/// An object type with an attribute of every shape, and the type of each attribute.
pub(super) fn all() -> Vec<Type> {
    let nested = || Type::object([("a", Type::String), ("b", Type::Dynamic)]);
    let attributes = [
        ("any", Type::Dynamic),
        ("bool", Type::Bool),
        ("list", Type::list(Type::list(Type::Number))),
        ("map", Type::map(nested())),
        ("number", Type::Number),
        ("object", nested()),
        ("set", Type::set(Type::set(Type::String))),
        ("set_of_objects", Type::set(nested())),
        ("string", Type::String),
        ("tuple", Type::tuple([Type::String, Type::Dynamic, Type::set(Type::Number)])),
    ];
    let object = Type::object(attributes.clone());
    [object].into_iter().chain(attributes.map(|(_, ty)| ty)).collect()
}

/// Asserts that a value is the same after it is written and read in both encodings, and
/// that writing it again gives the same bytes.
pub(super) fn assert_kept(value: &Value, ty: &Type) {
    let bytes = msgpack::encode(value, ty).expect("what was read can be written");
    let again = msgpack::decode(&bytes, ty).expect("what was written can be read");
    assert!(value.same_as(&again, ty), "{value} became {again}");
    assert_eq!(msgpack::encode(&again, ty), Ok(bytes), "{value} is written in two ways");
    // JSON has no unknown values and no infinities.
    if let Ok(text) = json::encode(value, ty) {
        let again = json::decode_strict(&text, ty).expect("what was written can be read");
        assert!(value.same_as(&again, ty), "{value} became {again}");
        assert_eq!(json::encode(&again, ty), Ok(text), "{value} is written in two ways");
    }
}
