//! Objects as the API returns them.

/// Whether a response has a field that the API's schema requires.
macro_rules! is_there {
    ($field:expr) => {
        true
    };
    ($field:expr, required) => {
        $field.is_some()
    };
}

/// Makes the struct of an object of the API. Only its `id` is always there: some responses leave out most of the rest. What is
/// marked with `[required]`, a complete response has.
macro_rules! returned {
    (
        $(#[$attribute:meta])*
        $name:ident { $($(#[$field_attribute:meta])* $field:ident: $type:ty $([$needed:ident])?;)* }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[allow(missing_docs, reason = "the fields are the API's; its own page describes them")]
        pub struct $name {
            pub id: String,
            $($(#[$field_attribute])* pub $field: Option<$type>,)*
        }

        impl $name {
            /// Whether the response has everything that the API's schema requires. A field that is missing in such a
            /// response is not set; in a shorter response, its value is not known.
            #[must_use]
            pub fn is_complete(&self) -> bool {
                true $(&& $crate::returned::is_there!(self.$field $(, $needed)?))*
            }
        }
    };
}

pub(super) use {is_there, returned};
