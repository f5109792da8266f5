use tfplug::Model;

#[derive(Model)]
struct Note {
    #[tf(required)]
    text: String,
}

fn main() {}
