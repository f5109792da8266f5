use tfplug::{Computed, Model};

#[derive(Model)]
#[tf(resource)]
struct Note {
    #[tf(computed, identity)]
    id: Computed<String>,
    #[tf(required)]
    text: String,
    #[tf(computed, unknown_when_changed("txt"))]
    length: Computed<i64>,
}

fn main() {}
