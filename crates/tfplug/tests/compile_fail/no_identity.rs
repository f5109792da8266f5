use tfplug::Model;

#[derive(Model)]
#[tf(resource)]
struct Note {
    #[tf(required)]
    text: String,
}

fn main() {}
