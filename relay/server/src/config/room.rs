//! A room of the configuration file: `[[room]]`.

use super::value::{SECRET_ALLOWED, Secret, Value};
use crate::redacted::Redacted;

/// Most characters of a room's title.
const TITLE_CHARS_MAX: usize = 100;

/// What the file says about a room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoomSettings {
    /// The id in links and namespaces.
    pub id: String,
    /// What people see; empty when the file has none.
    pub title: String,
    /// The secret of the moderators' link; made at the start when there is none.
    pub moderator_secret: Option<Redacted<String>>,
    /// The secret of the viewers' link; made at the start when there is none.
    pub viewer_secret: Option<Redacted<String>>,
    /// Most participants, when not the server's usual number.
    pub participants: Option<usize>,
}

/// What is known about one key of `[[room]]`.
#[derive(Debug)]
pub struct RoomKey {
    /// The key.
    pub key: &'static str,
    /// What it means, in one or two sentences.
    pub help: &'static str,
    /// What is allowed, as the end of a sentence.
    pub allowed: &'static str,
    /// Whether its value is never shown.
    pub is_secret: bool,
    /// Takes the text into the room; `false` when it is not allowed.
    pub(crate) take: fn(&mut RoomSettings, &str) -> bool,
}

/// Every key of `[[room]]`, in the order of the documentation.
pub const ROOM_KEYS: &[RoomKey] = &[
    RoomKey {
        key: "id",
        help: "The room's id in its links. Must be there.",
        allowed: "1 to 64 characters a-z, 0-9 and -",
        is_secret: false,
        take: |room, text| {
            text.clone_into(&mut room.id);
            is_room_id(text)
        },
    },
    RoomKey {
        key: "title",
        help: "What people see. Without it they see the id.",
        allowed: "1 to 100 characters on one line",
        is_secret: false,
        take: |room, text| {
            text.clone_into(&mut room.title);
            is_room_title(text)
        },
    },
    RoomKey {
        key: "moderator_secret",
        help: "The secret in the teacher's link. Without it a new one is made at each start.",
        allowed: SECRET_ALLOWED,
        is_secret: true,
        take: |room, text| {
            room.moderator_secret = Secret::parse(text);
            room.moderator_secret.is_some()
        },
    },
    RoomKey {
        key: "viewer_secret",
        help: "The secret in the students' link. Without it a new one is made at each start.",
        allowed: SECRET_ALLOWED,
        is_secret: true,
        take: |room, text| {
            room.viewer_secret = Secret::parse(text);
            room.viewer_secret.is_some()
        },
    },
    RoomKey {
        key: "participants",
        help: "Most participants in this room. Without it the number of the setting above.",
        allowed: "a whole number from 2 to 500",
        is_secret: false,
        take: |room, text| {
            room.participants = text.parse().ok().filter(|count| (2..=500).contains(count));
            room.participants.is_some()
        },
    },
];

/// Whether `text` can be a room's title.
pub fn is_room_title(text: &str) -> bool {
    (1..=TITLE_CHARS_MAX).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

/// Whether `text` is a room's id as docs/protocol.md has it.
pub fn is_room_id(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&text.len()) && text.bytes().all(is_allowed)
}
