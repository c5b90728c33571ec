//! Bodies of forms (`application/x-www-form-urlencoded`): GitHub and others put their JSON into the
//! field `payload` unless they are told otherwise.

use std::borrow::Cow;

use hyper::HeaderMap;
use hyper::body::Bytes;

use crate::feed::decode::error::DecodeError;
use crate::feed::decode::json_text;
use crate::feed::transport::delivery::Delivery;
use crate::feed::transport::http;
use crate::feed::transport::listener::MAX_BODY;
use crate::feed::transport::unpack::Unpacker;

/// The field that holds the document.
const FIELD: &[u8] = b"payload=";

/// What a delivery brings: unpacked, out of its form, and as UTF-8 where its charset is named.
pub(super) fn content(delivery: &Delivery) -> Result<Cow<'_, [u8]>, DecodeError> {
    let body = unpacked(&delivery.headers, &delivery.body)?;
    let is_form = http::mime(&delivery.headers) == "application/x-www-form-urlencoded";
    let field = (is_form || body.starts_with(FIELD)).then(|| payload(&body)).flatten();
    let body = field.map_or(body, Cow::Owned);
    let named = match json_text::by_charset(&body, delivery.header("content-type")) {
        Cow::Owned(text) => Some(text),
        Cow::Borrowed(_) => None,
    };
    Ok(named.map_or(body, Cow::Owned))
}

fn unpacked<'b>(headers: &HeaderMap, body: &'b [u8]) -> Result<Cow<'b, [u8]>, DecodeError> {
    if !headers.contains_key("content-encoding") {
        return Ok(body.into());
    }
    let mut unpacker = Unpacker::new(headers).map_err(|_| DecodeError("compressed in an unsupported way"))?;
    let unpacked = unpacker.take(Bytes::copy_from_slice(body)).map_err(DecodeError)?;
    match unpacker.is_whole() && unpacked.len() <= MAX_BODY {
        true => Ok(unpacked.to_vec().into()),
        false => Err(DecodeError("damaged compression, or too long")),
    }
}

/// The field of a form, decoded.
fn payload(form: &[u8]) -> Option<Vec<u8>> {
    form.split(|byte| *byte == b'&').find_map(|field| field.strip_prefix(FIELD)).map(decoded)
}

/// Percent-encoded bytes as they were.
fn decoded(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        let digit = |at: usize| behind.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        rest = match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high << 4 | low) as u8);
                &behind[2..]
            }
            _ => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                behind
            }
        };
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_one_field_of_the_form() {
        let field =
            |form: &str| payload(form.as_bytes()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert_eq!(
            field("payload=%7B%22a%22%3A%22b+c%26d%3D%C3%A9%22%7D").as_deref(),
            Some("{\"a\":\"b c&d=é\"}")
        );
        assert_eq!(field("token=x&payload={%22a%22:1}&y=2").as_deref(), Some("{\"a\":1}"));
        assert_eq!(field("payload=100%&x").as_deref(), Some("100%"));
        assert_eq!(field("my_payload=1"), None);
    }
}
