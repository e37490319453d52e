//! What clients send on a stream, as bytes on the socket. Pure.

/// A ping's answer, masked with zeros, as a client must mask. Without content: the server only wants to hear something.
pub(crate) const PONG: [u8; 6] = [0x8a, 0x80, 0, 0, 0, 0];

/// Which protocol a stream speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V1,
    V2,
}

/// The request for an upgrade and, with v2, the first frame: all that a client says by itself.
pub(crate) fn opening(address: &str, token: &str, version: Version) -> Vec<u8> {
    let subprotocol = match version {
        Version::V1 => "",
        Version::V2 => "sec-websocket-protocol: contara.v2\r\n",
    };
    // The key is any 16 bytes: this client trusts the server that it has started.
    let mut bytes = format!(
        "GET /ws?token={token} HTTP/1.1\r\nhost: {address}\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{subprotocol}\r\n"
    )
    .into_bytes();
    if version == Version::V2 {
        bytes.extend(resume());
    }
    bytes
}

/// As after a restart of the daemon: what the client has is of another run, and so worth nothing.
fn resume() -> Vec<u8> {
    let mut content = vec![0x83];
    for word in ["type", "resume", "run", "before-en", "modules"] {
        text(&mut content, word);
    }
    content.push(0x81);
    text(&mut content, "disks");
    content.push(7);
    frame(&content)
}

/// Asks for an action without parameters.
pub(crate) fn action(id: u32, module: &str, action: &str) -> Vec<u8> {
    let mut content = vec![0x84];
    for word in ["type", "action", "module", module, "action", action, "id"] {
        text(&mut content, word);
    }
    content.push(0xce);
    content.extend(id.to_be_bytes());
    frame(&content)
}

/// `MessagePack` of a text of up to 31 bytes.
fn text(bytes: &mut Vec<u8>, text: &str) {
    debug_assert!(text.len() < 32, "{text}");
    bytes.push(0xa0 | text.len() as u8);
    bytes.extend(text.as_bytes());
}

/// A binary frame of up to 125 bytes, masked with zeros.
fn frame(content: &[u8]) -> Vec<u8> {
    debug_assert!(content.len() < 126);
    let mut frame = vec![0x82, 0x80 | content.len() as u8, 0, 0, 0, 0];
    frame.extend(content);
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_messagepack_in_a_masked_frame() {
        let expected = b"\x82\xb9\0\0\0\0\x84\xa4type\xa6action\xa6module\xa5disks\xa6action\xa5stamp\xa2id\xce\0\0\x01\x02";
        assert_eq!(action(0x102, "disks", "stamp")[2..], expected[2..]);
        assert_eq!(
            action(0x102, "disks", "stamp").len(),
            6 + expected[6..].len()
        );
    }

    #[test]
    fn only_version_2_names_a_subprotocol_and_says_what_it_has() {
        let opening = |version| opening("localhost:1", "t", version);
        assert!(opening(Version::V1).ends_with(b"AA==\r\n\r\n"));
        let v2 = opening(Version::V2);
        assert!(v2.ends_with(b"\xa7modules\x81\xa5disks\x07"), "{v2:?}");
    }
}
