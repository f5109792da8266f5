//! Lists, sets and maps as attributes.

use std::collections::{BTreeMap, BTreeSet};

use super::field::mismatch;
use super::{Attr, Field, Slot, View};
use crate::maps::try_collected;
use crate::path::Path;
use crate::schema::{
    Attribute, AttributeType, Nesting, list_of, map_of, object_list, object_map, object_set, of_type, set_of,
};
use crate::value::{Malformed, Type, Value, named};

/// What the elements of a collection are in a configuration or plan.
type Element<S> = Attr<<<S as Slot>::Held as Field>::Open>;

/// A list, or with `#[tf(set)]` a set; what is written back is fitted to the schema, which knows which of both it is.
impl<S: Slot> Field for Vec<S> {
    type Open = Vec<Element<S>>;
    const USES: u8 = <S::Held as Field>::USES;
    const OBJECT_DEPTH: u8 = deeper(<S::Held as Field>::OBJECT_DEPTH);

    fn value_type() -> Type {
        Type::list(S::Held::value_type())
    }

    fn from_value(value: Value, path: &Path) -> Result<Self, Malformed> {
        match value {
            Value::List(all) | Value::Set(all) => {
                all.into_iter().enumerate().map(|(i, element)| S::read(element, &path.index(i))).collect()
            }
            other => Err(mismatch::<Self>(&other, path)),
        }
    }

    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(S::write).collect())
    }

    fn attribute(view: View) -> Attribute {
        collection::<S>(Nesting::List, view)
    }
}

impl<S: Slot + Ord> Field for BTreeSet<S> {
    type Open = Vec<Element<S>>;
    const USES: u8 = <S::Held as Field>::USES;
    const OBJECT_DEPTH: u8 = deeper(<S::Held as Field>::OBJECT_DEPTH);

    fn value_type() -> Type {
        Type::set(S::Held::value_type())
    }

    fn from_value(value: Value, path: &Path) -> Result<Self, Malformed> {
        Vec::from_value(value, path).map(|all| all.into_iter().collect())
    }

    fn into_value(self) -> Value {
        Value::set(self.into_iter().map(S::write).collect())
    }

    fn attribute(view: View) -> Attribute {
        collection::<S>(Nesting::Set, view)
    }
}

impl<S: Slot> Field for BTreeMap<String, S> {
    type Open = BTreeMap<String, Element<S>>;
    const USES: u8 = <S::Held as Field>::USES;
    const OBJECT_DEPTH: u8 = deeper(<S::Held as Field>::OBJECT_DEPTH);

    fn value_type() -> Type {
        Type::map(S::Held::value_type())
    }

    fn from_value(value: Value, path: &Path) -> Result<Self, Malformed> {
        match value {
            Value::Map(all) => try_collected(all.into_iter().map(|(key, element)| {
                let element = S::read(element, &path.key(&key))?;
                Ok((key.into_owned(), element))
            })),
            other => Err(mismatch::<Self>(&other, path)),
        }
    }

    fn into_value(self) -> Value {
        Value::Map(named(self.into_iter().map(|(key, element)| (key, element.write()))))
    }

    fn attribute(view: View) -> Attribute {
        collection::<S>(Nesting::Map, view)
    }
}

/// The depth of objects in a collection whose elements have them at this depth.
const fn deeper(depth: u8) -> u8 {
    if depth == 0 { 0 } else { depth.saturating_add(1) }
}

/// Objects in a collection keep the rules of their attributes. Plain values have those of each element, to which the objects in
/// collections of collections belong.
fn collection<S: Slot>(nesting: Nesting, view: View) -> Attribute {
    let element = S::Held::attribute(view);
    let attribute = of(element.attribute_type(), nesting).combinations(element.all_combinations().iter().copied());
    let attribute = if S::TAKES_NULL { attribute } else { attribute.elements_not_null() };
    match attribute.attribute_type() {
        AttributeType::Plain(_) if element.has_rules() || element.parts().is_some() => attribute.each(element),
        _ => attribute,
    }
}

fn of(element: &AttributeType, nesting: Nesting) -> Attribute {
    match (element, nesting) {
        (AttributeType::Nested(Nesting::Single, inner), Nesting::List) => object_list().attributes(inner.clone()),
        (AttributeType::Nested(Nesting::Single, inner), Nesting::Set) => object_set().attributes(inner.clone()),
        (AttributeType::Nested(Nesting::Single, inner), Nesting::Map) => object_map().attributes(inner.clone()),
        (other, Nesting::Set) => set_of(other.value_type()),
        (other, Nesting::Map) => map_of(other.value_type()),
        (other, Nesting::List | Nesting::Single | Nesting::Group) => list_of(other.value_type()),
    }
}

/// The same attribute as a set.
pub(super) fn as_set(mut list: Attribute) -> Attribute {
    match list.attribute_type_mut() {
        AttributeType::Nested(nesting, _) => *nesting = Nesting::Set,
        AttributeType::Plain(ty) => {
            if let Type::List(element) = ty {
                *ty = Type::set((**element).clone());
            }
        }
    }
    list
}

/// What stands for each element of a collection: its rules so far.
pub(super) fn element_of(collection: &Attribute) -> Attribute {
    match (collection.element(), collection.attribute_type()) {
        (Some(element), _) => element.clone(),
        (None, AttributeType::Plain(Type::List(ty) | Type::Set(ty) | Type::Map(ty))) => of_type((**ty).clone()),
        (None, other) => of_type(other.value_type()),
    }
}
