use tfplug::Model;

#[derive(Model)]
#[tf(object)]
struct Note {
    #[tf(requierd)]
    text: String,
}

#[derive(Model)]
#[tf(object)]
struct Bounds {
    #[tf(required, length(1..64))]
    text: String,
    #[tf(required, length)]
    more: String,
}

fn main() {}
