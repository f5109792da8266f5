//! `framework_lifecycle`: a token that has to be renewed.

use std::time::{Duration, SystemTime};

use tfplug::{Computed, Context, Diagnostics, EphemeralResource, Model, Opened};

use crate::provider::Client;

/// How long a token lasts, unless the variable `FRAMEWORK_RENEWED_EVERY` has another number of seconds, for tests.
const RENEWED_EVERY: Duration = Duration::from_secs(5);

/// The file with one line for each call, such as `renew John`.
const CALLS: &str = "lifecycle.calls";

/// The key of the name in the private data.
const NAME: &str = "name";

/// A token that has to be renewed every five seconds. Each call is noted in a file.
#[derive(Model)]
#[tf(ephemeral_resource)]
pub(crate) struct Token {
    /// Who the token is for.
    #[tf(required)]
    name: String,
    /// The token.
    #[tf(computed)]
    token: Computed<String>,
}

pub(crate) struct Lifecycle;

impl EphemeralResource for Lifecycle {
    type Client = Client;
    type Model = Token;

    async fn open(&self, cx: &Context<'_, Client>, config: Token) -> Result<Opened<Token>, Diagnostics> {
        cx.private.set(NAME, &config.name);
        note(cx, "open")?;
        let result = Token { token: "fake-token-12345".into(), ..config };
        Ok(Opened::new(result).renew_at(renewed_next()))
    }

    async fn renew(&self, cx: &Context<'_, Client>) -> Result<Option<SystemTime>, Diagnostics> {
        note(cx, "renew")?;
        Ok(Some(renewed_next()))
    }

    async fn close(&self, cx: &Context<'_, Client>) -> Result<(), Diagnostics> {
        note(cx, "close")
    }
}

fn renewed_next() -> SystemTime {
    let seconds = std::env::var("FRAMEWORK_RENEWED_EVERY").ok().and_then(|text| text.parse().ok());
    SystemTime::now() + seconds.map_or(RENEWED_EVERY, Duration::from_secs)
}

/// Notes a call for a token that is open, whose name is known from its private data.
fn note(cx: &Context<'_, Client>, call: &str) -> Result<(), Diagnostics> {
    let name = cx.private.get(NAME).unwrap_or_default();
    Ok(cx.client.files.append(CALLS, &format!("{call} {name}"))?)
}
