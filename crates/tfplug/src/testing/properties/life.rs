//! One object, as a core plans, applies, refreshes and destroys it. Each answer is held against the core's rules.

use bytes::Bytes;
use tonic::{Request, Response, Status};

use super::api::{Api, Thing};
use super::random::Random;
use super::values::{self, shown};
use crate::diagnostic::Diagnostics;
use crate::path::{Path, Step};
use crate::proto::tfplugin6 as pb;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::provider::{Offers, Provider, Setup};
use crate::schema::{Attributes, Schema};
use crate::server::Server;
use crate::testing::core::{self, Block};
use crate::testing::{messages, path};
use crate::value::{Type, Value};

const NAME: &str = "test_thing";

crate::model! {
    pub struct Nothing {}
}

/// A provider of one resource with this schema.
struct Things(Schema);

impl Provider for Things {
    type Client = Api;
    type Config = Nothing;

    async fn configure(&self, _: Setup<'_>, _: Nothing) -> Result<Option<Api>, Diagnostics> {
        Ok(None)
    }

    fn offers(&self) -> Offers<Api> {
        let mut offers = Offers::new();
        offers.resources.insert(NAME.to_owned(), Box::new(Thing::new(self.0.clone())));
        offers
    }
}

/// An object, or its absence, and the server that manages it.
pub(super) struct Life {
    server: Server<Things>,
    schema: Schema,
    block: Block,
    kind: Type,
    state: Value,
    private: Bytes,
    /// What happened, for the message of a failure.
    pub(super) history: Vec<String>,
}

/// A plan that the rules of the core allow.
struct Plan {
    planned: Value,
    private: Bytes,
    /// Whether an attribute whose change requires a replacement changes.
    replaces: bool,
}

impl Plan {
    fn is_empty(&self, prior: &Value) -> bool {
        !self.replaces && self.planned == *prior
    }
}

impl Life {
    /// There is no object yet.
    pub(super) async fn begin(schema: Schema, seed: u64) -> Self {
        let server = Server::with_client(Things(schema.clone()), Api::new(seed));
        let request = pb::get_provider_schema::Request::default();
        let answer = server.get_provider_schema(Request::new(request)).await.unwrap().into_inner();
        let block = Block::of(&answer.resource_schemas[NAME]).unwrap();
        let kind = schema.value_type();
        Self { server, schema, block, kind, state: Value::Null, private: Bytes::new(), history: Vec::new() }
    }

    /// Refreshes, plans with this configuration and applies. Returns the configuration with everything known.
    pub(super) async fn change(&mut self, random: &mut Random, config: &Value) -> Result<Value, String> {
        self.refresh().await?;
        let known = super::accepted(self, || values::known(random, self.schema.all(), config)).await?;
        let (prior, private) = (self.state.clone(), self.private.clone());
        self.history.push(format!("change of {}\n    to the config {}", shown(&prior), shown(config)));
        let first = self.plan(&prior, private.clone(), config).await?;
        self.history.push(format!("planned {}", shown(&first.planned)));
        if first.is_empty(&prior) {
            return Ok(known);
        }
        let (prior, private, first) = if first.replaces && !prior.is_null() {
            let second = self.plan(&Value::Null, first.private, config).await?;
            let gone = self.apply(&prior, &Value::Null, &Value::Null, second.private.clone()).await?;
            ensure(gone.is_null(), || "a destroy should leave nothing".to_owned())?;
            (Value::Null, Bytes::new(), second)
        } else {
            (prior, private, first)
        };
        let last = self.plan(&prior, private, &known).await?;
        let differences = core::compatible(&self.block, &first.planned, &last.planned);
        ensure(differences.is_empty() && last.replaces <= first.replaces, || {
            format!(
                "inconsistent final plan: {differences:?}\nprior {}\nconfig {}\nfirst plan {}\nknown config {}\nsecond plan {}",
                shown(&prior),
                shown(config),
                shown(&first.planned),
                shown(&known),
                shown(&last.planned)
            )
        })?;
        if !last.is_empty(&prior) {
            self.state = self.apply(&prior, &last.planned, &known, last.private).await?;
            self.history.push(format!(
                "with {}\n    planned {}\n    applied {}",
                shown(&known),
                shown(&last.planned),
                shown(&self.state)
            ));
        }
        Ok(known)
    }

    /// A refresh and a plan with the same configuration change nothing.
    pub(super) async fn settled(&mut self, config: &Value) -> Result<(), String> {
        let applied = self.state.clone();
        self.refresh().await?;
        let prior = self.state.clone();
        let plan = self.plan(&prior, self.private.clone(), config).await?;
        ensure(plan.is_empty(&prior), || {
            format!(
                "the plan after the apply should be empty\nconfig {}\napplied {}\nrefreshed {}\nplanned {}\nreplaces {}",
                shown(config),
                shown(&applied),
                shown(&prior),
                shown(&plan.planned),
                plan.replaces
            )
        })
    }

    pub(super) fn attributes(&self) -> Attributes {
        self.schema.all().clone()
    }

    /// Somebody else changes the object.
    pub(super) fn drift(&mut self) {
        self.history.push("drift".to_owned());
        self.server.with_its_client(|api| api.drift(self.schema.all())).unwrap();
    }

    pub(super) async fn destroy(&mut self) -> Result<(), String> {
        self.refresh().await?;
        let prior = self.state.clone();
        let plan = self.plan(&prior, self.private.clone(), &Value::Null).await?;
        ensure(plan.planned.is_null(), || "a destroy is planned as null".to_owned())?;
        let state = self.apply(&prior, &Value::Null, &Value::Null, plan.private).await?;
        ensure(state.is_null(), || "a destroy should leave nothing".to_owned())
    }

    async fn refresh(&mut self) -> Result<(), String> {
        if self.state.is_null() {
            return Ok(());
        }
        let request = pb::read_resource::Request {
            type_name: NAME.to_owned(),
            current_state: self.encoded(&self.state),
            private: self.private.clone(),
            ..Default::default()
        };
        let answer = answered(self.server.read_resource(Request::new(request)).await);
        errors(&answer.diagnostics)?;
        self.state = self.decoded(answer.new_state.as_ref())?;
        self.private = answer.private;
        self.is_a_state(&self.state)
    }

    pub(super) async fn validate(&self, config: &Value) -> Result<(), String> {
        let request = pb::validate_resource_config::Request {
            type_name: NAME.to_owned(),
            config: self.encoded(config),
            client_capabilities: Some(pb::ClientCapabilities {
                write_only_attributes_allowed: true,
                computed_blocks_allowed: true,
                ..Default::default()
            }),
        };
        errors(&answered(self.server.validate_resource_config(Request::new(request)).await).diagnostics)
    }

    async fn plan(&self, prior: &Value, private: Bytes, config: &Value) -> Result<Plan, String> {
        let proposed = core::proposed(&self.block, prior, config);
        let request = pb::plan_resource_change::Request {
            type_name: NAME.to_owned(),
            prior_state: self.encoded(prior),
            proposed_new_state: self.encoded(&proposed),
            config: self.encoded(config),
            prior_private: private,
            ..Default::default()
        };
        let answer = answered(self.server.plan_resource_change(Request::new(request)).await);
        errors(&answer.diagnostics)?;
        let planned = self.decoded(answer.planned_state.as_ref())?;
        let all = || {
            let (prior, config, planned) = (shown(prior), shown(config), shown(&planned));
            format!("prior {prior}\nconfig {config}\nproposed {}\nplanned {planned}", shown(&proposed))
        };
        let problems = core::valid(&self.block, prior, config, &planned);
        ensure(problems.is_empty(), || format!("invalid plan: {problems:?}\n{}", all()))?;
        let paths: Vec<Path> = answer.requires_replace.iter().map(path).collect();
        for path in &paths {
            let exists = core::exists(path, prior) || core::exists(path, &planned);
            ensure(exists, || format!("{path} requires a replacement and does not exist\n{}", all()))?;
        }
        let replaces = !prior.is_null() && paths.iter().any(|path| at(path, prior) != at(path, &planned));
        Ok(Plan { planned, private: answer.planned_private, replaces })
    }

    async fn apply(&self, prior: &Value, planned: &Value, config: &Value, private: Bytes) -> Result<Value, String> {
        let request = pb::apply_resource_change::Request {
            type_name: NAME.to_owned(),
            prior_state: self.encoded(prior),
            planned_state: self.encoded(planned),
            config: self.encoded(config),
            planned_private: private,
            ..Default::default()
        };
        let answer = answered(self.server.apply_resource_change(Request::new(request)).await);
        let all = || format!("prior {}\nconfig {}\nplanned {}", shown(prior), shown(config), shown(planned));
        errors(&answer.diagnostics).map_err(|error| format!("{error}\n{}", all()))?;
        let state = self.decoded(answer.new_state.as_ref())?;
        let problems = core::compatible(&self.block, planned, &state);
        ensure(problems.is_empty(), || {
            format!("inconsistent result: {problems:?}\n{}\nstate {}", all(), shown(&state))
        })?;
        self.is_a_state(&state)?;
        Ok(state)
    }

    /// A state is wholly known, and has no write-only values.
    fn is_a_state(&self, state: &Value) -> Result<(), String> {
        let problems = core::compatible(&self.block, state, state);
        ensure(state.unknowns().is_empty() && problems.is_empty(), || {
            format!("no state: {} {problems:?}", shown(state))
        })
    }

    fn encoded(&self, value: &Value) -> Option<pb::DynamicValue> {
        messages::encode(value, &self.kind).unwrap()
    }

    fn decoded(&self, wire: Option<&pb::DynamicValue>) -> Result<Value, String> {
        messages::decode(wire, &self.kind).map_err(|errors| format!("{errors:?}"))
    }
}

fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

fn answered<T>(answer: Result<Response<T>, Status>) -> T {
    answer.unwrap().into_inner()
}

fn errors(diagnostics: &[pb::Diagnostic]) -> Result<(), String> {
    let found: Vec<_> = diagnostics.iter().map(|one| format!("{}: {}", one.summary, one.detail)).collect();
    ensure(found.is_empty(), || found.join("\n"))
}

/// The value at a path; null if there is none.
fn at<'a>(path: &Path, value: &'a Value) -> &'a Value {
    path.steps().iter().fold(value, |value, step| match (step, value) {
        (_, Value::Unknown) => value,
        (Step::Attribute(name) | Step::Key(name), value) => value.get(name),
        (Step::Index(index), value) => value.at(usize::try_from(*index).unwrap()),
    })
}
