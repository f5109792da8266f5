//! An interrupt while the action waits for Infisical.

use std::time::Duration;

use simulator::{Call, Fault};

use super::{INVOKE, issued_by, with_action};
use crate::support::process::{none_remains, until};
use crate::support::requests::count;
use crate::support::terraform::Running;

/// The delay of responses, which is long enough for a stop to arrive first.
const DELAY: Duration = Duration::from_secs(4);

/// Terraform crashes if it gets a progress event after it has asked the provider to stop. So what the action has to say
/// comes with its end.
#[test]
fn an_interrupt_while_the_action_waits_ends_it_with_what_is_known_and_one_key() {
    let Some((simulator, workspace)) = with_action() else { return };
    let lost = "The key may have been replaced. An action keeps no state";
    for (interrupt, fault, words) in [
        (Running::interrupt_all as fn(&Running), None, "The key was replaced: the active index was 0 and is now 1."),
        (Running::interrupt, Some(Fault::drop_after(Call::Rotate)), lost),
    ] {
        simulator.fault(Fault::delay(Call::Rotate, DELAY));
        fault.into_iter().for_each(|fault| simulator.fault(fault));
        simulator.clear_requests();
        let (issued, output) = issued_by(&simulator, || {
            let running = workspace.spawn(INVOKE);
            until("the request to rotate", || count(&simulator, Call::Rotate) == 1);
            interrupt(&running);
            running.wait().failed()
        });
        assert!(output.says("Interrupt received") && !output.says("TERRAFORM CRASH"), "{output}");
        assert!(output.says("The action continued after Terraform was asked to stop"), "{output}");
        assert!(output.says(words), "{output}");
        assert_eq!((issued, count(&simulator, Call::Rotate)), (1, 1), "{output}");
        none_remains(&workspace);
        simulator.clear_faults();
    }
    workspace.assert_empty_plan();
}
