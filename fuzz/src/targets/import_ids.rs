//! Import ids of resources, through the whole provider.

use std::sync::atomic::Ordering;

use infisical::Auth;
use terraform_provider_infisical::provider::Infisical;
use tfplug::testing::Harness;
use tfplug::{Computed, Diagnostics, Model};

use super::script::{self, TOKEN};
use crate::target::{Memory, Target};

pub(super) const TARGET: Target = Target {
    name: "import-ids",
    about: "import ids of both resources: refused with what is allowed, or looked up with few requests",
    execute,
    cost: 10,
    memory: Memory { base: 2 * 1024 * 1024, factor: 1024 },
    words: &[
        ",",
        ", ",
        "3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f",
        "3F2B8C1E-5D47-4A0B-9C6E-1A2B3C4D5E6F",
        "p,dev,/a,n",
        "p,n",
        "/",
        "..",
        "%2e",
        "\u{feff}",
        "\0",
        "e\u{301}",
        " ",
        "\n",
    ],
};

/// Any resource of this provider, as far as its id.
#[derive(Model)]
#[tf(resource)]
struct Imported {
    /// Its id.
    #[tf(identity, use_state_for_unknown)]
    id: Computed<String>,
}

/// The kind that the first byte chooses, and the import id.
fn execute(input: &[u8]) {
    let Some((choice, id)) = input.split_first() else { return };
    let id = String::from_utf8_lossy(id);
    let (name, field) = match choice % 2 {
        0 => ("infisical_openrouter_rotation", "secretRotation"),
        _ => ("infisical_openrouter_connection", "appConnection"),
    };
    let found = "3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f";
    let script = format!("200 application/json\n\n{{\"{field}\": {{\"id\": \"{found}\", \"name\": \"n\"}}}}");
    let (client, sent) = script::client(script.as_bytes(), Auth::Token(TOKEN.into()));
    let harness = Harness::with_client(Infisical, client);
    let resource = harness.resource::<Imported>(name).unwrap();
    let (imported, _) = script::run(resource.import(&id));
    let sent = sent.load(Ordering::Relaxed);
    assert!(sent <= 4, "{sent} requests");
    match imported {
        Ok(imported) => {
            assert!(sent > 0, "nothing was looked up");
            assert_eq!(imported.value().get("id").as_str(), Some(found));
        }
        Err(refused) => check(&refused, &id, sent),
    }
}

fn check(refused: &Diagnostics, id: &str, sent: usize) {
    let shown: Vec<_> = refused.iter().map(|one| format!("{}: {}", one.summary(), one.detail())).collect();
    assert!(!shown.is_empty(), "refused without a reason");
    for one in &shown {
        assert!(!one.contains("please report") && !one.contains("This is a bug"), "{one}");
        assert!(!one.contains(|c: char| c.is_control() && c != '\n'), "{one:?}");
        assert!(sent > 0 || one.contains("Allowed:"), "{id:?}: {one}");
    }
}
