//! Captions that somebody types while somebody speaks: told while they are typed, and kept nowhere.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use ts_rs::TS;

use super::BadText;
use super::limits::CAPTION_CHARS_MAX;

/// One line of captions: up to 200 characters, nothing else than text; empty takes it away.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
#[ts(type = "string")]
pub struct CaptionText(String);

impl CaptionText {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What people write stays out of logs.
impl fmt::Debug for CaptionText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CaptionText({} bytes)", self.0.len())
    }
}

impl FromStr for CaptionText {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        if text.chars().count() > CAPTION_CHARS_MAX {
            return Err(BadText::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(BadText::Control);
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_bound_in_characters_and_no_breaks() {
        assert!("".parse::<CaptionText>().is_ok());
        assert!("ü".repeat(200).parse::<CaptionText>().is_ok());
        assert_eq!("ü".repeat(201).parse::<CaptionText>(), Err(BadText::TooLong));
        assert_eq!("a\nb".parse::<CaptionText>(), Err(BadText::Control));
        assert!(!format!("{:?}", "Ayla".parse::<CaptionText>().unwrap()).contains("Ayla"));
    }
}
