//! The names of a release's files, as registries require them.

use crate::{provider::NAME, targets::Platform};

/// How the names of all files of a version begin.
pub(super) fn of_version(version: &str) -> String {
    format!("{NAME}_{version}_")
}

/// The name of a file of the release that is not for one platform.
pub(super) fn asset(version: &str, suffix: &str) -> String {
    format!("{}{suffix}", of_version(version))
}

/// The name of the archive for a platform, e.g. `terraform-provider-infisical_0.1.0_linux_amd64.zip`.
pub(super) fn archive(version: &str, platform: Platform) -> String {
    format!("{}{platform}.zip", of_version(version))
}

/// The version and the platform in the name of an archive; `None` if it is not the name of one.
pub(super) fn parsed(name: &str) -> Option<(String, Platform)> {
    let rest = name.strip_prefix(NAME)?.strip_prefix('_')?.strip_suffix(".zip")?;
    let (version, platform) = rest.split_once('_')?;
    Some((version.to_owned(), Platform::named(platform)?))
}

/// The executable's name inside a package, e.g. `terraform-provider-infisical_v0.1.0`.
pub(super) fn executable(version: &str, platform: Platform) -> String {
    format!("{NAME}_v{version}{}", platform.executable_suffix())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_archive_can_be_read_again() {
        let windows = Platform { os: "windows", arch: "amd64" };
        for platform in [Platform::host(), windows] {
            assert_eq!(parsed(&archive("1.2.3-rc1", platform)), Some(("1.2.3-rc1".to_owned(), platform)));
        }
        assert_eq!(executable("1.2.3", windows), format!("{NAME}_v1.2.3.exe"));
        for other in
            ["other_1.2.3_linux_amd64.zip", &format!("{NAME}_1.2.3_beos_amd64.zip"), &asset("1.2.3", "SHA256SUMS")]
        {
            assert_eq!(parsed(other), None, "{other}");
        }
    }
}
