//! The protocol's gRPC service: one method for each RPC, which leaves the work to the module of its kind.

use futures_util::stream::BoxStream;
use tonic::{Request, Response, Status, Streaming};

use super::handling::schema_of;
use super::{
    RpcResult, Server, action, apply, configure, data_source, ephemeral, function, import, list, plan, read, schemas,
    state_store, upgrade, validate,
};
use crate::proto::tfplugin6::*;
use crate::provider::Provider;

#[tonic::async_trait]
impl<P: Provider> provider_server::Provider for Server<P> {
    async fn get_metadata(&self, r: Request<get_metadata::Request>) -> RpcResult<get_metadata::Response> {
        self.run("GetMetadata", r, |_| async { Ok(schemas::metadata(self)) }).await
    }

    async fn get_provider_schema(
        &self,
        r: Request<get_provider_schema::Request>,
    ) -> RpcResult<get_provider_schema::Response> {
        self.run("GetProviderSchema", r, |_| async { Ok(schemas::all(self)) }).await
    }

    async fn get_resource_identity_schemas(
        &self,
        r: Request<get_resource_identity_schemas::Request>,
    ) -> RpcResult<get_resource_identity_schemas::Response> {
        self.run("GetResourceIdentitySchemas", r, |_| async { Ok(schemas::identities(self)) }).await
    }

    async fn validate_provider_config(
        &self,
        r: Request<validate_provider_config::Request>,
    ) -> RpcResult<validate_provider_config::Response> {
        self.run_for("ValidateProviderConfig", Some(&self.schema), r, |q| async move { validate::provider(self, &q) })
            .await
    }

    async fn configure_provider(
        &self,
        r: Request<configure_provider::Request>,
    ) -> RpcResult<configure_provider::Response> {
        self.run_for("ConfigureProvider", Some(&self.schema), r, |q| configure::configure(self, q)).await
    }

    async fn stop_provider(&self, r: Request<stop_provider::Request>) -> RpcResult<stop_provider::Response> {
        self.run("StopProvider", r, |_| async { Ok(configure::stop(self)) }).await
    }

    async fn validate_resource_config(
        &self,
        r: Request<validate_resource_config::Request>,
    ) -> RpcResult<validate_resource_config::Response> {
        self.run_for(
            "ValidateResourceConfig",
            schema_of(&self.offers.resources, &r.get_ref().type_name),
            r,
            |q| async move { validate::resource(self, &q) },
        )
        .await
    }

    async fn validate_data_resource_config(
        &self,
        r: Request<validate_data_resource_config::Request>,
    ) -> RpcResult<validate_data_resource_config::Response> {
        self.run_for(
            "ValidateDataResourceConfig",
            schema_of(&self.offers.data_sources, &r.get_ref().type_name),
            r,
            |q| async move { validate::data_source(self, &q) },
        )
        .await
    }

    async fn validate_ephemeral_resource_config(
        &self,
        r: Request<validate_ephemeral_resource_config::Request>,
    ) -> RpcResult<validate_ephemeral_resource_config::Response> {
        self.run_for(
            "ValidateEphemeralResourceConfig",
            schema_of(&self.offers.ephemeral_resources, &r.get_ref().type_name),
            r,
            |q| async move { validate::ephemeral(self, &q) },
        )
        .await
    }

    async fn validate_list_resource_config(
        &self,
        r: Request<validate_list_resource_config::Request>,
    ) -> RpcResult<validate_list_resource_config::Response> {
        self.run_for(
            "ValidateListResourceConfig",
            schema_of(&self.offers.list_resources, &r.get_ref().type_name),
            r,
            |q| async move { validate::list(self, &q) },
        )
        .await
    }

    async fn validate_action_config(
        &self,
        r: Request<validate_action_config::Request>,
    ) -> RpcResult<validate_action_config::Response> {
        self.run_for(
            "ValidateActionConfig",
            schema_of(&self.offers.actions, &r.get_ref().type_name),
            r,
            |q| async move { validate::action(self, &q) },
        )
        .await
    }

    async fn upgrade_resource_state(
        &self,
        r: Request<upgrade_resource_state::Request>,
    ) -> RpcResult<upgrade_resource_state::Response> {
        self.run("UpgradeResourceState", r, |q| async move { upgrade::state(self, &q) }).await
    }

    async fn upgrade_resource_identity(
        &self,
        r: Request<upgrade_resource_identity::Request>,
    ) -> RpcResult<upgrade_resource_identity::Response> {
        self.run("UpgradeResourceIdentity", r, |q| async move { upgrade::identity(self, &q) }).await
    }

    async fn read_resource(&self, r: Request<read_resource::Request>) -> RpcResult<read_resource::Response> {
        self.run_for("ReadResource", schema_of(&self.offers.resources, &r.get_ref().type_name), r, |q| {
            read::read(self, q)
        })
        .await
    }

    async fn plan_resource_change(
        &self,
        r: Request<plan_resource_change::Request>,
    ) -> RpcResult<plan_resource_change::Response> {
        self.run_for("PlanResourceChange", schema_of(&self.offers.resources, &r.get_ref().type_name), r, |q| {
            plan::plan(self, q)
        })
        .await
    }

    async fn apply_resource_change(
        &self,
        r: Request<apply_resource_change::Request>,
    ) -> RpcResult<apply_resource_change::Response> {
        self.run_for("ApplyResourceChange", schema_of(&self.offers.resources, &r.get_ref().type_name), r, |q| {
            apply::apply(self, q)
        })
        .await
    }

    async fn import_resource_state(
        &self,
        r: Request<import_resource_state::Request>,
    ) -> RpcResult<import_resource_state::Response> {
        self.run("ImportResourceState", r, |q| import::import(self, q)).await
    }

    async fn move_resource_state(
        &self,
        r: Request<move_resource_state::Request>,
    ) -> RpcResult<move_resource_state::Response> {
        self.run("MoveResourceState", r, |q| async move { upgrade::move_state(self, q) }).await
    }

    async fn generate_resource_config(
        &self,
        r: Request<generate_resource_config::Request>,
    ) -> RpcResult<generate_resource_config::Response> {
        self.run("GenerateResourceConfig", r, |q| async move { import::generate_config(self, &q) }).await
    }

    async fn read_data_source(&self, r: Request<read_data_source::Request>) -> RpcResult<read_data_source::Response> {
        self.run_for("ReadDataSource", schema_of(&self.offers.data_sources, &r.get_ref().type_name), r, |q| {
            data_source::read(self, q)
        })
        .await
    }

    async fn open_ephemeral_resource(
        &self,
        r: Request<open_ephemeral_resource::Request>,
    ) -> RpcResult<open_ephemeral_resource::Response> {
        self.run_for(
            "OpenEphemeralResource",
            schema_of(&self.offers.ephemeral_resources, &r.get_ref().type_name),
            r,
            |q| ephemeral::open(self, q),
        )
        .await
    }

    async fn renew_ephemeral_resource(
        &self,
        r: Request<renew_ephemeral_resource::Request>,
    ) -> RpcResult<renew_ephemeral_resource::Response> {
        self.run("RenewEphemeralResource", r, |q| ephemeral::renew(self, q)).await
    }

    async fn close_ephemeral_resource(
        &self,
        r: Request<close_ephemeral_resource::Request>,
    ) -> RpcResult<close_ephemeral_resource::Response> {
        self.run("CloseEphemeralResource", r, |q| ephemeral::close(self, q)).await
    }

    type ListResourceStream = BoxStream<'static, Result<list_resource::Event, Status>>;

    async fn list_resource(&self, r: Request<list_resource::Request>) -> RpcResult<Self::ListResourceStream> {
        Ok(Response::new(list::list(self, r.into_inner())))
    }

    async fn plan_action(&self, r: Request<plan_action::Request>) -> RpcResult<plan_action::Response> {
        self.run_for("PlanAction", schema_of(&self.offers.actions, &r.get_ref().action_type), r, |q| {
            action::plan(self, q)
        })
        .await
    }

    type InvokeActionStream = BoxStream<'static, Result<invoke_action::Event, Status>>;

    async fn invoke_action(&self, r: Request<invoke_action::Request>) -> RpcResult<Self::InvokeActionStream> {
        Ok(Response::new(action::invoke(self, r.into_inner())))
    }

    async fn get_functions(&self, r: Request<get_functions::Request>) -> RpcResult<get_functions::Response> {
        self.run("GetFunctions", r, |_| async { Ok(function::list(self)) }).await
    }

    async fn call_function(&self, r: Request<call_function::Request>) -> RpcResult<call_function::Response> {
        self.run("CallFunction", r, |q| async move { function::call(self, &q) }).await
    }

    async fn validate_state_store_config(
        &self,
        r: Request<validate_state_store::Request>,
    ) -> RpcResult<validate_state_store::Response> {
        self.run_for(
            "ValidateStateStoreConfig",
            schema_of(&self.offers.state_stores, &r.get_ref().type_name),
            r,
            |q| async move { state_store::validate(self, &q) },
        )
        .await
    }

    async fn configure_state_store(
        &self,
        r: Request<configure_state_store::Request>,
    ) -> RpcResult<configure_state_store::Response> {
        self.run_for("ConfigureStateStore", schema_of(&self.offers.state_stores, &r.get_ref().type_name), r, |q| {
            state_store::configure(self, q)
        })
        .await
    }

    type ReadStateBytesStream = BoxStream<'static, Result<read_state_bytes::Response, Status>>;

    async fn read_state_bytes(&self, r: Request<read_state_bytes::Request>) -> RpcResult<Self::ReadStateBytesStream> {
        Ok(Response::new(state_store::read(self, r.into_inner())))
    }

    async fn write_state_bytes(
        &self,
        r: Request<Streaming<write_state_bytes::RequestChunk>>,
    ) -> RpcResult<write_state_bytes::Response> {
        self.run("WriteStateBytes", r, |q| state_store::write(self, q)).await
    }

    async fn lock_state(&self, r: Request<lock_state::Request>) -> RpcResult<lock_state::Response> {
        self.run("LockState", r, |q| state_store::lock_state(self, q)).await
    }

    async fn unlock_state(&self, r: Request<unlock_state::Request>) -> RpcResult<unlock_state::Response> {
        self.run("UnlockState", r, |q| state_store::unlock(self, q)).await
    }

    async fn get_states(&self, r: Request<get_states::Request>) -> RpcResult<get_states::Response> {
        self.run("GetStates", r, |q| state_store::list(self, q)).await
    }

    async fn delete_state(&self, r: Request<delete_state::Request>) -> RpcResult<delete_state::Response> {
        self.run("DeleteState", r, |q| state_store::delete(self, q)).await
    }
}
