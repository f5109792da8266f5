//! A bounded run of each target: the whole corpus, and mutations of it that follow from a fixed seed.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::Path;

use fuzz::coverage::Coverage;
use fuzz::run::{self, Finding, Limit, Plan};
use fuzz::{Target, targets};

/// So many mutations take some seconds in all, without optimization.
const EXECUTIONS: u64 = 300;

fn corpus(target: &Target) -> Vec<Vec<u8>> {
    run::corpus(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name)).unwrap()
}

fn shown(target: &Target, findings: &[Finding]) -> Vec<String> {
    let one = |finding: &Finding| {
        format!("{}: {} {:?}", target.name, finding.problem, finding.input.escape_ascii().to_string())
    };
    findings.iter().map(one).collect()
}

#[test]
fn no_target_has_a_finding_in_its_corpus_or_its_mutations() {
    for target in targets::ALL {
        let corpus = corpus(target);
        assert!(!corpus.is_empty(), "{} has no corpus", target.name);
        let plan = Plan { seed: 1, limit: Limit::Executions(corpus.len() as u64 + EXECUTIONS), journal: None };
        let outcome = run::run(target, &corpus, &plan, &mut Coverage::take()).unwrap();
        assert_eq!(outcome.executions, corpus.len() as u64 + EXECUTIONS);
        assert_eq!(shown(target, &outcome.findings), Vec::<String>::new());
    }
}

/// A target that does nothing would have no findings, either.
#[test]
fn a_target_reads_what_its_corpus_has() {
    let known = targets::named("numbers").unwrap();
    let not_a_number = Target { execute: |input| assert!(input.is_empty() || input == b"{}", "executed"), ..*known };
    assert!(!run::replay(&not_a_number, &corpus(known)).is_empty());
    assert!(targets::named("no-such-target").is_none());
}
