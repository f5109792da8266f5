use tfplug::{Model, Timeouts};

#[derive(Model)]
#[tf(object, exactly_one_of("id", "nmae"))]
struct Lookup {
    id: Option<String>,
    name: Option<String>,
}

#[derive(Model)]
#[tf(object, together("id"))]
struct Alone {
    id: Option<String>,
}

#[derive(Model)]
#[tf(object)]
struct Parts {
    #[tf(optional_for_import)]
    id: Option<String>,
}

#[derive(Model)]
#[tf(data_source)]
struct Read {
    #[tf(timeouts)]
    timeouts: Option<Timeouts>,
}

#[derive(Model)]
#[tf(provider_meta)]
struct Meta {
    #[tf(timeouts)]
    timeouts: Option<Timeouts>,
}

#[derive(Model)]
#[tf(resource, no_identity, identity_version = 1)]
struct Thing {
    name: Option<String>,
}

#[derive(Model)]
#[tf(action, mutable_identity)]
struct Rename {
    name: Option<String>,
}

fn main() {}
