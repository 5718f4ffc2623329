//! Plain text: only its encoding is to be found.

use super::decode::decode;
use super::text_sink::TextSink;

pub(super) fn read(bytes: &[u8], sink: &mut TextSink) {
    sink.push_str(&decode(bytes, None));
}
