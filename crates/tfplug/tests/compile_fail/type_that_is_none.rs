use std::collections::HashMap;

use tfplug::Model;

#[derive(Model)]
#[tf(object)]
struct Note {
    #[tf(required)]
    size: usize,
    labels: Option<HashMap<String, String>>,
}

fn main() {}
