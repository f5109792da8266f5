//! What is wrong with a provider's schemas, for its unit tests.

use crate::any_resource::AnyResource;
use crate::function::AnyFunction;
use crate::provider::Provider;
use crate::schema::{Attribute, AttributeType, Schema, operations};
use crate::type_erasure::Described as _;
use crate::value::Type;

/// What a core would reject, or crash on, in a provider's schemas, one line each; empty for a valid provider. Call it in a
/// unit test.
///
/// ```
/// use tfplug::{Diagnostics, Model, Offers, Provider, Setup};
///
/// /// Keeps notes.
/// #[derive(Model)]
/// #[tf(provider)]
/// struct Block {}
///
/// struct Notes;
///
/// impl Provider for Notes {
///     type Client = ();
///     type Config = Block;
///     async fn configure(&self, _: Setup<'_>, _: Block) -> Result<Option<()>, Diagnostics> { Ok(Some(())) }
///     fn offers(&self) -> Offers<()> { Offers::new() }
/// }
///
/// assert_eq!(tfplug::problems(&Notes), Vec::<String>::new());
/// ```
pub fn problems<P: Provider>(provider: &P) -> Vec<String> {
    let offers = provider.offers();
    let schema = provider.schema();
    let reserved = ["alias", "version"].into_iter().filter(|name| schema.all().contains_key(name));
    let reserved = reserved.map(|name| format!("{name}: the name is reserved"));
    let mut found: Vec<_> =
        schema.problems_with(&[]).into_iter().chain(reserved).map(|line| format!("provider: {line}")).collect();
    let meta = offers.provider_meta.iter().flat_map(|meta| meta.schema().problems_with(&[]));
    found.extend(meta.map(|line| format!("provider_meta: {line}")));
    found.extend_from_slice(&offers.duplicates);
    let mut add = |name: &str, lines: Vec<String>| found.extend(lines.iter().map(|line| format!("{name}: {line}")));
    let of = |schema: &Schema, operations| schema.problems_with(operations);
    offers.data_sources.iter().for_each(|(name, one)| add(name, of(one.schema(), operations::DATA_SOURCE)));
    let ephemeral = operations::EPHEMERAL_RESOURCE;
    offers.ephemeral_resources.iter().for_each(|(name, one)| add(name, of(one.schema(), ephemeral)));
    offers.actions.iter().for_each(|(name, one)| add(name, of(one.schema(), operations::ACTION)));
    offers.state_stores.iter().for_each(|(name, one)| add(name, of(one.schema(), operations::STATE_STORE)));
    offers.functions.iter().for_each(|(name, one)| add(name, problems_of_function(name, one.as_ref())));
    offers.resources.iter().for_each(|(name, one)| add(name, problems_of_resource(one.as_ref())));
    for (name, list) in &offers.list_resources {
        add(name, of(list.schema(), operations::LIST_RESOURCE));
        if offers.resources.get(name).is_none_or(|resource| resource.identity().is_empty()) {
            let text = "a list resource requires a managed resource of the same name that has an identity";
            add(name, vec![text.to_owned()]);
        }
    }
    found
}

fn problems_of_function(name: &str, function: &dyn AnyFunction) -> Vec<String> {
    let mut found = function.definition().problems();
    let mut characters = name.chars();
    let is_name = characters.next().is_some_and(char::is_alphabetic)
        && characters.all(|one| one.is_alphanumeric() || matches!(one, '_' | '-'));
    if !is_name {
        found.push("a function's name consists of letters, digits, - and _, and starts with a letter".to_owned());
    }
    found
}

fn problems_of_resource<C>(resource: &dyn AnyResource<C>) -> Vec<String> {
    let all = resource.schema().all();
    let mut found = resource.schema().problems_with(operations::RESOURCE);
    let missing = resource.identity().iter().filter(|part| !all.contains_key(part));
    found.extend(missing.map(|part| format!("{part}: the identity names an attribute that does not exist")));
    let nested = resource.identity().iter().filter(|part| all.get(part).is_some_and(|part| !is_identity(part)));
    found.extend(nested.map(|part| format!("{part}: an identity contains texts, numbers, bools and lists of them")));
    found
}

/// Whether a core accepts the attribute's type in an identity.
fn is_identity(attribute: &Attribute) -> bool {
    let is_plain = |ty: &Type| matches!(ty, Type::String | Type::Number | Type::Bool);
    match attribute.attribute_type() {
        AttributeType::Plain(Type::List(element)) => is_plain(element),
        AttributeType::Plain(ty) => is_plain(ty),
        AttributeType::Nested(..) => false,
    }
}
