//! Names and texts of people and rooms.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::limits::{DISPLAY_NAME_CHARS_MAX, TEXT_CHARS_MAX};

/// A name that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name is empty, too long, or has characters that names do not have")]
pub struct BadName;

/// A text that cannot be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    /// Nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// More than [`TEXT_CHARS_MAX`].
    #[error("the text has more than {TEXT_CHARS_MAX} characters")]
    TooLong,
    /// Control characters other than line breaks and tabs.
    #[error("the text has control characters")]
    Control,
}

/// What a participant is in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Leads the lesson.
    Moderator,
    /// Shows something; the room's locks do not hold.
    Presenter,
    /// Takes part in it.
    Viewer,
}

/// A room: 1 to 64 characters `a-z`, `0-9`, `-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, TS)]
pub struct RoomId(String);

impl RoomId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RoomId {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadName)
        }
    }
}

/// A participant: 64 random bits, written as 16 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, TS)]
#[ts(type = "string")]
pub struct ParticipantId(u64);

impl ParticipantId {
    /// The participant of this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }
}

impl fmt::Display for ParticipantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for ParticipantId {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 16 && text.bytes().all(is_digit) {
            u64::from_str_radix(text, 16).map(Self).map_err(|_| BadName)
        } else {
            Err(BadName)
        }
    }
}

impl Serialize for ParticipantId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ParticipantId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A name that others see: 1 to 60 characters on one line, nothing that hides or turns text round.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
#[ts(type = "string")]
pub struct DisplayName(String);

impl DisplayName {
    /// What stands for a name that is not told.
    pub const fn withheld() -> Self {
        Self(String::new())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Names stay out of logs.
impl fmt::Debug for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DisplayName(…)")
    }
}

impl FromStr for DisplayName {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let name = text.trim();
        let count = name.chars().count();
        let is_bad = |c: char| c.is_control() || is_invisible(c);
        if (1..=DISPLAY_NAME_CHARS_MAX).contains(&count) && !name.chars().any(is_bad) {
            Ok(Self(name.to_owned()))
        } else {
            Err(BadName)
        }
    }
}

/// A text as it was written, not checked yet: what is wrong with it is told by a refusal.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(type = "string")]
pub struct RawText(String);

impl RawText {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for RawText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// What people write stays out of logs.
impl fmt::Debug for RawText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawText({} bytes)", self.0.len())
    }
}

/// A chat text: 1 to 2,000 characters, line breaks allowed.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
#[ts(type = "string")]
pub struct ChatText(String);

impl ChatText {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What people write stays out of logs.
impl fmt::Debug for ChatText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChatText({} bytes)", self.0.len())
    }
}

impl FromStr for ChatText {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadText::Empty);
        }
        if text.chars().count() > TEXT_CHARS_MAX {
            return Err(BadText::TooLong);
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(BadText::Control);
        }
        Ok(Self(text.to_owned()))
    }
}

/// Characters that take no space or change the direction of what follows: with them one name can
/// look like another.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}'
            | '\u{061C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}'
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_pass_for_others_are_refused() {
        for bad in ["", "  ", "a\u{202E}b", "a\u{200B}b", "a\nb", &"x".repeat(61)] {
            assert_eq!(bad.parse::<DisplayName>(), Err(BadName), "{bad:?}");
        }
        assert_eq!(" Jörg Ü. ".parse::<DisplayName>().unwrap().as_str(), "Jörg Ü.");
        assert!(format!("{:?}", "Ayla".parse::<DisplayName>().unwrap()).find("Ayla").is_none());
    }

    #[test]
    fn texts_have_their_bounds_in_characters() {
        assert!("ü".repeat(2_000).parse::<ChatText>().is_ok());
        assert_eq!("ü".repeat(2_001).parse::<ChatText>(), Err(BadText::TooLong));
        assert_eq!(" \n ".parse::<ChatText>(), Err(BadText::Empty));
        assert_eq!("a\u{7}b".parse::<ChatText>(), Err(BadText::Control));
        assert!("a\n\tb".parse::<ChatText>().is_ok());
    }

    #[test]
    fn ids_have_one_written_form() {
        let id: ParticipantId = "00000000000000ff".parse().unwrap();
        assert_eq!(id, ParticipantId::new(255));
        assert_eq!(id.to_string(), "00000000000000ff");
        assert!("00000000000000FF".parse::<ParticipantId>().is_err());
        assert!("+0000000000000ff".parse::<ParticipantId>().is_err());
        assert!("Demo".parse::<RoomId>().is_err());
    }
}
