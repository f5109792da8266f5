use tfplug::Words;

#[derive(Clone, Copy, Debug, PartialEq, Words)]
enum Reset {
    Daily,
    Every(i64),
}

fn main() {}
