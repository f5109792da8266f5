use std::collections::{BTreeMap, BTreeSet};

use tfplug::{Computed, Model};

#[derive(Model)]
#[tf(object)]
struct Login {
    user: Option<String>,
    #[tf(sensitive, write_only)]
    password: Option<String>,
}

#[derive(Model)]
#[tf(object)]
struct Key {
    #[tf(sensitive)]
    text: Option<String>,
}

#[derive(Model, PartialEq, Eq, PartialOrd, Ord)]
#[tf(object)]
struct Size {
    #[tf(default = 1)]
    width: i64,
}

#[derive(Model)]
#[tf(object)]
struct Shelf {
    #[tf(requires_replace)]
    name: Option<String>,
}

#[derive(Model)]
#[tf(object)]
struct Row {
    shelves: Option<Vec<BTreeMap<String, Shelf>>>,
}

#[derive(Model)]
#[tf(resource)]
struct Account {
    #[tf(computed, identity)]
    id: Computed<String>,
    logins: Option<Vec<Vec<Login>>>,
    sizes: Option<BTreeMap<String, BTreeSet<Size>>>,
    keys: Option<Vec<Option<Vec<Key>>>>,
    #[tf(computed)]
    made: Computed<Vec<Vec<Key>>>,
    #[tf(write_only)]
    secrets: Option<Vec<Vec<Login>>>,
    #[tf(sensitive)]
    hidden: Option<Vec<Vec<Key>>>,
    #[tf(computed)]
    results: Computed<Vec<Vec<Shelf>>>,
    flat: Option<Vec<Key>>,
    row: Option<Row>,
}

fn main() {}
