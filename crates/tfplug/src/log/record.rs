//! One log record: its own fields, those of the spans around it, and hclog's special keys.

use std::error::Error;
use std::fmt;

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::with_causes;
use crate::about::About;

/// Special keys start with this. A core's log reader panics on one whose value is not a string.
const SPECIAL: char = '@';
const MESSAGE: &str = "@message";
const LEVEL: &str = "@level";
const TIMESTAMP: &str = "@timestamp";
const MODULE: &str = "@module";

/// This crate's own records count as the SDK's.
const SDK_CRATE: &str = env!("CARGO_CRATE_NAME");
const SDK_MODULE: &str = "sdk.tfplug";
/// What providers in Go call theirs.
const PROVIDER_MODULE: &str = "provider";

/// With any other number of digits, a core takes the whole line for plain text.
const TIME: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");

/// A core does not parse longer lines, in bytes.
const LONGEST_LINE: usize = 64 * 1024 - 1;
/// The length in characters to which each string is truncated in a record that would be longer.
const CUT_TO: usize = 256;

/// Writes each enabled record as one line of JSON.
pub(super) struct Hclog<W> {
    level: LevelFilter,
    provider_crate: String,
    other_crates: &'static [&'static str],
    write: W,
}

impl<W: Fn(&[u8])> Hclog<W> {
    /// `level` is for records of the provider and of this crate. Those of other crates are written
    /// from WARN up: their details may contain headers and bodies.
    pub(super) fn new(level: LevelFilter, about: &About, write: W) -> Self {
        Self { level, provider_crate: about.name.replace('-', "_"), other_crates: about.crates, write }
    }

    fn module(&self, target: &str) -> Option<&'static str> {
        let root = target.split("::").next().unwrap_or(target);
        if root == self.provider_crate || self.other_crates.contains(&root) {
            return Some(PROVIDER_MODULE);
        }
        (root == SDK_CRATE).then_some(SDK_MODULE)
    }

    fn counts(&self, metadata: &Metadata<'_>) -> bool {
        let own = self.module(metadata.target()).is_some();
        *metadata.level() <= if own { self.level } else { self.level.min(LevelFilter::WARN) }
    }
}

impl<S, W> Layer<S> for Hclog<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Fn(&[u8]) + 'static,
{
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        self.counts(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut record = Map::new();
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(fields) = span.extensions().get::<Fields>() {
                record.extend(fields.values.clone());
            }
        }
        let mut own = Fields::default();
        event.record(&mut own);
        record.extend(own.values);
        let metadata = event.metadata();
        let module = self.module(metadata.target()).unwrap_or(PROVIDER_MODULE);
        record.insert(MESSAGE.to_owned(), own.message.into());
        record.insert(LEVEL.to_owned(), level_name(*metadata.level()).into());
        record.insert(MODULE.to_owned(), module.into());
        if let Ok(now) = OffsetDateTime::now_utc().format(TIME) {
            record.insert(TIMESTAMP.to_owned(), now.into());
        }
        (self.write)(&line(record));
    }
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

fn line(mut record: Map<String, Value>) -> Vec<u8> {
    let mut line = render(&record);
    if line.len() > LONGEST_LINE {
        record.values_mut().for_each(cut);
        line = render(&record);
    }
    line
}

fn render(record: &Map<String, Value>) -> Vec<u8> {
    #[expect(clippy::expect_used, reason = "a JSON value with string keys can always be written to memory")]
    let mut line = serde_json::to_vec(record).expect("a JSON object");
    line.push(b'\n');
    line
}

fn cut(value: &mut Value) {
    if let Value::String(text) = value
        && let Some((end, _)) = text.char_indices().nth(CUT_TO)
    {
        text.truncate(end);
        text.push('…');
    }
}

/// The fields of a span or a record.
#[derive(Default)]
struct Fields {
    values: Map<String, Value>,
    message: String,
}

impl Fields {
    fn insert(&mut self, field: &Field, value: impl Into<Value>) {
        let value = value.into();
        match field.name() {
            "message" => self.message = value.as_str().map_or_else(|| value.to_string(), str::to_owned),
            // Special keys are reserved for the values that this layer writes.
            name if name.starts_with(SPECIAL) => {}
            name => drop(self.values.insert(name.to_owned(), value)),
        }
    }
}

impl Visit for Fields {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.insert(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.insert(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.insert(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.insert(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.insert(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.insert(field, with_causes(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.insert(field, format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing::{debug, error, info, info_span, trace, warn};
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::log::ABOUT;

    /// The lines that `body` logs at `level`.
    fn lines(level: LevelFilter, body: impl FnOnce()) -> Vec<String> {
        let written = Arc::new(Mutex::new(Vec::<String>::new()));
        let sink = Arc::clone(&written);
        let layer = Hclog::new(level, &ABOUT, move |line: &[u8]| {
            sink.lock().unwrap().push(String::from_utf8(line.to_vec()).unwrap());
        });
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), body);
        Arc::into_inner(written).unwrap().into_inner().unwrap()
    }

    fn records(level: LevelFilter, body: impl FnOnce()) -> Vec<Map<String, Value>> {
        let parse = |line: &String| serde_json::from_str(line).unwrap();
        lines(level, body).iter().map(parse).collect()
    }

    fn messages(level: LevelFilter, body: impl FnOnce()) -> Vec<String> {
        let text = |record: &Map<String, Value>| record[MESSAGE].as_str().unwrap().to_owned();
        records(level, body).iter().map(text).collect()
    }

    #[test]
    fn a_record_has_hclogs_keys_and_flat_fields() {
        let attempt = 2;
        let records = records(LevelFilter::TRACE, || info!(attempt, done = true, path = "/v2", "called {}", "it"));
        let mut record = records[0].clone();
        let timestamp = record.remove(TIMESTAMP).unwrap();
        let expected = serde_json::json!({
            "@message": "called it", "@level": "info", "@module": "sdk.tfplug",
            "attempt": 2, "done": true, "path": "/v2",
        });
        assert_eq!(Value::Object(record), expected);
        let shape: String =
            timestamp.as_str().unwrap().chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        assert_eq!(shape, "0000-00-00T00:00:00.000000Z");
    }

    #[test]
    fn a_record_is_one_line_whatever_is_in_it() {
        let written = lines(LevelFilter::TRACE, || info!(text = "two\nlines", "a \"quoted\"\nmessage"));
        assert_eq!(written.len(), 1);
        assert_eq!(written[0].matches('\n').count(), 1, "{:?}", written[0]);
        assert!(written[0].ends_with("}\n"));
    }

    /// A core's log reader would panic.
    #[test]
    fn special_keys_are_never_anything_but_our_texts() {
        let all = records(LevelFilter::TRACE, || {
            let _span = info_span!("call", "@level" = 7, message = 3).entered();
            info!("@timestamp" = 1, "@message" = false, "@module" = "theirs", "@odd" = 1, message = 5);
        });
        assert_eq!(all[0][MESSAGE], "5");
        assert_eq!(all[0][LEVEL], "info");
        assert_eq!(all[0][MODULE], "sdk.tfplug");
        assert!(all[0][TIMESTAMP].is_string());
        assert!(!all[0].contains_key("@odd"));
    }

    #[test]
    fn the_fields_of_all_spans_are_on_each_record_and_the_nearest_wins() {
        let all = records(LevelFilter::TRACE, || {
            let call =
                info_span!("call", tf_rpc = "ReadResource", tf_req_duration_ms = tracing::field::Empty, step = 1);
            let _call = call.enter();
            let _inner = info_span!("inner", step = 2, tf_resource_type = "demo").entered();
            info!("first");
            call.record("tf_req_duration_ms", 12);
            info!(step = 3, "second");
        });
        assert_eq!((&all[0]["tf_rpc"], &all[0]["tf_resource_type"]), (&"ReadResource".into(), &"demo".into()));
        assert_eq!((&all[0]["step"], &all[1]["step"]), (&2.into(), &3.into()));
        assert!(!all[0].contains_key("tf_req_duration_ms"));
        assert_eq!(all[1]["tf_req_duration_ms"], 12);
    }

    #[test]
    fn the_level_holds() {
        let say = || {
            trace!("trace");
            debug!("debug");
            info!("info");
            warn!("warn");
            error!("error");
        };
        assert_eq!(messages(LevelFilter::TRACE, say), ["trace", "debug", "info", "warn", "error"]);
        assert_eq!(messages(LevelFilter::WARN, say), ["warn", "error"]);
        assert_eq!(messages(LevelFilter::OFF, say), [""; 0]);
    }

    /// Their details may hold headers and bodies.
    #[test]
    fn other_crates_are_heard_from_warnings_up() {
        let say = || {
            trace!(target: "h2::codec", "frame");
            debug!(target: "hyper_util", "connecting");
            info!(target: "tfplugger", "a name that only begins like ours");
            warn!(target: "rustls::conn", "alert");
            debug!(target: "terraform_provider_two_words::client", "ours");
            debug!(target: "two_words_client::transport", "our client's");
        };
        assert_eq!(messages(LevelFilter::TRACE, say), ["alert", "ours", "our client's"]);
        let modules: Vec<_> = records(LevelFilter::TRACE, say).iter().map(|record| record[MODULE].clone()).collect();
        assert_eq!(modules, ["provider", "provider", "provider"]);
        assert_eq!(messages(LevelFilter::ERROR, say), [""; 0]);
    }

    /// A core takes a longer line for text and shows it raw.
    #[test]
    fn a_record_that_would_be_too_long_is_cut_but_parses() {
        let long = "\u{e9}".repeat(LONGEST_LINE);
        let written = lines(LevelFilter::TRACE, || info!(body = %long, short = "kept", "message"));
        assert!(written[0].len() <= LONGEST_LINE);
        let record: Map<String, Value> = serde_json::from_str(&written[0]).unwrap();
        assert_eq!(record["body"], format!("{}…", "\u{e9}".repeat(CUT_TO)));
        assert_eq!(record["short"], "kept");
    }

    #[test]
    fn an_error_is_logged_with_its_causes() {
        let error = crate::tls::Error::from(rustls::Error::DecryptError);
        let all = records(LevelFilter::TRACE, || info!(error = &error as &dyn Error, "failed"));
        let text = all[0]["error"].as_str().unwrap();
        assert!(text.starts_with("cannot set up TLS for the plugin's channel: "), "{text}");
        assert!(text.contains("cannot decrypt"), "{text}");
    }
}
