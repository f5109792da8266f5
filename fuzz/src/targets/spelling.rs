//! The spellings of names, paths, ids and tokens.

use infisical::{bare_token, spelling};

use crate::target::{Memory, Target};

pub(super) const TARGET: Target = Target {
    name: "spelling",
    about: "trimmed names, paths, ids and pasted tokens: trimmed once for all, and equal to themselves",
    execute,
    cost: 1,
    memory: Memory { base: 4096, factor: 8 },
    words: &[
        "\u{feff}",
        "\u{85}",
        "\u{a0}",
        "Bearer ",
        "bearer",
        "/",
        "//",
        " ",
        "3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f",
    ],
};

/// A text, or two with a line end between them.
fn execute(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (one, other) = text.split_once('\n').unwrap_or((&text, "/"));
    for text in [one, other] {
        let trimmed = spelling::trimmed(text);
        assert_eq!(spelling::trimmed(trimmed), trimmed);
        let path = spelling::path(text);
        assert!(path == "/" || !path.ends_with('/'), "{path:?}");
        assert!(spelling::same_trimmed(text, trimmed) && spelling::same_id(text, trimmed), "{text:?}");
        assert!(!spelling::is_below(text, text), "{text:?}");
        assert!(text.contains(bare_token(text)));
        if spelling::is_id(text) {
            assert!(text.is_ascii() && spelling::same_id(text, &text.to_uppercase()), "{text:?}");
        }
    }
    assert_eq!(spelling::same_path(one, other), spelling::same_path(other, one));
    let both = spelling::is_below(one, other) && spelling::is_below(other, one);
    assert!(!both, "{one:?} and {other:?} are below each other");
    assert!(!(spelling::is_below(one, other) && spelling::same_path(one, other)), "{one:?} and {other:?}");
}
