//! The value of `TF_REATTACH_PROVIDERS`, by which a core finds a process that it did not start.

use serde_json::json;

use super::About;
use crate::handshake::{APP_PROTOCOL, Address};

/// The core's variable.
const VARIABLE: &str = "TF_REATTACH_PROVIDERS";

/// A line for a shell: the variable, set to the address of this process.
pub(super) fn line(about: &About, address: &Address) -> String {
    let value = json!({
        about.address: {
            "Protocol": "grpc",
            "ProtocolVersion": APP_PROTOCOL,
            "Pid": std::process::id(),
            // The core neither owns nor ends this process. Without this field, a core also ignores the
            // protocol version.
            "Test": true,
            "Addr": { "Network": address.network(), "String": address.to_string() },
        }
    });
    let quoted = value.to_string().replace('\'', r"'\''");
    format!("{VARIABLE}='{quoted}'\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: About = About {
        name: "terraform-provider-demo",
        version: "1.0.0",
        address: "example.com/acme/demo",
        crates: &[],
        install: "",
    };

    #[test]
    fn the_value_is_what_a_core_reads() {
        let line = line(&ABOUT, &Address::Unix("/tmp/plugin1/plugin".to_owned()));
        let value = line.strip_prefix("TF_REATTACH_PROVIDERS='").unwrap().strip_suffix("'\n").unwrap();
        let value: serde_json::Value = serde_json::from_str(value).unwrap();
        let expected = json!({ "example.com/acme/demo": {
            "Protocol": "grpc", "ProtocolVersion": 6, "Pid": std::process::id(), "Test": true,
            "Addr": { "Network": "unix", "String": "/tmp/plugin1/plugin" },
        }});
        assert_eq!(value, expected);
    }

    #[test]
    fn a_quote_in_the_path_stays_in_the_shells_word() {
        let line = line(&ABOUT, &Address::Unix("/tmp/o'hara/plugin".to_owned()));
        assert!(line.contains(r"/tmp/o'\''hara/plugin"), "{line}");
    }
}
