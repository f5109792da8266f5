use tfplug::{Computed, Model};

#[derive(Model)]
#[tf(object)]
struct Answer {
    #[tf(computed, unknown_when_changed("txt"))]
    length: Computed<i64>,
}

#[derive(Model)]
#[tf(resource)]
struct Note {
    #[tf(computed, identity)]
    id: Computed<String>,
    #[tf(required)]
    text: String,
    #[tf(computed, unknown_when_changed("test"))]
    words: Computed<i64>,
    #[tf(flatten)]
    answer: Answer,
}

#[derive(Model)]
#[tf(resource)]
struct Twice {
    #[tf(computed, identity)]
    length: Computed<i64>,
    #[tf(required)]
    txt: String,
    #[tf(flatten)]
    answer: Answer,
}

#[derive(Model)]
#[tf(object)]
struct Nested {
    #[tf(optional)]
    length: Option<i64>,
    #[tf(flatten)]
    answer: Answer,
}

fn main() {}
