use tfplug::Model;

struct Unrelated;

#[derive(Model)]
#[tf(object)]
struct Note {
    #[tf(required)]
    size: usize,
    #[tf(flatten)]
    unrelated: Unrelated,
}

fn main() {}
