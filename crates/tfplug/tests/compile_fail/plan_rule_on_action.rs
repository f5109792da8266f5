use tfplug::{Computed, Model};

#[derive(Model)]
#[tf(action)]
struct Rotate {
    #[tf(required, requires_replace)]
    id: String,
    #[tf(computed)]
    done: Computed<bool>,
}

#[derive(Model)]
#[tf(data_source)]
struct Lookup {
    #[tf(write_only)]
    key: Option<String>,
}

fn main() {}
