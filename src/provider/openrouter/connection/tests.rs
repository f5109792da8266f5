//! The resource against the API's stand-in, as a core would call it.

use simulator::{Call, Fault, Simulator};
use tfplug::Model as _;
use tfplug::testing::{Harness, Managed};

use super::super::connection_attributes::{ConnectionPlaceConfig, ConnectionTextConfig};
use super::super::simulated::Simulated;
use super::*;
use crate::provider::Infisical;

type Tf<'a> = Managed<'a, Infisical, Connection>;
type Change = fn(&mut ConnectionConfig);

const KEY: &str = "sim-provisioning-one";

/// What a new key changes.
const REKEYED: &[&str] = &["credentials_hash", "updated_at"];

pub(in super::super) fn start() -> (Simulator, Harness<Infisical>) {
    let Simulated { simulator, tf, .. } = Simulated::start();
    (simulator, tf)
}

fn resource(harness: &Harness<Infisical>) -> Tf<'_> {
    harness.resource(NAME).unwrap()
}

fn config() -> ConnectionConfig {
    ConnectionConfig {
        place: ConnectionPlaceConfig { name: "team".into(), ..Default::default() },
        text: ConnectionTextConfig { description: "For the team.".into() },
        api_key: KEY.into(),
        ..ConnectionConfig::default()
    }
}

fn with(change: impl FnOnce(&mut ConnectionConfig)) -> ConnectionConfig {
    let mut config = config();
    change(&mut config);
    config
}

fn write_only(now: &mut ConnectionConfig, version: i64) {
    (now.api_key, now.api_key_wo, now.api_key_wo_version) = (Attr::Null, KEY.into(), version.into());
}

pub(in super::super) fn text(diagnostics: &Diagnostics) -> String {
    let path = |one: &Diagnostic| one.path().map(|path| format!("{path}: ")).unwrap_or_default();
    diagnostics.iter().map(|one| format!("{}{} {}\n", path(one), one.summary(), one.detail())).collect()
}

fn count(simulator: &Simulator, call: Call) -> usize {
    simulator.requests().iter().filter(|request| request.call == call).count()
}

#[tokio::test]
async fn an_update_shows_as_unknown_only_what_it_can_change() {
    let (_simulator, harness) = start();
    let tf = resource(&harness);
    let created = tf.create(config()).await.unwrap();
    let table: [(&str, Change, &[&str]); 8] = [
        ("nothing", |_| (), &[]),
        ("name", |now| now.place.name = "other".into(), &["updated_at"]),
        ("description", |now| now.text.description = "x".into(), &["updated_at"]),
        ("api_key", |now| now.api_key = "sim-provisioning-two".into(), REKEYED),
        ("a spelling of api_key", |now| now.api_key = format!(" {KEY}\n").into(), &[]),
        (
            "an api_key from elsewhere",
            |now| now.api_key = Attr::Unknown,
            &["api_key", "credentials_hash", "updated_at"],
        ),
        ("removed key", |now| now.api_key = Attr::Null, &[]),
        ("write-only key", |now| write_only(now, 1), REKEYED),
    ];
    for (changed, change, unknown) in table {
        let plan = tf.plan(Some(&created), with(change)).await.unwrap();
        assert_eq!(plan.unknowns(), unknown, "{changed}");
        assert_eq!(plan.is_empty(), changed == "nothing" || changed.starts_with("a spelling"), "{changed}");
    }
    let moved = with(|now| now.place.project_id = simulator::PROJECT_ID.into());
    assert_eq!(tf.plan(Some(&created), moved).await.unwrap().replaces(), ["project_id"]);
}

#[tokio::test]
async fn a_key_is_sent_when_it_or_its_version_changes_and_at_no_other_time() {
    let (simulator, harness) = start();
    let tf = resource(&harness);
    let mut state = tf.create(config()).await.unwrap();
    let steps: [(&str, ConnectionConfig, usize, bool); 7] = [
        ("renamed", with(|now| now.place.name = "other".into()), 1, false),
        ("the key removed", with(|now| now.api_key = Attr::Null), 2, false),
        ("the key is back", config(), 3, true),
        ("a write-only key", with(|now| write_only(now, 1)), 4, true),
        ("the same version", with(|now| write_only(now, 1)), 4, false),
        ("the next version", with(|now| write_only(now, 2)), 5, true),
        ("no key at all", with(|now| now.api_key = Attr::Null), 5, false),
    ];
    for (step, config, patches, rekeyed) in steps {
        let before = state.model().unwrap().facts.credentials_hash;
        let plan = tf.plan(Some(&state), config).await.unwrap();
        state = tf.apply(plan).await.unwrap();
        assert_eq!(count(&simulator, Call::ConnectionUpdate), patches, "{step}");
        assert_eq!(state.model().unwrap().facts.credentials_hash != before, rekeyed, "{step}");
    }
}

#[tokio::test]
async fn a_write_only_key_is_in_no_state() {
    let (_simulator, harness) = start();
    let created = resource(&harness).create(with(|now| write_only(now, 1))).await.unwrap();
    let model = created.model().unwrap();
    assert!(model.api_key.is_none() && model.api_key_wo.is_none());
    assert_eq!(model.api_key_wo_version, Some(1));
}

#[tokio::test]
async fn err_a_create_without_a_key_is_refused_in_the_plan_and_so_is_a_replacement() {
    let (_simulator, harness) = start();
    let tf = resource(&harness);
    let created = tf.create(config()).await.unwrap();
    let keyless = with(|now| now.api_key = Attr::Null);
    let refused = text(&tf.plan(None, keyless.clone()).await.unwrap_err());
    assert!(refused.starts_with("Missing provisioning key"), "{refused}");
    let moved = with(|now| {
        now.api_key = Attr::Null;
        now.place.project_id = simulator::PROJECT_ID.into();
    });
    let refused = text(&tf.plan(Some(&created), moved).await.unwrap_err());
    assert!(refused.starts_with("Missing provisioning key"), "{refused}");
    let open = with(|now| now.api_key = Attr::Unknown);
    assert!(tf.plan(None, open).await.unwrap().unknowns().contains(&"api_key".to_owned()));
}

/// The rotations of a connection are destroyed before it, so the plan has to look.
#[tokio::test]
async fn a_replacement_that_could_not_be_created_is_refused_by_the_plan_or_else_by_the_destroy() {
    let (simulator, harness) = start();
    let tf = resource(&harness);
    let created = tf.create(config()).await.unwrap();
    let moved = with(|now| now.place.project_id = simulator.project_id().into());
    simulator.deny(Call::ConnectionList, simulator::Denial::Membership);
    let said = text(&tf.plan(Some(&created), moved.clone()).await.unwrap_err());
    assert!(said.starts_with("project_id: Cannot check whether the connection can be replaced"), "{said}");
    assert!(said.contains("You are not a member") && said.contains("was not deleted"), "{said}");
    simulator.allow_all();
    let plan = tf.plan(Some(&created), moved.clone()).await.unwrap();
    assert_eq!(text(plan.warnings()), "");
    let there = tf.create(moved.clone()).await.unwrap().model().unwrap();
    let taken = format!("already exists in project {}, with id {}", simulator.project_id(), there.id.get().unwrap());
    for said in [
        text(&tf.apply(plan).await.unwrap_err().diagnostics),
        text(&tf.plan(Some(&created), moved.clone()).await.unwrap_err()),
    ] {
        assert!(said.starts_with("name: Cannot replace the connection") && said.contains(&taken), "{said}");
    }
    assert_eq!(count(&simulator, Call::ConnectionDelete), 0);
    let renamed = with(|now| (now.place.project_id, now.place.name) = (simulator.project_id().into(), "other".into()));
    tf.apply(tf.plan(Some(&created), renamed).await.unwrap()).await.unwrap();
    let open = with(|now| now.place.project_id = Attr::Unknown);
    let warned = text(tf.plan(Some(&created), open.clone()).await.unwrap().warnings());
    assert!(warned.starts_with("project_id: The replacement cannot be checked completely"), "{warned}");
    assert_eq!(text(tf.plan(None, open).await.unwrap().warnings()), "");
}

#[tokio::test]
async fn err_keys_that_do_not_go_together() {
    let (_simulator, harness) = start();
    let tf = resource(&harness);
    let table: [(Change, &[&str]); 6] = [
        (
            |now| (now.api_key_wo, now.api_key_wo_version) = (KEY.into(), 1.into()),
            &["api_key_wo: Two provisioning keys"],
        ),
        (|now| (now.api_key, now.api_key_wo) = (Attr::Null, KEY.into()), &["api_key_wo: Missing api_key_wo_version"]),
        (|now| now.api_key_wo_version = 1.into(), &["api_key_wo_version: Missing api_key_wo"]),
        (|now| now.api_key = " ".into(), &["api_key: Invalid api_key Given: a sensitive value."]),
        (|now| now.place.name = "Team".into(), &["name: Invalid name Given: \"Team\"."]),
        (|now| (now.api_key_wo, now.api_key_wo_version) = (Attr::Unknown, Attr::Unknown), &[]),
    ];
    for (change, problems) in table {
        let found = tf.validate(with(change)).await;
        let found = text(&found.err().unwrap_or_default());
        let lines: Vec<_> = found.lines().collect();
        assert_eq!(lines.len(), problems.len(), "{found}");
        assert!(lines.iter().zip(problems).all(|(line, problem)| line.starts_with(problem)), "{found}");
    }
}

#[tokio::test]
async fn err_a_refused_key_is_shown_at_the_attribute_that_holds_it() {
    let (simulator, harness) = start();
    let tf = resource(&harness);
    let stored: Change = |now| now.api_key = "no-such-key".into();
    let hidden: Change = |now| {
        write_only(now, 7);
        now.api_key_wo = "no-such-key".into();
    };
    let created = tf.create(config()).await.unwrap();
    for (change, attribute) in [(stored, "api_key: "), (hidden, "api_key_wo: ")] {
        let refused = text(&tf.create(with(change)).await.unwrap_err().diagnostics);
        assert!(refused.starts_with(&format!("{attribute}Cannot create the connection")), "{refused}");
        let plan = tf.plan(Some(&created), with(change)).await.unwrap();
        let refused = tf.apply(plan).await.unwrap_err();
        let said = text(&refused.diagnostics);
        assert!(said.starts_with(&format!("{attribute}Cannot update the connection")), "{said}");
        assert!(said.contains("It must be a provisioning key"), "{said}");
    }
    assert_eq!(simulator.connections().len(), 2);
}

#[tokio::test]
async fn an_import_finds_what_a_create_stored_but_for_the_key() {
    let (simulator, harness) = start();
    let tf = resource(&harness);
    let mut created = tf.create(with(|now| now.place.name = "of-the-org".into())).await.unwrap().model().unwrap();
    let in_project = with(|now| now.place.project_id = simulator.project_id().into());
    let mut other = tf.create(in_project).await.unwrap().model().unwrap();
    (created.api_key, other.api_key) = (None, None);
    let id = created.id.get().unwrap().clone();
    for given in [id.clone(), id.to_uppercase(), " of-the-org\n".to_owned()] {
        assert!(tf.import(&given).await.unwrap().model().unwrap() == created, "{given}");
    }
    let name = format!("{}, team", simulator.project_id());
    assert!(tf.import(&name).await.unwrap().model().unwrap() == other);
    let imported = tf.import_identity(ConnectionIdentity { id }).await.unwrap();
    let keyless = with(|now| (now.api_key, now.place.name) = (Attr::Null, "of-the-org".into()));
    assert!(tf.plan(Some(&imported), keyless).await.unwrap().is_empty());
    let refused = text(&tf.import("team").await.unwrap_err());
    assert!(refused.contains("found only together with the project's id"), "{refused}");
}

#[test]
fn err_an_import_id_that_is_none_says_what_is_allowed() {
    assert_eq!(place("p-1,a-b").unwrap(), (Some("p-1"), "a-b"));
    for id in ["", "A b", ",name", "p,", "p,q,"] {
        let error = place(id).unwrap_err();
        assert!(error.detail().starts_with(&format!("Given: {id:?}. Allowed:")), "{}", error.detail());
    }
}

#[tokio::test]
async fn err_a_connection_that_is_not_there_is_not_imported_and_one_that_cannot_be_read_keeps_its_state() {
    let (simulator, harness) = start();
    let tf = resource(&harness);
    let created = tf.create(config()).await.unwrap();
    let refused = text(&tf.import("3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f").await.unwrap_err());
    assert!(refused.starts_with("Cannot import non-existent remote object"), "{refused}");
    simulator.fault(Fault::refuse(Call::ConnectionRead, 403, "PermissionDenied", "No."));
    let refused = text(&tf.read(&created).await.unwrap_err());
    assert!(refused.contains("permission on app connections"), "{refused}");
}

#[tokio::test]
async fn another_key_in_the_console_shows_in_a_refresh_and_changes_nothing() {
    let (simulator, harness) = start();
    let tf = resource(&harness);
    let created = tf.create(config()).await.unwrap();
    let before = created.model().unwrap();
    simulator.rekey_connection(before.id.get().unwrap()).unwrap();
    let read = tf.read(&created).await.unwrap().unwrap();
    assert!(read.model().unwrap().facts.credentials_hash != before.facts.credentials_hash);
    assert!(tf.plan(Some(&read), config()).await.unwrap().is_empty());
}

#[tokio::test]
async fn fields_that_an_answer_leaves_out_are_read_once_more_or_stay_as_they_were() {
    let (simulator, harness) = start();
    let tf = resource(&harness);
    let created = tf.create(config()).await.unwrap();
    let id = created.model().unwrap().id.get().unwrap().clone();
    let short = format!(r#"{{"appConnection": {{"id": "{id}", "name": "team"}}}}"#);
    simulator.fault(Fault::body(Call::ConnectionUpdate, 200, short.clone()).after_commit());
    let plan = tf.plan(Some(&created), with(|now| now.text.description = "x".into())).await.unwrap();
    let updated = tf.apply(plan).await.unwrap();
    assert_eq!(updated.model().unwrap().text.description.as_deref(), Some("x"));
    simulator.fault(Fault::body(Call::ConnectionRead, 200, short));
    assert!(tf.read(&updated).await.unwrap().unwrap().model().unwrap() == updated.model().unwrap());
}

#[tokio::test]
async fn err_a_connection_in_use_is_not_destroyed_and_its_users_are_named() {
    let (simulator, harness) = start();
    let tf = resource(&harness);
    let created = tf.create(config()).await.unwrap();
    let id = created.model().unwrap().id.get().unwrap().clone();
    let body = format!(
        r#"{{"secretRotation": {{"id": "r", "name": "app", "connectionId": "{id}"}}, "secretRotations":
        [{{"id": "r", "name": "app", "connectionId": "{id}", "projectId": "p"}}, {{"id": "other"}}]}}"#
    );
    simulator.fault(Fault::body(Call::List, 200, body));
    let words =
        "Cannot delete App Connection with existing connections. Remove all existing connections and try again.";
    simulator.fault(Fault::refuse(Call::ConnectionDelete, 400, "BadRequest", words).times(1));
    let refused = text(&tf.destroy(created.clone()).await.unwrap_err().diagnostics);
    assert!(refused.contains("Infisical says: Cannot delete App Connection"), "{refused}");
    assert!(refused.contains("\"app\" (r), project p") && !refused.contains("(other)"), "{refused}");
    tf.destroy(created.clone()).await.unwrap();
    assert_eq!(simulator.connections().len(), 1);
}

#[test]
fn the_descriptions_of_all_attributes_are_there() {
    assert!(Connection::schema().all().values().all(|attribute| !attribute.documentation().is_empty()));
}
