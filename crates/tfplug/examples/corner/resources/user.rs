//! Users, each of them in a file.

use serde_json::json;
use tfplug::{Applied, Computed, Context, Diagnostic, Diagnostics, Existing, Model, Number, Path, Prior, Resource};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::provider::Client;

/// Somebody with an account.
#[derive(Model)]
#[tf(resource, no_identity)]
pub(crate) struct User {
    /// By which the user is found.
    #[tf(required, requires_replace, non_empty)]
    email: String,
    #[tf(required)]
    name: String,
    /// In years.
    #[tf(required)]
    age: Number,
    /// When the account was created.
    #[tf(computed, use_state_for_unknown)]
    date_joined: Computed<String>,
    /// The language of the pages that the user sees.
    #[tf(default = "en")]
    language: String,
}

impl User {
    fn file(&self) -> String {
        format!("user-{}.json", self.email.replace(['/', '\\'], "_"))
    }

    fn save(&self, client: &Client) -> Result<(), Diagnostic> {
        let user = json!({
            "email": self.email, "name": self.name, "age": self.age.to_string(),
            "date_joined": self.date_joined.get(), "language": self.language,
        });
        client.files.write(&self.file(), &user.to_string())
    }
}

/// The resource of [`User`].
pub(crate) struct Users;

impl Resource for Users {
    type Client = Client;
    type Model = User;

    async fn create(&self, cx: &Context<'_, Client>, plan: User) -> Applied<User> {
        if cx.client.files.read(&plan.file())?.is_some() {
            let detail = format!("{} has an account already.", plan.email);
            return Err(Diagnostic::error("Cannot create the user", detail).at(Path::of("email")).into());
        }
        let now = OffsetDateTime::now_utc().format(&Rfc3339).map_err(|error| Diagnostic::bug(error.to_string()))?;
        let user = User { date_joined: now.into(), ..plan };
        user.save(cx.client)?;
        Ok(user)
    }

    async fn read(&self, cx: &Context<'_, Client>, prior: Prior<User>) -> Result<Option<User>, Diagnostics> {
        let state = prior.into_whole()?;
        let Some(text) = cx.client.files.read(&state.file())? else { return Ok(None) };
        let stored: serde_json::Value = serde_json::from_str(&text)
            .map_err(|error| Diagnostic::error("Cannot read the user", format!("{}: {error}", state.file())))?;
        let text = |name: &str| stored.get(name).and_then(|value| value.as_str()).map(str::to_owned);
        Ok(Some(User {
            name: text("name").unwrap_or_default(),
            age: text("age").and_then(|age| age.parse().ok()).unwrap_or(state.age),
            date_joined: text("date_joined").into(),
            language: text("language").unwrap_or_default(),
            email: state.email,
        }))
    }

    async fn update(&self, cx: &Context<'_, Client>, _: Existing<User>, plan: User) -> Applied<User> {
        plan.save(cx.client)?;
        Ok(plan)
    }

    async fn delete(&self, cx: &Context<'_, Client>, user: Existing<User>) -> Result<(), Diagnostics> {
        Ok(cx.client.files.remove(&user.state.file())?)
    }
}
