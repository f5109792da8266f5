//! The bodies of responses: whole, truncated, or very long.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

/// The body of a response.
pub(crate) enum ResponseBody {
    /// The complete body.
    Whole(Option<Bytes>),
    /// The first half of the body, after which the connection is closed.
    Cut { half: Option<Bytes>, flushed: bool },
    /// A JSON string of this many bytes, generated while it is sent.
    Huge { sent: u64, bytes: u64 },
}

/// Makes hyper close the connection in the middle of a body.
#[derive(Debug, thiserror::Error)]
#[error("the response is truncated by a fault")]
pub(crate) struct CutOff;

impl From<Infallible> for CutOff {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

const CHUNK: u64 = 64 * 1024;

impl ResponseBody {
    pub(crate) fn whole(text: String) -> Self {
        Self::Whole(Some(text.into()))
    }

    pub(crate) fn cut(text: String) -> Self {
        let text = Bytes::from(text);
        Self::Cut { half: Some(text.slice(..text.len() / 2)), flushed: false }
    }

    fn next_chunk(sent: &mut u64, bytes: u64) -> Option<Bytes> {
        if *sent >= bytes {
            return None;
        }
        let length = CHUNK.min(bytes - *sent);
        let mut chunk = vec![b'x'; usize::try_from(length).unwrap_or(0)];
        if let (0, Some(first)) = (*sent, chunk.first_mut()) {
            *first = b'"';
        }
        *sent += length;
        if let (true, Some(last)) = (*sent == bytes, chunk.last_mut()) {
            *last = b'"';
        }
        Some(chunk.into())
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = CutOff;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        let data = |bytes| Some(Ok(Frame::data(bytes)));
        match &mut *self {
            Self::Whole(bytes) => Poll::Ready(bytes.take().and_then(data)),
            Self::Huge { sent, bytes } => Poll::Ready(Self::next_chunk(sent, *bytes).and_then(data)),
            Self::Cut { half, flushed } => match half.take() {
                Some(half) => Poll::Ready(data(half)),
                None if *flushed => Poll::Ready(Some(Err(CutOff))),
                None => {
                    // hyper flushes what it has when a body is pending. An immediate
                    // error would discard the first half as well.
                    *flushed = true;
                    cx.waker().wake_by_ref();
                    Poll::Pending
                }
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            Self::Cut { .. } | Self::Huge { .. } => SizeHint::default(),
        }
    }
}
