use tfplug::{Computed, Model};

#[derive(Model)]
#[tf(resource)]
struct Note {
    #[tf(computed, identity)]
    id: String,
    #[tf(required)]
    title: Option<String>,
    #[tf(default = 30)]
    days: Computed<i64>,
    #[tf(optional)]
    text: String,
    author: String,
    #[tf(write_only)]
    key: String,
    #[tf(required, default = true)]
    pinned: bool,
    #[tf(use_state_for_unknown, required)]
    folder: String,
    #[tf(computed, length(1..=3))]
    seen: Computed<String>,
}

fn main() {}
