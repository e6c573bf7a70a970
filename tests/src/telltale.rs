//! What a log must not have: what people wrote, where they are, how they are reached, what opens a room.

use std::net::{IpAddr, SocketAddr};

use crate::canary::Mark;

/// Each thing in `text` that tells of a person: one of `marks` or `secrets`, an address, an e-mail address.
pub fn telltales(text: &str, marks: &[Mark], secrets: &[&str]) -> Vec<String> {
    let said = marks.iter().filter(|mark| mark.is_in(text.as_bytes()));
    let said = said.map(|mark| mark.as_str().to_owned());
    let open = secrets.iter().filter(|secret| text.contains(**secret)).map(ToString::to_string);
    let reached = words(text).filter(|word| is_address(word) || is_mail(word)).map(str::to_owned);
    said.chain(open).chain(reached).collect()
}

/// Whatever could be an address, without what a sentence puts around it.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_between = |sign: char| !sign.is_alphanumeric() && !":.@%_+-[]".contains(sign);
    text.split(is_between).filter(|word| !word.is_empty())
}

fn is_address(word: &str) -> bool {
    // A port may follow, or a full stop; brackets may be those of a list.
    let bare = word.trim_matches(['.', ',', '[', ']', '-']);
    let before_port = bare.rsplit_once(':').map_or(bare, |(host, _)| host).trim_matches(['[', ']']);
    let is_one = |text: &str| {
        let text = text.trim_end_matches(':');
        let zoneless = text.split('%').next().unwrap_or_default();
        zoneless.parse::<IpAddr>().is_ok() || text.parse::<SocketAddr>().is_ok()
    };
    [word, bare, before_port].into_iter().any(is_one)
}

fn is_mail(word: &str) -> bool {
    word.split_once('@').is_some_and(|(who, place)| !who.is_empty() && place.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_of_a_person_is_found() {
        let marks = [Mark::new("said").unwrap(), Mark::new("unsaid").unwrap()];
        let said = marks[0].as_str();
        for (line, found) in [
            (format!("INFO mosaik_server: {said} joined"), said),
            ("peer=192.0.2.7:443 came".to_owned(), "192.0.2.7:443"),
            ("came from 192.0.2.7.".to_owned(), "192.0.2.7."),
            ("peer=[2001:db8::7]:443".to_owned(), "[2001:db8::7]:443"),
            ("(2001:db8::7)".to_owned(), "2001:db8::7"),
            ("from ::ffff:192.0.2.7: gone".to_owned(), "::ffff:192.0.2.7:"),
            ("fe80::1%eth0".to_owned(), "fe80::1%eth0"),
            ("name=\"kim@example.org\"".to_owned(), "kim@example.org"),
            ("token=v4.public.abc".to_owned(), "v4.public.abc"),
        ] {
            assert_eq!(telltales(&line, &marks, &["v4.public.abc"]), [found], "{line}");
        }
    }

    #[test]
    fn what_a_log_is_made_of_is_none() {
        let line = "2026-03-01T12:34:56.789012Z DEBUG mosaik_server::session::control: a session \
                    ended code=0x0 rtt=1.25ms version=0.1.0 at=relay/server/src/log.rs:12:5 state::x";
        assert_eq!(telltales(line, &[], &["v4.public.abc"]), [""; 0]);
    }
}
