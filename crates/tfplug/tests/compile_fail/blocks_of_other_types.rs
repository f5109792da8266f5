use tfplug::Model;

#[derive(Model)]
#[tf(object)]
struct Part {
    name: Option<String>,
}

#[derive(Model)]
#[tf(object)]
struct Whole {
    #[tf(block)]
    part: Vec<Part>,
}

#[derive(Model)]
#[tf(object)]
struct Words {
    #[tf(block)]
    words: Vec<String>,
    #[tf(items(1..=2))]
    text: Option<String>,
}

#[derive(Model)]
#[tf(object)]
struct Attributes {
    whole: Option<Whole>,
    #[tf(block)]
    fine: Option<Whole>,
}

fn main() {}
