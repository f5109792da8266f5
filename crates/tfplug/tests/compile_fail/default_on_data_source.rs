use tfplug::Model;

#[derive(Model)]
#[tf(data_source)]
struct Note {
    #[tf(default = 30)]
    days: i64,
    #[tf(requires_replace)]
    title: Option<String>,
}

fn main() {}
