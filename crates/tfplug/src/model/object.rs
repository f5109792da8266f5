//! Structs as objects: the building blocks of the derive's conversions.

use super::model_traits::incomplete;
use super::{Entry, Field, Model, Slot, View, attributes, combinations};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::schema::{Attribute, Schema, object};
use crate::value::{InOrderMut, Malformed, Members, Name, Type, Value, named};

/// A struct whose fields are attributes, by [`derive(Model)`](derive@crate::Model).
///
/// ```
/// use tfplug::{Model, Object, Value};
///
/// /// Where something is, for several resources.
/// #[derive(Model)]
/// #[tf(object)]
/// struct Place {
///     #[tf(required, requires_replace)]
///     project_id: String,
///     #[tf(default = "/")]
///     folder: String,
/// }
///
/// /// Any group of attributes as a value.
/// fn value(group: impl Object) -> Value {
///     group.into_value()
/// }
///
/// let place = Place { project_id: "p".to_owned(), folder: "/".to_owned() };
/// assert_eq!(value(place).get("folder"), &Value::from("/"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a group of attributes",
    label = "cannot be flattened",
    note = "flatten a struct that has #[derive(Model)] and #[tf(object)], without Option or Computed around it"
)]
pub trait Object: Field {
    /// The attributes.
    #[doc(hidden)]
    const ENTRIES: &'static [Entry];
    /// The attributes' names, in the order in which a map has them.
    #[doc(hidden)]
    const SORTED_NAMES: &'static [&'static str];
    /// Whether each field has an [`Attr`](super::Attr) around it.
    #[doc(hidden)]
    const IS_OPEN: bool;

    /// Takes the fields out of an object's attributes; one that's missing is null.
    ///
    /// # Errors
    ///
    /// [`Malformed`] with the path of the first value that does not fit its field.
    #[doc(hidden)]
    fn take(members: &mut Members, path: &Path) -> Result<Self, Malformed>;

    /// Puts the fields into an object that has all attributes already.
    #[doc(hidden)]
    fn put(self, members: &mut Members);
}

/// Takes one field, which comes after all that were taken before.
///
/// # Errors
///
/// [`Malformed`] if the value does not fit the field.
pub fn take<S: Slot>(members: &mut InOrderMut<'_, Value>, name: &str, path: &Path) -> Result<S, Malformed> {
    // The rest of the map is dropped afterwards, so the entry can stay in it.
    let value = members.get(name).map_or(Value::Null, |value| std::mem::replace(value, Value::Null));
    S::read(value, &Path::root()).map_err(|error| error.below(&path.attribute(name)))
}

/// Puts one field, which comes after all that were put before, into its place.
pub fn put<S: Slot>(members: &mut InOrderMut<'_, Value>, name: &str, slot: S) {
    if let Some(place) = members.get(name) {
        *place = slot.write();
    }
}

/// The attributes of an object.
pub fn into_members<O: Object>(this: O) -> Members {
    let mut members = Members::in_same_order(O::SORTED_NAMES.iter().map(|name| (Name::Borrowed(name), Value::Null)));
    this.put(&mut members);
    members
}

/// The type of an object with these attributes.
#[doc(hidden)]
pub fn object_type<const N: usize>(attributes: [(&'static str, Type); N]) -> Type {
    Type::Object(named(attributes))
}

/// [`Field::value_type`] of an object.
#[must_use]
pub fn value_type<O: Object>() -> Type {
    O::attribute(View::AsWritten).attribute_type().value_type()
}

/// [`Field::from_value`] of an object.
///
/// # Errors
///
/// [`Malformed`] if the value is not an object, or a value does not fit its field.
pub fn from_value<O: Object>(value: Value, path: &Path) -> Result<O, Malformed> {
    match value {
        Value::Object(mut members) => O::take(&mut members, path),
        _ => Err(Malformed::at(path, "not an object")),
    }
}

/// [`Field::into_value`] of an object.
#[must_use]
pub fn into_value<O: Object>(this: O) -> Value {
    Value::Object(into_members(this))
}

/// [`Field::attribute`] of an object.
#[must_use]
pub fn nested(entries: &'static [Entry], view: View) -> Attribute {
    object().attributes(attributes(entries, view)).combinations(combinations(entries, view))
}

/// The schema of a derived model.
#[must_use]
pub fn schema(description: &str, entries: &'static [Entry]) -> Schema {
    let view = View::AsWritten;
    Schema::new(description).attributes(attributes(entries, view)).combinations(combinations(entries, view))
}

/// [`Model::configured`] of a derived model.
///
/// # Errors
///
/// [`Malformed`] if a value does not fit its field.
pub fn configured<M: Model>(block: Members) -> Result<Option<M>, Malformed> {
    let open = block.values().any(|value| !value.unknowns().is_empty());
    if open { Ok(None) } else { M::from_members(block, &Path::root()).map(Some) }
}

/// [`Model::prior`] of a derived model.
///
/// # Errors
///
/// A diagnostic if the state lacks a part of the identity.
pub fn prior<M: Model>(state: Value) -> Result<super::Prior<M>, Diagnostics> {
    let identity = identity::<M>(&state)?;
    let open = M::Config::from_value(state.clone(), &Path::root())
        .or_else(|_| M::Config::from_value(fitting::<M>(&state), &Path::root()))
        .map_err(|error| Diagnostic::bug(format!("The model does not fit the schema: {error}.")))?;
    Ok(super::Prior::new(identity, open, state))
}

/// The state with null for what is none of the model's values: an earlier version of the provider may have taken more. The object
/// can still be found, and a read replaces them.
fn fitting<M: Model>(state: &Value) -> Value {
    let nothing = |name: &Name| (name.clone(), Value::Null);
    let members = state.members().into_iter().flatten().map(|(name, value)| {
        let mut alone: Members = state.members().into_iter().flatten().map(|(name, _)| nothing(name)).collect();
        alone.insert(name.clone(), value.clone());
        let fits = M::Config::from_value(Value::Object(alone), &Path::root()).is_ok();
        if fits { (name.clone(), value.clone()) } else { nothing(name) }
    });
    Value::Object(named(members))
}

/// [`Model::existing`] of a derived model.
///
/// # Errors
///
/// A diagnostic if the state is incomplete.
pub fn existing<M: Model>(state: Value) -> Result<super::Existing<M>, Diagnostics> {
    let identity = identity::<M>(&state)?;
    let state = M::from_value(state, &Path::root()).map_err(|error| incomplete(&error.to_string()))?;
    Ok(super::Existing { identity, state })
}

fn identity<M: Model>(state: &Value) -> Result<M::Identity, Diagnostics> {
    let part = |name: &&'static str| (*name, state.get(name).clone());
    let parts = Value::Object(named(M::IDENTITY.iter().map(part)));
    M::Identity::from_value(parts, &Path::root()).map_err(|error| incomplete(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use crate::{Attr, Computed, Field as _, Model, Value};

    /// A book.
    #[derive(Clone, Debug, Model, PartialEq)]
    #[tf(resource)]
    struct Book {
        #[tf(computed, identity, use_state_for_unknown)]
        id: Computed<String>,
        #[tf(required)]
        pages: u16,
        #[tf(required)]
        title: String,
    }

    #[test]
    fn a_value_that_the_model_no_longer_takes_leaves_the_object_to_a_read() {
        let state = |id: Value, pages: i64| Value::object([("id", id), ("pages", pages.into()), ("title", "t".into())]);
        let prior = Book::prior(state("1".into(), 70_000)).unwrap();
        assert_eq!((prior.state.pages.clone(), prior.state.title.clone()), (Attr::Null, "t".into()));
        assert!(prior.whole().is_none());
        let error = prior.into_whole().unwrap_err();
        assert!(error.iter().all(|error| error.detail().starts_with("pages: ")), "{error:?}");
        assert!(Book::prior(state("1".into(), 7)).unwrap().whole().is_some());
        assert!(Book::prior(state(Value::Null, 7)).is_err(), "the object could not be found");
        let whole = Book { id: "1".into(), pages: 7, title: "t".to_owned() };
        let prior = Book::prior(whole.clone().into_value()).unwrap();
        assert_eq!(prior.clone().into_whole().unwrap(), whole, "without having asked before");
        assert_eq!(prior.whole(), Some(&whole));
        assert_eq!((prior.clone().into_whole().unwrap(), prior.into_whole().unwrap()), (whole.clone(), whole));
    }
}
