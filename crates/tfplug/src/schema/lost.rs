//! What would be lost of the parts of a value of a plain type: marks, defaults and plan behaviour are those of attributes, and
//! such a value has none in it.

use super::{Attribute, AttributeType, Attributes, Configurable};

/// What is lost in the value of this attribute, one text each; nothing if the attribute has attributes of its own.
pub(super) fn lost(attribute: &Attribute) -> Vec<String> {
    let mut found = Vec::new();
    if matches!(attribute.attribute_type(), AttributeType::Plain(_)) {
        Whole(attribute).inside(attribute, &mut found);
    }
    found
}

/// The attribute that the parts belong to: what it is as a whole, they need not be.
struct Whole<'a>(&'a Attribute);

impl Whole<'_> {
    fn inside(&self, value: &Attribute, found: &mut Vec<String>) {
        self.parts(value.parts(), found);
        if let Some(element) = value.element() {
            found.extend(self.lost(element).map(|what| format!("each element {what}, {LOST}")));
            if element.deprecation().is_some() {
                found.push(format!("each element is deprecated, {LOST}"));
            }
            self.inside(element, found);
        }
    }

    fn parts(&self, parts: Option<&Attributes>, found: &mut Vec<String>) {
        for (name, part) in parts.into_iter().flatten() {
            found.extend(self.lost(part).map(|what| format!("its part {name:?} {what}, {LOST}")));
            self.inside(part, found);
        }
    }

    fn lost(&self, part: &Attribute) -> impl Iterator<Item = &'static str> {
        let Self(whole) = self;
        let is_result = whole.configurable() == Configurable::Computed;
        let is_planned = part.requires_replacement()
            || part.uses_state_for_unknown()
            || part.is_state_only()
            || part.dependencies().is_some();
        let all = [
            (part.is_write_only() && !whole.is_write_only(), "is write-only"),
            (part.is_sensitive() && !whole.is_sensitive() && !whole.is_write_only(), "is sensitive"),
            (part.default().is_some(), "has a default"),
            (part.is_computed() && part.default().is_none() && !is_result, "is computed"),
            (is_planned, "has a rule for plans"),
            (part.is_block(), "is a block"),
        ];
        all.into_iter().filter_map(|(is_lost, what)| is_lost.then_some(what))
    }
}

const LOST: &str = "which is lost in a value of a plain type";

#[cfg(test)]
mod tests {
    use crate::schema::{
        Attribute, Schema, block, int, list_of, map_of, object, object_list, object_set, set_of, string,
    };

    /// The attribute with objects in a map of collections.
    fn map(objects: Attribute) -> Attribute {
        map_of(objects.attribute_type().value_type()).each(objects)
    }

    fn problems(attribute: Attribute) -> Vec<String> {
        Schema::new("").attribute("all", attribute).problems()
    }

    #[test]
    fn err_what_a_part_cannot_have_in_collections_of_collections() {
        for (part, what) in [
            (string().write_only(), "is write-only"),
            (string().sensitive(), "is sensitive"),
            (int().default_value(1), "has a default"),
            (string().computed(), "is computed"),
            (string().requires_replace(), "has a rule for plans"),
            (string().state_only(), "has a rule for plans"),
            (block(), "is a block"),
        ] {
            let expected = [format!("all: its part \"part\" {what}, which is lost in a value of a plain type")];
            assert_eq!(problems(map(object_list().attribute("part", part.clone()))), expected);
            assert_eq!(problems(object_set().attribute("part", part.clone()).into_plain()), expected);
            let inner = object().attribute("inner", object_list().attribute("part", part.clone()));
            assert_eq!(problems(inner.into_plain()), expected);
            let deep = list_of(map(object_list()).attribute_type().value_type());
            let deep = deep.each(map(object_list().attribute("part", part)));
            assert!(problems(deep).contains(&expected[0]));
        }
    }

    #[test]
    fn err_what_an_element_cannot_have() {
        for (element, what) in [
            (string().sensitive(), "is sensitive"),
            (string().default_value("x"), "has a default"),
            (string().requires_replace(), "has a rule for plans"),
            (string().deprecated("Use others."), "is deprecated"),
        ] {
            let expected = [format!("all: each element {what}, which is lost in a value of a plain type")];
            assert_eq!(problems(set_of(crate::Type::String).each(element)), expected);
        }
    }

    #[test]
    fn ok_what_the_whole_attribute_is_as_well() {
        let objects = || object_list().attribute("part", string().sensitive().deprecated("Use others."));
        let key = || object_list().attribute("part", string().sensitive().write_only());
        let made = || object_list().attribute("part", string().computed());
        for attribute in [map(objects()).sensitive(), map(key()).write_only(), map(made()).computed()] {
            assert_eq!(problems(attribute), Vec::<String>::new());
        }
    }
}
