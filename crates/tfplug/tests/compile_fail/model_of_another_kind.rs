use tfplug::{Action, Context, Diagnostics, Model, Progress};

#[derive(Model)]
#[tf(data_source)]
struct Note {
    #[tf(required)]
    title: String,
}

struct Print;

impl Action for Print {
    type Client = ();
    type Model = Note;

    async fn invoke(&self, _: &Context<'_, ()>, _: Note, _: Progress) -> Result<(), Diagnostics> {
        Ok(())
    }
}

fn main() {}
