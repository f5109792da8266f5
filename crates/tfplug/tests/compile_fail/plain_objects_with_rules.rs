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

#[derive(Model)]
#[tf(resource)]
struct Account {
    #[tf(computed, identity)]
    id: Computed<String>,
    #[tf(plain)]
    login: Option<Login>,
    #[tf(plain)]
    keys: Option<Vec<Key>>,
    #[tf(plain, sensitive)]
    hidden: Option<Vec<Key>>,
}

fn main() {}
