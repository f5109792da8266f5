use tfplug::Model;

#[derive(Model)]
#[tf(object)]
struct Note {
    #[tf(each(required))]
    words: Option<Vec<String>>,
    #[tf(each)]
    more: Option<Vec<String>>,
}

#[derive(Model)]
#[tf(object)]
struct Text {
    #[tf(each(length(1..=3)))]
    text: Option<String>,
}

fn main() {}
