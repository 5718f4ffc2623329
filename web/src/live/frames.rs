//! What a browser sends over the live socket, bounded before anything keeps it.
//!
//! `actix-web-actors` reads all that has come before it looks at one frame, and the codec of `actix-http` keeps a frame until
//! it is whole, however long it says it will be (versions 4.3 and 3.20). So what goes to them is cut here: one whole frame
//! for each look, and none that is longer than it may be.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::error::PayloadError;
use actix_web::web::{Bytes, BytesMut};
use futures_util::Stream;

/// Whether a socket announced more than it may.
pub(super) type TooLong = Rc<Cell<bool>>;

/// The bytes of a socket, frame by frame (RFC 6455 §5.2).
pub(super) struct Frames<S> {
    inner: S,
    /// Most bytes that a frame may carry.
    max: u64,
    /// What came and was not handed over: less than a frame, or what one read brought.
    held: BytesMut,
    /// Whether the frame that was handed over may not have been looked at yet.
    given: bool,
    ended: bool,
    too_long: TooLong,
}

impl<S> Frames<S> {
    pub(super) fn new(inner: S, max: usize) -> (Self, TooLong) {
        let too_long = TooLong::default();
        let max = u64::try_from(max).unwrap_or(u64::MAX);
        (Self { inner, max, held: BytesMut::new(), given: false, ended: false, too_long: too_long.clone() }, too_long)
    }
}

/// Where the frame ends that begins with these bytes, and how much it carries; none while they don't say.
fn announced(bytes: &[u8]) -> Option<(u64, u64)> {
    let (_, second) = (*bytes.first()?, *bytes.get(1)?);
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    let (head, carried) = match second & 0x7f {
        126 => (4, u64::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)),
        short => (2, u64::from(short)),
    };
    Some((carried.saturating_add(head + mask), carried))
}

impl<S: Stream<Item = Result<Bytes, PayloadError>> + Unpin> Stream for Frames<S> {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.given) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        loop {
            match announced(&self.held) {
                Some((_, carried)) if carried > self.max => {
                    self.too_long.set(true);
                    self.ended = true;
                    self.held = BytesMut::new();
                    return Poll::Ready(Some(Err(PayloadError::Overflow)));
                }
                Some((end, _)) if u64::try_from(self.held.len()).is_ok_and(|there| there >= end) => {
                    self.given = true;
                    let end = usize::try_from(end).unwrap_or(usize::MAX);
                    return Poll::Ready(Some(Ok(self.held.split_to(end).freeze())));
                }
                _ if self.ended => return Poll::Ready(None),
                _ => {}
            }
            match Pin::new(&mut self.inner).poll_next(context) {
                Poll::Ready(Some(Ok(bytes))) => self.held.extend_from_slice(&bytes),
                Poll::Ready(None) => self.ended = true,
                other => return other,
            }
        }
    }
}

/// Whether a socket that ends is not listened to any longer.
pub(super) type Cut = Rc<Cell<bool>>;

/// What is sent over a socket. Once it ends and is to be cut, the connection goes with the turn after its last frame:
/// `actix-http` would read for its `client_disconnect_timeout`, and throw away, whatever still comes, and wait without an end for
/// somebody who reads nothing (3.20).
struct Sent {
    body: BoxBody,
    cut: Cut,
    /// Whether the last frame has had its turn to leave.
    left: bool,
}

/// Lets the server cut the connection of a socket.
pub(super) fn that_can_be_cut(opened: HttpResponse, cut: &Cut) -> HttpResponse {
    opened.map_body(|_, body| Sent { body, cut: cut.clone(), left: false }.boxed())
}

/// Why the body of a socket ends without its end; the log knows it by its name.
#[derive(Debug, thiserror::Error)]
#[error("the socket is cut")]
struct SocketCut;

impl MessageBody for Sent {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        match Pin::new(&mut self.body).poll_next(context) {
            Poll::Ready(None) if self.cut.get() => {
                if std::mem::replace(&mut self.left, true) {
                    return Poll::Ready(Some(Err(SocketCut.into())));
                }
                context.waker().wake_by_ref();
                Poll::Pending
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use futures_util::StreamExt;

    use super::*;

    /// A frame of a browser that carries that many bytes.
    fn frame(carried: usize) -> Vec<u8> {
        let mut bytes = vec![0x82];
        match carried {
            0..126 => bytes.push(0x80 | u8::try_from(carried).unwrap()),
            126..65_536 => {
                bytes.push(0x80 | 0x7e);
                bytes.extend(u16::try_from(carried).unwrap().to_be_bytes());
            }
            _ => {
                bytes.push(0x80 | 0x7f);
                bytes.extend(u64::try_from(carried).unwrap().to_be_bytes());
            }
        }
        bytes.extend([1, 2, 3, 4]);
        bytes.extend(std::iter::repeat_n(7, carried));
        bytes
    }

    /// What comes out of these pieces, by length, and whether it was too long.
    async fn out(pieces: Vec<Vec<u8>>) -> (Vec<usize>, bool) {
        let pieces: VecDeque<Result<Bytes, PayloadError>> = pieces.into_iter().map(|one| Ok(one.into())).collect();
        let (frames, too_long) = Frames::new(futures_util::stream::iter(pieces), 4096);
        let all: Vec<usize> =
            frames.filter_map(async |one| one.ok().map(|one| one.len())).boxed_local().collect().await;
        (all, too_long.get())
    }

    #[actix_web::test]
    async fn t3_frames_come_out_whole_one_by_one_however_they_came() {
        let sizes = [0, 5, 125, 126, 4096];
        let all: Vec<u8> = sizes.iter().flat_map(|&size| frame(size)).collect();
        let expected: Vec<usize> = sizes.iter().map(|&size| frame(size).len()).collect();
        assert_eq!(out(vec![all.clone()]).await, (expected.clone(), false));
        assert_eq!(out(all.iter().map(|&byte| vec![byte]).collect()).await, (expected, false));
    }

    #[actix_web::test]
    async fn t3_a_frame_that_announces_too_much_ends_the_socket_before_it_comes() {
        for size in [4097, 70_000] {
            let head = frame(size)[..14].to_vec();
            let sent = vec![frame(3), head, vec![0; 1_000_000], frame(3)];
            assert_eq!(out(sent).await, (vec![frame(3).len()], true), "{size}");
        }
    }
}
