//! Turns the bytes of a feed into text before anything parses them: feed parsers panic on UTF-16.
//!
//! In the order of RFC 7303: byte-order mark, `charset` of the HTTP answer, the shape of the first
//! bytes (XML 1.0, appendix F), XML declaration; a name that does not fit the bytes is passed
//! over. Encodings are those of encoding.spec.whatwg.org, and UTF-32.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far into a document its XML declaration is looked for, bytes.
const HEAD: usize = 1_024;

/// How characters stand in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    Known(&'static Encoding),
    Utf32 { big: bool },
}

/// The text of a document, without byte-order mark and XML declaration. Fails with the name of an
/// encoding that is not known.
pub fn text(bytes: &[u8], content_type: Option<&str>) -> Result<String, String> {
    let text = decode(bytes, content_type)?;
    Ok(without_declaration(&text).into_owned())
}

fn decode(bytes: &[u8], content_type: Option<&str>) -> Result<String, String> {
    if let Some((code, mark)) = marked(bytes) {
        return Ok(lossy(code, &bytes[mark..]));
    }
    let by_shape = shape(bytes)?;
    let told = content_type.and_then(charset);
    let declared = declared(bytes);
    let names = [told, declared.as_deref()];
    let named = names.iter().flatten().filter_map(|name| code(name, by_shape));
    let fit = named.chain(by_shape).chain([Code::Known(UTF_8)]).find_map(|code| exact(code, bytes));
    match fit {
        Some(text) => Ok(text),
        None => best(bytes, by_shape, &names),
    }
}

/// The text when no encoding fits without a fault.
fn best(bytes: &[u8], by_shape: Option<Code>, names: &[Option<&str>; 2]) -> Result<String, String> {
    let mut names = names.iter().flatten();
    let known = by_shape.or_else(|| names.clone().find_map(|name| code(name, None)));
    match (known, names.next()) {
        (Some(code), _) => Ok(lossy(code, bytes)),
        (None, Some(name)) => Err(format!("its encoding {name:.40} is unknown")),
        (None, None) if is_mostly_utf8(bytes) => Ok(lossy(Code::Known(UTF_8), bytes)),
        (None, None) => Ok(lossy(Code::Known(WINDOWS_1252), bytes)),
    }
}

/// Whether as many characters outside of ASCII are UTF-8 as bytes are not.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= bad
}

/// A byte-order mark and its length.
fn marked(bytes: &[u8]) -> Option<(Code, usize)> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] => Some((Code::Utf32 { big: false }, 4)),
        [0, 0, 0xfe, 0xff, ..] => Some((Code::Utf32 { big: true }, 4)),
        _ => Encoding::for_bom(bytes).map(|(encoding, length)| (Code::Known(encoding), length)),
    }
}

/// What the zeros around the first `<` or `{` tell. Fails on EBCDIC.
fn shape(bytes: &[u8]) -> Result<Option<Code>, String> {
    Ok(match bytes {
        [0, 0, 0, b'<' | b'{', ..] => Some(Code::Utf32 { big: true }),
        [b'<' | b'{', 0, 0, 0, ..] => Some(Code::Utf32 { big: false }),
        [0, b'<' | b'{', 0, _, ..] => Some(Code::Known(UTF_16BE)),
        [b'<' | b'{', 0, _, 0, ..] => Some(Code::Known(UTF_16LE)),
        [0x4c, 0x6f, 0xa7, 0x94, ..] => return Err("it is in EBCDIC, which is not supported".into()),
        _ => None,
    })
}

/// The encoding of that name. UTF-16 and UTF-32 are believed only where the shape shows them:
/// documents of single bytes often claim to be UTF-16.
fn code(name: &str, by_shape: Option<Code>) -> Option<Code> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    let wide = ["utf-16", "utf16", "ucs-2", "u16", "unicode", "utf-32", "utf32", "ucs-4", "csucs4"];
    if wide.iter().any(|wide| name.contains(wide)) {
        return by_shape;
    }
    Encoding::for_label(name.as_bytes()).map(Code::Known)
}

/// The `charset` of a `Content-Type`.
fn charset(content_type: &str) -> Option<&str> {
    let mut parameters = content_type.split(';').skip(1).filter_map(|p| p.split_once('='));
    let (_, name) = parameters.find(|(key, _)| key.trim().eq_ignore_ascii_case("charset"))?;
    let name = name.trim().trim_matches(['"', '\'']);
    (!name.is_empty()).then_some(name)
}

/// The `encoding` of the XML declaration, of a document of single bytes.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
    let (_, rest) = head.split_once("<?xml ")?;
    let (declaration, _) = rest.split_once("?>")?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next().map(str::to_owned)
}

/// The text if every byte of it fits.
fn exact(code: Code, bytes: &[u8]) -> Option<String> {
    match code {
        Code::Known(encoding) => {
            encoding.decode_without_bom_handling_and_without_replacement(bytes).map(Cow::into_owned)
        }
        Code::Utf32 { big } if bytes.len().is_multiple_of(4) => wide(bytes, big).collect(),
        Code::Utf32 { .. } => None,
    }
}

fn lossy(code: Code, bytes: &[u8]) -> String {
    match code {
        Code::Known(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
        Code::Utf32 { big } => wide(bytes, big).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect(),
    }
}

fn wide(bytes: &[u8], big: bool) -> impl Iterator<Item = Option<char>> {
    bytes.as_chunks::<4>().0.iter().map(move |four| {
        char::from_u32(if big { u32::from_be_bytes(*four) } else { u32::from_le_bytes(*four) })
    })
}

/// The text is UTF-8 by now, whatever it declares. A declaration in its midst goes too: there is
/// no such thing, and quick-xml panics when it is asked to change the encoding there.
fn without_declaration(text: &str) -> Cow<'_, str> {
    let mut rest = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
    let mut kept = String::new();
    while let Some((start, end)) = declaration(rest) {
        kept.push_str(&rest[..start]);
        rest = &rest[end..];
    }
    if kept.is_empty() { rest.into() } else { (kept + rest).into() }
}

/// Where the next XML declaration begins and ends.
fn declaration(text: &str) -> Option<(usize, usize)> {
    let is_one = |at: &usize| text[at + 5..].starts_with(|c: char| c.is_ascii_whitespace());
    let start = text.match_indices("<?xml").map(|(at, _)| at).find(is_one)?;
    Some((start, start + text[start..].find("?>")? + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "<?xml version='1.0' encoding='utf-16'?><a>Straße 電池 🔋</a>";

    fn wide_bytes(big: bool) -> Vec<u8> {
        DOCUMENT
            .chars()
            .flat_map(|c| if big { (c as u32).to_be_bytes() } else { (c as u32).to_le_bytes() })
            .collect()
    }

    #[test]
    fn no_declaration_is_left_to_change_the_encoding() {
        let text =
            "<?xml version='1.0'?><a><?xml\tencoding='latin1'?>b<?xml-stylesheet href='c'?></a><?xml d";
        assert_eq!(without_declaration(text), "<a>b<?xml-stylesheet href='c'?></a><?xml d");
    }

    #[test]
    fn a_document_is_read_in_any_width_with_and_without_a_mark() {
        let little: Vec<u8> = DOCUMENT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = DOCUMENT.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marks: [(&[u8], Vec<u8>); 5] = [
            (b"\xff\xfe", little),
            (b"\xfe\xff", big),
            (b"\xff\xfe\0\0", wide_bytes(false)),
            (b"\0\0\xfe\xff", wide_bytes(true)),
            (b"\xef\xbb\xbf", DOCUMENT.into()),
        ];
        for (mark, bytes) in marks {
            for bytes in [[mark, &bytes].concat(), bytes] {
                assert_eq!(text(&bytes, None).as_deref(), Ok("<a>Straße 電池 🔋</a>"), "{mark:?}");
            }
        }
    }

    #[test]
    fn what_http_says_goes_before_the_declaration_unless_it_does_not_fit() {
        let latin = b"<?xml version=\"1.0\" encoding=\"koi8-r\"?><a>\xe9</a>";
        assert_eq!(text(latin, Some("text/xml; charset=ISO-8859-1")).as_deref(), Ok("<a>é</a>"));
        assert_eq!(text(latin, Some("text/xml; charset=utf-8")).as_deref(), Ok("<a>И</a>"));
        assert_eq!(text(latin, Some("text/xml; charset=nonsense")).as_deref(), Ok("<a>И</a>"));
        assert_eq!(text(b"<a>\xe9</a>", None).as_deref(), Ok("<a>é</a>"));
    }

    #[test]
    fn an_encoding_that_is_not_known_is_named() {
        let odd = b"<?xml version=\"1.0\" encoding=\"cp437\"?><a>\x80</a>";
        assert_eq!(text(odd, None), Err("its encoding cp437 is unknown".into()));
        let plain = b"<?xml version=\"1.0\" encoding=\"cp437\"?><a>b</a>";
        assert_eq!(text(plain, None).as_deref(), Ok("<a>b</a>"));
    }
}
