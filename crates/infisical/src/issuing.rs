//! Tells by the server's words whether `OpenRouter` may have issued a key although the server has none.
//!
//! The server sends its request to `OpenRouter` up to four times: again after a lost connection and after a 5xx. Any of these
//! requests may have issued a key that nobody knows. If `OpenRouter` refused, the server quotes its text; otherwise it quotes its
//! own HTTP client.

/// The beginnings of the HTTP client's texts, and of `OpenRouter`'s own for a 5xx.
const BEGINNINGS: [&str; 16] = [
    "unknown error",
    "request failed with status code 5",
    "request failed with status code 408",
    "socket hang up",
    "network error",
    "request aborted",
    "aborted",
    "stream has been aborted",
    "timeout of ",
    "timeout exceeded",
    "client network socket disconnected",
    "maxcontentlength size",
    "internal server error",
    "bad gateway",
    "service unavailable",
    "gateway time",
];

/// Whether this cause, which may begin with a colon, leaves open whether a key was issued.
pub(super) fn is_left_open(cause: &str) -> bool {
    let cause = cause.trim_start_matches([':', ' ']).to_ascii_lowercase();
    BEGINNINGS.iter().any(|beginning| cause.starts_with(beginning)) || cause.split(' ').any(is_code)
}

/// Codes of the server's runtime for failed connections, in lower case: such as `econnreset` and `err_tls_handshake`.
fn is_code(word: &str) -> bool {
    const CODES: [&str; 10] = [
        "econnreset",
        "econnaborted",
        "econnrefused",
        "etimedout",
        "epipe",
        "eproto",
        "enotfound",
        "eai_again",
        "ehostunreach",
        "enetunreach",
    ];
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    CODES.contains(&word) || word.starts_with("err_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_openrouters_own_refusal_says_that_no_key_was_issued() {
        for open in [
            ": Unknown error",
            ": Request failed with status code 502",
            ": socket hang up",
            ": read ECONNRESET",
            ": connect ETIMEDOUT 1.2.3.4:443",
            ": getaddrinfo EAI_AGAIN openrouter.ai",
            ": timeout of 5000ms exceeded",
            ": Internal Server Error",
        ] {
            assert!(is_left_open(open), "{open}");
        }
        for refused in [
            ": Insufficient credits",
            ": Request failed with status code 402",
            ": No auth credentials found",
            ": a secure TLS connection to the folder path could not be made",
            "",
        ] {
            assert!(!is_left_open(refused), "{refused}");
        }
    }
}
