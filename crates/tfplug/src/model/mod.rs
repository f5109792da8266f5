//! From values to the fields of a Rust struct and back.

mod attr;
mod collection;
mod declared;
mod field;
mod model_traits;
pub mod names;
mod number;
pub(crate) mod object;
pub(crate) mod rule_targets;
mod rules;
mod slot;
mod view;

pub use attr::Attr;
pub use field::Field;
pub use model_traits::{
    ActionModel, DataSourceModel, EphemeralResourceModel, Existing, ListResourceModel, Prior, ProviderMetaModel,
    ProviderModel, ResourceModel, StateStoreModel,
};
pub use object::Object;
pub(crate) use rules::combinations;
pub use rules::{Entry, Given, Rule, Spec, attributes};
pub use slot::Slot;
pub use view::View;

use crate::diagnostic::Diagnostics;
use crate::path::Path;
use crate::schema::Schema;
use crate::value::{Malformed, Members, Type, Value, named};

/// A computed attribute: unknown in a plan, afterwards a value or null.
///
/// ```
/// use tfplug::Computed;
///
/// // What `create` fills in.
/// let id: Computed<String> = "i-1".into();
/// assert_eq!(id.get().map(String::as_str), Some("i-1"));
/// // What a plan has in its place.
/// assert!(Computed::<String>::Unknown.is_unknown());
/// ```
pub type Computed<T> = Attr<T>;

/// A struct with [`Attr`] around each part of it: `Open<Place>` is the struct that the derive makes beside `Place`.
///
/// ```
/// use tfplug::{Attr, Model, Open};
///
/// /// A place.
/// #[derive(Model)]
/// #[tf(object)]
/// struct Place {
///     #[tf(required)]
///     city: String,
///     street: Option<String>,
/// }
///
/// // The same type as `PlaceConfig`.
/// let place: Open<Place> = PlaceConfig { city: Attr::Unknown, street: "Main Street".into() };
/// assert!(place.city.is_unknown());
/// ```
pub type Open<T> = <T as Field>::Open;

/// A struct with one field per attribute, made by [`derive(Model)`](derive@crate::Model), or, with an [`Attr`] around each
/// field, by [`model!`](crate::model!).
///
/// ```
/// use tfplug::{Computed, Model, Value};
///
/// /// A note.
/// #[derive(Model)]
/// #[tf(resource)]
/// struct Note {
///     #[tf(computed, identity)]
///     id: Computed<String>,
///     #[tf(required)]
///     text: String,
/// }
///
/// assert_eq!((Note::ATTRIBUTES, Note::IDENTITY), (&["id", "text"][..], &["id"][..]));
/// assert!(Note::schema().problems().is_empty());
/// let note = Note { id: "1".into(), text: "Hello.".to_owned() };
/// assert_eq!(note.into_members().get("text"), Some(&Value::from("Hello.")));
/// ```
pub trait Model: Field + Send + Sync + 'static {
    /// The attributes' names, in the order of the fields.
    const ATTRIBUTES: &'static [&'static str];
    /// The attributes that identify an object, for as long as it lives unless the identity is mutable; none for anything but
    /// resources.
    const IDENTITY: &'static [&'static str] = &[];
    /// Those of them that an import may leave out.
    const OPTIONAL_IDENTITY: &'static [&'static str] = &[];
    /// The version of the identity, which is stored with it.
    const IDENTITY_VERSION: i64 = 0;
    /// Whether an update or a read may change the identity of an object.
    const MUTABLE_IDENTITY: bool = false;
    /// A configuration, a plan, or an incomplete state: the same fields, each of which may be null or unknown.
    type Config: Field + Clone + PartialEq + Send + Sync;
    /// What identifies an object: the attributes that are marked so, all of them set.
    type Identity: Field + Send + Sync;
    /// The input of `read`: [`Prior`].
    type Prior: Send;
    /// The input of `update` and `delete`: [`Existing`].
    type Existing: Send;

    /// The attributes and their rules.
    #[must_use]
    fn schema() -> Schema {
        let all = Self::attribute(View::AsWritten);
        match all.attribute_type() {
            crate::schema::AttributeType::Nested(_, attributes) => Schema::new("").attributes(attributes.clone()),
            crate::schema::AttributeType::Plain(_) => Schema::new(""),
        }
    }

    /// Fills the fields from an object's attributes; one that's missing is null.
    ///
    /// # Errors
    ///
    /// [`Malformed`] with the path of the first value that is not of its field's type.
    fn from_members(members: Members, path: &Path) -> Result<Self, Malformed>;

    /// Converts the fields to an object's attributes.
    fn into_members(self) -> Members;

    /// The provider block as `configure` gets it; `None` while it is not known enough for that.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if it is not of the model's type.
    #[doc(hidden)]
    fn configured(block: Members) -> Result<Option<Self>, Malformed>;

    /// A stored state as `read` gets it.
    ///
    /// # Errors
    ///
    /// A diagnostic if a part of the identity is missing.
    #[doc(hidden)]
    fn prior(state: Value) -> Result<Self::Prior, Diagnostics>;

    /// A stored state as `update` and `delete` get it.
    ///
    /// # Errors
    ///
    /// A diagnostic if the state is incomplete.
    #[doc(hidden)]
    fn existing(state: Value) -> Result<Self::Existing, Diagnostics>;
}

/// The identity of a type that has none.
///
/// ```
/// use tfplug::{Model, NoIdentity};
///
/// /// A setting, of which there is only one.
/// #[derive(Model)]
/// #[tf(resource, no_identity)]
/// struct Setting {
///     on: Option<bool>,
/// }
///
/// let identity: <Setting as Model>::Identity = NoIdentity;
/// assert!(Setting::IDENTITY.is_empty());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoIdentity;

impl Field for NoIdentity {
    type Open = Self;

    fn value_type() -> Type {
        Type::Object(crate::value::NameMap::new())
    }

    fn from_value(_: Value, _: &Path) -> Result<Self, Malformed> {
        Ok(Self)
    }

    fn into_value(self) -> Value {
        Value::Object(Members::new())
    }
}

/// Whether the schema is one that cores accept, and the model has exactly its attributes with their types: for a test
/// beside each resource.
///
/// ```
/// use tfplug::schema::{Schema, int, string};
///
/// tfplug::model! {
///     /// A shelf.
///     struct Shelf { name: String, width: i64 }
/// }
///
/// let schema = Schema::new("A shelf.").attribute("name", string().required()).attribute("width", int());
/// assert_eq!(tfplug::holds_against::<Shelf>(&schema), Ok(()));
/// let other = schema.attribute("height", int());
/// assert!(tfplug::holds_against::<Shelf>(&other).is_err());
/// ```
///
/// # Errors
///
/// The schema's problems, or both types as JSON if they differ.
pub fn holds_against<M: Model>(schema: &Schema) -> Result<(), String> {
    let problems = schema.problems();
    if !problems.is_empty() {
        return Err(problems.join("\n"));
    }
    let (model, schema) = (sets_as_lists(M::value_type()), sets_as_lists(schema.value_type()));
    if model == schema { Ok(()) } else { Err(format!("model:  {}\nschema: {}", model.to_json(), schema.to_json())) }
}

/// A model holds a set as a sequence.
fn sets_as_lists(ty: Type) -> Type {
    match ty {
        Type::Set(element) | Type::List(element) => Type::list(sets_as_lists(*element)),
        Type::Map(element) => Type::map(sets_as_lists(*element)),
        Type::Object(all) => Type::Object(named(all.into_iter().map(|(name, ty)| (name, sets_as_lists(ty))))),
        other => other,
    }
}

/// Strips the mark of a raw identifier, so that a field can be called `type`.
#[doc(hidden)]
#[must_use]
pub const fn attribute_name(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', rest @ ..] => match std::str::from_utf8(rest) {
            Ok(name) => name,
            Err(_) => field,
        },
        _ => field,
    }
}

#[cfg(test)]
mod derive_tests;
#[cfg(test)]
mod null_element_tests;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model;
    use crate::schema::{int, list_of, map_of, object, string};
    use crate::value::{Number, Value};

    model! {
        /// When.
        struct At { hours: i64 }
    }
    model! {
        /// Everything a model can hold.
        struct All {
            r#type: String,
            limit: Number,
            at: At,
            names: Vec<Attr<String>>,
            tags: BTreeMap<String, Attr<String>>,
        }
    }

    fn schema() -> Schema {
        Schema::new("")
            .attribute("type", string().computed())
            .attribute("limit", crate::schema::number())
            .attribute("at", object().attribute("hours", int()))
            .attribute("names", list_of(Type::String))
            .attribute("tags", map_of(Type::String))
    }

    #[test]
    fn ok_a_model_reads_back_what_it_wrote() {
        let all = All {
            r#type: "t".into(),
            limit: Attr::Unknown,
            at: Attr::Known(At { hours: 3.into() }),
            names: Attr::Known(vec!["a".into(), Attr::Null]),
            tags: Attr::Known([("k".to_owned(), Attr::Unknown)].into()),
        };
        let value = all.clone().into_value();
        assert_eq!(value.get("type").as_str(), Some("t"));
        assert!(All::from_value(value, &Path::root()).unwrap() == all);
    }

    #[test]
    fn a_model_is_compared_with_its_schema() {
        assert_eq!(holds_against::<All>(&schema()), Ok(()));
        let other = schema().attribute("at", object().attribute("minutes", int()));
        assert!(holds_against::<All>(&other).unwrap_err().contains("minutes"));
    }

    #[test]
    fn err_a_value_of_another_type_is_named_by_its_path() {
        let value = Value::object([("at", Value::object([("hours", "x".into())]))]);
        let error = All::from_value(value, &Path::root()).unwrap_err();
        assert_eq!(error.to_string(), r#"at.hours: expected "number", found string(1)"#);
    }

    #[test]
    fn an_unexpected_unknown_value_is_a_bug_with_the_attributes_name() {
        let error = Attr::<String>::Unknown.known("id").unwrap_err();
        assert!(error.detail().starts_with("id is unknown where a value is required."), "{}", error.detail());
    }
}
