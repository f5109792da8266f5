//! What an identity may do: the checks of the plan, the membership and the permissions.

use serde_json::json;

use crate::{call::Call, denial::Denial, response::Refusal, state::State};

impl State {
    /// Refuses what a plan without rotations does not allow: every call on them except delete.
    pub(crate) fn plan_allows(&self, call: Call) -> Result<(), Refusal> {
        let (failed, upgrade) = match call {
            _ if !self.plan_refused => return Ok(()),
            Call::List => ("access secret rotations", "access secret rotations"),
            Call::Read | Call::ReadByName => ("access secret rotation", "access secret rotations"),
            Call::Credentials => ("access secret rotation credentials", "access secret rotations credentials"),
            Call::Create => ("create secret rotation", "create secret rotations"),
            Call::Update => ("update secret rotation", "update secret rotations"),
            Call::Rotate => ("rotate secret rotation secrets", "rotate secret rotation secrets"),
            _ => return Ok(()),
        };
        Err(Refusal::bad_request(format!("Failed to {failed} due to plan restriction. Upgrade plan to {upgrade}.")))
    }

    fn denial(&self, call: Call) -> Option<Denial> {
        self.denied.get(&call).or_else(|| self.denied.get(&Call::Any)).copied()
    }

    /// Refuses to use a connection if [`Handle::deny`](crate::Handle::deny) denied it.
    pub(crate) fn may_connect(&self) -> Result<(), Refusal> {
        match self.denial(Call::Create) {
            Some(Denial::Connect) => Err(not_allowed(("connect", "app-connections"))),
            _ => Ok(()),
        }
    }

    /// Refuses a call that [`Handle::deny`](crate::Handle::deny) denied.
    pub(crate) fn permits(&self, call: Call, project: &str) -> Result<(), Refusal> {
        match self.denial(call) {
            None | Some(Denial::Connect) => Ok(()),
            Some(Denial::Permission) => Err(not_allowed(action(call))),
            Some(Denial::Membership) => Err(Refusal::new(
                403,
                "ProjectMembershipNotFound",
                format!(
                    "You are not a member of this project with ID {project}. Please assign this identity to the project \
                     with the appropriate permissions, then try again."
                ),
            )),
            Some(Denial::Organization) => {
                Err(Refusal::new(403, "ForbiddenError", "This project does not belong to your selected organization."))
            }
        }
    }
}

/// The refusal for a missing permission.
fn not_allowed((action, subject): (&str, &str)) -> Refusal {
    let message = format!("You are not allowed to {action} on {subject}");
    Refusal::new(403, "PermissionDenied", message).with_details(json!([]))
}

/// The permission that a call needs: the action and its subject.
fn action(call: Call) -> (&'static str, &'static str) {
    match call {
        Call::Create => ("create", "secret-rotation"),
        Call::Update => ("edit", "secret-rotation"),
        Call::Delete => ("delete", "secret-rotation"),
        Call::Rotate => ("rotate-secrets", "secret-rotation"),
        Call::Credentials => ("read-generated-credentials", "secret-rotation"),
        Call::ConnectionCreate => ("create", "app-connections"),
        Call::ConnectionUpdate => ("edit", "app-connections"),
        Call::ConnectionDelete => ("delete", "app-connections"),
        Call::ConnectionRead | Call::ConnectionReadByName | Call::ConnectionList => ("read", "app-connections"),
        _ => ("read", "secret-rotation"),
    }
}
