use tfplug::{Computed, Model};

#[derive(Model)]
#[tf(resource)]
struct Note {
    #[tf(computed, identity)]
    id: Computed<String>,
    #[tf(required, range(0..=1))]
    pinned: bool,
    #[tf(length(1..=3))]
    stars: Option<i64>,
}

fn main() {}
