//! Polls: a question, what can be answered, and what was.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{BadText, DisplayName, ParticipantId, RawText};

/// Names a poll; counts from 1 on.
pub type PollId = u64;

/// Characters of a question.
pub const QUESTION_CHARS_MAX: usize = 300;

/// Characters of an option, and of an answer in one's own words.
pub const ANSWER_CHARS_MAX: usize = 200;

/// Options to choose from.
pub const OPTIONS_MAX: usize = 10;

/// Letters to choose from: A to F.
pub const LETTERS_MAX: u8 = 6;

/// How a question is answered, as a moderator asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum PollForm<T> {
    /// Yes or no.
    YesNo {},
    /// True or false.
    TrueFalse {},
    /// One of the letters from A on.
    Letters {
        /// How many, 2 to 6.
        count: u8,
    },
    /// One or several of these options.
    Choice {
        /// What can be chosen, 2 to 10.
        options: Vec<T>,
        /// Whether several may be chosen.
        several: bool,
    },
    /// One's own words.
    Text {},
    /// A number.
    Number {},
}

impl<T> PollForm<T> {
    /// How many things can be chosen; none where the answer is written.
    pub fn choices(&self) -> usize {
        match self {
            Self::YesNo {} | Self::TrueFalse {} => 2,
            Self::Letters { count } => usize::from(*count),
            Self::Choice { options, .. } => options.len(),
            Self::Text {} | Self::Number {} => 0,
        }
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Ballot<T, N> {
    /// What was chosen, by its place from 0 on, rising.
    Choices {
        /// The places.
        chosen: Vec<u8>,
    },
    /// One's own words.
    Text {
        /// The words.
        text: T,
    },
    /// A number.
    Number {
        /// The number.
        number: N,
    },
}

/// A ballot as it is written, not checked yet.
pub type RawBallot = Ballot<RawText, RawText>;

/// A ballot that can be counted.
pub type CheckedBallot = Ballot<AnswerText, Estimate>;

/// What a ballot box of an anonymous poll knows a person's ballot by: 32 hex digits that the page
/// has made up and tells nobody else. The room keeps it with the ballot and without the person.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[ts(type = "string")]
pub struct BallotKey(String);

impl FromStr for BallotKey {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 32 && text.bytes().all(is_digit) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadText::Control)
        }
    }
}

impl<'de> Deserialize<'de> for BallotKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Whoever knows it can change the ballot: it stays out of logs.
impl fmt::Debug for BallotKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BallotKey(…)")
    }
}

/// A question as a moderator asks it, not checked yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PollDraft {
    /// What is asked.
    pub question: RawText,
    /// How it is answered.
    pub form: PollForm<RawText>,
    /// Whether nobody learns who answered what.
    pub anonymous: bool,
}

/// What someone asks about polls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum PollAct {
    /// Ask everyone.
    Open {
        /// What.
        poll: PollDraft,
    },
    /// Answer, or answer otherwise.
    Vote {
        /// Which poll.
        #[ts(type = "number")]
        id: PollId,
        /// The answer.
        ballot: RawBallot,
        /// Of an anonymous poll: what the ballot is known by.
        #[serde(default)]
        key: Option<BallotKey>,
    },
    /// Take no more answers.
    Close {
        /// Which poll.
        #[ts(type = "number")]
        id: PollId,
    },
    /// Show everyone what was answered.
    Publish {
        /// Which poll.
        #[ts(type = "number")]
        id: PollId,
    },
    /// Forget a poll.
    Remove {
        /// Which poll.
        #[ts(type = "number")]
        id: PollId,
    },
}

/// How far a poll is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PollStage {
    /// It takes answers.
    Open,
    /// It takes none any more.
    Closed,
}

/// A poll as everyone sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Poll {
    /// Its name.
    #[ts(type = "number")]
    pub id: PollId,
    /// What is asked.
    pub question: AnswerText,
    /// How it is answered.
    pub form: PollForm<AnswerText>,
    /// Whether nobody learns who answered what.
    pub anonymous: bool,
    /// How far it is.
    pub stage: PollStage,
    /// How many have answered.
    pub votes: u32,
    /// What was answered, once it is published.
    pub results: Option<Tally>,
}

/// What was answered, without whom by. Sorted, so that the order tells nothing either.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// How many have answered.
    pub votes: u32,
    /// How many chose each option.
    pub counts: Vec<u32>,
    /// Answers in one's own words.
    pub texts: Vec<AnswerText>,
    /// Numbers.
    pub numbers: Vec<Estimate>,
}

/// Who answered what, of a poll that is not anonymous.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NamedBallot {
    /// Who; the person may have left.
    pub id: ParticipantId,
    /// The name then.
    pub name: DisplayName,
    /// What.
    pub ballot: CheckedBallot,
}

/// What moderators see of a poll while it is open and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PollCount {
    /// Which poll.
    #[ts(type = "number")]
    pub id: PollId,
    /// What was answered; none of an anonymous poll with so few answers that they name people.
    pub tally: Option<Tally>,
    /// Who answered what; nobody of an anonymous poll.
    pub ballots: Vec<NamedBallot>,
}

/// One's own answer to a poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OwnVote {
    /// Which poll.
    #[ts(type = "number")]
    pub id: PollId,
    /// None of an anonymous poll: the room does not know it.
    pub ballot: Option<CheckedBallot>,
}

/// A change of polls that everyone learns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum PollChange {
    /// Something is asked.
    Opened {
        /// What.
        poll: Poll,
    },
    /// So many have answered by now.
    Votes {
        /// Which poll.
        #[ts(type = "number")]
        id: PollId,
        /// How many.
        votes: u32,
    },
    /// No more answers are taken.
    Closed {
        /// Which poll.
        #[ts(type = "number")]
        id: PollId,
        /// How many have answered.
        votes: u32,
    },
    /// Everyone sees what was answered.
    Published {
        /// Which poll.
        #[ts(type = "number")]
        id: PollId,
        /// What.
        results: Tally,
    },
    /// A poll is gone.
    Removed {
        /// Which poll.
        #[ts(type = "number")]
        id: PollId,
    },
}

/// A question, an option or an answer: 1 to 300 characters on one line.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[ts(type = "string")]
pub struct AnswerText(String);

impl AnswerText {
    /// The text of at most `most` characters.
    ///
    /// # Errors
    /// [`BadText`], also for line breaks.
    pub fn parse(text: &str, most: usize) -> Result<Self, BadText> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadText::Empty);
        }
        if text.chars().count() > most {
            return Err(BadText::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(BadText::Control);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What people write stays out of logs.
impl fmt::Debug for AnswerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnswerText({} bytes)", self.0.len())
    }
}

/// A number with up to 9 digits before and 6 behind the point, in millionths: no answer gets lost
/// in rounding. Written as `-12.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, TS)]
#[ts(type = "string")]
pub struct Estimate(i64);

const MILLION: i64 = 1_000_000;

impl FromStr for Estimate {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadText::Empty);
        }
        let (is_negative, digits) =
            text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        // A comma is a point where most of our people learn to count.
        let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let fits = (1..=9).contains(&whole.len()) && (1..=6).contains(&part.len());
        if !fits || !all_digits(whole) || !all_digits(part) {
            return Err(BadText::Control);
        }
        let whole: i64 = whole.parse().map_err(|_| BadText::Control)?;
        let part: i64 = format!("{part:0<6}").parse().map_err(|_| BadText::Control)?;
        let millionths = whole * MILLION + part;
        Ok(Self(if is_negative { -millionths } else { millionths }))
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.abs() / MILLION, self.0.abs() % MILLION);
        let part = format!("{part:06}");
        match part.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            part => write!(f, "{sign}{whole}.{part}"),
        }
    }
}

impl Serialize for Estimate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_was_written() {
        for (written, read) in
            [("12", "12"), ("-0.5", "-0.5"), ("3,14", "3.14"), ("1.500000", "1.5"), ("-0", "0")]
        {
            assert_eq!(written.parse::<Estimate>().unwrap().to_string(), read);
        }
        for bad in ["", "x", "1e9", "1.", ".5", "--1", "1234567890", "0.1234567", "１２", "+1"] {
            assert!(bad.parse::<Estimate>().is_err(), "{bad}");
        }
    }

    #[test]
    fn texts_and_keys_are_bounded() {
        assert_eq!(AnswerText::parse("a\nb", 10), Err(BadText::Control));
        assert_eq!(AnswerText::parse("ü".repeat(11).as_str(), 10), Err(BadText::TooLong));
        assert!(AnswerText::parse(" Wasser ", 10).unwrap().as_str() == "Wasser");
        assert!("0123456789abcdef0123456789abcdef".parse::<BallotKey>().is_ok());
        assert!("0123456789abcdef".parse::<BallotKey>().is_err());
    }
}
