//! New inputs from old ones.

use fastrand::Rng;

/// The longest input, except for a part that is repeated.
const LONGEST: usize = 4 * 1024;

/// The longest input of all. Depth and number of parts grow with it.
const LONGEST_REPEATED: usize = 64 * 1024;

/// Bytes that formats give a meaning to: ends of ranges, signs, markers of `MessagePack`, and delimiters of texts.
const BYTES: &[u8] = b"\x00\x01\x7f\x80\x8f\x90\x91\x92\x9f\xa0\xa1\xbf\xc0\xc1\xc2\xc3\xc4\xc7\xca\xcb\xcc\xcf\xd0\xd3\xd4\xd9\xdb\xdc\xdd\xdf\xe0\xff\"{}[]:,.-+eE0919 \n\r\t\\/=%#?@*";

/// Lengths and numbers at the ends of ranges, as bytes.
const NUMBERS: [u64; 12] =
    [0, 1, 127, 128, 255, 256, 1 << 15, (1 << 16) - 1, 1 << 31, (1 << 32) - 1, 1 << 63, u64::MAX];

/// Random bytes.
pub fn random(rng: &mut Rng) -> Vec<u8> {
    let length = 1 << rng.u32(0..9);
    let length = rng.usize(0..=length);
    (0..length).map(|_| if rng.bool() { rng.u8(..) } else { one_of(rng, BYTES) }).collect()
}

/// A mutation of an input, perhaps with a part of another one and with words of its format.
pub fn mutate(rng: &mut Rng, input: &[u8], other: &[u8], words: &[&str]) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..1 << rng.u32(0..4) {
        step(rng, &mut bytes, other, words);
    }
    if rng.u32(..64) == 0 {
        repeat(rng, &mut bytes);
    } else {
        bytes.truncate(LONGEST);
    }
    bytes
}

fn step(rng: &mut Rng, bytes: &mut Vec<u8>, other: &[u8], words: &[&str]) {
    let at = rng.usize(0..=bytes.len());
    match rng.u32(0..11) {
        0 => change(bytes, at, |byte| byte ^ (1 << rng.u32(0..8))),
        1 => change(bytes, at, |_| one_of(rng, BYTES)),
        2 => change(bytes, at, |byte| byte.wrapping_add(one_of(rng, &[1, 2, 16, 254, 255]))),
        3 => drop(bytes.drain(part(rng, bytes.len()))),
        4 => bytes.insert(at, one_of(rng, BYTES)),
        5 => bytes.truncate(at),
        6 | 7 => {
            let word = if words.is_empty() { vec![rng.u8(..)] } else { one_of(rng, words).as_bytes().to_vec() };
            put(rng, bytes, at, &word);
        }
        8 => {
            let number = number(rng);
            put(rng, bytes, at, &number);
        }
        9 => {
            let range = part(rng, other.len());
            put(rng, bytes, at, other.get(range).unwrap_or_default());
        }
        _ => {
            let copy = bytes.get(part(rng, bytes.len())).unwrap_or_default().to_vec();
            put(rng, bytes, at, &copy);
        }
    }
}

fn one_of<T: Copy>(rng: &mut Rng, all: &[T]) -> T {
    #[expect(clippy::expect_used, reason = "no caller has an empty list")]
    rng.choice(all).copied().expect("not empty")
}

fn change(bytes: &mut [u8], at: usize, to: impl FnOnce(u8) -> u8) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte = to(*byte);
    }
}

/// A part of so many bytes, mostly a short one.
fn part(rng: &mut Rng, length: usize) -> std::ops::Range<usize> {
    let start = rng.usize(0..=length);
    let most = (length - start).min(1 << rng.u32(0..10));
    start..start + rng.usize(0..=most)
}

/// Inserts the bytes, or replaces what is there.
fn put(rng: &mut Rng, bytes: &mut Vec<u8>, at: usize, new: &[u8]) {
    let end = if rng.bool() { at } else { (at + new.len()).min(bytes.len()) };
    bytes.splice(at..end, new.iter().copied());
}

/// A number in one of its spellings.
fn number(rng: &mut Rng) -> Vec<u8> {
    let number = one_of(rng, &NUMBERS);
    let bytes = number.to_be_bytes();
    match rng.u32(0..4) {
        0 => bytes.to_vec(),
        1 => bytes.get(4..).unwrap_or_default().to_vec(),
        2 => bytes.get(6..).unwrap_or_default().to_vec(),
        _ => number.to_string().into_bytes(),
    }
}

/// Repeats a part many times, which is what depth and long lists are made of.
fn repeat(rng: &mut Rng, bytes: &mut Vec<u8>) {
    let range = part(rng, bytes.len());
    let times = LONGEST_REPEATED / range.len().max(64);
    let repeated = bytes.get(range.clone()).unwrap_or_default().repeat(rng.usize(0..=times));
    bytes.splice(range, repeated);
    bytes.truncate(LONGEST_REPEATED);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mutations_follow_from_the_seed_and_stay_within_the_longest_input() {
        let all = |seed| {
            let mut rng = Rng::with_seed(seed);
            let mut bytes = b"{\"a\": [1, 2]}".to_vec();
            let each = (0..3000).map(|_| {
                bytes = mutate(&mut rng, &bytes, b"other", &["word"]);
                bytes.clone()
            });
            each.collect::<Vec<_>>()
        };
        let inputs = all(1);
        assert!(inputs == all(1) && inputs != all(2));
        assert!(inputs.iter().all(|bytes| bytes.len() <= LONGEST_REPEATED));
        assert!(inputs.iter().any(|bytes| bytes.len() > LONGEST), "parts are repeated");
        assert!(random(&mut Rng::with_seed(1)) != random(&mut Rng::with_seed(2)));
    }
}
