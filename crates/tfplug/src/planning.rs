//! What a resource's own part of planning works with.

use tokio_util::sync::CancellationToken;

use crate::context::{Private, Warnings};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::Path;

/// Why a change can't be planned yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deferral {
    /// Values of the resource's configuration are needed that aren't known yet.
    ResourceConfigUnknown,
    /// Values of the provider block are needed that aren't known yet.
    ProviderConfigUnknown,
    /// Something that the resource needs doesn't exist yet.
    AbsentPrerequisite,
}

/// A change that was planned from the schema's data, before it goes to the core. `M` is the resource's
/// [`Model::Config`](crate::Model::Config): anything in it may be null or unknown.
///
/// What is null tells which change it is: without `prior` a create, without `planned` a destroy, else an update. A
/// replacement comes twice: first as an update, of which [`PlanRequest::requires_replace`] isn't empty, then as a create.
/// With `-replace` or `replace_triggered_by`, the first one can't be told from any other update.
pub struct PlanRequest<'a, C, M> {
    /// What the configuration says; `None` in a destroy. Only here are write-only attributes set.
    pub config: Option<M>,
    /// The state before; `None` in a create.
    pub prior: Option<M>,
    /// The state to come; `None` in a destroy. What the configuration doesn't set may be changed: it must be what the apply
    /// will answer, or unknown.
    pub planned: Option<M>,
    /// What [`Provider::configure`](crate::Provider::configure) made; `None` as long as it can't make one.
    pub client: Option<&'a C>,
    /// Cancelled when Terraform asks to stop.
    pub stop: &'a CancellationToken,
    /// The object's private data, empty in a create; what is changed here reaches the apply. Of a destroy that is part of a
    /// replacement, the apply sees what was planned for the new object.
    pub private: &'a Private,
    pub(crate) warnings: &'a Warnings,
    pub(crate) requires_replace: Vec<Path>,
    pub(crate) deferral_allowed: bool,
    pub(crate) deferral: Option<Deferral>,
}

impl<C, M> PlanRequest<'_, C, M> {
    /// Shows a warning, whether the plan succeeds or not.
    pub fn warn(&self, warning: Diagnostic) {
        self.warnings.push(warning);
    }

    /// The attributes whose change replaces the object, by the schema and by [`PlanRequest::replace_for`].
    #[must_use]
    pub fn requires_replace(&self) -> &[Path] {
        &self.requires_replace
    }

    /// Has an update replace the object because of a change of this attribute. One that doesn't change is ignored by the
    /// core; so is all of this in a create or destroy.
    pub fn replace_for(&mut self, attribute: Path) {
        if !self.requires_replace.contains(&attribute) {
            self.requires_replace.push(attribute);
        }
    }

    /// Puts the change off to a later plan, if the core can do that, and tells whether it can. If not, the plan goes on: it
    /// may leave things unknown or be refused.
    pub fn defer(&mut self, why: Deferral) -> bool {
        if self.deferral_allowed {
            self.deferral = Some(why);
        }
        self.deferral_allowed
    }
}

impl<'a, C, M> PlanRequest<'a, C, M> {
    /// The same change in another form of its values.
    pub(crate) fn convert<N>(
        self,
        convert: impl Fn(M) -> Result<N, Diagnostics>,
    ) -> Result<PlanRequest<'a, C, N>, Diagnostics> {
        Ok(PlanRequest {
            config: self.config.map(&convert).transpose()?,
            prior: self.prior.map(&convert).transpose()?,
            planned: self.planned.map(&convert).transpose()?,
            client: self.client,
            stop: self.stop,
            private: self.private,
            warnings: self.warnings,
            requires_replace: self.requires_replace,
            deferral_allowed: self.deferral_allowed,
            deferral: self.deferral,
        })
    }
}
