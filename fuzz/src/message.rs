//! Protobuf messages with fields of bytes and texts.
//!
//! The encoding is written a second time, so that a wrong field number of the provider is
//! not repeated here.
//!
//! Specification: Protocol Buffers, "Encoding".

/// The wire type of bytes, texts and messages.
const BYTES: u8 = 2;

/// A message from its fields.
pub(super) fn message(fields: &[(u8, &[u8])]) -> Vec<u8> {
    let mut message = Vec::new();
    for (number, content) in fields {
        message.push(number << 3 | BYTES);
        let mut length = content.len();
        while length >= 0x80 {
            message.push(length as u8 | 0x80);
            length >>= 7;
        }
        message.push(length as u8);
        message.extend_from_slice(content);
    }
    message
}

/// The first field of this number, in a message that has only fields of bytes up to
/// there.
pub(super) fn field(mut message: &[u8], number: u8) -> Option<&[u8]> {
    loop {
        let (tag, rest) = message.split_first()?;
        assert_eq!(tag & 7, BYTES, "a field of bytes");
        let end = rest.iter().position(|byte| byte & 0x80 == 0)?;
        let length =
            rest[..=end].iter().rev().fold(0, |sum, byte| sum << 7 | usize::from(byte & 0x7f));
        let content = &rest[end + 1..];
        if tag >> 3 == number {
            return Some(&content[..length]);
        }
        message = &content[length..];
    }
}
