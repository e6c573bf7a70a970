//! What a start prints: the links of each room, and nothing else that a teacher must understand.

use std::io::{self, Write};
use std::net::SocketAddr;

use mosaik_proto::room::Role;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

use crate::config::PublicUrl;
use crate::rooms::{ConfiguredRoom, Rooms};

/// Where the links point to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkBase {
    url: String,
}

impl LinkBase {
    /// The public address, or else this machine alone. `http://localhost` and `http://127.0.0.1` are
    /// places that browsers trust without a certificate; no other machine has them. Where only IPv4
    /// is listened to, the link says so: `localhost` may be IPv6 first.
    pub fn new(public_url: Option<&PublicUrl>, address: SocketAddr) -> Self {
        let host = if address.is_ipv4() { "127.0.0.1" } else { "localhost" };
        let own = || format!("http://{host}:{}", address.port());
        Self { url: public_url.map_or_else(own, ToString::to_string) }
    }

    /// The link of a role. The secret is in the fragment, which a browser never sends.
    pub fn link(&self, room: &ConfiguredRoom, role: Role) -> String {
        format!("{}/#{}/{}", self.url, room.id, room.secret(role).expose())
    }
}

/// Writes the links of all rooms. With one room its students' link is also a QR code, to hold into
/// a camera or to put on the board.
///
/// # Errors
/// When writing fails.
pub fn print(base: &LinkBase, rooms: &Rooms, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nMosaik läuft / Mosaik is running\n")?;
    let rooms = rooms.all();
    for room in &rooms {
        writeln!(out, "{}", room.title)?;
        writeln!(out, "  Lehrkraft / teacher:  {}", base.link(room, Role::Moderator))?;
        writeln!(out, "  Klasse / students:    {}\n", base.link(room, Role::Viewer))?;
    }
    if let [room] = rooms.as_slice() {
        writeln!(out, "{}\n", qr_code(&base.link(room, Role::Viewer)))?;
    }
    writeln!(out, "Beenden / stop: Ctrl+C\n")
}

/// Half blocks, light on dark as terminals usually are; empty if the link is too long for a code.
fn qr_code(link: &str) -> String {
    QrCode::new(link).map_or_else(
        |_| String::new(),
        |code| {
            code.render::<Dense1x2>()
                .dark_color(Dense1x2::Light)
                .light_color(Dense1x2::Dark)
                .build()
        },
    )
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::config::{Sources, load};

    fn printed(public_url: Option<&str>) -> (String, Rooms) {
        let flags = public_url.map(|url| ("public_url", url.to_owned())).into_iter().collect();
        let config = load(Sources { flags, ..Sources::default() }).unwrap();
        let rooms = Rooms::new(&config, Instant::now());
        let base = LinkBase::new(config.settings.public_url.as_ref(), config.settings.listen.0);
        let mut out = Vec::new();
        print(&base, &rooms, &mut out).unwrap();
        (String::from_utf8(out).unwrap(), rooms)
    }

    #[test]
    fn both_links_are_printed_and_the_secrets_are_fragments() {
        let (text, rooms) = printed(None);
        let room = rooms.find("demo").unwrap();
        for role in [Role::Moderator, Role::Viewer] {
            let link = format!("http://localhost:4433/#demo/{}", room.secret(role).expose());
            assert!(text.contains(&link), "{text}");
        }
    }

    #[test]
    fn the_students_link_is_also_a_qr_code() {
        let (text, _) = printed(Some("https://lesson.example:4433"));
        assert!(text.contains("https://lesson.example:4433/#demo/"), "{text}");
        assert!(text.contains('█') && text.contains('▀'), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
}
