//! What the objects of a file hold, followed through their references; and the bytes of a stream, bounded.

use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use lopdf::{Dictionary, Document, Object, Stream};

use super::lexer::from_hexadecimal;

/// Most bytes of one stream: a CV's page takes some tens of thousands, a font some hundreds of thousands.
const MAX_STREAM_BYTES: u64 = 32 * 1024 * 1024;
const MAX_FILTERS: usize = 8;

static NOTHING: Object = Object::Null;

/// The object itself, or the one that it refers to; null when there is none.
pub(super) fn resolved<'a>(document: &'a Document, object: &'a Object) -> &'a Object {
    document.dereference(object).map_or(&NOTHING, |(_, object)| object)
}

pub(super) fn get<'a>(document: &'a Document, dictionary: &'a Dictionary, key: &str) -> Option<&'a Object> {
    dictionary.get(key.as_bytes()).ok().map(|object| resolved(document, object)).filter(|object| !object.is_null())
}

/// A dictionary, a stream's too.
pub(super) fn dictionary<'a>(document: &'a Document, from: &'a Dictionary, key: &str) -> Option<&'a Dictionary> {
    get(document, from, key).and_then(as_dictionary)
}

pub(super) fn as_dictionary(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Dictionary(found) => Some(found),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

pub(super) fn stream<'a>(document: &'a Document, from: &'a Dictionary, key: &str) -> Option<&'a Stream> {
    get(document, from, key)?.as_stream().ok()
}

pub(super) fn name<'a>(document: &'a Document, from: &'a Dictionary, key: &str) -> Option<&'a [u8]> {
    get(document, from, key)?.as_name().ok()
}

pub(super) fn array<'a>(document: &'a Document, from: &'a Dictionary, key: &str) -> Option<&'a [Object]> {
    get(document, from, key)?.as_array().ok().map(Vec::as_slice)
}

pub(super) fn number(object: &Object) -> Option<f64> {
    object.as_float().ok().map(f64::from).filter(|number| number.is_finite())
}

pub(super) fn number_in(document: &Document, from: &Dictionary, key: &str) -> Option<f64> {
    get(document, from, key).and_then(number)
}

/// So many numbers; none when one is missing.
pub(super) fn numbers<const N: usize>(document: &Document, from: &Dictionary, key: &str) -> Option<[f64; N]> {
    let all = array(document, from, key)?;
    let numbers: Vec<f64> = all.iter().take(N).filter_map(|object| number(resolved(document, object))).collect();
    numbers.try_into().ok()
}

/// The bytes of a stream, as far as they can be decoded; none of a picture's.
pub(super) fn bytes(document: &Document, stream: &Stream) -> Option<Vec<u8>> {
    let listed = |key: &str, short: &str| -> Vec<&Object> {
        match get(document, &stream.dict, key).or_else(|| get(document, &stream.dict, short)) {
            Some(Object::Array(all)) => all.iter().map(|object| resolved(document, object)).collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        }
    };
    let (filters, parameters) = (listed("Filter", "F"), listed("DecodeParms", "DP"));
    if filters.len() > MAX_FILTERS {
        return None;
    }
    let mut bytes = stream.content.clone();
    for (nth, filter) in filters.iter().enumerate() {
        let parameters = parameters.get(nth).and_then(|object| as_dictionary(object));
        bytes = decoded(document, filter.as_name().ok()?, parameters, bytes)?;
    }
    Some(bytes)
}

fn decoded(document: &Document, filter: &[u8], parameters: Option<&Dictionary>, bytes: Vec<u8>) -> Option<Vec<u8>> {
    let predicted = parameters.and_then(|of| number_in(document, of, "Predictor")).is_some_and(|kind| kind > 1.0);
    match filter {
        b"FlateDecode" | b"Fl" if !predicted => Some(inflated(&bytes)),
        b"FlateDecode" | b"Fl" => by_lopdf("FlateDecode", parameters, bytes),
        b"LZWDecode" | b"LZW" => by_lopdf("LZWDecode", parameters, bytes),
        b"ASCII85Decode" | b"A85" => {
            let end = memchr::memmem::find(&bytes, b"~>").map_or(bytes.len(), |end| end + 2);
            by_lopdf("ASCII85Decode", None, bytes[..end].to_vec())
        }
        b"ASCIIHexDecode" | b"AHx" => {
            let end = bytes.iter().position(|byte| *byte == b'>').unwrap_or(bytes.len());
            Some(from_hexadecimal(&bytes[..end]))
        }
        b"RunLengthDecode" | b"RL" => Some(run_lengths(&bytes)),
        b"Crypt" => Some(bytes),
        _ => None,
    }
}

/// What can be inflated, up to where the stream is damaged; some programs write no right checksum, or no header.
fn inflated(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let whole = ZlibDecoder::new(bytes).take(MAX_STREAM_BYTES).read_to_end(&mut out);
    if whole.is_err() && out.is_empty() && bytes.len() > 2 {
        let raw = DeflateDecoder::new(&bytes[2..]).take(MAX_STREAM_BYTES).read_to_end(&mut out);
        if let Err(error) = raw {
            tracing::trace!(%error, "a damaged stream");
        }
    }
    out
}

fn by_lopdf(filter: &str, parameters: Option<&Dictionary>, bytes: Vec<u8>) -> Option<Vec<u8>> {
    let mut dictionary = Dictionary::new();
    dictionary.set("Filter", filter);
    if let Some(parameters) = parameters {
        dictionary.set("DecodeParms", parameters.clone());
    }
    Stream::new(dictionary, bytes).decompressed_content().ok()
}

/// ISO 32000-1 §7.4.5.
fn run_lengths(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = bytes;
    while let Some((&length, after)) = rest.split_first() {
        let length = usize::from(length);
        match length {
            0..=127 => {
                let (run, left) = after.split_at(after.len().min(length + 1));
                out.extend_from_slice(run);
                rest = left;
            }
            128 => break,
            _ => {
                let Some((&byte, left)) = after.split_first() else { break };
                out.extend(std::iter::repeat_n(byte, 257 - length));
                rest = left;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g3_streams_of_text_are_decoded_by_every_filter() {
        let document = Document::new();
        for (filter, coded) in [
            ("ASCIIHexDecode", b"63 61 6C 6D 65>".as_slice()),
            ("RunLengthDecode", b"\x02cal\x01me\x80reste"),
            ("ASCII85Decode", b"@ps1jAH~>\n"),
        ] {
            let mut stream = Stream::new(Dictionary::new(), coded.to_vec());
            stream.dict.set("Filter", vec![Object::Name(filter.into())]);
            assert_eq!(bytes(&document, &stream).as_deref(), Some(b"calme".as_slice()), "{filter}");
        }
        let mut picture = Stream::new(Dictionary::new(), Vec::new());
        picture.dict.set("Filter", "DCTDecode");
        assert_eq!(bytes(&document, &picture), None);
    }
}
