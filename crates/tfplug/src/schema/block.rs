//! Nested blocks: nested objects that a configuration writes as blocks. They are planned and checked like nested attributes;
//! what differs is how they are announced, and that a list, set, map or group of blocks is never null.
//!
//! A block can be computed as a whole since protocol 6.11. Where the configuration writes none, it has then a null, and the plan an
//! unknown value or the prior blocks.

use super::{Attribute, AttributeType, Attributes, Check, Nesting, Schema};
use crate::path::Path;
use crate::value::{Members, Value, named};

impl Attribute {
    /// Whether configurations write it as a block.
    ///
    /// ```
    /// use tfplug::schema::{block_list, object_list};
    ///
    /// assert!(block_list().is_block() && !object_list().is_block());
    /// ```
    #[must_use]
    pub fn is_block(&self) -> bool {
        self.block
    }

    /// Whether it is a block that the configuration does not write at all.
    pub(crate) fn is_unwritten(&self, value: &Value) -> bool {
        self.is_block()
            && match value {
                Value::List(all) | Value::Set(all) => all.is_empty(),
                Value::Map(all) => all.is_empty(),
                Value::Object(members) => match self.attribute_type() {
                    // A core completes a group: one that is not written has nothing in it.
                    AttributeType::Nested(Nesting::Group, inner) => members.iter().all(|(name, value)| {
                        value.is_null() || inner.get(name).is_some_and(|attribute| attribute.is_unwritten(value))
                    }),
                    _ => false,
                },
                _ => false,
            }
    }

    /// The same objects as a block; without effect on other types.
    pub(crate) fn into_block(mut self) -> Self {
        self.block = matches!(self.attribute_type, AttributeType::Nested(..));
        self
    }

    /// One object as a group; without effect on other types.
    pub(crate) fn into_group(mut self) -> Self {
        if let AttributeType::Nested(nesting @ Nesting::Single, _) = &mut self.attribute_type {
            *nesting = Nesting::Group;
        }
        self.into_block()
    }

    /// How often a block must and may be written, for the core; 0 stands for no bound.
    pub(crate) fn block_items(&self) -> (usize, usize) {
        let bounds = self.checks().iter().find_map(|check| match check {
            Check::Items(least, most) => Some((*least, if *most == usize::MAX { 0 } else { *most })),
            _ => None,
        });
        match (&self.attribute_type, self.configurable) {
            (AttributeType::Nested(Nesting::Single, _), super::Configurable::Required) => (1, 1),
            // A core demands that both bounds of a single block are equal.
            (AttributeType::Nested(Nesting::Single, _), _) => (0, 0),
            (AttributeType::Nested(Nesting::List | Nesting::Set, _), _) => bounds.unwrap_or_default(),
            _ => (0, 0),
        }
    }
}

impl Schema {
    /// The first block that the provider can decide as a whole, at any depth.
    pub(crate) fn computed_block(&self) -> Option<Path> {
        computed_block(self.all(), &Path::root())
    }
}

fn computed_block(all: &Attributes, path: &Path) -> Option<Path> {
    all.iter().filter(|(_, attribute)| attribute.is_block()).find_map(|(name, block)| {
        let here = path.attribute(name);
        match block.attribute_type() {
            _ if block.is_computed() => Some(here),
            AttributeType::Nested(_, inner) => computed_block(inner, &here),
            AttributeType::Plain(_) => None,
        }
    })
}

/// What a value is, which decides what a null stands for where there are blocks.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Is {
    /// A configuration, in which a computed block that is not written is null.
    Config,
    /// A plan or state, in which no collection of blocks is null.
    State,
}

/// The object with an empty collection for each list, set or map of blocks that is null or missing, and an object for each
/// such group: a core accepts nothing else.
pub(crate) fn completed(attributes: &Attributes, is: Is, value: Value) -> Value {
    let Value::Object(mut members) = value else { return value };
    for (name, attribute) in attributes.iter().filter(|(_, attribute)| attribute.is_block()) {
        if let AttributeType::Nested(nesting, inner) = attribute.attribute_type() {
            let value = members.get_mut(name).map_or(Value::Null, |value| std::mem::replace(value, Value::Null));
            let is_open = is == Is::State || !attribute.is_computed() || !value.is_null();
            members.insert(name.clone(), if is_open { completed_block(*nesting, inner, is, value) } else { value });
        }
    }
    Value::Object(members)
}

fn completed_block(nesting: Nesting, inner: &Attributes, is: Is, value: Value) -> Value {
    let one = |value: Value| completed(inner, is, value);
    match (nesting, value) {
        (Nesting::List, Value::Null) => Value::List(Vec::new()),
        (Nesting::Set, Value::Null) => Value::Set(Vec::new()),
        (Nesting::Map, Value::Null) => Value::Map(Members::new()),
        (Nesting::Group, Value::Null) => one(Value::Object(Members::new())),
        (_, Value::List(all)) => Value::List(all.into_iter().map(one).collect()),
        (_, Value::Set(all)) => Value::set(all.into_iter().map(one).collect()),
        (_, Value::Map(all)) => Value::Map(named(all.into_iter().map(|(key, value)| (key, one(value))))),
        (_, value) => one(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostic, Diagnostics};
    use crate::schema::{Planned, Prior, Schema, block, block_group, block_list, block_map, block_set, plan, string};
    use crate::schema::{config_for, int, reconcile, validate};

    fn part() -> [(String, Attribute); 3] {
        [
            ("name".to_owned(), string().required()),
            ("size".to_owned(), int().default_value(1)),
            ("made".to_owned(), string().computed()),
        ]
    }

    fn schema() -> Schema {
        Schema::new("")
            .attribute("one", block().attributes(part()))
            .attribute(
                "list",
                block_list().items(0, 2).attributes(part()).attribute("inner", block_set().attributes(part())),
            )
            .attribute("set", block_set().attributes(part()))
            .attribute("map", block_map().attributes(part()))
            .attribute("group", block_group().attribute("note", string()).attribute("inner", block_list()))
    }

    fn object(name: &str, size: Value, made: Value) -> Value {
        Value::object([("name", name.into()), ("size", size), ("made", made)])
    }

    fn with_inner(value: Value, inner: Vec<Value>) -> Value {
        let Value::Object(mut members) = value else { return value };
        members.insert("inner", Value::set(inner));
        Value::Object(members)
    }

    /// A configuration as the core sends it, or a plan or state of it.
    fn filled(size: &Value, made: &Value) -> Value {
        let part = |name: &str| object(name, size.clone(), made.clone());
        Value::object([
            ("one", part("a")),
            ("list", Value::List(vec![with_inner(part("b"), vec![part("c")])])),
            ("set", Value::set(vec![part("d"), part("e")])),
            ("map", Value::map([("k".to_owned(), part("f"))])),
            ("group", Value::object([("note", Value::Null), ("inner", Value::List(Vec::new()))])),
        ])
    }

    fn empty() -> Value {
        Value::object([
            ("one", Value::Null),
            ("list", Value::List(Vec::new())),
            ("set", Value::set(Vec::new())),
            ("map", Value::Map(Members::new())),
            ("group", Value::object([("inner", Value::List(Vec::new()))])),
        ])
    }

    #[test]
    fn blocks_have_defaults_and_computed_attributes_inside() {
        assert_eq!(schema().problems(), Vec::<String>::new());
        let config = filled(&Value::Null, &Value::Null);
        assert_eq!(validate(&schema(), &config, true), Diagnostics::new());
        let planned = filled(&1.into(), &Value::Unknown);
        let Planned { state, .. } = plan(schema().all(), Prior(&Value::Null), &config);
        assert_eq!(state, planned);
        let applied = filled(&1.into(), &"x".into());
        let (state, differences) = reconcile(schema().all(), &planned, &config, applied.clone());
        assert_eq!((state, differences), (applied.clone(), Diagnostics::new()));
        let Planned { state, .. } = plan(schema().all(), Prior(&applied), &config);
        assert_eq!(state, applied, "a second plan changes nothing");
        assert_eq!(config_for(schema().all(), &applied), config);
    }

    #[test]
    fn what_is_missing_from_blocks_is_empty_and_not_null() {
        let completed = |value| completed(schema().all(), Is::State, value);
        assert_eq!(completed(Value::Object(Members::new())), empty());
        assert_eq!(completed(Value::Null), Value::Null);
        let half = Value::object([("list", Value::List(vec![object("b", 1.into(), Value::Null)]))]);
        let list = Value::List(vec![with_inner(object("b", 1.into(), Value::Null), Vec::new())]);
        assert_eq!(completed(half).get("list"), &list);
    }

    /// Where a computed block is not written, a core that knows them has a null in the configuration, and others an empty collection.
    #[test]
    fn a_computed_block_is_decided_by_the_apply_where_it_is_not_written() {
        let inner = || [("name".to_owned(), string().required()), ("made".to_owned(), string().computed())];
        let schema = Schema::new("")
            .attribute("size", int())
            .attribute("one", block().attributes(inner()).optional_computed())
            .attribute("list", block_list().items(0, 2).attributes(inner()).optional_computed())
            .attribute("set", block_set().attributes(inner()).computed().use_state_for_unknown());
        assert_eq!(schema.problems(), Vec::<String>::new());
        let with = |size: i32, one: Value, list: Value, set: Value| {
            Value::object([("size", size.into()), ("one", one), ("list", list), ("set", set)])
        };
        let part = |name: &str, made: Value| Value::object([("name", name.into()), ("made", made)]);
        let null = || Value::Null;
        let unwritten = |size| with(size, null(), null(), null());
        assert_eq!(validate(&schema, &unwritten(1), true), Diagnostics::new());
        let empty = with(1, null(), Value::List(Vec::new()), Value::Set(Vec::new()));
        assert_eq!(validate(&schema, &empty, true), Diagnostics::new(), "as older cores send it");

        let created = plan(schema.all(), Prior(&Value::Null), &unwritten(1)).state;
        assert_eq!(created, with(1, Value::Unknown, Value::Unknown, Value::Unknown));
        let decided = with(
            1,
            part("a", "x".into()),
            Value::List(vec![part("b", "x".into())]),
            Value::set(vec![part("c", "x".into())]),
        );
        let (state, differences) = reconcile(schema.all(), &created, &unwritten(1), decided.clone());
        assert_eq!((state, differences), (decided.clone(), Diagnostics::new()));
        assert_eq!(plan(schema.all(), Prior(&decided), &unwritten(1)).state, decided, "a second plan changes nothing");
        let updated = plan(schema.all(), Prior(&decided), &unwritten(2)).state;
        assert_eq!(updated, with(2, Value::Unknown, Value::Unknown, decided.get("set").clone()));

        let written = with(1, null(), Value::List(vec![part("d", null()), part("e", null())]), null());
        let planned = plan(schema.all(), Prior(&decided), &written).state;
        let list = Value::List(vec![part("d", Value::Unknown), part("e", Value::Unknown)]);
        assert_eq!(planned.get("list"), &list, "what is written is planned");
        let nameless = with(1, null(), Value::List(vec![part("d", null()), Value::object([("made", null())])]), null());
        let found = validate(&schema, &nameless, true);
        assert_eq!(found.iter().map(Diagnostic::summary).collect::<Vec<_>>(), ["Missing list[1].name"]);
        let refused = validate(&schema, &with(1, null(), null(), Value::set(vec![part("c", null())])), true);
        assert_eq!(refused.iter().map(Diagnostic::summary).collect::<Vec<_>>(), ["Read-only set"]);

        let nothing = with(1, null(), Value::List(Vec::new()), Value::Set(Vec::new()));
        assert_eq!(completed(schema.all(), Is::State, unwritten(1)), nothing);
        assert_eq!(completed(schema.all(), Is::Config, unwritten(1)), unwritten(1));
        assert_eq!(config_for(schema.all(), &nothing), unwritten(1));
    }

    #[test]
    fn err_blocks_that_are_missing_or_too_many() {
        let schema = schema().attribute("must", block().required().deprecated("Use one."));
        let three = Value::List(vec![object("b", Value::Null, Value::Null); 3]);
        let Value::Object(mut config) = empty() else { unreachable!() };
        config.insert("list", three);
        let found = validate(&schema, &Value::Object(config), true);
        let texts: Vec<_> = found.iter().map(|one| format!("{}: {}", one.summary(), one.detail())).collect();
        let expected = [
            "Invalid list: Given: 3 elements. Allowed: at most 2 elements.",
            "Missing must: must is required and must not be null.",
        ];
        assert_eq!(texts, expected);
    }

    #[test]
    fn a_deprecated_block_warns_only_where_it_is_written() {
        let schema = Schema::new("").attribute("old", block_list().deprecated("Use new."));
        let found = |blocks: Vec<Value>| validate(&schema, &Value::object([("old", Value::List(blocks))]), true);
        assert_eq!(found(Vec::new()), Diagnostics::new());
        assert_eq!(found(vec![Value::object::<String>([])]).iter().count(), 1);
    }
}
