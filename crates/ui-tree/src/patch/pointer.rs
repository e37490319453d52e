//! JSON Pointers (RFC 6901).

/// Appends a key of a map.
pub(super) fn push_key(path: &mut Vec<u8>, key: &[u8]) {
    path.push(b'/');
    for byte in key {
        match byte {
            b'~' => path.extend_from_slice(b"~0"),
            b'/' => path.extend_from_slice(b"~1"),
            byte => path.push(*byte),
        }
    }
}

/// Appends an index of a list.
pub(super) fn push_index(path: &mut Vec<u8>, index: usize) {
    path.push(b'/');
    let first = path.len();
    let mut rest = index;
    loop {
        path.push(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    path[first..].reverse();
}

/// Appends the place behind the last item of a list.
pub(super) fn push_end(path: &mut Vec<u8>) {
    path.extend_from_slice(b"/-");
}

/// The keys and indexes of a pointer, unescaped; `None` of a text that is no pointer.
pub(super) fn tokens(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    let rest = pointer.strip_prefix('/')?;
    rest.split('/').map(unescaped).collect()
}

fn unescaped(token: &str) -> Option<String> {
    let mut parts = token.split('~');
    let mut text = parts.next()?.to_owned();
    for part in parts {
        let (escaped, rest) = match part.as_bytes().first()? {
            b'0' => ('~', &part[1..]),
            b'1' => ('/', &part[1..]),
            _ => return None,
        };
        text.push(escaped);
        text.push_str(rest);
    }
    Some(text)
}
