//! Searches the memory of a running process, as a core dump of it would hold it.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::FileExt as _,
};

/// How many bytes before a text are shown with it.
const BEFORE: usize = 16;

/// The writable parts of a process's memory at one moment. Nothing that the process was given can be in the others.
pub struct Memory {
    parts: Vec<Part>,
}

struct Part {
    /// What it is for, as the kernel names it: `[heap]`, `[stack]`, a file, or nothing.
    name: String,
    content: Vec<u8>,
}

/// A place in the memory.
#[derive(Debug)]
pub struct Place {
    /// The part that it is in.
    pub part: String,
    /// The bytes before it, with a dot for each that is not text.
    pub before: String,
}

impl Memory {
    /// Reads the memory of the process with this id.
    ///
    /// # Errors
    ///
    /// When the kernel does not let this process read that one's memory.
    pub fn of(process: u32) -> io::Result<Memory> {
        let memory = File::open(format!("/proc/{process}/mem"))?;
        let maps = fs::read_to_string(format!("/proc/{process}/maps"))?;
        let parts = maps.lines().filter_map(writable);
        let parts = parts.map(|(start, end, name)| Part { name: name.to_owned(), content: read(&memory, start, end) });
        Ok(Memory { parts: parts.collect() })
    }

    /// The places that hold this text.
    pub fn places(&self, text: &str) -> Vec<Place> {
        assert!(!text.is_empty());
        let starts = |part: &Part| {
            let windows = part.content.windows(text.len()).enumerate();
            windows.filter(|(_, bytes)| *bytes == text.as_bytes()).map(|(start, _)| start).collect::<Vec<_>>()
        };
        let all = self.parts.iter().flat_map(|part| starts(part).into_iter().map(move |start| (part, start)));
        all.map(|(part, start)| Place { part: part.name.clone(), before: before(&part.content[..start]) }).collect()
    }
}

/// The last bytes, as text.
fn before(bytes: &[u8]) -> String {
    let shown = &bytes[bytes.len().saturating_sub(BEFORE)..];
    shown.iter().map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { '.' }).collect()
}

/// Start, end and name of a part, from its line in `/proc/PID/maps`, if the process can write to it.
fn writable(line: &str) -> Option<(u64, u64, &str)> {
    let mut words = line.split_ascii_whitespace();
    let (start, end) = words.next()?.split_once('-')?;
    words.next().filter(|rights| rights.starts_with("rw"))?;
    let number = |text| u64::from_str_radix(text, 16).unwrap();
    Some((number(start), number(end), words.nth(3).unwrap_or_default()))
}

/// The part's content. It may have shrunk since its place was read.
fn read(memory: &File, start: u64, end: u64) -> Vec<u8> {
    let mut content = vec![0; usize::try_from(end - start).unwrap()];
    let mut filled = 0;
    while let Ok(count @ 1..) = memory.read_at(&mut content[filled..], start + filled as u64) {
        filled += count;
    }
    content.truncate(filled);
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_processs_own_memory_has_a_text_that_it_holds() {
        let held: String = ["text-that", "-is-held-", &std::process::id().to_string()].concat();
        let places = Memory::of(std::process::id()).unwrap().places(&held);
        assert!(!places.is_empty());
    }
}
