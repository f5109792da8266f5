//! Identities that a resource declares itself, rather than its model.

use crate::schema::{Schema, string};
use crate::testing::Harness;
use crate::{Applied, Attr, Context, Diagnostics, Failed, Model, Offers, Prior, Provider, Resource, Setup, model};

/// A book, whose model marks no identity.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource, no_identity)]
struct Book {
    #[tf(computed)]
    id: crate::Computed<String>,
    /// The shelf; left out where there is one.
    #[tf(computed)]
    shelf: crate::Computed<String>,
    /// What the create returns.
    #[tf(required)]
    returns: String,
}

struct Books;

impl Resource for Books {
    type Client = ();
    type Model = Book;

    fn identity(&self) -> &'static [&'static str] {
        &["id", "shelf"]
    }

    fn optional_identity(&self) -> &'static [&'static str] {
        &["shelf"]
    }

    async fn create(&self, _: &Context<'_, ()>, plan: Book) -> Applied<Book> {
        let book = |id: Attr<String>| Book { id, shelf: Attr::Null, returns: plan.returns.clone() };
        match plan.returns.as_str() {
            "no id" => Ok(book(Attr::Null)),
            "an error" => Err(Failed::with(book(Attr::Unknown), crate::Diagnostic::error("No answer", ""))),
            id => Ok(book(id.into())),
        }
    }

    async fn read(&self, _: &Context<'_, ()>, prior: Prior<Book>) -> Result<Option<Book>, Diagnostics> {
        prior.into_whole().map(Some)
    }

    async fn update(&self, _: &Context<'_, ()>, _: crate::Existing<Book>, plan: Book) -> Applied<Book> {
        Ok(plan)
    }

    async fn delete(&self, _: &Context<'_, ()>, _: crate::Existing<Book>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

model! {
    /// A page, with a schema from builders.
    struct Page { number: String }
}

struct Pages;

impl Resource for Pages {
    type Client = ();
    type Model = Page;

    fn schema(&self) -> Schema {
        Schema::new("").attribute("number", string().computed())
    }

    fn identity(&self) -> &'static [&'static str] {
        &["number"]
    }

    async fn create(&self, _: &Context<'_, ()>, _: Page) -> Applied<Page> {
        Ok(Page { number: Attr::Null })
    }

    async fn read(&self, _: &Context<'_, ()>, prior: Page) -> Result<Option<Page>, Diagnostics> {
        Ok(Some(prior))
    }

    async fn update(&self, _: &Context<'_, ()>, _: Page, plan: Page) -> Applied<Page> {
        Ok(plan)
    }

    async fn delete(&self, _: &Context<'_, ()>, _: Page) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// Nothing.
#[derive(Model)]
#[tf(provider)]
struct Block {}

struct Library;

impl Provider for Library {
    type Client = ();
    type Config = Block;

    async fn configure(&self, _: Setup<'_>, _: Block) -> Result<Option<()>, Diagnostics> {
        Ok(Some(()))
    }

    fn offers(&self) -> Offers<()> {
        Offers::new().resource("library_book", Books).resource("library_page", Pages)
    }
}

/// The last error, and whether anything was stored.
fn refused<M: std::fmt::Debug>(
    outcome: Result<crate::testing::Stored<M>, crate::testing::Refused<M>>,
) -> (String, bool) {
    let refused = outcome.unwrap_err();
    let last = refused.diagnostics.iter().last().unwrap();
    (last.detail().to_owned(), refused.state.is_some())
}

const NOTHING_STORED: &str = "by which the object could be found again, so nothing was stored.";

#[tokio::test]
async fn a_create_without_an_identity_that_the_resource_itself_declares_stores_nothing_and_says_so() {
    let tf = Harness::with_client(Library, ());
    let books = tf.resource::<Book>("library_book").unwrap();
    let book = |returns: &str| BookConfig { returns: returns.into(), ..BookConfig::default() };
    for returns in ["no id", "an error"] {
        let (detail, is_stored) = refused(books.create(book(returns)).await);
        assert!(detail.starts_with(&format!("The create returned a state without id, {NOTHING_STORED}")), "{detail}");
        assert!(!is_stored);
    }
    let stored = books.create(book("b-1")).await.unwrap();
    assert_eq!(stored.model().unwrap().id, "b-1".into(), "what an import may leave out can be missing");
}

#[tokio::test]
async fn a_create_with_a_schema_from_builders_needs_its_identity_too() {
    let tf = Harness::with_client(Library, ());
    let pages = tf.resource::<Page>("library_page").unwrap();
    let (detail, is_stored) = refused(pages.create(Page::default()).await);
    assert!(detail.starts_with(&format!("The create returned a state without number, {NOTHING_STORED}")), "{detail}");
    assert!(!is_stored);
}
