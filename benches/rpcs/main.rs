//! What each call of a core costs, as a whole and in its parts, with the real schema of a rotation: `cargo bench --bench rpcs`.
//!
//! The calls are served in the process, without TLS and gRPC, and without requests to the API: the read finds its rotation in the
//! list that all reads share, and the apply changes what only the state has. Memory is overwritten before it is freed, as in the
//! provider. The parts are the decoding of the request with its values, and the encoding of the response with its value; the
//! logic is what remains.

mod allocations;

use std::hint::black_box;
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use allocations::Counting;
use criterion::Criterion;
use infisical::{Auth, Client, NewRotation, Parameters, RotateAtUtc, SecretsMapping, Settings};
use serde_json::json;
use simulator::{Options, Simulator};
use terraform_provider_infisical::provider::Infisical;
use tfplug::testing::{Call, Harness, Rpc};
use tokio::runtime::Runtime;
use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static ALLOCATOR: ZeroAlloc<Counting> = ZeroAlloc(Counting);

const RESOURCE: &str = "infisical_openrouter_rotation";

type AnyError = Box<dyn std::error::Error>;

fn main() -> Result<(), AnyError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let simulator = Simulator::start(Options::default())?;
    let (harness, calls, other) = runtime.block_on(prepared(&simulator))?;
    let mut criterion = Criterion::default()
        .sample_size(50)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .without_plots()
        .configure_from_args();
    let mut rows = Vec::new();
    for call in &calls {
        // The list that reads share is read again. Then time stands still, so that it does not become old.
        runtime.block_on(async {
            for call in [&other, call] {
                harness.answer(call).await.map_err(|errors| format!("{:?}: {errors:?}", call.rpc()))?;
            }
            simulator.clear_requests();
            tokio::time::pause();
            Ok::<_, AnyError>(())
        })?;
        rows.push(measured(&mut criterion, &runtime, &harness, call)?);
        if let Some(request) = simulator.requests().first() {
            return Err(format!("{:?} sends {request:?}", call.rpc()).into());
        }
        runtime.block_on(async { tokio::time::resume() });
    }
    criterion.final_summary();
    print(&rows)?;
    Ok(())
}

/// The provider with two rotations; the calls of the first one, and the read of the other one.
async fn prepared(simulator: &Simulator) -> Result<(Harness<Infisical>, Vec<Call>, Call), AnyError> {
    let client = Client::new(Settings {
        host: simulator.url().parse()?,
        auth: Auth::Token(simulator.token().into()),
        organization_slug: None,
        ca_cert_pem: None,
        user_agent: "bench".to_owned(),
        stop: tfplug::CancellationToken::new(),
    })?;
    let mut ids = Vec::new();
    for name in ["first", "second"] {
        ids.push(client.rotations().create(&rotation(simulator, name)).await?.object.id);
    }
    let harness = Harness::with_client(Infisical, client);
    let config = json!({
        "name": "first",
        "project_id": simulator.project_id(),
        "connection_id": simulator.connection_id(),
        "environment": "dev",
        "secret_path": "/app",
        "description": "the key of the application",
        "rotation_interval": 30,
        "parameters": {"name": "first", "limit": 12.34, "limit_reset": "monthly"},
        "secrets_mapping": {"api_key": "OPENROUTER_KEY_FIRST"},
    });
    let mut changed = config.clone();
    if let Some(members) = changed.as_object_mut() {
        members.insert("on_destroy".to_owned(), json!({"revoke_generated_credentials": false}));
    }
    let mut of_each = Vec::new();
    for id in &ids {
        let calls = harness.calls(RESOURCE, id, &config, &changed).await;
        of_each.push(calls.map_err(|errors| format!("{errors:?}"))?);
    }
    let other = of_each.pop().into_iter().flatten().find(|call| call.rpc() == Rpc::Read).ok_or("no read")?;
    Ok((harness, of_each.pop().unwrap_or_default(), other))
}

fn rotation(simulator: &Simulator, name: &str) -> NewRotation {
    NewRotation {
        name: name.to_owned(),
        project_id: simulator.project_id().to_owned(),
        description: Some("the key of the application".to_owned()),
        connection_id: simulator.connection_id().to_owned(),
        environment: "dev".to_owned(),
        secret_path: "/app".to_owned(),
        is_auto_rotation_enabled: true,
        rotation_interval: 30,
        rotate_at_utc: RotateAtUtc { hours: 0, minutes: 0 },
        parameters: Parameters {
            name: name.to_owned(),
            limit: serde_json::Number::from_f64(12.34).map(Some),
            limit_reset: Some(Some("monthly".to_owned())),
            include_byok_in_limit: Some(Some(false)),
        },
        secrets_mapping: SecretsMapping { api_key: format!("OPENROUTER_KEY_{}", name.to_uppercase()) },
    }
}

/// The cost of one part.
#[derive(Clone, Copy, Default)]
struct Cost {
    nanoseconds: f64,
    allocations: f64,
}

struct Row {
    rpc: Rpc,
    whole: Cost,
    decoding: Cost,
    encoding: Cost,
}

fn measured(
    criterion: &mut Criterion,
    runtime: &Runtime,
    harness: &Harness<Infisical>,
    call: &Call,
) -> Result<Row, AnyError> {
    let (rpc, name) = (call.rpc(), format!("{:?}", call.rpc()).to_lowercase());
    let mut answer = runtime.block_on(harness.answer(call)).map_err(|errors| format!("{errors:?}"))?;
    let whole = part(criterion, &format!("{name}/whole"), |times| {
        runtime.block_on(async {
            for _ in 0..times {
                drop(black_box(harness.serve(black_box(call)).await));
            }
        });
    });
    let decoding = part(criterion, &format!("{name}/decoding"), |times| {
        (0..times).for_each(|_| drop(black_box(harness.decode(black_box(call)))));
    });
    let encoding = part(criterion, &format!("{name}/encoding"), |times| {
        (0..times).for_each(|_| drop(black_box(harness.encode(call, black_box(&mut answer)))));
    });
    Ok(Row { rpc, whole, decoding, encoding })
}

/// Has criterion measure a part, and returns the median of its samples.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn part(criterion: &mut Criterion, name: &str, mut work: impl FnMut(u64)) -> Cost {
    let mut samples = Vec::new();
    criterion.bench_function(name, |bencher| {
        bencher.iter_custom(|times| {
            let (before, start) = (allocations::count(), Instant::now());
            work(times);
            let (lasted, allocated) = (start.elapsed(), allocations::count() - before);
            samples.push(Cost {
                nanoseconds: lasted.as_nanos() as f64 / times as f64,
                allocations: allocated as f64 / times as f64,
            });
            lasted
        });
    });
    samples.sort_by(|one, other| one.nanoseconds.total_cmp(&other.nanoseconds));
    samples.get(samples.len() / 2).copied().unwrap_or_default()
}

fn print(rows: &[Row]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "| µs (allocations) | whole | decoding | logic | encoding |\n| --- | --- | --- | --- | --- |")?;
    for Row { rpc, whole, decoding, encoding } in rows {
        let logic = Cost {
            nanoseconds: whole.nanoseconds - decoding.nanoseconds - encoding.nanoseconds,
            allocations: whole.allocations - decoding.allocations - encoding.allocations,
        };
        let cells = [whole, decoding, &logic, encoding]
            .map(|cost| format!("{:.1} ({:.0})", cost.nanoseconds / 1000.0, cost.allocations));
        writeln!(out, "| {rpc:?} | {} |", cells.join(" | "))?;
    }
    Ok(())
}
