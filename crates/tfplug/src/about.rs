//! What a provider says about itself when no core is involved.

/// The name, version and source address of a provider, and how to install it.
///
/// Used by `--help` and `--version`, in the message for someone who starts the program by hand, and to tell the provider's
/// own log records from those of other crates.
///
/// ```
/// use tfplug::About;
///
/// const ABOUT: About = About::new("terraform-provider-hello", env!("CARGO_PKG_VERSION"), "registry.terraform.io/me/hello")
///     .crates(&["hello_client"])
///     .install("Name it in required_providers and run `terraform init`.");
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct About {
    /// The package's and the binary's name, `terraform-provider-NAME`. Log records of the crate of
    /// that name (with `_` for `-`) count as the provider's own.
    pub name: &'static str,
    /// The version, as in the registry.
    pub version: &'static str,
    /// The full source address, `HOST/NAMESPACE/TYPE`.
    pub address: &'static str,
    /// Other crates whose log records count as the provider's own, such as its API client's, as they are named in code. Of all
    /// the others only warnings and errors are written, since their details may contain headers and bodies.
    pub crates: &'static [&'static str],
    /// How to install the provider, in a few lines, for someone who started it by hand.
    pub install: &'static str,
}

impl About {
    /// A provider of this name, version and address; see the fields.
    ///
    /// ```
    /// use tfplug::About;
    ///
    /// let about = About::new("terraform-provider-notes", "0.1.0", "example.com/me/notes");
    /// assert_eq!((about.name, about.install), ("terraform-provider-notes", "Its documentation says how to install it."));
    /// ```
    #[must_use]
    pub const fn new(name: &'static str, version: &'static str, address: &'static str) -> Self {
        Self { name, version, address, crates: &[], install: "Its documentation says how to install it." }
    }

    /// Sets [`About::crates`].
    #[must_use]
    pub const fn crates(self, crates: &'static [&'static str]) -> Self {
        Self { crates, ..self }
    }

    /// Sets [`About::install`].
    #[must_use]
    pub const fn install(self, install: &'static str) -> Self {
        Self { install, ..self }
    }

    /// The provider's type name, the last part of its address.
    pub(crate) fn type_name(&self) -> &'static str {
        self.address.rsplit('/').next().unwrap_or(self.address)
    }
}
