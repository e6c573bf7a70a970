//! Consent: whether what a person shows, says and writes reaches the others.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Lock, ParticipantId};

/// Most characters of the version of a school's texts.
const VERSION_CHARS_MAX: usize = 32;

/// How something of a person reaches others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Medium {
    /// By the camera.
    Seen,
    /// By the microphone.
    Heard,
    /// By what they write, to everyone and to others who do not lead.
    Read,
}

impl Medium {
    /// Every medium there is.
    pub const ALL: [Self; 3] = [Self::Seen, Self::Heard, Self::Read];

    /// By what someone reaches others who does what `lock` would lock. Whom one may write to
    /// privately is looked at there. To share a screen is an act of its own: each time the browser asks
    /// which one, and the answer is the agreement.
    pub const fn of(lock: Lock) -> Option<Self> {
        match lock {
            Lock::Camera => Some(Self::Seen),
            Lock::Microphone => Some(Self::Heard),
            Lock::PublicChat | Lock::Whiteboard | Lock::Notes | Lock::Files => Some(Self::Read),
            Lock::Screen | Lock::PrivateChat | Lock::OthersCameras | Lock::OthersNames => None,
        }
    }
}

/// What a person agrees to. What was not agreed to does not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Agreed {
    /// To be seen: camera.
    pub seen: bool,
    /// To be heard: microphone.
    pub heard: bool,
    /// To be read: what is written to more than those who lead.
    pub read: bool,
}

impl Agreed {
    /// Everything: the person still decides at each switch what is sent.
    pub const ALL: Self = Self { seen: true, heard: true, read: true };

    /// Nothing: to see, hear and read, to raise a hand and to vote need no consent.
    pub const NONE: Self = Self { seen: false, heard: false, read: false };

    /// Whether `medium` was agreed to.
    pub const fn has(self, medium: Medium) -> bool {
        match medium {
            Medium::Seen => self.seen,
            Medium::Heard => self.heard,
            Medium::Read => self.read,
        }
    }

    /// What of it `most` leaves.
    #[must_use]
    pub const fn within(self, most: Self) -> Self {
        Self {
            seen: self.seen && most.seen,
            heard: self.heard && most.heard,
            read: self.read && most.read,
        }
    }
}

/// Which texts a person has read: 1 to 32 characters `a-z`, `A-Z`, `0-9`, `.`, `_` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(type = "string")]
pub struct TextsVersion(String);

impl TextsVersion {
    /// The version as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is no version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a version has 1 to {VERSION_CHARS_MAX} characters a-z, A-Z, 0-9, '.', '_' and '-'")]
pub struct BadVersion;

impl FromStr for TextsVersion {
    type Err = BadVersion;

    fn from_str(text: &str) -> Result<Self, BadVersion> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let is_fine = (1..=VERSION_CHARS_MAX).contains(&text.len()) && text.bytes().all(is_allowed);
        if is_fine { Ok(Self(text.to_owned())) } else { Err(BadVersion) }
    }
}

impl fmt::Display for TextsVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for TextsVersion {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What a person has stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// What the person agrees to.
    pub agreed: Agreed,
    /// What the person may agree to: less for whom parents agreed to less.
    pub most: Agreed,
    /// The texts that the person had before them; none if they have not stated anything.
    pub texts: Option<TextsVersion>,
}

impl Consent {
    /// Nothing was agreed to, and anything may be.
    pub const UNSTATED: Self = Self { agreed: Agreed::NONE, most: Agreed::ALL, texts: None };

    /// Everything was agreed to.
    pub const ALL: Self = Self { agreed: Agreed::ALL, most: Agreed::ALL, texts: None };
}

/// Someone's consent: told to the person, and to those who lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConsentOf {
    /// Whose.
    pub id: ParticipantId,
    /// What they have stated.
    pub consent: Consent,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_states_nothing_has_agreed_to_nothing() {
        for medium in Medium::ALL {
            assert!(!Consent::UNSTATED.agreed.has(medium), "{medium:?}");
            assert!(!Agreed::default().has(medium), "{medium:?}");
        }
        let parents = Agreed { heard: true, ..Agreed::NONE };
        assert_eq!(Agreed::ALL.within(parents), parents);
        assert_eq!(Agreed::NONE.within(Agreed::ALL), Agreed::NONE);
    }

    #[test]
    fn a_version_is_short_and_plain() {
        for fine in ["1", "2026-09", "mosaik-1", "v1.2_b", &"x".repeat(32)] {
            assert_eq!(fine.parse::<TextsVersion>().unwrap().as_str(), fine);
        }
        for bad in ["", "a b", "ä", "<b>", "a\n", &"x".repeat(33)] {
            assert_eq!(bad.parse::<TextsVersion>(), Err(BadVersion), "{bad:?}");
            assert!(serde_json::from_value::<TextsVersion>(bad.into()).is_err());
        }
    }
}
