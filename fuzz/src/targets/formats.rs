//! Texts in a format, as attributes.

use std::hint::black_box;

use tfplug::text::{ExactJson, GoDuration, Ipv4, Ipv4Cidr, Ipv6, Ipv6Cidr, Json, Timestamp};

use crate::target::{Memory, Target};

pub(super) const TARGET: Target = Target {
    name: "formats",
    about: "JSON, timestamps, durations and addresses as texts: kept as spelled, and equal to themselves",
    execute,
    cost: 1,
    memory: Memory { base: 64 * 1024, factor: 256 },
    words: &[
        "1h30m",
        "ns",
        "\u{b5}s",
        "-1.5h",
        "9223372036854775807ns",
        "2026-01-05T07:08:09.000Z",
        "+23:59",
        "2001:db8::/32",
        "::",
        "10.0.0.0/8",
        "255",
        "/32",
        "{\"a\":",
        "1e400",
        "[[[[[[",
        "null",
    ],
};

/// A text, or two with a line end between them.
fn execute(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (one, other) = text.split_once('\n').unwrap_or((&text, "0"));
    macro_rules! check {
        ($($name:ident)*) => {$(
            if let Ok(one) = $name::new(one) {
                assert_eq!(one.as_str(), text.split('\n').next().unwrap());
                assert!(one.means_the_same(&one), "{}", one.as_str());
                if let Ok(other) = $name::new(other) {
                    assert_eq!(one.means_the_same(&other), other.means_the_same(&one), "{text:?}");
                }
            }
        )*};
    }
    check!(ExactJson GoDuration Ipv4 Ipv4Cidr Ipv6 Ipv6Cidr Json Timestamp);
    if let Ok(duration) = GoDuration::new(one) {
        black_box((duration.duration(), duration.nanoseconds()));
    }
    if let Ok(time) = Timestamp::new(one) {
        black_box(time.system_time());
    }
    if let Ok(network) = Ipv6Cidr::new(one) {
        assert!(network.network().1 <= 128, "{one}");
    }
    if let Ok(network) = Ipv4Cidr::new(one) {
        assert!(network.network().1 <= 32, "{one}");
    }
}
