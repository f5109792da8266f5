//! Write-only attributes at each depth, whose values the handlers check.

use std::collections::BTreeMap;

use tfplug::{Applied, Computed, Context, Diagnostic, Diagnostics, Existing, Model, Path, Prior, Resource, text};

use crate::provider::Client;

/// Has write-only attributes of many types.
#[derive(Model)]
#[tf(resource, no_identity)]
pub(crate) struct Secrets {
    #[tf(computed)]
    computed_attr: Computed<String>,
    #[tf(write_only)]
    writeonly_custom_ipv6: Option<text::Ipv6>,
    #[tf(write_only)]
    writeonly_string: Option<String>,
    #[tf(write_only)]
    writeonly_list: Option<Vec<String>>,
    #[tf(write_only)]
    writeonly_nested_object: Option<Nested>,
    #[tf(required)]
    nested_map: BTreeMap<String, InMap>,
    #[tf(block)]
    nested_block_list: Vec<Block>,
}

#[derive(Model)]
#[tf(object)]
pub(crate) struct Nested {
    #[tf(required, write_only)]
    writeonly_int64: Option<i64>,
    #[tf(required, write_only)]
    writeonly_bool: Option<bool>,
    #[tf(required, write_only)]
    writeonly_nested_list: Option<Vec<InList>>,
}

#[derive(Model)]
#[tf(object)]
pub(crate) struct InList {
    #[tf(required, write_only)]
    writeonly_string: Option<String>,
}

#[derive(Model)]
#[tf(object)]
pub(crate) struct InMap {
    #[tf(required)]
    string_attr: String,
    #[tf(write_only)]
    writeonly_float64: Option<f64>,
}

#[derive(Model)]
#[tf(object)]
pub(crate) struct Block {
    #[tf(required)]
    string_attr: String,
    #[tf(write_only)]
    writeonly_string: Option<String>,
    #[tf(block)]
    double_nested_object: Option<DoubleNested>,
}

#[derive(Model)]
#[tf(object)]
pub(crate) struct DoubleNested {
    #[tf(required)]
    bool_attr: bool,
    #[tf(write_only)]
    writeonly_bool: Option<bool>,
}

impl Secrets {
    /// Checks that what is set arrives as the tests set it.
    fn checked(self) -> Result<Self, Diagnostics> {
        let check = |name: &str, arrived: bool| {
            let detail = format!("The configuration has another value of {name} than the tests do.");
            if arrived { Ok(()) } else { Err(Diagnostic::error("Unexpected value", detail).at(Path::of(name))) }
        };
        let is = |text: &Option<String>, wanted: &str| text.as_deref().is_none_or(|text| text == wanted);
        let words = self.writeonly_list.as_deref().is_none_or(|words| words == ["fake", "password"]);
        let address = self.writeonly_custom_ipv6.as_ref().is_none_or(|ipv6| ipv6.address().is_unspecified());
        check("writeonly_string", is(&self.writeonly_string, "fakepassword"))?;
        check("writeonly_list", words)?;
        check("writeonly_custom_ipv6", address)?;
        check("writeonly_nested_object", self.writeonly_nested_object.as_ref().is_none_or(Nested::is_expected))?;
        let numbers =
            |(number, one): (u8, &InMap)| one.writeonly_float64.is_none_or(|float| float == f64::from(number));
        check("nested_map", [10, 20].into_iter().zip(self.nested_map.values()).all(numbers))?;
        let blocks = |(number, block): (u8, &Block)| is(&block.writeonly_string, &format!("fakepassword{number}"));
        check("nested_block_list", (1..).zip(&self.nested_block_list).all(blocks))?;
        Ok(Self { computed_attr: "computed_val".into(), ..self })
    }
}

impl Nested {
    fn is_expected(&self) -> bool {
        let texts = self.writeonly_nested_list.iter().flatten().map(|one| one.writeonly_string.as_deref());
        self.writeonly_int64 == Some(1234)
            && self.writeonly_bool == Some(true)
            && texts.eq([Some("fakepassword1"), Some("fakepassword2")])
    }
}

/// The resource of [`Secrets`].
pub(crate) struct Checked;

impl Resource for Checked {
    type Client = Client;
    type Model = Secrets;

    async fn create(&self, _: &Context<'_, Client>, plan: Secrets) -> Applied<Secrets> {
        Ok(plan.checked()?)
    }

    async fn read(&self, _: &Context<'_, Client>, prior: Prior<Secrets>) -> Result<Option<Secrets>, Diagnostics> {
        prior.into_whole().map(Some)
    }

    async fn update(&self, _: &Context<'_, Client>, _: Existing<Secrets>, plan: Secrets) -> Applied<Secrets> {
        Ok(plan.checked()?)
    }

    async fn delete(&self, _: &Context<'_, Client>, _: Existing<Secrets>) -> Result<(), Diagnostics> {
        Ok(())
    }
}
