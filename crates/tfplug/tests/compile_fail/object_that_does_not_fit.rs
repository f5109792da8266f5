use tfplug::{Model, Open};

#[derive(Model)]
#[tf(object)]
struct Times {
    #[tf(default = 0)]
    hours: i64,
}

#[derive(Model)]
#[tf(data_source)]
struct Note {
    at: Option<Times>,
    #[tf(flatten, computed)]
    times: Times,
    #[tf(flatten, computed)]
    fits: Open<Times>,
}

fn main() {}
