//! The settings with which tests change the server's behaviour.

use std::time::Duration;

use crate::{call::Call, denial::Denial, fault::Fault, handle::Handle};

/// Tokens and logins.
impl Handle {
    /// Expires the tokens of all logins so far: 403 `TokenError`. The fixed token stays valid.
    pub fn expire_tokens(&self) {
        let mut state = self.0.state();
        let now = state.clock.now();
        state.logins.expire_all(now);
    }

    /// Revokes the tokens of all logins so far: 401. The fixed token stays valid.
    pub fn revoke_tokens(&self) {
        self.0.state().logins.revoke_all();
    }

    /// Sets how long the tokens of future logins are valid; two hours by default. The client receives whole seconds.
    pub fn set_token_ttl(&self, ttl: Duration) {
        self.0.state().logins.ttl = ttl;
    }

    /// Sets the number of requests for which the tokens of future logins are valid; after that, 401. `None`, the
    /// default, means any number.
    pub fn set_token_uses(&self, uses: Option<u64>) {
        self.0.state().logins.uses = uses;
    }
}

/// The server's behaviour.
impl Handle {
    /// Sets whether the organization's plan lacks rotations, so that every call on them except delete is refused.
    pub fn refuse_plan(&self, refuse: bool) {
        self.0.state().plan_refused = refuse;
    }

    /// Denies a call, or all calls with [`Call::Any`], at the point in the order of checks where the server does.
    pub fn deny(&self, call: Call, why: Denial) {
        self.0.state().denied.insert(call, why);
    }

    /// Removes all denials of [`Handle::deny`].
    pub fn allow_all(&self) {
        self.0.state().denied.clear();
    }

    /// Sets whether the server is in maintenance, so that every request except GET returns 500.
    pub fn set_maintenance(&self, on: bool) {
        self.0.state().maintenance = on;
    }

    /// Sets whether OpenRouter refuses to revoke keys, as it does when the provisioning key was deleted.
    pub fn set_revocation_fails(&self, fails: bool) {
        self.0.state().revocation_fails = fails;
    }

    /// Sets whether OpenRouter, in a delete, revokes only the key in use and refuses to revoke the one before it: the server
    /// revokes both at the same time, and fails if one of them fails.
    pub fn set_revokes_only_the_key_in_use(&self, only: bool) {
        self.0.state().revokes_only_the_key_in_use = only;
    }

    /// Loses this many of OpenRouter's next responses to requests for a key. The key is issued nevertheless, and the server
    /// sends its request again, up to three times.
    pub fn lose_openrouter_responses(&self, count: u32) {
        self.0.state().lost_responses = count;
    }

    /// Makes the checks of writes find what rotations and connections were this long ago, as on a server whose checks read
    /// replicas: the rotation of an update, a delete, a rotate or of credentials, and the connection, the name and the
    /// secret of a create. What is checked again before something is stored is the current state.
    pub fn set_check_lag(&self, lag: Duration) {
        self.0.state().check_lag = lag;
    }

    /// Makes reads of rotations by id, by name and as a list, and of their keys, return what they were this long ago. Writes
    /// see the current state.
    pub fn set_read_lag(&self, lag: Duration) {
        self.0.state().read_lag = lag;
    }

    /// Sets how long a background rotation takes, which the server starts when a change makes a rotation due.
    pub fn set_background_rotation_time(&self, lasts: Duration) {
        self.0.state().background_rotation_time = lasts;
    }

    /// Closes connections that are idle for this long; `None`, the default, never closes them. Pending calls are still
    /// executed. The real server uses 30 seconds.
    pub fn set_idle_timeout(&self, after: Option<Duration>) {
        self.0.idle_timeout.send_replace(after);
    }

    /// Shifts the `Date` header by this many seconds, as a proxy with a wrong clock would.
    pub fn set_date_skew(&self, seconds: i64) {
        self.0.state().date_skew = seconds;
    }

    /// Limits reads and writes to this many per minute each, on every route; `None` for no limit. Resets the counts.
    pub fn set_rate_limit(&self, per_minute: Option<u32>) {
        self.0.state().rate.set(per_minute, per_minute);
    }

    /// Like [`Handle::set_rate_limit`], but with separate limits for reads and writes. Infisical Cloud allows 60 and 200.
    pub fn set_rate_limits(&self, reads: Option<u32>, writes: Option<u32>) {
        self.0.state().rate.set(reads, writes);
    }

    /// Moves the simulator's clock forward, which affects timestamps, the expiry of tokens, the windows of the rate limit
    /// and the `Date` header.
    pub fn advance(&self, by: Duration) {
        self.0.state().clock.advance(by);
    }

    /// Moves the simulator's clock back. Objects that are created afterwards are old by the clock of a client, which then
    /// believes at once that a missing one has been deleted.
    pub fn set_clock_back(&self, by: Duration) {
        self.0.state().clock.set_back(by);
    }

    /// Adds a fault to those that are already active.
    pub fn fault(&self, fault: Fault) {
        self.0.state().faults.add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.0.state().faults.clear();
    }
}
