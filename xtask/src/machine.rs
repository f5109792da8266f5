//! The machine on which something was measured.

use std::{env, fs, num::NonZero, thread};

/// The processor and its number of cores, as far as the operating system tells, as a sentence.
pub(crate) fn described() -> String {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("an unknown processor", |(_, name)| name.trim());
    format!("The machine: {model}, {processors} processors, {} {}.", env::consts::OS, env::consts::ARCH)
}
