//! The content of a state on its way to the core, in chunks of the size that was agreed on.

use std::fmt;

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt as _};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::diagnostic::{Diagnostic, Diagnostics};

/// How much is read from a reader at once.
const READ_AT_ONCE: usize = 64 << 10;

/// The content of a state, from [`StateStore::read`](crate::StateStore::read): bytes that are all there, or a stream of which no
/// more than a few chunks are ever in memory.
///
/// ```
/// use tfplug::StateContent;
/// use tokio::io::AsyncRead;
///
/// /// The end of a store's `read`: no more than a few chunks of a large state are in memory.
/// fn content(length: u64, body: impl AsyncRead + Send + Unpin + 'static) -> Option<StateContent> {
///     (length > 0).then(|| StateContent::from_reader(length, body))
/// }
///
/// // A state that is in memory already.
/// assert_eq!(StateContent::from(b"{}".to_vec()).length(), 2);
/// ```
pub struct StateContent {
    length: u64,
    pieces: BoxStream<'static, Result<Bytes, Diagnostics>>,
}

impl StateContent {
    /// A state of this length, which arrives in pieces of any size.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use tfplug::StateContent;
    ///
    /// let pieces = ["{", "}"].map(|piece| Ok(Bytes::from_static(piece.as_bytes())));
    /// let state = StateContent::from_stream(2, futures_util::stream::iter(pieces));
    /// assert_eq!(state.length(), 2);
    /// ```
    pub fn from_stream(length: u64, pieces: impl Stream<Item = Result<Bytes, Diagnostics>> + Send + 'static) -> Self {
        Self { length, pieces: pieces.fuse().boxed() }
    }

    /// A state of this length, which is read as the core takes it.
    pub fn from_reader(length: u64, reader: impl AsyncRead + Send + Unpin + 'static) -> Self {
        Self::from_stream(
            length,
            stream::unfold(Some(reader), |reader| async {
                let mut reader = reader?;
                let mut piece = BytesMut::with_capacity(READ_AT_ONCE);
                match reader.read_buf(&mut piece).await {
                    Ok(0) => None,
                    Ok(_) => Some((Ok(piece.freeze()), Some(reader))),
                    Err(error) => Some((Err(unreadable(&error)), None)),
                }
            }),
        )
    }

    /// The length in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The same content in chunks of this size; only the last one may be smaller.
    pub(crate) fn into_chunks(self, size: usize) -> Chunks {
        Chunks { length: self.length, sent: 0, size, pieces: self.pieces, piece: Bytes::new() }
    }
}

impl<B: Into<Bytes>> From<B> for StateContent {
    fn from(state: B) -> Self {
        let state = state.into();
        let length = u64::try_from(state.len()).unwrap_or(u64::MAX);
        Self::from_stream(length, stream::iter([Ok(state)]))
    }
}

impl fmt::Debug for StateContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StateContent").field("length", &self.length).finish_non_exhaustive()
    }
}

fn unreadable(error: &std::io::Error) -> Diagnostics {
    Diagnostic::error("Cannot read the state", error.to_string()).into()
}

/// A state in chunks of one size.
pub(crate) struct Chunks {
    length: u64,
    sent: u64,
    size: usize,
    pieces: BoxStream<'static, Result<Bytes, Diagnostics>>,
    /// What is left of the last piece.
    piece: Bytes,
}

impl Chunks {
    /// The next chunk, and where in the state it begins; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<(u64, Bytes)>, Diagnostics> {
        let chunk = self.gather().await?;
        let start = self.sent;
        self.sent += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        // Only the last chunk may be smaller.
        if self.sent > self.length || (self.sent < self.length && chunk.len() < self.size) {
            return Err(self.another_length());
        }
        Ok((!chunk.is_empty()).then_some((start, chunk)))
    }

    /// As many bytes as a chunk has, or all that are left. A chunk that lies in one piece is not copied.
    async fn gather(&mut self) -> Result<Bytes, Diagnostics> {
        let mut gathered = BytesMut::new();
        loop {
            let missing = self.size - gathered.len();
            if gathered.is_empty() && self.piece.len() >= missing {
                return Ok(self.piece.split_to(missing));
            }
            gathered.extend_from_slice(&self.piece.split_to(missing.min(self.piece.len())));
            if gathered.len() == self.size {
                return Ok(gathered.freeze());
            }
            match self.pieces.next().await {
                Some(piece) => self.piece = piece?,
                None => return Ok(gathered.freeze()),
            }
        }
    }

    fn another_length(&self) -> Diagnostics {
        let announced = self.length;
        let found = if self.sent > announced { format!("more than {announced}") } else { self.sent.to_string() };
        Diagnostic::bug(format!("The state store announced a state of {announced} bytes, and has read {found}.")).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn chunks(content: StateContent, size: usize) -> Result<Vec<(u64, Bytes)>, Diagnostics> {
        let (mut chunks, mut all) = (content.into_chunks(size), Vec::new());
        while let Some(chunk) = chunks.next().await? {
            all.push(chunk);
        }
        Ok(all)
    }

    fn pieces(length: u64, all: &[&'static str]) -> StateContent {
        let pieces: Vec<_> = all.iter().map(|piece| Ok(Bytes::from_static(piece.as_bytes()))).collect();
        StateContent::from_stream(length, stream::iter(pieces))
    }

    #[tokio::test]
    async fn pieces_of_any_size_become_chunks_of_one_size() {
        let expected = |all: &[(u64, &'static str)]| all.iter().map(|(at, text)| (*at, (*text).into())).collect();
        for (content, chunk_list) in [
            (pieces(7, &["ab", "", "cdefg"]), vec![(0, "abc"), (3, "def"), (6, "g")]),
            (pieces(6, &["abcdef"]), vec![(0, "abc"), (3, "def")]),
            (pieces(2, &["a", "b"]), vec![(0, "ab")]),
            (pieces(0, &[]), vec![]),
            (StateContent::from("abcd"), vec![(0, "abc"), (3, "d")]),
            (StateContent::from_reader(5, &b"abcde"[..]), vec![(0, "abc"), (3, "de")]),
        ] {
            assert_eq!(chunks(content, 3).await, Ok(expected(&chunk_list)), "{chunk_list:?}");
        }
    }

    #[tokio::test]
    async fn err_a_state_of_another_length_than_announced_and_a_failure_on_the_way() {
        let lost = Diagnostics::from(Diagnostic::error("lost", ""));
        let failing = stream::iter([Ok(Bytes::from_static(b"abcd")), Err(lost.clone())]);
        for (content, message) in [
            (pieces(8, &["abcdef"]), "announced a state of 8 bytes, and has read 6."),
            (pieces(4, &["abcdef"]), "announced a state of 4 bytes, and has read more than 4."),
        ] {
            let error = chunks(content, 3).await.unwrap_err();
            assert!(error.iter().next().unwrap().detail().contains(message), "{error:?}");
        }
        assert_eq!(chunks(StateContent::from_stream(8, failing), 3).await, Err(lost));
    }
}
