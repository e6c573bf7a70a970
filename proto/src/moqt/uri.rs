//! PATH and AUTHORITY of a `moqt` URI, as far as RFC 3986 says how they are written (section
//! 10.3.1).

/// Whether `bytes` is `path-abempty [ "?" query ]`.
pub fn is_path(bytes: &[u8]) -> bool {
    let mut halves = bytes.splitn(2, |byte| *byte == b'?');
    let path = halves.next().unwrap_or_default();
    let query = halves.next().unwrap_or_default();
    (path.is_empty() || path.starts_with(b"/"))
        && is_made_of(path, |byte| is_pchar(byte) || byte == b'/')
        && is_made_of(query, |byte| is_pchar(byte) || matches!(byte, b'/' | b'?'))
}

/// Whether `bytes` is `[ userinfo "@" ] host [ ":" port ]` with a host that is not empty.
pub fn is_authority(bytes: &[u8]) -> bool {
    let at = bytes.iter().rposition(|byte| *byte == b'@');
    let (user, host) = match at {
        Some(at) => (bytes.get(..at), bytes.get(at.saturating_add(1)..)),
        None => (None, Some(bytes)),
    };
    let is_user = |byte| is_unreserved(byte) || is_sub_delim(byte) || byte == b':';
    is_made_of(user.unwrap_or_default(), is_user) && is_host_and_port(host.unwrap_or_default())
}

fn is_host_and_port(bytes: &[u8]) -> bool {
    let (host, rest) = if bytes.starts_with(b"[") {
        let end = bytes.iter().position(|byte| *byte == b']').map_or(0, |at| at.saturating_add(1));
        let (literal, rest) = bytes.split_at(end);
        let address = literal.get(1..literal.len().saturating_sub(1)).unwrap_or_default();
        let is_address = std::str::from_utf8(address)
            .is_ok_and(|text| text.parse::<std::net::Ipv6Addr>().is_ok());
        (is_address, rest)
    } else {
        let end = bytes.iter().position(|byte| *byte == b':').unwrap_or(bytes.len());
        let (name, rest) = bytes.split_at(end);
        let is_name = is_made_of(name, |byte| is_unreserved(byte) || is_sub_delim(byte));
        (is_name && !name.is_empty(), rest)
    };
    let is_port = match rest.split_first() {
        None => true,
        Some((b':', port)) => port.iter().all(u8::is_ascii_digit),
        Some(_) => false,
    };
    host && is_port
}

/// Whether each byte is allowed, or a part of `%` and two hex digits.
fn is_made_of(mut bytes: &[u8], is_allowed: impl Fn(u8) -> bool) -> bool {
    loop {
        bytes = match bytes {
            [] => return true,
            [b'%', high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                rest
            }
            [byte, rest @ ..] if is_allowed(*byte) => rest,
            _ => return false,
        };
    }
}

const fn is_pchar(byte: u8) -> bool {
    is_unreserved(byte) || is_sub_delim(byte) || matches!(byte, b':' | b'@')
}

const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

const fn is_sub_delim(byte: u8) -> bool {
    matches!(byte, b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_are_those_of_rfc_3986() {
        for path in ["", "/", "/moqt", "/a//b", "/a%2Fb?x=1&y=/?", "?q", "/~user/@:!$&'()*+,;="] {
            assert!(is_path(path.as_bytes()), "{path}");
        }
        for path in ["moqt", "/a b", "/%2", "/%zz", "/a#b", "/\u{e4}", "/a?\u{0}", "/[", "/a?%"] {
            assert!(!is_path(path.as_bytes()), "{path}");
        }
    }

    #[test]
    fn authorities_have_a_host() {
        for name in [
            "example.org",
            "example.org:443",
            "user:pw@h",
            "[::1]",
            "[2001:db8::1]:4433",
            "127.0.0.1:",
            "a%20b",
        ] {
            assert!(is_authority(name.as_bytes()), "{name}");
        }
        for name in [
            "", ":443", "user@", "a b", "a:b", "[::1", "[::1]x", "[]", "[zz]:1", "a/b", "a@b@c",
            "h:44x3", "\u{e4}",
        ] {
            assert!(!is_authority(name.as_bytes()), "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_judged(bytes: Vec<u8>) {
            let _ = (is_path(&bytes), is_authority(&bytes));
        }
    }
}
