//! The request that a resource's own `plan` works with.

use tokio_util::sync::CancellationToken;

use crate::context::{Deferral, Warnings};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::ProviderMetaModel;
use crate::path::Path;
use crate::private::Private;
use crate::provider_meta::of_module;
use crate::value::Value;

/// A change that was planned by the schema, before it is returned to the core. `M` is the resource's
/// [`Model::Config`](crate::Model::Config): anything in it may be null or unknown.
///
/// The change is a create without `prior`, a destroy without `planned`, and otherwise an update. A replacement is planned
/// twice: first as an update whose [`PlanRequest::requires_replace`] is not empty, then as a create.
/// With `-replace` or `replace_triggered_by`, the first one cannot be told from any other update.
///
/// ```
/// use tfplug::{Diagnostic, Diagnostics, Model, Open, Path, PlanRequest};
///
/// /// A disk.
/// #[derive(Model)]
/// #[tf(resource)]
/// struct Disk {
///     #[tf(required, identity)]
///     name: String,
///     /// In GB. A disk can grow, and is replaced when it shrinks.
///     #[tf(required, range(1..=1000))]
///     size: i64,
/// }
///
/// /// The `plan` of the resource.
/// fn plan<C>(request: &mut PlanRequest<'_, C, Open<Disk>>) -> Result<(), Diagnostics> {
///     let (Some(prior), Some(planned)) = (&request.prior, &request.planned) else { return Ok(()) };
///     let shrinks = matches!((prior.size.get(), planned.size.get()), (Some(before), Some(after)) if after < before);
///     if shrinks {
///         request.warn(Diagnostic::warning("The disk is replaced", "What is on it is lost.").at(Path::of("size")));
///         request.replace_for(Path::of("size"));
///     }
///     Ok(())
/// }
/// ```
pub struct PlanRequest<'a, C, M> {
    /// The configuration; `None` in a destroy. Write-only attributes are set only here.
    pub config: Option<M>,
    /// The state before; `None` in a create.
    pub prior: Option<M>,
    /// The planned state; `None` in a destroy. Attributes that the configuration does not set may be changed, either to the
    /// value that the apply will return, or to unknown.
    pub planned: Option<M>,
    /// What [`Provider::configure`](crate::Provider::configure) made; `None` while the provider's configuration is unknown.
    pub client: Option<&'a C>,
    /// Cancelled when Terraform asks to stop.
    pub stop: &'a CancellationToken,
    /// The object's private data, empty in a create; changes are passed to the apply. If a destroy is part of a replacement,
    /// its apply gets the private data that was planned for the new object.
    pub private: &'a Private,
    /// The private data that the recorded plan left, when a core plans the same change once more for its apply: what the first plan
    /// chose can be planned again. `None` in a first plan, and on a core that does not keep it; see
    /// [`PlanRequest::keeps_private`].
    pub planned_private: Option<&'a Private>,
    pub(crate) warnings: &'a Warnings,
    pub(crate) provider_meta: &'a Value,
    pub(crate) requires_replace: Vec<Path>,
    pub(crate) keeps_private: bool,
    pub(crate) deferral_allowed: bool,
    pub(crate) deferral: Option<Deferral>,
}

impl<C, M> PlanRequest<'_, C, M> {
    /// Shows a warning, whether the plan succeeds or not.
    pub fn warn(&self, warning: Diagnostic) {
        self.warnings.push(warning);
    }

    /// What the module says in its `provider_meta` block; see
    /// [`Context::provider_meta`](crate::Context::provider_meta).
    ///
    /// # Errors
    ///
    /// A [`Diagnostic::bug`] if the provider offers another model.
    pub fn provider_meta<T: ProviderMetaModel>(&self) -> Result<Option<T>, Diagnostics> {
        of_module(self.provider_meta)
    }

    /// Whether the core gives the private data that this plan leaves to the plan at the apply, in
    /// [`PlanRequest::planned_private`], as Terraform does from version 1.16 on. A plan may then choose a value at random, which must
    /// otherwise stay unknown until the apply, because both plans must be the same.
    ///
    /// ```
    /// use tfplug::{Computed, Diagnostics, Model, Open, PlanRequest};
    ///
    /// /// An account.
    /// #[derive(Model)]
    /// #[tf(resource)]
    /// struct Account {
    ///     /// Its number, which the provider chooses.
    ///     #[tf(computed, identity, use_state_for_unknown)]
    ///     number: Computed<String>,
    /// }
    ///
    /// /// The `plan` of the resource.
    /// fn plan<C>(request: &mut PlanRequest<'_, C, Open<Account>>) -> Result<(), Diagnostics> {
    ///     if let (true, Some(planned)) = (request.keeps_private(), &mut request.planned)
    ///         && planned.number.is_unknown()
    ///     {
    ///         let chosen = request.planned_private.and_then(|private| private.get("number"));
    ///         let number = chosen.unwrap_or_else(at_random);
    ///         request.private.set("number", &number);
    ///         planned.number = number.into();
    ///     }
    ///     Ok(())
    /// }
    /// # fn at_random() -> String { "4".to_owned() }
    /// ```
    #[must_use]
    pub fn keeps_private(&self) -> bool {
        self.keeps_private
    }

    /// The attributes whose change replaces the object, by the schema and by [`PlanRequest::replace_for`].
    ///
    /// ```
    /// use tfplug::{Diagnostic, Diagnostics, PlanRequest};
    ///
    /// /// The `plan` of a resource that must not be replaced.
    /// fn plan<C, M>(request: &PlanRequest<'_, C, M>) -> Result<(), Diagnostics> {
    ///     match request.requires_replace().first() {
    ///         Some(path) => Err(Diagnostic::error("The domain would be lost", format!("{path} cannot change.")).at(path.clone()).into()),
    ///         None => Ok(()),
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn requires_replace(&self) -> &[Path] {
        &self.requires_replace
    }

    /// Replaces the object because this attribute changes. The core ignores an attribute that does not change, and ignores
    /// this in a create or destroy.
    pub fn replace_for(&mut self, attribute: Path) {
        if !self.requires_replace.contains(&attribute) {
            self.requires_replace.push(attribute);
        }
    }

    /// Defers the change to a later plan if the core supports that, and returns whether it does. If not, the plan continues: it
    /// may leave attributes unknown or return an error. The first reason counts. While the provider's configuration is
    /// unknown, the change is deferred for that unless the resource gives a reason of its own.
    ///
    /// ```
    /// use tfplug::{Deferral, Diagnostic, Diagnostics, PlanRequest};
    ///
    /// /// The `plan` of a resource in a folder, which the same apply may create.
    /// fn plan<C, M>(request: &mut PlanRequest<'_, C, M>, folder_exists: bool) -> Result<(), Diagnostics> {
    ///     if folder_exists || request.defer(Deferral::AbsentPrerequisite) {
    ///         return Ok(());
    ///     }
    ///     Err(Diagnostic::error("There is no such folder", "Create it first, in an apply of its own.").into())
    /// }
    /// ```
    pub fn defer(&mut self, why: Deferral) -> bool {
        if self.deferral_allowed && matches!(self.deferral, None | Some(Deferral::ProviderConfigUnknown)) {
            self.deferral = Some(why);
        }
        self.deferral_allowed
    }
}

impl<'a, C, M> PlanRequest<'a, C, M> {
    /// What was planned, with this planned state. The configuration and the prior state are not needed any more.
    pub(crate) fn into_outcome<N>(self, planned: Option<N>) -> PlanRequest<'a, C, N> {
        self.with_values(None, None, planned)
    }

    /// The same change with its values converted.
    pub(crate) fn convert<N>(
        mut self,
        convert: impl Fn(M) -> Result<N, Diagnostics>,
    ) -> Result<PlanRequest<'a, C, N>, Diagnostics> {
        let config = self.config.take().map(&convert).transpose()?;
        let prior = self.prior.take().map(&convert).transpose()?;
        let planned = self.planned.take().map(&convert).transpose()?;
        Ok(self.with_values(config, prior, planned))
    }

    fn with_values<N>(self, config: Option<N>, prior: Option<N>, planned: Option<N>) -> PlanRequest<'a, C, N> {
        PlanRequest {
            config,
            prior,
            planned,
            client: self.client,
            stop: self.stop,
            private: self.private,
            planned_private: self.planned_private,
            warnings: self.warnings,
            provider_meta: self.provider_meta,
            requires_replace: self.requires_replace,
            keeps_private: self.keeps_private,
            deferral_allowed: self.deferral_allowed,
            deferral: self.deferral,
        }
    }
}
