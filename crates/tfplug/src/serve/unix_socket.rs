//! A Unix socket in a folder of its own, which only the user who runs the core can enter, or the
//! group that the host names.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;

use nix::unistd::Group;
use tokio::net::UnixListener;

use super::listener::{Bound, Listener};
use crate::handshake::{Address, Launch, SOCKET_GROUP};

/// Systems limit a socket's path to 104 to 108 bytes.
const LONGEST_PATH: usize = 100;
/// Where the socket goes when the system's temporary folder cannot hold it.
const FALLBACK: &str = "/tmp";
/// The names of folder and socket start with this, as the reference server's do.
const PREFIX: &str = "plugin";

const ONLY_OWNER: u32 = 0o700;
/// The group may pass through the folder, but not list it.
const GROUP_PASSES: u32 = 0o710;
const GROUP_CONNECTS: u32 = 0o660;

/// Binds a socket where the host wants it, or in a temporary folder.
///
/// # Errors
///
/// The errors of the file system; a path that is too long or that would break the handshake line; a
/// group that does not exist.
pub(super) fn bind(launch: &Launch) -> io::Result<Bound> {
    let group = launch.socket_group.as_deref();
    match &launch.socket_dir {
        Some(parent) => bind_in(parent, group),
        None => bind_in(&std::env::temp_dir(), group).or_else(|_| bind_in(Path::new(FALLBACK), group)),
    }
}

fn bind_in(parent: &Path, group: Option<&str>) -> io::Result<Bound> {
    let in_parent = |error: io::Error| {
        io::Error::new(error.kind(), format!("cannot create a socket in {}: {error}", parent.display()))
    };
    let folder = tempfile::Builder::new()
        .prefix(PREFIX)
        .permissions(Permissions::from_mode(ONLY_OWNER))
        .tempdir_in(parent)
        .map_err(in_parent)?;
    let path = std::path::absolute(folder.path().join(PREFIX))?;
    let address = address(&path).map_err(in_parent)?;
    let listener = UnixListener::bind(&path).map_err(in_parent)?;
    if let Some(group) = group {
        open_to(group, folder.path(), &path)?;
    }
    Ok(Bound { listener: Listener::Unix(listener), address, folder: Some(folder) })
}

fn address(path: &Path) -> io::Result<Address> {
    let invalid = |text: String| io::Error::new(io::ErrorKind::InvalidInput, text);
    let text = path.to_str().ok_or_else(|| invalid("its path is not UTF-8".to_owned()))?;
    if text.len() > LONGEST_PATH {
        return Err(invalid(format!("the socket's path has {} bytes; at most {LONGEST_PATH} are allowed", text.len())));
    }
    // They separate the fields of the handshake line and end it.
    if text.contains(['|', '\n', '\r']) {
        return Err(invalid("its path has a character that the handshake line cannot contain".to_owned()));
    }
    Ok(Address::Unix(text.to_owned()))
}

/// Lets the owner and the members of one group connect, and nobody else.
fn open_to(group: &str, folder: &Path, socket: &Path) -> io::Result<()> {
    let gid = gid(group)?;
    for (path, mode) in [(socket, GROUP_CONNECTS), (folder, GROUP_PASSES)] {
        chown(path, None, Some(gid))?;
        fs::set_permissions(path, Permissions::from_mode(mode))?;
    }
    Ok(())
}

fn gid(group: &str) -> io::Result<u32> {
    if let Ok(gid) = group.parse() {
        return Ok(gid);
    }
    let found = Group::from_name(group)?;
    found.map(|group| group.gid.as_raw()).ok_or_else(|| {
        io::Error::new(io::ErrorKind::NotFound, format!("{SOCKET_GROUP} names a group that does not exist: {group:?}"))
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;
    use std::path::PathBuf;

    use super::*;

    fn path_of(bound: &Bound) -> PathBuf {
        PathBuf::from(bound.address.to_string())
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[tokio::test]
    async fn the_folder_is_closed_to_others_and_goes_with_the_listener() {
        let parent = tempfile::tempdir().unwrap();
        let bound = bind_in(parent.path(), None).unwrap();
        let path = path_of(&bound);
        assert!(path.starts_with(parent.path()), "{path:?}");
        assert!(path.file_name().unwrap().to_str().unwrap().starts_with("plugin"));
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        drop(bound);
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0, "something is left");
    }

    #[tokio::test]
    async fn a_group_reaches_the_socket_and_others_do_not() {
        let parent = tempfile::tempdir().unwrap();
        let own = fs::metadata(parent.path()).unwrap().gid();
        let bound = bind_in(parent.path(), Some(&own.to_string())).unwrap();
        let path = path_of(&bound);
        assert_eq!((mode(path.parent().unwrap()), mode(&path)), (0o710, 0o660));
        assert_eq!(fs::metadata(&path).unwrap().gid(), own);
    }

    #[test]
    fn a_group_is_found_by_name_or_number() {
        assert_eq!(gid("12345").unwrap(), 12345);
        let root = Group::from_gid(0.into()).unwrap().unwrap();
        assert_eq!(gid(&root.name).unwrap(), 0);
        let error = gid("no-such-group-here").unwrap_err().to_string();
        assert_eq!(error, r#"PLUGIN_UNIX_SOCKET_GROUP names a group that does not exist: "no-such-group-here""#);
    }

    #[tokio::test]
    async fn a_folder_that_the_host_names_is_used_or_refused_but_never_replaced() {
        let parent = tempfile::tempdir().unwrap();
        let launch = |dir: PathBuf| Launch { socket_dir: Some(dir), ..Launch::default() };
        let bound = bind(&launch(parent.path().to_owned())).unwrap();
        assert!(path_of(&bound).starts_with(parent.path()));

        let missing = bind(&launch(parent.path().join("missing"))).err().unwrap();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
        let long = parent.path().join("x".repeat(LONGEST_PATH));
        fs::create_dir(&long).unwrap();
        let long = bind(&launch(long)).err().unwrap().to_string();
        assert!(long.contains("at most 100 are allowed"), "{long}");
    }

    #[test]
    fn err_a_path_that_would_split_the_handshake_line() {
        for name in ["/tmp/a|b/plugin", "/tmp/a\nb/plugin"] {
            assert!(address(Path::new(name)).is_err(), "{name:?}");
        }
        assert_eq!(address(Path::new("/tmp/a/plugin")).unwrap(), Address::Unix("/tmp/a/plugin".to_owned()));
    }
}
