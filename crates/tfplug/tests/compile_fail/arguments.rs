use tfplug::{Arguments, Model};

#[derive(Arguments)]
struct Early {
    #[tf(variadic)]
    all: Vec<String>,
    last: String,
}

#[derive(Arguments)]
struct Single {
    #[tf(variadic)]
    all: String,
}

#[derive(Arguments)]
struct Default {
    #[tf(default = 1)]
    number: i64,
}

#[derive(Arguments)]
struct Untyped(String);

#[derive(Model)]
#[tf(object)]
struct Defaulted {
    #[tf(default = 1)]
    number: i64,
}

#[derive(Arguments)]
struct Nested {
    object: Defaulted,
    #[tf(range(1..=2))]
    text: String,
}

fn main() {}
