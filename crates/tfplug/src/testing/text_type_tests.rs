//! An author's own type of texts, in each place that an attribute can have.

use std::collections::BTreeMap;

use super::{Harness, Stored};
use crate::text::{Text, TextType};
use crate::value::Value;
use crate::{Applied, Context, Diagnostics, Existing, Model, Offers, Prior, Provider, Resource, Setup};

/// Words, in which upper and lower case mean the same.
enum WordType {}

impl TextType for WordType {
    type Parsed = String;
    const SUMMARY: &'static str = "Invalid Word";
    const ALLOWED: &'static str = "letters";

    fn parse(text: &str) -> Option<String> {
        let is_word = !text.is_empty() && text.chars().all(char::is_alphabetic);
        is_word.then(|| text.to_lowercase())
    }

    fn reason(text: &str) -> Option<String> {
        let other = text.chars().find(|letter| !letter.is_alphabetic())?;
        Some(format!("{other:?} is not a letter"))
    }
}

type Word = Text<WordType>;

/// The same, also for plans.
enum TagType {}

impl TextType for TagType {
    type Parsed = String;
    const SUMMARY: &'static str = "Invalid Tag";
    const ALLOWED: &'static str = "letters";
    const ANY_SPELLING: bool = true;

    fn parse(text: &str) -> Option<String> {
        WordType::parse(text)
    }
}

type Tag = Text<TagType>;

#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Part {
    #[tf(required)]
    word: Word,
}

/// A page.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource)]
struct Page {
    #[tf(required, identity)]
    title: Word,
    #[tf(sensitive)]
    secret: Option<Word>,
    #[tf(length(1..=9), default = "Common")]
    kind: Word,
    list: Option<Vec<Word>>,
    #[tf(set)]
    set: Option<Vec<Word>>,
    map: Option<BTreeMap<String, Word>>,
    part: Option<Part>,
    #[tf(set)]
    parts: Option<Vec<Part>>,
    #[tf(block)]
    block: Vec<Part>,
    #[tf(any_spelling)]
    free: Option<Word>,
    #[tf(any_spelling)]
    free_list: Option<Vec<Word>>,
    tags: Option<Vec<Tag>>,
    pages: Option<i64>,
}

/// An API that writes everything in capitals.
struct Loud;

fn loud<T: TextType>(word: Text<T>) -> Text<T> {
    Text::new(word.as_str().to_uppercase()).unwrap()
}

fn loud_part(part: Part) -> Part {
    Part { word: loud(part.word) }
}

fn all<T>(list: Option<Vec<T>>, one: impl Fn(T) -> T) -> Option<Vec<T>> {
    list.map(|list| list.into_iter().map(one).collect())
}

impl Loud {
    fn answer(page: Page) -> Page {
        Page {
            title: loud(page.title),
            secret: page.secret.map(loud),
            kind: loud(page.kind),
            list: all(page.list, loud),
            set: all(page.set, loud),
            map: page.map.map(|map| map.into_iter().map(|(key, word)| (key, loud(word))).collect()),
            part: page.part.map(loud_part),
            parts: all(page.parts, loud_part),
            block: page.block.into_iter().map(loud_part).collect(),
            free: page.free.map(loud),
            free_list: all(page.free_list, loud),
            tags: all(page.tags, loud),
            pages: page.pages,
        }
    }
}

impl Resource for Loud {
    type Client = ();
    type Model = Page;

    async fn create(&self, _: &Context<'_, ()>, plan: Page) -> Applied<Page> {
        Ok(Self::answer(plan))
    }

    async fn read(&self, _: &Context<'_, ()>, prior: Prior<Page>) -> Result<Option<Page>, Diagnostics> {
        prior.into_whole().map(|page| Some(Self::answer(page)))
    }

    async fn update(&self, _: &Context<'_, ()>, _: Existing<Page>, plan: Page) -> Applied<Page> {
        Ok(Self::answer(plan))
    }

    async fn delete(&self, _: &Context<'_, ()>, _: Existing<Page>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// Nothing.
#[derive(Model)]
#[tf(provider)]
struct Block {}

struct Printer;

impl Provider for Printer {
    type Client = ();
    type Config = Block;

    async fn configure(&self, _: Setup<'_>, _: Block) -> Result<Option<()>, Diagnostics> {
        Ok(Some(()))
    }

    fn offers(&self) -> Offers<()> {
        Offers::new().resource("print_page", Loud)
    }
}

fn word<T: TextType>(text: &str) -> Text<T> {
    text.parse().unwrap()
}

fn page(pages: i64) -> PageConfig {
    let part = || PartConfig { word: word("Part").into() };
    let words = || vec![word("One").into(), word("Two").into()].into();
    PageConfig {
        title: word("Title").into(),
        secret: word("Hidden").into(),
        list: words(),
        set: words(),
        map: BTreeMap::from([("key".to_owned(), word("Value").into())]).into(),
        part: part().into(),
        parts: vec![part().into()].into(),
        block: vec![part().into()].into(),
        free: word("Free").into(),
        free_list: words(),
        tags: vec![word("Tag").into()].into(),
        pages: pages.into(),
        ..PageConfig::default()
    }
}

fn spelled(stored: &Stored<Page>) -> String {
    let page = stored.model().unwrap();
    let of = |parts: &[Part]| parts.iter().map(|part| part.word.to_string()).collect::<Vec<_>>();
    let (parts, block) = (of(page.parts.as_deref().unwrap()), of(&page.block));
    let text = |words: &Option<Vec<Word>>| words.iter().flatten().map(Word::to_string).collect::<Vec<_>>();
    let lists = [text(&page.list), text(&page.set), text(&page.free_list), parts, block];
    let map = page.map.unwrap().remove("key").unwrap();
    let (free, part, tag) = (page.free.unwrap(), page.part.unwrap().word, page.tags.unwrap().remove(0));
    format!("{} {} {lists:?} {map} {part} {free} {tag}", page.title, page.kind)
}

#[tokio::test]
async fn results_of_an_authors_own_type_keep_the_spelling_everywhere_in_an_apply_and_a_read() {
    let tf = Harness::with_client(Printer, ());
    let pages = tf.resource::<Page>("print_page").unwrap();
    let expected =
        r#"Title Common [["One", "Two"], ["One", "Two"], ["One", "Two"], ["Part"], ["Part"]] Value Part Free Tag"#;
    let created = pages.create(page(1)).await.unwrap();
    assert_eq!(spelled(&created), expected);
    let read = pages.read(&created).await.unwrap().unwrap();
    assert_eq!(read.value(), created.value());
    assert!(pages.plan(Some(&read), page(1)).await.unwrap().is_empty());
    let update = pages.plan(Some(&read), page(2)).await.unwrap();
    assert_eq!(update.changes(), ["pages"]);
    assert_eq!(spelled(&pages.apply(update).await.unwrap()), expected);
}

#[tokio::test]
async fn a_new_spelling_in_the_configuration_is_a_change_unless_the_type_or_the_field_takes_any() {
    let tf = Harness::with_client(Printer, ());
    let pages = tf.resource::<Page>("print_page").unwrap();
    let stored = pages.create(page(1)).await.unwrap();
    let words = || vec![word("ONE").into(), word("TWO").into()].into();
    let respelled = PageConfig { list: words(), free_list: words(), free: word("FREE").into(), ..page(1) };
    let respelled = PageConfig { tags: vec![word("TAG").into()].into(), ..respelled };
    let plan = pages.plan(Some(&stored), respelled).await.unwrap();
    assert_eq!(plan.changes(), ["list"]);
    let other = PageConfig { tags: vec![word("Other").into()].into(), free: word("Bound").into(), ..page(1) };
    assert_eq!(pages.plan(Some(&stored), other).await.unwrap().changes(), ["free", "tags"]);
}

#[test]
fn a_text_in_another_format_is_refused_with_the_reason_where_the_text_may_be_shown() {
    let part = |text: &str| Value::object([("word", text.into())]);
    let config = Value::object([
        ("title", "One1".into()),
        ("secret", "Two2".into()),
        ("list", Value::List(vec!["Three".into(), "Four4".into()])),
        ("part", part("")),
        ("kind", "Uncommonly".into()),
    ]);
    let found = crate::schema::validate(&Page::schema(), &config, true);
    let found: Vec<_> = found.iter().map(|one| format!("{}: {}", one.summary(), one.detail())).collect();
    let expected = [
        r#"Invalid kind: Given: "Uncommonly". Allowed: 1 to 9 characters."#,
        r#"Invalid Word: list[1] has another format: '4' is not a letter. Given: "Four4". Allowed: letters."#,
        r#"Invalid Word: part.word has another format. Given: "". Allowed: letters."#,
        "Invalid Word: secret has another format. Given: a sensitive value. Allowed: letters.",
        r#"Invalid Word: title has another format: '1' is not a letter. Given: "One1". Allowed: letters."#,
    ];
    assert_eq!(found, expected);
    assert_eq!(Page::schema().all()["list"].documentation(), "Allowed for each element: letters.");
}
