//! The field in which the API wraps its objects: `{"secretRotation": …}`.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_path_to_error::{Error as PathError, Track};

/// Reads the value of that field; an error contains the path of the value that is wrong.
pub(super) fn open<T: DeserializeOwned>(json: &[u8], field: &'static str) -> Result<T, PathError<serde_json::Error>> {
    let field = || Field { name: field, of: PhantomData };
    // To follow the path takes as long again as to decode, so it is done only for an error.
    let quickly = field().deserialize(&mut serde_json::Deserializer::from_slice(json));
    quickly.or_else(|_: serde_json::Error| {
        let (mut json, mut track) = (serde_json::Deserializer::from_slice(json), Track::new());
        let opened = field().deserialize(serde_path_to_error::Deserializer::new(&mut json, &mut track));
        opened.map_err(|error| PathError::new(track.path(), error))
    })
}

struct Field<T> {
    name: &'static str,
    of: PhantomData<T>,
}

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Field<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<T, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Field<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with the field `{}`", self.name)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut found = None;
        while let Some(name) = map.next_key::<String>()? {
            if name == self.name {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        found.ok_or_else(|| A::Error::missing_field(self.name))
    }
}
