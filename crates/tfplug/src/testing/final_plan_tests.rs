//! A plan during an apply, when values have become known, is held against the first plan.

use super::Harness;
use crate::{
    Applied, Attr, Computed, Context, Diagnostics, Existing, Model, Offers, PlanRequest, Prior, Provider, Resource,
    Setup,
};

/// A tag.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource, no_identity)]
struct Tag {
    #[tf(required)]
    name: String,
    #[tf(requires_replace)]
    colour: Option<String>,
    #[tf(computed)]
    label: Computed<String>,
}

/// Plans the label: of an unknown name it is unknown, or a guess.
struct Tags {
    guesses: bool,
}

impl Resource for Tags {
    type Client = ();
    type Model = Tag;

    async fn plan(&self, request: &mut PlanRequest<'_, (), TagConfig>) -> Result<(), Diagnostics> {
        if let Some(planned) = &mut request.planned {
            planned.label = match planned.name.get() {
                Some(name) => name.to_uppercase().into(),
                None if self.guesses => "GUESS".into(),
                None => Attr::Unknown,
            };
        }
        Ok(())
    }

    async fn create(&self, _: &Context<'_, ()>, plan: Tag) -> Applied<Tag> {
        Ok(plan)
    }

    async fn read(&self, _: &Context<'_, ()>, prior: Prior<Tag>) -> Result<Option<Tag>, Diagnostics> {
        prior.into_whole().map(Some)
    }

    async fn update(&self, _: &Context<'_, ()>, _: Existing<Tag>, plan: Tag) -> Applied<Tag> {
        Ok(plan)
    }

    async fn delete(&self, _: &Context<'_, ()>, _: Existing<Tag>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// Nothing.
#[derive(Model)]
#[tf(provider)]
struct Block {}

struct Tagging {
    guesses: bool,
}

impl Provider for Tagging {
    type Client = ();
    type Config = Block;

    async fn configure(&self, _: Setup<'_>, _: Block) -> Result<Option<()>, Diagnostics> {
        Ok(Some(()))
    }

    fn offers(&self) -> Offers<()> {
        Offers::new().resource("tagging_tag", Tags { guesses: self.guesses })
    }
}

fn config(name: impl Into<Attr<String>>, colour: impl Into<Attr<String>>) -> TagConfig {
    TagConfig { name: name.into(), colour: colour.into(), ..TagConfig::default() }
}

#[tokio::test]
async fn ok_what_was_unknown_becomes_known_and_is_applied() {
    let tf = Harness::with_client(Tagging { guesses: false }, ());
    let tags = tf.resource::<Tag>("tagging_tag").unwrap();
    let created = tags.create(config("a", "red")).await.unwrap();
    for (open, known, replaces) in [
        (config(Attr::Unknown, "red"), config("b", "red"), &[] as &[&str]),
        (config("b", Attr::Unknown), config("b", "blue"), &["colour"]),
    ] {
        let first = tags.plan(Some(&created), open).await.unwrap();
        assert_eq!(first.replaces(), replaces);
        let last = tags.plan_with_known_values(first, known).await.unwrap();
        assert_eq!(last.unknowns(), [] as [&str; 0]);
        let applied = tags.apply(last).await.unwrap();
        assert_eq!(applied.value().get("label").as_str(), Some("B"));
    }
}

#[tokio::test]
async fn err_a_final_plan_that_differs_from_the_first_is_refused() {
    let tf = Harness::with_client(Tagging { guesses: true }, ());
    let tags = tf.resource::<Tag>("tagging_tag").unwrap();
    let created = tags.create(config("a", "red")).await.unwrap();
    let empty = config("a", "red");
    for (open, known, words) in [
        (config(Attr::Unknown, "red"), config("b", "red"), "label differs from the plan"),
        (config("b", "red"), config("b", "blue"), "colour was to be updated, and is now to be replaced"),
        (empty, config("b", "red"), "nothing was to be changed"),
    ] {
        let first = tags.plan(Some(&created), open).await.unwrap();
        let refused = tags.plan_with_known_values(first, known).await.unwrap_err();
        assert!(refused.iter().any(|one| one.detail().contains(words)), "{words}: {refused:?}");
    }
}
