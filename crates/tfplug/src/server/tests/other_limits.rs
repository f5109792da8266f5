//! How long the operations of data sources, ephemeral resources, actions and lists may take.

use std::time::{Duration, SystemTime};

use crate::testing::{Harness, Query};
use crate::{
    Action, ActionTimeouts, ActionTimeoutsConfig, Applied, Computed, Context, DataSource, DataSourceTimeouts,
    DataSourceTimeoutsConfig, Diagnostic, Diagnostics, EphemeralResource, EphemeralTimeouts, EphemeralTimeoutsConfig,
    Existing, ListResource, ListResults, ListTimeouts, ListTimeoutsConfig, Model, Offers, Opened, Path, Prior,
    Progress, Provider, Resource, Setup,
};

/// Reads something.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(data_source)]
struct Found {
    /// What it does when it is told to stop.
    #[tf(required)]
    when_stopped: String,
    #[tf(timeouts)]
    timeouts: Option<DataSourceTimeouts>,
}

/// Opens something.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(ephemeral_resource)]
struct Leased {
    #[tf(required)]
    when_stopped: String,
    #[tf(computed)]
    token: Computed<String>,
    #[tf(block, timeouts)]
    limits: Option<EphemeralTimeouts>,
}

/// Does something.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(action)]
struct Work {
    #[tf(required)]
    when_stopped: String,
    #[tf(block, timeouts)]
    timeouts: Option<ActionTimeouts>,
}

/// Lists something.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(list_resource)]
struct All {
    #[tf(required)]
    when_stopped: String,
    #[tf(timeouts)]
    timeouts: Option<ListTimeouts>,
}

/// What is listed.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource)]
struct Thing {
    #[tf(required, identity)]
    name: String,
}

struct Slow;

impl Slow {
    /// Works for an hour, or until it is told to stop.
    async fn work(cx: &Context<'_, ()>, when_stopped: &str) -> Result<(), Diagnostics> {
        let stopped = tokio::time::timeout(Duration::from_secs(3600), cx.stop.cancelled()).await.is_ok();
        match when_stopped {
            _ if !stopped => Ok(()),
            "finishes" => Ok(()),
            "fails" => Err(Diagnostic::error("Stopped", "").into()),
            _ => std::future::pending().await,
        }
    }
}

impl DataSource for Slow {
    type Client = ();
    type Model = Found;

    async fn read(&self, cx: &Context<'_, ()>, config: Found) -> Result<Found, Diagnostics> {
        Self::work(cx, &config.when_stopped).await.map(|()| config)
    }
}

impl EphemeralResource for Slow {
    type Client = ();
    type Model = Leased;

    async fn open(&self, cx: &Context<'_, ()>, config: Leased) -> Result<Opened<Leased>, Diagnostics> {
        cx.private.set("when_stopped", &config.when_stopped);
        if config.when_stopped != "later" {
            Self::work(cx, &config.when_stopped).await?;
        }
        Ok(Opened::new(Leased { token: "t".into(), ..config }).renew_at(SystemTime::now()))
    }

    async fn renew(&self, cx: &Context<'_, ()>) -> Result<Option<SystemTime>, Diagnostics> {
        Self::work(cx, &cx.private.get("when_stopped").unwrap()).await.map(|()| None)
    }

    async fn close(&self, cx: &Context<'_, ()>) -> Result<(), Diagnostics> {
        Self::work(cx, &cx.private.get("when_stopped").unwrap()).await
    }
}

impl Action for Slow {
    type Client = ();
    type Model = Work;

    async fn invoke(&self, cx: &Context<'_, ()>, config: Work, progress: Progress) -> Result<(), Diagnostics> {
        progress.say("begun");
        Self::work(cx, &config.when_stopped).await
    }
}

impl ListResource for Slow {
    type Client = ();
    type Model = All;
    type Found = Thing;

    async fn list(
        &self,
        cx: &Context<'_, ()>,
        config: All,
        results: &mut ListResults<'_, Thing>,
    ) -> Result<(), Diagnostics> {
        let thing = Thing { name: "a".into() };
        results.send("a", ThingIdentity { name: "a".into() }, async { Ok(thing) }).await;
        Self::work(cx, &config.when_stopped).await
    }
}

impl Resource for Slow {
    type Client = ();
    type Model = Thing;

    async fn create(&self, _: &Context<'_, ()>, plan: Thing) -> Applied<Thing> {
        Ok(plan)
    }

    async fn read(&self, _: &Context<'_, ()>, prior: Prior<Thing>) -> Result<Option<Thing>, Diagnostics> {
        prior.into_whole().map(Some)
    }

    async fn update(&self, _: &Context<'_, ()>, _: Existing<Thing>, plan: Thing) -> Applied<Thing> {
        Ok(plan)
    }

    async fn delete(&self, _: &Context<'_, ()>, _: Existing<Thing>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// Nothing.
#[derive(Model)]
#[tf(provider)]
struct Block {}

struct Test;

impl Provider for Test {
    type Client = ();
    type Config = Block;

    async fn configure(&self, _: Setup<'_>, _: Block) -> Result<Option<()>, Diagnostics> {
        Ok(Some(()))
    }

    fn offers(&self) -> Offers<()> {
        Offers::new()
            .data_source("test_slow", Slow)
            .ephemeral_resource("test_slow", Slow)
            .action("test_slow", Slow)
            .resource("test_slow", Slow)
            .list_resource("test_slow", Slow)
    }
}

fn limit(length: &str) -> crate::Attr<crate::text::GoDuration> {
    length.parse::<crate::text::GoDuration>().unwrap().into()
}

/// Each operation of [`Slow`] with this limit.
async fn outcome(operation: &str, when_stopped: &str, length: &str) -> Vec<String> {
    let tf = Harness::with_client(Test, ());
    let when_stopped = crate::Attr::from(when_stopped);
    let outcome = match operation {
        "read" => {
            let timeouts = DataSourceTimeoutsConfig { read: limit(length) }.into();
            tf.read::<Found>("test_slow", FoundConfig { when_stopped, timeouts }).await.map(drop)
        }
        "opening" => {
            let limits = EphemeralTimeoutsConfig { open: limit(length), ..Default::default() }.into();
            let config = LeasedConfig { when_stopped, limits, ..Default::default() };
            tf.open::<Leased>("test_slow", config).await.map(drop)
        }
        "action" => {
            let timeouts = ActionTimeoutsConfig { invoke: limit(length) }.into();
            tf.invoke::<Work>("test_slow", WorkConfig { when_stopped, timeouts }).await.map(drop)
        }
        _ => {
            let timeouts = ListTimeoutsConfig { list: limit(length) }.into();
            let config = AllConfig { when_stopped, timeouts };
            tf.list::<All, Thing>("test_slow", config, Query::default()).await.map(drop)
        }
    };
    let errors = outcome.err().unwrap_or_default();
    errors.into_iter().map(|one| format!("{}: {}", one.summary(), one.detail())).collect()
}

const OPERATIONS: [(&str, &str); 4] =
    [("read", "timeouts.read"), ("opening", "limits.open"), ("action", "timeouts.invoke"), ("list", "timeouts.list")];

#[test]
fn no_core_rejects_the_schemas() {
    assert_eq!(crate::problems(&Test), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn an_operation_within_its_limit_succeeds_and_so_does_one_that_finishes_when_it_is_told_to_stop() {
    for (operation, _) in OPERATIONS {
        assert_eq!(outcome(operation, "fails", "2h").await, [""; 0], "{operation}");
        if operation != "list" {
            assert_eq!(outcome(operation, "finishes", "1m").await, [""; 0], "{operation}");
        }
    }
}

/// What it has found until then would look like all there is.
#[tokio::test(start_paused = true)]
async fn a_list_that_finishes_when_it_is_told_to_stop_is_not_complete() {
    let errors = outcome("list", "finishes", "1m").await;
    let expected =
        "The list took too long: timeouts.list allows 1m, after which the list was cancelled. Allow more time there.";
    assert_eq!(errors, [expected]);
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_takes_too_long_is_told_to_stop_and_dropped_if_it_does_not() {
    for (operation, path) in OPERATIONS {
        let start =
            format!("The {operation} took too long: {path} allows 90s, after which the {operation} was cancelled.");
        let expected = ["Stopped: ".to_owned(), format!("{start} Allow more time there.")];
        assert_eq!(outcome(operation, "fails", "90s").await, expected);
        let dropped = outcome(operation, "goes on", "90s").await;
        let [error] = dropped.as_slice() else { panic!("{operation}: {dropped:?}") };
        assert!(error.starts_with(&format!("{start} The {operation} did not end")), "{error}");
        let can_change = ["opening", "action"].contains(&operation);
        assert_eq!(error.contains("it is not known what has taken effect"), can_change, "{error}");
    }
}

/// A core passes no configuration to a renewal or a closing.
#[tokio::test(start_paused = true)]
async fn renewals_and_closings_have_the_limits_that_the_resource_was_opened_with() {
    let tf = Harness::with_client(Test, ());
    let open = async |renew, close| {
        let limits = EphemeralTimeoutsConfig { renew, close, ..Default::default() }.into();
        let config = LeasedConfig { when_stopped: "later".into(), limits, ..Default::default() };
        tf.open::<Leased>("test_slow", config).await.unwrap()
    };
    let lease = open(limit("10s"), limit("20s")).await;
    let renewed = tf.renew("test_slow", lease.clone()).await.unwrap_err();
    let closed = tf.close("test_slow", lease).await.unwrap_err();
    let found = [renewed, closed].map(|errors| {
        let error = errors.into_iter().next().unwrap();
        (error.summary().to_owned(), error.detail().split(',').next().unwrap().to_owned())
    });
    let of = |name: &str, detail: &str| (format!("The {name} took too long"), detail.to_owned());
    assert_eq!(found, [of("renewal", "limits.renew allows 10s"), of("closing", "limits.close allows 20s")]);
    let unlimited = open(crate::Attr::Null, crate::Attr::Null).await;
    tf.close("test_slow", tf.renew("test_slow", unlimited).await.unwrap()).await.unwrap();
}

#[tokio::test]
async fn a_limit_in_another_format_or_below_zero_is_an_error_at_its_attribute() {
    let tf = Harness::with_client(Test, ());
    let timeouts = ActionTimeoutsConfig { invoke: limit("-1s") }.into();
    let config = WorkConfig { when_stopped: "fails".into(), timeouts };
    let refused = tf.invoke::<Work>("test_slow", config).await.unwrap_err();
    let error = refused.iter().next().unwrap();
    assert_eq!(error.path(), Some(&Path::of("timeouts").attribute("invoke")));
    assert_eq!(error.detail(), r#"Given: "-1s". Allowed: a time that is not negative."#);
}
