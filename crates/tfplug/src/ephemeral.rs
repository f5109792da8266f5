//! Ephemeral resources: values that live for one run and are never stored.

use std::future::Future;
use std::time::SystemTime;

use futures_util::future::BoxFuture;

use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::model::{EphemeralResourceModel, Field as _, Model};
use crate::schema::Schema;
use crate::type_erasure::{Described, Typed, to_model, validate_model};
use crate::value::Value;

/// An ephemeral resource that was opened.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use tfplug::Opened;
///
/// let forever = Opened::new("token");
/// assert_eq!(forever.renew_at, None);
/// let leased = forever.renew_at(SystemTime::now() + Duration::from_secs(60));
/// assert!(leased.renew_at.is_some());
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Opened<M> {
    /// The result; attributes that the configuration sets are unchanged.
    pub result: M,
    /// When to call [`EphemeralResource::renew`]; `None` for never.
    pub renew_at: Option<SystemTime>,
}

impl<M> Opened<M> {
    /// A result that is never renewed.
    pub fn new(result: M) -> Self {
        Self { result, renew_at: None }
    }

    /// The same, to be renewed at this time.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use tfplug::Opened;
    ///
    /// let token = Opened::new("token").renew_at(SystemTime::now() + Duration::from_secs(60));
    /// assert!(token.renew_at.is_some());
    /// assert_eq!(token.renew_at(None).renew_at, None);
    /// ```
    #[must_use]
    pub fn renew_at(self, at: impl Into<Option<SystemTime>>) -> Self {
        Self { renew_at: at.into(), ..self }
    }
}

/// Something that is opened when a run needs it and closed afterwards. What `renew` and `close` need to know belongs in
/// `cx.private`.
///
/// ```
/// use tfplug::{Computed, Context, Diagnostics, EphemeralResource, Model, Offers, Opened};
///
/// /// A token for one run.
/// #[derive(Model)]
/// #[tf(ephemeral_resource)]
/// struct Token {
///     /// Who it is for.
///     #[tf(required)]
///     user: String,
///     /// The token.
///     #[tf(computed, sensitive)]
///     token: Computed<String>,
/// }
///
/// struct Tokens;
///
/// impl EphemeralResource for Tokens {
///     type Client = ();
///     type Model = Token;
///
///     async fn open(&self, cx: &Context<'_, ()>, config: Token) -> Result<Opened<Token>, Diagnostics> {
///         cx.private.set("user", &config.user); // what `close` needs to know
///         let result = Token { token: format!("token of {}", config.user).into(), ..config };
///         Ok(Opened::new(result))
///     }
/// }
///
/// let offers = Offers::new().ephemeral_resource("text_token", Tokens);
/// ```
pub trait EphemeralResource: Send + Sync + 'static {
    /// What [`Provider::configure`](crate::Provider::configure) makes.
    type Client: Send + Sync + 'static;
    /// One field per attribute.
    type Model: EphemeralResourceModel;

    /// The attributes and their rules. By default the model's.
    fn schema(&self) -> Schema {
        Self::Model::schema()
    }

    /// Checks that concern several attributes at once. Anything may be unknown.
    fn validate(&self, config: &<Self::Model as Model>::Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Opens the resource: once in the plan and once more in the apply. A plan in which the configuration, or the provider's,
    /// is not known yet goes on with unknown results instead; where the core can, the resource is deferred.
    fn open(
        &self,
        cx: &Context<'_, Self::Client>,
        config: Self::Model,
    ) -> impl Future<Output = Result<Opened<Self::Model>, Diagnostics>> + Send;

    /// Renews it; returns when to renew it again, or `None` for no more renewals.
    fn renew(
        &self,
        cx: &Context<'_, Self::Client>,
    ) -> impl Future<Output = Result<Option<SystemTime>, Diagnostics>> + Send {
        let _ = cx;
        async { Ok(None) }
    }

    /// Closes it.
    fn close(&self, cx: &Context<'_, Self::Client>) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = cx;
        async { Ok(()) }
    }
}

/// An [`EphemeralResource`] with its types erased.
pub(crate) trait AnyEphemeralResource<C>: Described + Send + Sync {
    fn validate(&self, config: Value) -> Diagnostics;
    fn open<'a>(&'a self, cx: &'a Context<'a, C>, config: Value) -> BoxFuture<'a, Result<Opened<Value>, Diagnostics>>;
    fn renew<'a>(&'a self, cx: &'a Context<'a, C>) -> BoxFuture<'a, Result<Option<SystemTime>, Diagnostics>>;
    fn close<'a>(&'a self, cx: &'a Context<'a, C>) -> BoxFuture<'a, Result<(), Diagnostics>>;
}

impl<E: EphemeralResource> AnyEphemeralResource<E::Client> for Typed<E> {
    fn validate(&self, config: Value) -> Diagnostics {
        validate_model(config, |config| self.inner.validate(config))
    }

    fn open<'a>(
        &'a self,
        cx: &'a Context<'a, E::Client>,
        config: Value,
    ) -> BoxFuture<'a, Result<Opened<Value>, Diagnostics>> {
        Box::pin(async move {
            let Opened { result, renew_at } = self.inner.open(cx, to_model(config)?).await?;
            Ok(Opened { result: self.fitted(result.into_value()), renew_at })
        })
    }

    fn renew<'a>(&'a self, cx: &'a Context<'a, E::Client>) -> BoxFuture<'a, Result<Option<SystemTime>, Diagnostics>> {
        Box::pin(self.inner.renew(cx))
    }

    fn close<'a>(&'a self, cx: &'a Context<'a, E::Client>) -> BoxFuture<'a, Result<(), Diagnostics>> {
        Box::pin(self.inner.close(cx))
    }
}
