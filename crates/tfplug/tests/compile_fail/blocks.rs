use std::collections::BTreeMap;

use tfplug::{Computed, Model};

#[derive(Model)]
#[tf(object)]
struct Part {
    name: Option<String>,
}

#[derive(Model)]
#[tf(object)]
struct Blocks {
    #[tf(block)]
    once: Part,
    #[tf(block, required)]
    optional: Option<Part>,
    #[tf(block, items(1..=2))]
    counted: Option<Part>,
    #[tf(block)]
    list: Option<Vec<Part>>,
    #[tf(block, required)]
    some: Vec<Part>,
    #[tf(block, items(1..))]
    labelled: BTreeMap<String, Part>,
    #[tf(block, sensitive)]
    secret: Vec<Part>,
    #[tf(block, computed)]
    decided: Vec<Part>,
    #[tf(block, required)]
    needed: Computed<Part>,
    #[tf(block, optional)]
    optional_alone: Computed<Part>,
    #[tf(group)]
    group: Option<Part>,
    #[tf(group)]
    groups: Vec<Part>,
}

fn main() {}
