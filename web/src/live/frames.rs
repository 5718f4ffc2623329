//! The bytes that a browser sends over the live socket, bounded before they are kept.
//!
//! `actix-web-actors` reads all that has come before it looks at one frame, and the codec of `actix-http` keeps a frame
//! until it is whole, whatever length it announces (versions 4.3 and 3.20). So the bytes are cut here: one whole frame
//! for each read, and none longer than allowed.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::error::PayloadError;
use actix_web::web::{Bytes, BytesMut};
use futures_util::Stream;

/// Whether a socket announced a frame that is too long.
pub(super) type TooLong = Rc<Cell<bool>>;

/// The bytes of a socket, frame by frame (RFC 6455 §5.2).
pub(super) struct Frames<S> {
    inner: S,
    /// Most bytes that a frame may carry.
    max: u64,
    /// Bytes received and not yet handed over: less than a frame, or what one read brought.
    held: BytesMut,
    /// Whether the frame that was handed over may still be unread.
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

/// The length in bytes of the frame at the start and of its payload; none while too few bytes have come.
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

/// Whether a socket that ends is no longer read.
pub(super) type Cut = Rc<Cell<bool>>;

/// The bytes sent over a socket. When the socket ends and is to be cut, the connection is closed right after its last
/// frame. Otherwise `actix-http` would read and drop what still comes for its `client_disconnect_timeout`, and wait for
/// ever for a client that reads nothing (3.20).
struct Sent {
    body: BoxBody,
    cut: Cut,
    /// Whether the last frame had its chance to be sent.
    left: bool,
}

/// Lets the server cut the connection of a socket.
pub(super) fn that_can_be_cut(opened: HttpResponse, cut: &Cut) -> HttpResponse {
    opened.map_body(|_, body| Sent { body, cut: cut.clone(), left: false }.boxed())
}

/// The error with which the body of a cut socket ends; the log filter knows it by its name.
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
