//! List resources: finding objects that exist, for `terraform query`.

use std::future::{Future, pending};
use std::marker::PhantomData;

use futures_util::future::BoxFuture;
use tokio::sync::mpsc;

use crate::context::{Context, Warnings};
use crate::diagnostic::Diagnostics;
use crate::model::{Field, ListResourceModel, Model, ResourceModel};
use crate::schema::Schema;
use crate::type_erasure::{Described, Typed, to_model, validate_model};
use crate::value::Value;

/// Finds the objects of one managed resource type, which has the same name and a resource identity.
///
/// ```
/// # use std::convert::Infallible;
/// use tfplug::{Context, Diagnostics, ListResource, ListResults, Model};
///
/// # /// A shelf.
/// # #[derive(Model)]
/// # #[tf(resource)]
/// # struct Shelf {
/// #     /// Its number.
/// #     #[tf(required, identity)]
/// #     id: String,
/// #     /// What is on it.
/// #     books: Option<i64>,
/// # }
/// # struct House;
/// # struct Room { shelves: Vec<String> }
/// # impl House {
/// #     async fn room(&self, _: usize, _: usize) -> Result<Option<Room>, Diagnostics> { Ok(None) }
/// #     async fn books(&self, _: &str) -> Result<i64, Diagnostics> { Ok(7) }
/// # }
/// /// Lists the shelves of a house.
/// #[derive(Model)]
/// #[tf(list_resource)]
/// struct AllShelves {}
///
/// struct Shelves;
///
/// impl ListResource for Shelves {
///     type Client = House;
///     type Model = AllShelves;
///     type Found = Shelf;
///
///     async fn list(
///         &self,
///         cx: &Context<'_, House>,
///         _: AllShelves,
///         results: &mut ListResults<'_, Shelf>,
///     ) -> Result<(), Diagnostics> {
///         let mut page = 0;
///         while let Some(room) = cx.client.room(page, results.remaining()).await? {
///             for id in room.shelves {
///                 // Runs only if the query asks for the attributes.
///                 let shelf = async {
///                     let books = cx.client.books(&id).await?;
///                     Ok(Shelf { id: id.clone(), books: Some(books) })
///                 };
///                 results.send(format!("Shelf {id}"), ShelfIdentity { id: id.clone() }, shelf).await;
///             }
///             page += 1;
///         }
///         Ok(())
///     }
/// }
/// ```
pub trait ListResource: Send + Sync + 'static {
    /// What [`Provider::configure`](crate::Provider::configure) makes.
    type Client: Send + Sync + 'static;
    /// One field per attribute of the list block's configuration.
    type Model: ListResourceModel;
    /// The managed resource's model.
    type Found: ResourceModel;

    /// The attributes of the list block and their rules; none is computed. By default the model's.
    fn schema(&self) -> Schema {
        Self::Model::schema()
    }

    /// Checks that concern several attributes at once. Anything may be unknown.
    fn validate(&self, config: &<Self::Model as Model>::Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Finds objects and sends each to `results` as it comes. The configuration is wholly known.
    ///
    /// The call ends at the limit of the query, when the core stops reading, and when Terraform is asked to stop: the
    /// future is dropped where it awaits something, so do not change anything in it. When the time that the configuration allows is
    /// over, [`Context::stop`] is cancelled first. An error ends the whole list,
    /// and the core shows none of its objects. [`Context::warn`] tells of something that was left out.
    fn list(
        &self,
        cx: &Context<'_, Self::Client>,
        config: Self::Model,
        results: &mut ListResults<'_, Self::Found>,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// Where [`ListResource::list`] sends what it finds.
///
/// ```
/// use tfplug::{ListResults, Model};
///
/// /// A shelf.
/// #[derive(Model)]
/// #[tf(resource)]
/// struct Shelf {
///     #[tf(required, identity)]
///     id: String,
/// }
///
/// /// The end of a `list`: what an API's page has, with the attributes at hand.
/// async fn send_page(ids: Vec<String>, results: &mut ListResults<'_, Shelf>) {
///     for id in ids.into_iter().take(results.remaining()) {
///         let shelf = Shelf { id: id.clone() };
///         results.send(format!("Shelf {id}"), ShelfIdentity { id }, async { Ok(shelf) }).await;
///     }
/// }
/// ```
pub struct ListResults<'a, M> {
    sink: Sink,
    warnings: &'a Warnings,
    model: PhantomData<fn(M)>,
}

impl<M: ResourceModel> ListResults<'_, M> {
    /// How many more objects the query takes; at least one. An API with pages can be asked for so many.
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.sink.remaining
    }

    /// Whether the query asks for the objects' attributes.
    ///
    /// ```
    /// use tfplug::{ListResults, ResourceModel};
    ///
    /// /// The query of the API: its answer is short unless the details are asked for.
    /// fn query<M: ResourceModel>(results: &ListResults<'_, M>) -> String {
    ///     format!("limit={}&details={}", results.remaining(), results.include_resource())
    /// }
    /// ```
    #[must_use]
    pub fn include_resource(&self) -> bool {
        self.sink.include_resource
    }

    /// Sends one object: its name for users, its identity, and a future of its attributes, which runs only if the query asks
    /// for them. Waits while the core is slower than the list, and never returns after the last object that the query takes.
    ///
    /// If the future fails, the object is sent without attributes and its errors are shown as warnings: an error would end
    /// the whole list.
    pub async fn send(
        &mut self,
        display_name: impl Into<String> + Send,
        identity: M::Identity,
        resource: impl Future<Output = Result<M, Diagnostics>> + Send,
    ) {
        let (display_name, identity) = (display_name.into(), identity.into_value());
        let (resource, errors) = match self.sink.include_resource {
            false => (None, Diagnostics::new()),
            true => match resource.await {
                Ok(resource) => (Some(resource.into_value()), Diagnostics::new()),
                Err(errors) => (None, errors),
            },
        };
        let mut diagnostics = self.warnings.take();
        diagnostics.extend(errors);
        self.sink.send(Found { display_name, identity, resource, diagnostics }).await;
    }
}

/// One object that was found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) display_name: String,
    pub(crate) identity: Value,
    pub(crate) resource: Option<Value>,
    /// What is said of it, and what was said before it.
    pub(crate) diagnostics: Diagnostics,
}

/// The author's end of the channel to the core.
pub(crate) struct Sink {
    /// `None` after the last object that the query takes.
    found: Option<mpsc::Sender<Found>>,
    remaining: usize,
    include_resource: bool,
}

impl Sink {
    /// For at most `limit` objects.
    pub(crate) fn new(found: mpsc::Sender<Found>, limit: usize, include_resource: bool) -> Self {
        Self { found: Some(found), remaining: limit, include_resource }
    }

    async fn send(&mut self, one: Found) {
        let sent = match &self.found {
            Some(found) => found.send(one).await.is_ok(),
            None => false,
        };
        self.remaining = self.remaining.saturating_sub(1);
        if !sent || self.remaining == 0 {
            // Ends the stream, and with it this call.
            self.found = None;
            pending::<()>().await;
        }
    }
}

/// A [`ListResource`] with its types erased.
pub(crate) trait AnyListResource<C>: Described + Send + Sync {
    fn validate(&self, config: Value) -> Diagnostics;
    fn list<'a>(&'a self, cx: &'a Context<'a, C>, config: Value, sink: Sink) -> BoxFuture<'a, Result<(), Diagnostics>>;
}

impl<L: ListResource> AnyListResource<L::Client> for Typed<L> {
    fn validate(&self, config: Value) -> Diagnostics {
        validate_model(config, |config| self.inner.validate(config))
    }

    fn list<'a>(
        &'a self,
        cx: &'a Context<'a, L::Client>,
        config: Value,
        sink: Sink,
    ) -> BoxFuture<'a, Result<(), Diagnostics>> {
        Box::pin(async move {
            let mut results = ListResults { sink, warnings: cx.warnings(), model: PhantomData };
            self.inner.list(cx, to_model(config)?, &mut results).await
        })
    }
}
