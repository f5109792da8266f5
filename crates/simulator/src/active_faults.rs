//! The active faults, and which of them apply to a call.

use std::time::Duration;

use crate::{
    call::Call,
    fault::{Fault, Pick},
    fault_effect::{Effect, Moment},
};

/// The active faults, each with its counts.
#[derive(Default)]
pub(crate) struct ActiveFaults {
    active: Vec<ActiveFault>,
}

struct ActiveFault {
    fault: Fault,
    seen: u64,
    applied: u64,
    random: u64,
}

/// What fails inside the server while a call is executed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ServerFaults {
    /// The additional time that OpenRouter takes.
    pub(crate) openrouter_delay: Duration,
    pub(crate) failure: Option<Failure>,
}

/// The point at which a call that needs OpenRouter fails.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failure {
    /// OpenRouter refuses, with this text.
    Refused(String),
    /// The key is issued, or the keys are revoked, and then the database fails.
    AfterKey,
    /// Everything is stored, and then the server fails; a create returns this status.
    AfterStore { status: u16 },
}

/// The faults that apply to one call.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct CallFaults {
    pub(crate) server_faults: ServerFaults,
    pub(crate) delay_before: Duration,
    pub(crate) delay_after: Duration,
    pub(crate) response_fault: Option<(Effect, Moment)>,
    /// The names of the effects, for the record of the request.
    pub(crate) names: Vec<&'static str>,
}

impl ActiveFaults {
    pub(crate) fn add(&mut self, fault: Fault) {
        let random = match fault.pick {
            Pick::Chance { seed, .. } => seed,
            Pick::Each | Pick::Every(_) => 0,
        };
        self.active.push(ActiveFault { fault, seen: 0, applied: 0, random });
    }

    pub(crate) fn clear(&mut self) {
        self.active.clear();
    }

    /// Counts one call and returns the faults that apply to it.
    pub(crate) fn apply_to(&mut self, call: Call) -> CallFaults {
        let mut call_faults = CallFaults::default();
        for active in &mut self.active {
            if !active.applies_to(call) {
                continue;
            }
            let fault = &active.fault;
            match (&fault.effect, fault.moment) {
                (Effect::Delay(by), Moment::Before) => call_faults.delay_before += *by,
                (Effect::Delay(by), Moment::After) => call_faults.delay_after += *by,
                (effect, _) if effect.is_inside() => {
                    if !call_faults.server_faults.add(effect) {
                        continue;
                    }
                }
                _ if call_faults.response_fault.is_some() => continue,
                (effect, moment) => call_faults.response_fault = Some((effect.clone(), moment)),
            }
            call_faults.names.push(fault.name());
        }
        call_faults
    }
}

impl ServerFaults {
    /// Adds a failure. Returns false when an earlier fault already takes effect.
    fn add(&mut self, effect: &Effect) -> bool {
        let failure = match effect {
            Effect::OpenRouterDelay(by) => {
                self.openrouter_delay += *by;
                return true;
            }
            Effect::OpenRouterRefuses(text) => Failure::Refused(text.clone()),
            Effect::FailAfterKey => Failure::AfterKey,
            Effect::FailAfterStore { status } => Failure::AfterStore { status: *status },
            _ => return false,
        };
        let takes_effect = self.failure.is_none();
        self.failure.get_or_insert(failure);
        takes_effect
    }
}

impl ActiveFault {
    fn applies_to(&mut self, call: Call) -> bool {
        if self.fault.call != Call::Any && self.fault.call != call {
            return false;
        }
        self.seen += 1;
        let turn = self.seen.saturating_sub(self.fault.skip);
        let spent = self.fault.times.is_some_and(|times| self.applied >= times);
        if turn == 0 || spent {
            return false;
        }
        let applies = match self.fault.pick {
            Pick::Each => true,
            Pick::Every(n) => turn.is_multiple_of(n),
            Pick::Chance { probability, .. } => self.next_random() < probability,
        };
        self.applied += u64::from(applies);
        applies
    }

    /// A number from 0 to below 1, by SplitMix64, which is short and gives the same numbers on every machine.
    fn next_random(&mut self) -> f64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        // A float represents the upper 32 bits exactly.
        f64::from((mixed >> 32) as u32) / (f64::from(u32::MAX) + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn affected(fault: Fault, calls: usize) -> Vec<usize> {
        let mut faults = ActiveFaults::default();
        faults.add(fault);
        (1..=calls).filter(|_| faults.apply_to(Call::Read).response_fault.is_some()).collect()
    }

    #[test]
    fn a_fault_applies_to_the_selected_calls() {
        let fault = || Fault::drop_before(Call::Read);
        assert_eq!(affected(fault(), 3), [1, 2, 3], "always");
        assert_eq!(affected(fault().skip(2).times(2), 6), [3, 4]);
        assert_eq!(affected(fault().every(3), 10), [3, 6, 9]);
        assert_eq!(affected(fault().every(2).skip(1).times(2), 9), [3, 5]);
        assert_eq!(affected(Fault::drop_before(Call::Any), 2), [1, 2]);
        assert!(affected(Fault::drop_before(Call::Create), 3).is_empty(), "another call");
        assert!(affected(fault().times(0), 3).is_empty());
    }

    #[test]
    fn a_fault_with_a_chance_applies_at_about_its_probability_and_repeatably() {
        let some = affected(Fault::drop_before(Call::Read).chance(0.1, 7), 1000);
        assert!((70..130).contains(&some.len()), "{}", some.len());
        assert_eq!(some, affected(Fault::drop_before(Call::Read).chance(0.1, 7), 1000));
        assert_ne!(some, affected(Fault::drop_before(Call::Read).chance(0.1, 8), 1000));
        assert_eq!(affected(Fault::drop_before(Call::Read).chance(1.0, 7), 20).len(), 20);
        assert_eq!(affected(Fault::drop_before(Call::Read).chance(0.0, 7), 20).len(), 0);
    }

    #[test]
    fn delays_add_up_and_only_the_first_other_fault_takes_effect() {
        let mut faults = ActiveFaults::default();
        faults.add(Fault::delay(Call::Any, Duration::from_secs(1)));
        faults.add(Fault::status(Call::Read, 503));
        faults.add(Fault::drop_after(Call::Read));
        faults.add(Fault::delay(Call::Read, Duration::from_secs(2)));
        faults.add(Fault::delay(Call::Read, Duration::from_secs(4)).after_commit());
        let call_faults = faults.apply_to(Call::Read);
        assert_eq!(call_faults.delay_before, Duration::from_secs(3));
        assert_eq!(call_faults.delay_after, Duration::from_secs(4));
        let status = Effect::Status { status: 503, retry_after: None };
        assert_eq!(call_faults.response_fault, Some((status, Moment::Before)));
        assert_eq!(call_faults.names, ["delay", "status", "delay", "delay"]);
        faults.clear();
        assert_eq!(faults.apply_to(Call::Read), CallFaults::default());
    }

    #[test]
    fn a_failure_inside_the_server_is_combined_with_a_fault_of_the_response() {
        let mut faults = ActiveFaults::default();
        faults.add(Fault::openrouter_delay(Call::Create, Duration::from_secs(1)));
        faults.add(Fault::openrouter_delay(Call::Any, Duration::from_secs(2)));
        faults.add(Fault::fail_after_store(Call::Create));
        faults.add(Fault::fail_after_key(Call::Create));
        faults.add(Fault::drop_after(Call::Create));
        let call_faults = faults.apply_to(Call::Create);
        assert_eq!(call_faults.server_faults.openrouter_delay, Duration::from_secs(3));
        assert_eq!(call_faults.server_faults.failure, Some(Failure::AfterStore { status: 500 }));
        assert_eq!(call_faults.response_fault, Some((Effect::Drop, Moment::After)));
        assert_eq!(call_faults.names, ["openrouter-delay", "openrouter-delay", "fail-after-store", "drop-after"]);
    }
}
