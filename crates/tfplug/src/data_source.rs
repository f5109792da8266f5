//! Data sources: what an author implements, and how the server sees it.

use std::future::Future;

use futures_util::future::BoxFuture;

use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::model::{DataSourceModel, Field as _, Model};
use crate::schema::Schema;
use crate::type_erasure::{Described, Typed, to_model, validate_model};
use crate::value::Value;

/// A type of object that is read, but not managed.
///
/// ```
/// use tfplug::{Computed, Context, DataSource, Diagnostics, Model, Offers};
///
/// /// Counts the words of a text.
/// #[derive(Model)]
/// #[tf(data_source)]
/// struct Count {
///     /// The text.
///     #[tf(required)]
///     text: String,
///     /// How many words there are.
///     #[tf(computed)]
///     words: Computed<u32>,
/// }
///
/// struct WordCount;
///
/// impl DataSource for WordCount {
///     type Client = ();
///     type Model = Count;
///
///     async fn read(&self, _: &Context<'_, ()>, config: Count) -> Result<Count, Diagnostics> {
///         let words = u32::try_from(config.text.split_whitespace().count()).unwrap_or(u32::MAX);
///         Ok(Count { words: words.into(), ..config })
///     }
/// }
///
/// let offers = Offers::new().data_source("text_word_count", WordCount);
/// ```
pub trait DataSource: Send + Sync + 'static {
    /// What [`Provider::configure`](crate::Provider::configure) makes.
    type Client: Send + Sync + 'static;
    /// One field per attribute.
    type Model: DataSourceModel;

    /// The attributes and their rules. By default the model's.
    fn schema(&self) -> Schema {
        Self::Model::schema()
    }

    /// Checks that concern several attributes at once. Anything may be unknown.
    fn validate(&self, config: &<Self::Model as Model>::Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Reads the object. The configuration is wholly known; the result keeps the values that it sets.
    fn read(
        &self,
        cx: &Context<'_, Self::Client>,
        config: Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;
}

/// A [`DataSource`] with its types erased.
pub(crate) trait AnyDataSource<C>: Described + Send + Sync {
    fn validate(&self, config: Value) -> Diagnostics;
    fn read<'a>(&'a self, cx: &'a Context<'a, C>, config: Value) -> BoxFuture<'a, Result<Value, Diagnostics>>;
}

impl<D: DataSource> AnyDataSource<D::Client> for Typed<D> {
    fn validate(&self, config: Value) -> Diagnostics {
        validate_model(config, |config| self.inner.validate(config))
    }

    fn read<'a>(&'a self, cx: &'a Context<'a, D::Client>, config: Value) -> BoxFuture<'a, Result<Value, Diagnostics>> {
        Box::pin(async move { Ok(self.fitted(self.inner.read(cx, to_model(config)?).await?.into_value())) })
    }
}
