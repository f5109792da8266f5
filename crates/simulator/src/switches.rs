//! The switches by which tests turn the server's behaviour.

use std::time::Duration;

use crate::{call::Call, denial::Denial, fault::Fault, handle::Handle};

/// Tokens and logins.
impl Handle {
    /// The tokens of all logins so far expire now: 403 `TokenError`. The fixed token stays good.
    pub fn expire_tokens(&self) {
        let mut state = self.0.state();
        let now = state.clock.now();
        state.logins.expire_all(now);
    }

    /// The tokens of all logins so far are revoked: 401. The fixed token stays good.
    pub fn revoke_tokens(&self) {
        self.0.state().logins.revoke_all();
    }

    /// How long the tokens of later logins live; two hours unless set. Whole seconds are told to the client.
    pub fn set_token_ttl(&self, ttl: Duration) {
        self.0.state().logins.ttl = ttl;
    }

    /// How many requests the tokens of later logins are good for; after that 401. None, the default, for any number.
    pub fn set_token_uses(&self, uses: Option<u64>) {
        self.0.state().logins.uses = uses;
    }
}

/// How the server behaves.
impl Handle {
    /// Whether the organization's plan lacks rotations, so that every call on them is refused but to delete.
    pub fn refuse_plan(&self, refuse: bool) {
        self.0.state().plan_refused = refuse;
    }

    /// Denies a call, or all with [`Call::Any`], from the place in the order of checks where the server denies it.
    pub fn deny(&self, call: Call, why: Denial) {
        self.0.state().denied.insert(call, why);
    }

    /// Allows again what [`Handle::deny`] denied.
    pub fn allow_all(&self) {
        self.0.state().denied.clear();
    }

    /// Whether the server is in maintenance, so that all but GET is answered with 500.
    pub fn set_maintenance(&self, on: bool) {
        self.0.state().maintenance = on;
    }

    /// Whether OpenRouter refuses to revoke keys, as it does when the provisioning key is gone.
    pub fn set_revocation_fails(&self, fails: bool) {
        self.0.state().revocation_fails = fails;
    }

    /// Lets reads of rotations by id, by name and as a list see them as they were so long ago. Writes see the present.
    pub fn set_read_lag(&self, lag: Duration) {
        self.0.state().read_lag = lag;
    }

    /// How long a rotation takes that the server does in the background because a change made it due.
    pub fn set_background_rotation_time(&self, lasts: Duration) {
        self.0.state().background_rotation_time = lasts;
    }

    /// Closes connections on which nothing moved for so long; None, the default, for never. What was asked is done
    /// all the same. The real server takes 30 seconds.
    pub fn set_idle_timeout(&self, after: Option<Duration>) {
        self.0.idle_timeout.send_replace(after);
    }

    /// Lets the `Date` header be wrong by so many seconds, as a proxy with a wrong clock would write it.
    pub fn set_date_skew(&self, seconds: i64) {
        self.0.state().date_skew = seconds;
    }

    /// So many reads and so many writes a minute, each on every route; None for no limit. Begins to count anew.
    pub fn set_rate_limit(&self, per_minute: Option<u32>) {
        self.0.state().rate.set(per_minute, per_minute);
    }

    /// As [`Handle::set_rate_limit`], with a number of its own for reads and for writes. The cloud allows 60 and 200.
    pub fn set_rate_limits(&self, reads: Option<u32>, writes: Option<u32>) {
        self.0.state().rate.set(reads, writes);
    }

    /// Moves the simulator's clock forward: timestamps, expiry of tokens, rate-limit windows, `Date`.
    pub fn advance(&self, by: Duration) {
        self.0.state().clock.advance(by);
    }

    /// Sets a fault, beside those that are set already.
    pub fn fault(&self, fault: Fault) {
        self.0.state().faults.add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.0.state().faults.clear();
    }
}
