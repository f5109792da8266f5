//! Schemas: the attributes of a resource, data source or the like, and their rules.
//!
//! A schema is plain data. The protocol's form, the checks of `terraform validate`, planned values and the generated
//! documentation follow from it; a resource needs code only for what rules cannot express.
//!
//! ```
//! use tfplug::schema::{Schema, int, string};
//!
//! let schema = Schema::new("Issues a key.")
//!     .attribute("id", string().computed().use_state_for_unknown())
//!     .attribute("name", string().required().length(1, 64))
//!     .attribute("interval_days", int().default_value(30).at_least(1));
//! assert!(schema.problems().is_empty());
//! ```

use crate::value::{Name, NameMap, Type, Value, named};

mod accessors;
mod attribute;
mod block;
mod check;
mod combination;
mod combination_check;
mod constructors;
mod generate;
mod lost;
mod matching;
#[doc(hidden)]
pub mod operations;
mod plan;
mod plan_rules;
mod precision;
mod problems;
mod reconcile;
mod removal;
mod set_plan;
mod shown;
mod spelling;
mod storable;
mod validate;
mod value_rules;
mod write_only;

pub use attribute::{Attribute, Configurable, SemanticEquals};
pub(crate) use block::{Is, completed};
pub use check::{Check, Format};
pub use combination::Combination;
pub use constructors::{
    block, block_group, block_list, block_map, block_set, boolean, dynamic, float32, float64, int, list_of, map_of,
    number, object, object_list, object_map, object_set, of_type, set_of, string,
};
pub(crate) use generate::config_for;
pub(crate) use plan::{Planned, Prior, plan};
pub use precision::Precision;
pub(crate) use reconcile::{keep_spelling, reconcile};
#[cfg(any(test, feature = "testing"))]
pub(crate) use removal::is_removed;
pub(crate) use spelling::{Equality, same};
pub(crate) use storable::{storable, without_unknowns};
pub(crate) use validate::{validate, validate_unseen};
pub(crate) use write_only::without_write_only;

/// The attributes of a resource or nested object, by name.
///
/// ```
/// use tfplug::schema::{Attributes, Schema, string};
///
/// let mut shared = Attributes::new();
/// shared.insert("project_id", string().required().requires_replace());
/// let (key, secret) = (Schema::new("A key.").attributes(shared.clone()), Schema::new("A secret.").attributes(shared));
/// assert_eq!(key.all().keys().collect::<Vec<_>>(), secret.all().keys().collect::<Vec<_>>());
/// ```
pub type Attributes = NameMap<Attribute>;

/// How a nested attribute or block holds its objects.
///
/// ```
/// use tfplug::schema::{AttributeType, Nesting, object_list, string};
///
/// let steps = object_list().attribute("run", string().required());
/// assert!(matches!(steps.attribute_type(), AttributeType::Nested(Nesting::List, _)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Nesting {
    /// One object.
    Single,
    /// A list of objects.
    List,
    /// A set of objects.
    Set,
    /// A map of objects.
    Map,
    /// One object that is never null; only for a block.
    Group,
}

/// What an attribute holds: a value of a type, or nested objects with attributes of their own.
///
/// ```
/// use tfplug::Type;
/// use tfplug::schema::{AttributeType, object_set, string};
///
/// let members = object_set().attribute("user", string());
/// let user = Type::Object([("user".to_owned(), Type::String)].into());
/// assert_eq!(members.attribute_type().value_type(), Type::set(user));
/// assert_eq!(AttributeType::Plain(Type::Bool).value_type(), Type::Bool);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AttributeType {
    /// A value of this type.
    Plain(Type),
    /// Objects whose attributes have rules of their own.
    Nested(Nesting, Attributes),
}

impl AttributeType {
    /// The type of the values.
    #[must_use]
    pub fn value_type(&self) -> Type {
        match self {
            Self::Plain(kind) => kind.clone(),
            Self::Nested(nesting, attributes) => {
                let object = object_type(attributes);
                match nesting {
                    Nesting::Single | Nesting::Group => object,
                    Nesting::List => Type::list(object),
                    Nesting::Set => Type::set(object),
                    Nesting::Map => Type::map(object),
                }
            }
        }
    }
}

/// The schema of a resource, data source, ephemeral resource, action, list resource or provider block.
///
/// ```
/// use tfplug::Type;
/// use tfplug::schema::{Schema, string};
///
/// let schema = Schema::new("A note.").attribute("text", string().required()).version(1).without_nul().deprecated("Use a page.");
/// assert_eq!((schema.description(), schema.stored_version()), ("A note.", 1));
/// assert_eq!(schema.deprecation(), Some("Use a page."));
/// assert_eq!(schema.value_type(), Type::Object([("text".to_owned(), Type::String)].into()));
/// ```
#[derive(Clone, Debug)]
pub struct Schema {
    description: String,
    version: i64,
    attributes: Attributes,
    deprecated: Option<String>,
    without_nul: bool,
    generated_without_nulls: bool,
    combinations: Vec<Combination>,
}

impl Schema {
    /// A schema without attributes. The description is Markdown and goes into the generated documentation.
    #[must_use]
    pub fn new(description: &str) -> Self {
        Self {
            description: description.to_owned(),
            version: 0,
            attributes: Attributes::new(),
            deprecated: None,
            without_nul: false,
            generated_without_nulls: false,
            combinations: Vec::new(),
        }
    }

    /// Adds an attribute, or replaces the one of the same name.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<Name>, attribute: Attribute) -> Self {
        self.attributes.insert(name.into(), attribute);
        self
    }

    /// Adds several attributes, such as those that several schemas share.
    ///
    /// ```
    /// use tfplug::schema::{Attribute, Schema, string};
    ///
    /// /// What everything in a project has.
    /// fn place() -> [(String, Attribute); 2] {
    ///     [("project_id".to_owned(), string().required().requires_replace()), ("folder".to_owned(), string())]
    /// }
    ///
    /// let key = Schema::new("A key.").attribute("name", string().required()).attributes(place());
    /// assert_eq!(key.all().len(), 3);
    /// ```
    #[must_use]
    pub fn attributes<N: Into<Name>>(mut self, more: impl IntoIterator<Item = (N, Attribute)>) -> Self {
        self.attributes.extend(more.into_iter().map(|(name, attribute)| (name.into(), attribute)));
        self
    }

    /// Sets the schema version. Raise it when older states cannot be read as they are, and implement `upgrade`.
    #[must_use]
    pub fn version(mut self, version: u32) -> Self {
        self.version = i64::from(version);
        self
    }

    /// Rejects the character NUL (U+0000) in every string of a configuration, at any depth: for an API that cannot store it.
    ///
    /// ```
    /// use tfplug::schema::{Schema, string};
    ///
    /// let schema = Schema::new("A note.").attribute("text", string()).without_nul();
    /// assert!(schema.problems().is_empty());
    /// ```
    #[must_use]
    pub fn without_nul(mut self) -> Self {
        self.without_nul = true;
        self
    }

    /// Announces the optional attributes of a resource as optional and computed. In a configuration that a core generates, it writes
    /// `= null` for each optional attribute without a value, unless that is computed as well.
    ///
    /// Plans are the same, since leaving such an attribute out still means null. The price is that a `mock_provider` of
    /// `terraform test` makes up values for them.
    ///
    /// ```
    /// use tfplug::schema::{Schema, string};
    ///
    /// let schema = Schema::new("A note.").attribute("text", string()).generated_without_nulls();
    /// assert!(schema.problems().is_empty());
    /// ```
    #[must_use]
    pub fn generated_without_nulls(mut self) -> Self {
        self.generated_without_nulls = true;
        self
    }

    /// Marks it as deprecated as a whole; the message says what to use instead.
    #[must_use]
    pub fn deprecated(mut self, message: &str) -> Self {
        self.deprecated = Some(message.to_owned());
        self
    }

    /// The schema version, which is stored with each state.
    #[must_use]
    pub fn stored_version(&self) -> i64 {
        self.version
    }

    /// The description, in Markdown.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The deprecation message, if it is deprecated.
    #[must_use]
    pub fn deprecation(&self) -> Option<&str> {
        self.deprecated.as_deref()
    }

    /// All attributes by name.
    #[must_use]
    pub fn all(&self) -> &Attributes {
        &self.attributes
    }

    pub(crate) fn all_combinations(&self) -> &[Combination] {
        &self.combinations
    }

    pub(crate) fn is_generated_without_nulls(&self) -> bool {
        self.generated_without_nulls
    }

    pub(crate) fn refuses_nul(&self) -> bool {
        self.without_nul
    }

    /// The type of a whole configuration or state.
    ///
    /// ```
    /// use tfplug::Type;
    /// use tfplug::schema::{Schema, boolean, string};
    ///
    /// let schema = Schema::new("A note.").attribute("text", string().required()).attribute("read", boolean().computed());
    /// let members = [("read".to_owned(), Type::Bool), ("text".to_owned(), Type::String)];
    /// assert_eq!(schema.value_type(), Type::Object(members.into()));
    /// ```
    #[must_use]
    pub fn value_type(&self) -> Type {
        object_type(&self.attributes)
    }
}

fn object_type(attributes: &Attributes) -> Type {
    let types = attributes.iter().map(|(name, attribute)| (name.clone(), attribute.attribute_type().value_type()));
    Type::Object(named(types))
}

/// The objects in the value of a nested attribute, each with its path step.
pub(crate) fn elements(value: &Value) -> Vec<(Option<crate::path::Step>, &Value)> {
    use crate::path::Step;
    match value {
        Value::List(all) => (0..).zip(all).map(|(position, element)| (Some(Step::Index(position)), element)).collect(),
        Value::Set(all) => all.iter().map(|element| (None, element)).collect(),
        Value::Map(all) => all.iter().map(|(key, element)| (Some(Step::Key(key.to_string())), element)).collect(),
        Value::Null | Value::Unknown => Vec::new(),
        one => vec![(None, one)],
    }
}
