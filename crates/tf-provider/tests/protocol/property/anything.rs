//! Random schemas, a resource that has one, and configurations for it.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option::weighted;
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use tf_provider::resource::{Change, Create, Delete, Read, Update};
use tf_provider::schema::{Attribute, Nesting, block};
use tf_provider::testing::unknown;
use tf_provider::value::{Type, Value};
use tf_provider::{Resource, Result, Schema};

/// A resource whose schema is drawn.
pub(super) struct Anything(pub(super) Spec);

/// A drawn schema.
#[derive(Clone, Debug)]
pub(super) struct Spec {
    attributes: Vec<Drawn>,
    block: Option<(Kind, Vec<Shape>)>,
}

#[derive(Clone, Debug)]
struct Drawn {
    shape: Shape,
    role: Role,
    requires_replace: bool,
    use_state_for_unknown: bool,
    local: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Role {
    Required,
    Optional,
    OptionalComputed,
    Computed,
    Default,
    Twins,
    AnySpelling,
    DefaultInAnySpelling,
}

#[derive(Clone, Copy, Debug)]
enum Shape {
    Text,
    Number,
    Bool,
    List,
    Set,
    Map,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Single,
    List,
    Set,
}

type Fields = BTreeMap<String, Json>;

impl Shape {
    fn ty(self) -> Type {
        match self {
            Self::Text => Type::String,
            Self::Number => Type::Number,
            Self::Bool => Type::Bool,
            Self::List => Type::list(Type::Bool),
            Self::Set => Type::set(Type::String),
            Self::Map => Type::map(Type::Number),
        }
    }

    /// The value that the service, or a default, sets.
    fn made(self) -> (Json, Value) {
        match self {
            Self::Text => (json!("Made"), Value::from("Made")),
            Self::Number => (json!(7), Value::from(7)),
            Self::Bool => (json!(true), Value::from(true)),
            Self::List => (json!([true]), Value::list([true])),
            Self::Set => (json!(["b", "a"]), Value::list(["b", "a"])),
            Self::Map => (json!({ "k": 1 }), Value::map([("k", 1)])),
        }
    }

    fn value(self) -> BoxedStrategy<Json> {
        match self {
            Self::Text => "[aAbBé]{0,2}".prop_map(Json::from).boxed(),
            Self::Number => (-9..9).prop_map(Json::from).boxed(),
            Self::Bool => any::<bool>().prop_map(Json::from).boxed(),
            Self::List => vec(any::<bool>(), 0..3).prop_map(Json::from).boxed(),
            Self::Set => vec("[a-c]", 0..4).prop_map(Json::from).boxed(),
            Self::Map => btree_map("[a-c]", 0..3, 0..3).prop_map(|it| json!(it)).boxed(),
        }
    }
}

impl Drawn {
    fn attribute(&self, name: &str) -> Attribute {
        let attribute = Attribute::new(name, self.shape.ty());
        let attribute = match self.role {
            Role::Required => attribute.required(),
            Role::Optional => attribute.optional(),
            Role::OptionalComputed => attribute.optional_computed(),
            Role::Computed => attribute.computed(),
            Role::Default => attribute.default(self.shape.made().1),
            Role::Twins => attribute.optional().with_write_only_twin(),
            Role::AnySpelling => attribute.optional().semantic_equality(str::eq_ignore_ascii_case),
            Role::DefaultInAnySpelling => {
                attribute.default(self.shape.made().1).semantic_equality(str::eq_ignore_ascii_case)
            }
        };
        let attribute =
            if self.requires_replace { attribute.requires_replace() } else { attribute };
        let attribute =
            if self.use_state_for_unknown { attribute.use_state_for_unknown() } else { attribute };
        if self.local { attribute.local() } else { attribute }
    }

    /// Changes a value as the service does.
    fn settle(&self, value: &mut Json) {
        match self.role {
            Role::Computed | Role::OptionalComputed if value.is_null() => {
                *value = self.shape.made().0;
            }
            Role::AnySpelling | Role::DefaultInAnySpelling => {
                if let Json::String(text) = value {
                    text.make_ascii_uppercase();
                }
            }
            _ => {}
        }
    }
}

impl Anything {
    fn settle(&self, mut fields: Fields) -> Fields {
        for (name, drawn) in names().zip(&self.0.attributes) {
            if let Some(value) = fields.get_mut(&name) {
                drawn.settle(value);
            }
        }
        fields
    }
}

fn names() -> impl Iterator<Item = String> {
    (0..).map(|number| format!("a{number}"))
}

impl Resource for Anything {
    type Provider = ();
    type Model = Fields;
    type Private = ();

    fn schema(&self) -> Schema {
        let attributes = names().zip(&self.0.attributes);
        let schema = Schema::resource("thing", "Anything.")
            .attributes(attributes.map(|(name, drawn)| drawn.attribute(&name)));
        let Some((kind, shapes)) = &self.0.block else { return schema };
        let nesting = match kind {
            Kind::Single => Nesting::Single,
            Kind::List => Nesting::List,
            Kind::Set => Nesting::Set,
        };
        let attributes = names().zip(shapes).map(|(name, shape)| Attribute::new(&name, shape.ty()));
        schema.block(attributes.fold(block("nested", nesting), |all, each| all.attribute(each)))
    }

    async fn create(&self, planned: Fields, _: &mut Create<Self>) -> Result<Fields> {
        Ok(self.settle(planned))
    }

    async fn read(&self, state: Fields, _: &mut Read<Self>) -> Result<Option<Fields>> {
        Ok(Some(self.settle(state)))
    }

    async fn update(&self, change: Change<Fields>, _: &mut Update<Self>) -> Result<Fields> {
        Ok(self.settle(change.after))
    }

    async fn delete(&self, _: Fields, _: &mut Delete<Self>) -> Result<()> {
        Ok(())
    }
}

/// A schema; a configuration, a second one in which some is unknown, and that
/// with everything known.
pub(super) fn life() -> impl Strategy<Value = (Spec, [Json; 3])> {
    spec().prop_flat_map(|spec| {
        let configurations = (configuration(&spec), configuration(&spec), vec(any::<bool>(), 16));
        (Just(spec), configurations).prop_map(|(spec, (first, second, open))| {
            let partly = partly_unknown(&second, &open);
            (spec, [first, partly, second])
        })
    })
}

fn spec() -> impl Strategy<Value = Spec> {
    let shape = || {
        use Shape::{Bool, List, Map, Number, Set, Text};
        prop::sample::select(vec![Text, Text, Number, Bool, List, Set, Map])
    };
    let role = {
        use Role::*;
        let roles = vec![
            Required,
            Optional,
            OptionalComputed,
            Computed,
            Default,
            Twins,
            AnySpelling,
            DefaultInAnySpelling,
        ];
        prop::sample::select(roles)
    };
    let flags = (weighted(0.2, Just(())), any::<bool>(), weighted(0.2, Just(())));
    let drawn = (shape(), role, flags).prop_map(
        |(shape, role, (requires_replace, use_state_for_unknown, local))| {
            let is_spelled = matches!(role, Role::AnySpelling | Role::DefaultInAnySpelling);
            let shape = if is_spelled { Shape::Text } else { shape };
            Drawn {
                shape,
                role,
                requires_replace: requires_replace.is_some(),
                use_state_for_unknown,
                local: local.is_some(),
            }
        },
    );
    let kind = prop::sample::select(vec![Kind::Single, Kind::List, Kind::Set]);
    let block = weighted(0.5, (kind, vec(shape(), 0..3)));
    (vec(drawn, 0..6), block).prop_map(|(attributes, block)| Spec { attributes, block })
}

fn configuration(spec: &Spec) -> BoxedStrategy<Json> {
    let mut entries: Vec<BoxedStrategy<(String, Json)>> = Vec::new();
    for (name, drawn) in names().zip(&spec.attributes) {
        let value = drawn.shape.value();
        let maybe = weighted(0.6, value.clone()).prop_map(Option::unwrap_or_default);
        entries.push(match drawn.role {
            Role::Computed => continue,
            Role::Required => (Just(name), value).boxed(),
            Role::Twins => {
                let twin = format!("{name}_wo");
                (prop::sample::select(vec![name, twin]), maybe).boxed()
            }
            _ => (Just(name), maybe).boxed(),
        });
    }
    if let Some((kind, shapes)) = &spec.block {
        let fields: Vec<_> = names()
            .zip(shapes)
            .map(|(name, shape)| {
                (Just(name), weighted(0.7, shape.value()).prop_map(Option::unwrap_or_default))
            })
            .collect();
        let body = fields.prop_map(|fields| Json::Object(fields.into_iter().collect()));
        let nested = match kind {
            Kind::Single => weighted(0.6, body).prop_map(Option::unwrap_or_default).boxed(),
            Kind::List | Kind::Set => vec(body, 0..3).prop_map(Json::Array).boxed(),
        };
        entries.push((Just("nested".to_owned()), nested).boxed());
    }
    entries.prop_map(|entries| Json::Object(entries.into_iter().collect())).boxed()
}

/// The same configuration with some of what is set not known yet.
fn partly_unknown(config: &Json, open: &[bool]) -> Json {
    let entries = config.as_object().into_iter().flatten().zip(open);
    let hidden = entries.map(|((name, value), open)| {
        (name.clone(), if *open && !value.is_null() { unknown() } else { value.clone() })
    });
    Json::Object(hidden.collect::<Map<_, _>>())
}
