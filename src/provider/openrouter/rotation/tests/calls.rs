//! The calls that the benchmarks serve, and their parts.

use tfplug::testing::Rpc;

use super::*;

#[tokio::test]
async fn the_parts_of_each_call_add_up_to_what_a_core_gets() {
    let (simulator, harness) = start();
    let created = resource(&harness).create(config(&simulator)).await.unwrap().model().unwrap();
    let config = serde_json::json!({
        "name": "app",
        "project_id": simulator.project_id(),
        "connection_id": simulator.connection_id(),
        "environment": "dev",
        "secret_path": "/",
        "parameters": {"name": "key"},
        "secrets_mapping": {"api_key": "KEY"},
    });
    let mut changed = config.clone();
    changed["on_destroy"] = serde_json::json!({"delete_secrets": false});
    let calls = harness.calls(NAME, created.id.get().unwrap(), &config, &changed).await.unwrap();
    let mut values = Vec::new();
    for call in &calls {
        let served = harness.serve(call).await.unwrap();
        let mut answer = harness.answer(call).await.unwrap();
        assert_eq!(harness.encode(call, &mut answer).unwrap(), served, "{:?}", call.rpc());
        values.push((call.rpc(), harness.decode(call).unwrap().len()));
    }
    let expected = [(Rpc::Validate, 1), (Rpc::Upgrade, 1), (Rpc::Read, 1), (Rpc::Plan, 2), (Rpc::Apply, 3)];
    assert_eq!(values, expected);
}
