//! The calls that a core makes for one resource, as bytes, for benchmarks: served as a whole, or decoded and encoded alone.

use bytes::Bytes;
use prost::Message;
use serde_json::Value as Json;
use tonic::Request;

use super::{Harness, answered, core, found, messages};
use crate::any_resource::AnyResource;
use crate::diagnostic::Diagnostics;
use crate::proto::tfplugin6 as pb;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::provider::Provider;
use crate::server::resource_schema;
use crate::value::{self, Value};

/// A call of a core about a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rpc {
    /// `ValidateResourceConfig`.
    Validate,
    /// `UpgradeResourceState`.
    Upgrade,
    /// `ReadResource`.
    Read,
    /// `PlanResourceChange`.
    Plan,
    /// `ApplyResourceChange`.
    Apply,
}

/// A call that can be repeated.
///
/// ```
#[doc = include_str!("example_provider.txt")]
/// use tfplug::testing::{Harness, Rpc};
///
/// // One call of each kind, which a benchmark repeats.
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let tf = Harness::with_client(Notes, Texts::new([("a".to_owned(), "one".to_owned())].into()));
/// let config = |text: &str| serde_json::json!({ "name": "a", "text": text });
/// for call in tf.calls("notes_note", "a", &config("one"), &config("two")).await.unwrap() {
///     // All of it, and the decoding and the encoding alone.
///     tf.serve(&call).await.unwrap();
///     assert!(!tf.decode(&call).unwrap().is_empty());
///     let mut answer = tf.answer(&call).await.unwrap();
///     tf.encode(&call, &mut answer).unwrap();
/// }
/// # });
/// ```
pub struct Call {
    rpc: Rpc,
    resource: String,
    request: Bytes,
}

impl Call {
    fn new(rpc: Rpc, resource: &str, request: &impl Message) -> Self {
        Self { rpc, resource: resource.to_owned(), request: request.encode_to_vec().into() }
    }

    /// What is called.
    #[must_use]
    pub fn rpc(&self) -> Rpc {
        self.rpc
    }
}

/// The response to a call, with its value decoded.
pub struct Answer {
    value: Value,
    message: AnswerMessage,
}

enum AnswerMessage {
    Validate(pb::validate_resource_config::Response),
    Upgrade(pb::upgrade_resource_state::Response),
    Read(pb::read_resource::Response),
    Plan(pb::plan_resource_change::Response),
    Apply(pb::apply_resource_change::Response),
}

impl<P: Provider> Harness<P> {
    /// The calls of a plan in which the resource does not change, with `config`, and of an apply after which it has what
    /// `changed` configures. The resource is imported and read, so that its state is complete.
    ///
    /// # Errors
    ///
    /// The errors of the provider.
    pub async fn calls(&self, name: &str, id: &str, config: &Json, changed: &Json) -> Result<Vec<Call>, Diagnostics> {
        let resource = found(&self.server.offers().resources, name)?;
        let ty = resource.value_type();
        let configured = |json| {
            let value = value::from_state_json(json, ty).map_err(|error| messages::broken(&error.to_string()))?;
            messages::encode(&resource.fitted_config(value), ty)
        };
        let (config, changed) = (configured(config)?, configured(changed)?);
        let read = self.imported(name, id).await?;
        let state = messages::decode(read.new_state.as_ref(), ty)?;
        let object = Object { name, resource, read, state };
        let planned = answered(self.server.plan_resource_change(Request::new(object.plan(&changed)?)).await)?;
        messages::checked(planned.diagnostics.clone())?;
        Ok(vec![
            Call::new(Rpc::Validate, name, &object.validate(&config)),
            Call::new(Rpc::Upgrade, name, &object.upgrade()),
            Call::new(Rpc::Read, name, &object.refresh()),
            Call::new(Rpc::Plan, name, &object.plan(&config)?),
            Call::new(Rpc::Apply, name, &object.apply(changed, planned)),
        ])
    }

    async fn imported(&self, name: &str, id: &str) -> Result<pb::read_resource::Response, Diagnostics> {
        let (type_name, id) = (name.to_owned(), id.to_owned());
        let request = pb::import_resource_state::Request { type_name: type_name.clone(), id, ..Default::default() };
        let answer = answered(self.server.import_resource_state(Request::new(request)).await)?;
        messages::checked(answer.diagnostics)?;
        let imported = answer.imported_resources.into_iter().next().unwrap_or_default();
        let (current_state, private) = (imported.state, imported.private);
        let request = pb::read_resource::Request { type_name, current_state, private, ..Default::default() };
        let read = answered(self.server.read_resource(Request::new(request)).await)?;
        messages::checked(read.diagnostics.clone())?;
        Ok(read)
    }

    /// Serves a call: decodes the request, runs the handler, and encodes the response.
    ///
    /// # Errors
    ///
    /// What cannot be decoded. An error of the provider is in the response.
    pub async fn serve(&self, call: &Call) -> Result<Vec<u8>, Diagnostics> {
        let server = &self.server;
        Ok(match call.rpc {
            Rpc::Validate => answered(server.validate_resource_config(message(&call.request)?).await)?.encode_to_vec(),
            Rpc::Upgrade => answered(server.upgrade_resource_state(message(&call.request)?).await)?.encode_to_vec(),
            Rpc::Read => answered(server.read_resource(message(&call.request)?).await)?.encode_to_vec(),
            Rpc::Plan => answered(server.plan_resource_change(message(&call.request)?).await)?.encode_to_vec(),
            Rpc::Apply => answered(server.apply_resource_change(message(&call.request)?).await)?.encode_to_vec(),
        })
    }

    /// Decodes a request, and each value in it that the handler decodes.
    ///
    /// # Errors
    ///
    /// What cannot be decoded.
    pub fn decode(&self, call: &Call) -> Result<Vec<Value>, Diagnostics> {
        let resource = found(&self.server.offers().resources, &call.resource)?;
        let values = match call.rpc {
            Rpc::Validate => {
                let request: pb::validate_resource_config::Request = decoded(&call.request)?;
                vec![request.config]
            }
            Rpc::Upgrade => {
                let request: pb::upgrade_resource_state::Request = decoded(&call.request)?;
                return Ok(vec![stored(resource, &request.raw_state.unwrap_or_default().json)?]);
            }
            Rpc::Read => {
                let request: pb::read_resource::Request = decoded(&call.request)?;
                vec![request.current_state]
            }
            Rpc::Plan => {
                let request: pb::plan_resource_change::Request = decoded(&call.request)?;
                vec![request.prior_state, request.config]
            }
            Rpc::Apply => {
                let request: pb::apply_resource_change::Request = decoded(&call.request)?;
                vec![request.prior_state, request.planned_state, request.config]
            }
        };
        values.iter().map(|value| messages::decode(value.as_ref(), resource.value_type())).collect()
    }

    /// Serves a call, and decodes the response.
    ///
    /// # Errors
    ///
    /// What cannot be decoded, and the errors of the provider.
    pub async fn answer(&self, call: &Call) -> Result<Answer, Diagnostics> {
        let resource = found(&self.server.offers().resources, &call.resource)?;
        let bytes = Bytes::from(self.serve(call).await?);
        let message = match call.rpc {
            Rpc::Validate => AnswerMessage::Validate(decoded(&bytes)?),
            Rpc::Upgrade => AnswerMessage::Upgrade(decoded(&bytes)?),
            Rpc::Read => AnswerMessage::Read(decoded(&bytes)?),
            Rpc::Plan => AnswerMessage::Plan(decoded(&bytes)?),
            Rpc::Apply => AnswerMessage::Apply(decoded(&bytes)?),
        };
        let (value, diagnostics) = match &message {
            AnswerMessage::Validate(answer) => (None, &answer.diagnostics),
            AnswerMessage::Upgrade(answer) => (answer.upgraded_state.as_ref(), &answer.diagnostics),
            AnswerMessage::Read(answer) => (answer.new_state.as_ref(), &answer.diagnostics),
            AnswerMessage::Plan(answer) => (answer.planned_state.as_ref(), &answer.diagnostics),
            AnswerMessage::Apply(answer) => (answer.new_state.as_ref(), &answer.diagnostics),
        };
        messages::checked(diagnostics.clone())?;
        Ok(Answer { value: messages::decode(value, resource.value_type())?, message })
    }

    /// Encodes a response, with the value in it.
    ///
    /// # Errors
    ///
    /// What cannot be encoded.
    pub fn encode(&self, call: &Call, answer: &mut Answer) -> Result<Vec<u8>, Diagnostics> {
        let ty = found(&self.server.offers().resources, &call.resource)?.value_type();
        let Answer { value, message } = answer;
        Ok(match message {
            AnswerMessage::Validate(answer) => answer.encode_to_vec(),
            AnswerMessage::Upgrade(answer) => {
                answer.upgraded_state = messages::encode(value, ty)?;
                answer.encode_to_vec()
            }
            AnswerMessage::Read(answer) => {
                answer.new_state = messages::encode(value, ty)?;
                answer.encode_to_vec()
            }
            AnswerMessage::Plan(answer) => {
                answer.planned_state = messages::encode(value, ty)?;
                answer.encode_to_vec()
            }
            AnswerMessage::Apply(answer) => {
                answer.new_state = messages::encode(value, ty)?;
                answer.encode_to_vec()
            }
        })
    }
}

/// The object that the calls are about, as a core has it after a read.
struct Object<'a, C> {
    name: &'a str,
    resource: &'a dyn AnyResource<C>,
    read: pb::read_resource::Response,
    state: Value,
}

impl<C> Object<'_, C> {
    fn validate(&self, config: &Option<pb::DynamicValue>) -> pb::validate_resource_config::Request {
        let type_name = self.name.to_owned();
        pb::validate_resource_config::Request { type_name, config: config.clone(), client_capabilities: None }
    }

    fn upgrade(&self) -> pb::upgrade_resource_state::Request {
        let json = Bytes::from(json_of(&self.state).to_string());
        pb::upgrade_resource_state::Request {
            type_name: self.name.to_owned(),
            version: self.resource.schema().stored_version(),
            raw_state: Some(pb::RawState { json, ..Default::default() }),
        }
    }

    fn refresh(&self) -> pb::read_resource::Request {
        pb::read_resource::Request {
            type_name: self.name.to_owned(),
            current_state: self.read.new_state.clone(),
            private: self.read.private.clone(),
            current_identity: self.read.new_identity.clone(),
            ..Default::default()
        }
    }

    fn plan(&self, config: &Option<pb::DynamicValue>) -> Result<pb::plan_resource_change::Request, Diagnostics> {
        let ty = self.resource.value_type();
        let schema = resource_schema(self.resource.schema());
        let block = core::Block::of(&schema).map_err(|problem| messages::broken(&problem))?;
        let proposed = core::proposed(&block, &self.state, &messages::decode(config.as_ref(), ty)?);
        Ok(pb::plan_resource_change::Request {
            type_name: self.name.to_owned(),
            prior_state: self.read.new_state.clone(),
            proposed_new_state: messages::encode(&proposed, ty)?,
            config: config.clone(),
            prior_private: self.read.private.clone(),
            prior_identity: self.read.new_identity.clone(),
            ..Default::default()
        })
    }

    fn apply(
        &self,
        config: Option<pb::DynamicValue>,
        planned: pb::plan_resource_change::Response,
    ) -> pb::apply_resource_change::Request {
        pb::apply_resource_change::Request {
            type_name: self.name.to_owned(),
            prior_state: self.read.new_state.clone(),
            planned_state: planned.planned_state,
            config,
            planned_private: planned.planned_private,
            ..Default::default()
        }
    }
}

fn decoded<T: Message + Default>(bytes: &Bytes) -> Result<T, Diagnostics> {
    T::decode(bytes.clone()).map_err(|error| messages::broken(&error.to_string()))
}

fn message<T: Message + Default>(bytes: &Bytes) -> Result<Request<T>, Diagnostics> {
    decoded(bytes).map(Request::new)
}

fn stored<C>(resource: &dyn AnyResource<C>, json: &[u8]) -> Result<Value, Diagnostics> {
    if let Some(plain) = value::from_plain_state(json, resource.value_type()) {
        return Ok(plain);
    }
    let json: Json = serde_json::from_slice(json).map_err(|error| messages::broken(&error.to_string()))?;
    value::from_state_json(&json, resource.value_type()).map_err(|error| messages::broken(&error.to_string()))
}

/// A wholly known value as a core stores it.
fn json_of(value: &Value) -> Json {
    match value {
        Value::Null | Value::Unknown => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => number.to_string().parse().map_or(Json::Null, Json::Number),
        Value::String(text) => Json::String(text.clone()),
        Value::List(all) | Value::Set(all) | Value::Tuple(all) => all.iter().map(json_of).collect(),
        Value::Map(all) | Value::Object(all) => {
            Json::Object(all.iter().map(|(name, value)| (name.to_string(), json_of(value))).collect())
        }
        Value::Dynamic(pair) => serde_json::json!({"type": pair.0.to_json(), "value": json_of(&pair.1)}),
    }
}
