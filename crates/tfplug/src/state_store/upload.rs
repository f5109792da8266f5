//! A state on its way from the core.

use std::fmt;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;

use crate::diagnostic::{Diagnostic, Diagnostics};

/// The state that a core writes, which arrives in chunks.
///
/// ```
/// use tfplug::{Diagnostic, Diagnostics, StateUpload};
/// use tokio::io::{AsyncWrite, AsyncWriteExt as _};
///
/// /// The `write` of a store: each chunk is passed on as it arrives. Only a complete upload may replace the old state.
/// async fn upload(state: &mut StateUpload<'_>, to: &mut (impl AsyncWrite + Unpin)) -> Result<u64, Diagnostics> {
///     while let Some(chunk) = state.next().await? {
///         to.write_all(&chunk).await.map_err(|error| Diagnostic::error("Cannot write the state", error.to_string()))?;
///     }
///     Ok(state.length())
/// }
/// ```
pub struct StateUpload<'a> {
    length: u64,
    received: u64,
    chunk_size: usize,
    first: Option<UploadChunk>,
    more: BoxStream<'a, Result<UploadChunk, Diagnostics>>,
}

/// One chunk, as the core describes it. Without `Debug`: states contain secrets.
pub(crate) struct UploadChunk {
    pub(crate) bytes: Bytes,
    /// Where in the state it begins.
    pub(crate) start: i64,
    /// How long the state is.
    pub(crate) total: i64,
}

impl<'a> StateUpload<'a> {
    pub(crate) fn new(
        chunk_size: usize,
        first: UploadChunk,
        more: BoxStream<'a, Result<UploadChunk, Diagnostics>>,
    ) -> Result<Self, Diagnostics> {
        match u64::try_from(first.total) {
            Ok(length) if length > 0 => Ok(Self { length, received: 0, chunk_size, first: Some(first), more }),
            _ => Err(unexpected(&format!("a state of {} bytes", first.total))),
        }
    }

    /// The length of the whole state, in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The next chunk; `None` at the end of the state.
    ///
    /// # Errors
    ///
    /// A diagnostic if the state is cut off, or if a chunk is not the next one. What has arrived so far is of no use then.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Diagnostics> {
        if self.is_complete() {
            return Ok(None);
        }
        let chunk = match self.first.take() {
            Some(first) => first,
            None => self.more.next().await.ok_or_else(|| self.cut_off())??,
        };
        let size = u64::try_from(chunk.bytes.len()).unwrap_or(u64::MAX);
        let follows = (u64::try_from(chunk.start), u64::try_from(chunk.total)) == (Ok(self.received), Ok(self.length));
        if !follows || size == 0 || chunk.bytes.len() > self.chunk_size || size > self.length - self.received {
            let place = format!("{size} bytes at {} of {}", chunk.start, chunk.total);
            let wanted = format!("at most {} bytes at {} of {}", self.chunk_size, self.received, self.length);
            return Err(unexpected(&format!("a chunk of {place} instead of {wanted}")));
        }
        self.received += size;
        Ok(Some(chunk.bytes))
    }

    /// All of the state at once, for a store that cannot take it in parts.
    ///
    /// # Errors
    ///
    /// As for [`Self::next`].
    pub async fn bytes(&mut self) -> Result<Bytes, Diagnostics> {
        let mut all = BytesMut::new();
        while let Some(chunk) = self.next().await? {
            all.extend_from_slice(&chunk);
        }
        Ok(all.freeze())
    }

    /// Whether everything has been read. What a store has not read, it has not written.
    pub(crate) fn is_complete(&self) -> bool {
        self.received == self.length
    }

    fn cut_off(&self) -> Diagnostics {
        let detail = format!("{} of {} bytes arrived. The state was not written.", self.received, self.length);
        Diagnostic::error("The state was cut off", detail).into()
    }
}

impl fmt::Debug for StateUpload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (length, received) = (self.length, self.received);
        f.debug_struct("StateUpload").field("length", &length).field("received", &received).finish_non_exhaustive()
    }
}

fn unexpected(what: &str) -> Diagnostics {
    let detail = format!("Terraform sent {what}. The state was not written. This is a bug in Terraform.");
    Diagnostic::error("Unexpected part of a state", detail).into()
}
