//! The choice of the proxy.

use std::collections::BTreeMap;

use infisical::scripted;
use url::Url;

use crate::target::{Memory, Target};

pub(super) const TARGET: Target = Target {
    name: "proxy",
    about: "proxy variables: no error shows a password, and this machine's own addresses have no proxy",
    execute,
    cost: 1,
    memory: Memory { base: 64 * 1024, factor: 128 },
    words: &[
        "https://a.example\n",
        "http://[fe80::1]:80\n",
        "http://127.0.0.1\n",
        "HTTPS_PROXY=",
        "HTTP_PROXY=",
        "ALL_PROXY=",
        "NO_PROXY=",
        "no_proxy=",
        "socks5h://",
        "user:hush-hush-pw@",
        "*",
        "10.0.0.0/8",
        "fd00::/8",
        "/129",
        "[::1]:443",
        ":0",
        "b\u{fc}cher.example",
        "xn--",
        "\n",
        ",",
        "%40",
    ],
};

const PASSWORD: &str = "hush-hush-pw";

/// The target on the first line, and a variable on each further one.
fn execute(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut lines = text.split('\n');
    // The client has no other addresses.
    let target = lines.next().and_then(|line| line.parse::<Url>().ok());
    let Some(target) = target.filter(|url| matches!(url.scheme(), "http" | "https")) else { return };
    let variables: BTreeMap<_, _> = lines.filter_map(|line| line.split_once('=')).collect();
    let value = |name: &str| variables.get(name).map(|value| (*value).to_owned());
    match scripted::proxy(&value, &target) {
        Err(message) => assert!(!message.contains(PASSWORD) && message.len() < 1000, "{message}"),
        Ok(None) => {}
        Ok(Some((shown, address))) => {
            // A host may be spelled like the password of this test.
            let elsewhere = address.host_str().is_some_and(|host| host.contains(PASSWORD));
            assert!(elsewhere || !shown.contains(PASSWORD), "{shown}");
            assert!(!shown.contains(char::is_control), "{shown:?}");
            assert!(address.host_str().is_some_and(|host| !host.is_empty()), "{shown}");
            let host = target.host_str().unwrap_or_default();
            assert!(!["localhost", "127.0.0.1", "[::1]", "169.254.169.254"].contains(&host), "{host} is this machine");
            let exempt = ["NO_PROXY", "no_proxy"].into_iter().filter_map(value).find(|value| !value.trim().is_empty());
            assert!(exempt.as_deref() != Some("*"), "all hosts are exempt");
        }
    }
}
