//! `model!`: a struct for a schema that is written with builders.

/// Declares the struct that holds a resource's attributes: one field per attribute, of the same name.
///
/// ```
/// tfplug::model! {
///     /// A place to keep things.
///     pub struct Shelf { name: String, width: i64, tags: std::collections::BTreeMap<String, tfplug::Attr<String>> }
/// }
/// let shelf = Shelf { name: "left".into(), ..Shelf::default() };
/// assert!(shelf.width.is_null());
/// ```
///
/// Field types are `String`, `bool`, `i64`, [`Number`](crate::Number), `Vec<Attr<T>>` for lists and sets,
/// `BTreeMap<String, Attr<T>>` for maps, other models for nested objects, and [`Value`](crate::Value) for values of any
/// type. The schema is written separately, with the builders of [`schema`](crate::schema). A struct that has both in one is
/// made by [`derive(Model)`](derive@crate::Model).
#[macro_export]
macro_rules! model {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $($(#[$field_meta:meta])* $field:ident : $kind:ty),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[allow(unreachable_pub)]
        $vis struct $name {
            $($(#[$field_meta])* #[allow(missing_docs)] pub $field: $crate::Attr<$kind>,)*
        }

        #[allow(unused_mut, unused_variables, reason = "a model may have no fields")]
        impl $crate::Model for $name {
            const ATTRIBUTES: &'static [&'static str] =
                &[$($crate::attribute_name(stringify!($field))),*];
            type Config = Self;
            type Identity = Self;
            type Prior = Self;
            type Existing = Self;

            fn from_members(
                mut members: $crate::value::Members,
                path: &$crate::Path,
            ) -> Result<Self, $crate::value::Malformed> {
                Ok(Self {
                    $($field: {
                        const NAME: &str = $crate::attribute_name(stringify!($field));
                        let value = members.remove(NAME).unwrap_or($crate::Value::Null);
                        $crate::Attr::from_value(value, &path.attribute(NAME))?
                    },)*
                })
            }

            fn configured(block: $crate::value::Members) -> Result<Option<Self>, $crate::value::Malformed> {
                $crate::Model::from_members(block, &$crate::Path::root()).map(Some)
            }

            fn prior(state: $crate::Value) -> Result<Self, $crate::Diagnostics> {
                $crate::__private::to_model(state)
            }

            fn existing(state: $crate::Value) -> Result<Self, $crate::Diagnostics> {
                $crate::__private::to_model(state)
            }

            fn into_members(self) -> $crate::value::Members {
                let mut members = $crate::value::Members::new();
                $(members.insert(
                    $crate::attribute_name(stringify!($field)),
                    self.$field.into_value(),
                );)*
                members
            }
        }

        impl $crate::ResourceModel for $name {}
        impl $crate::DataSourceModel for $name {}
        impl $crate::EphemeralResourceModel for $name {}
        impl $crate::ActionModel for $name {}
        impl $crate::ListResourceModel for $name {}
        impl $crate::ProviderModel for $name {}
        impl $crate::ProviderMetaModel for $name {}
        impl $crate::StateStoreModel for $name {}

        #[allow(unused_mut, reason = "a model may have no fields")]
        impl $crate::Field for $name {
            type Open = Self;

            fn value_type() -> $crate::Type {
                let mut members = $crate::value::NameMap::new();
                $(members.insert(
                    $crate::attribute_name(stringify!($field)),
                    <$kind as $crate::Field>::value_type(),
                );)*
                $crate::Type::Object(members)
            }

            fn from_value(
                value: $crate::Value,
                path: &$crate::Path,
            ) -> Result<Self, $crate::value::Malformed> {
                match value {
                    $crate::Value::Object(members) => $crate::Model::from_members(members, path),
                    _ => Err($crate::value::Malformed::at(path, "not an object")),
                }
            }

            fn into_value(self) -> $crate::Value {
                $crate::Value::Object($crate::Model::into_members(self))
            }
        }
    };
}
