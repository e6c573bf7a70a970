//! Raised hands and being called on.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ParticipantId, UnixMillis};

/// What someone asks about hands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum HandAct {
    /// Raise one's own hand.
    Raise {},
    /// Lower one's own hand.
    Lower {},
    /// Answer to being called on. It only says so: the microphone is switched on by the person.
    Answer {
        /// Whether the person is going to speak.
        speaks: bool,
    },
    /// Lower someone's hand.
    LowerOf {
        /// Whose.
        id: ParticipantId,
    },
    /// Lower all hands.
    LowerAll {},
    /// Call on someone: lowers the hand and asks the person to speak.
    CallOn {
        /// Whom.
        id: ParticipantId,
    },
    /// Pick someone by chance who was not picked in this round.
    Pick {},
}

/// A raised hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RaisedHand {
    /// Whose.
    pub id: ParticipantId,
    /// Since when.
    #[ts(type = "number")]
    pub since: UnixMillis,
}

/// How often someone has been called on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CalledOn {
    /// Who.
    pub id: ParticipantId,
    /// How often.
    pub times: u32,
}

/// Hands as a snapshot has them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandsSnapshot {
    /// In the order in which they were raised.
    pub raised: Vec<RaisedHand>,
    /// Who has been called on, by id.
    pub called: Vec<CalledOn>,
    /// Who was called on and has not answered yet, in that order.
    pub asked: Vec<ParticipantId>,
    /// Who was picked by chance in this round, in that order.
    pub picked: Vec<ParticipantId>,
}

/// A change of hands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum HandChange {
    /// A hand is up, behind all others.
    Raised {
        /// Whose, and since when.
        hand: RaisedHand,
    },
    /// A hand is down.
    Lowered {
        /// Whose.
        id: ParticipantId,
    },
    /// All hands are down.
    AllLowered {},
    /// Someone is asked to speak; a raised hand is down.
    CalledOn {
        /// Who, and how often by now.
        called: CalledOn,
    },
    /// Someone who was called on answered.
    Answered {
        /// Who.
        id: ParticipantId,
        /// Whether the person is going to speak.
        speaks: bool,
    },
    /// Chance picked someone.
    Picked {
        /// Whom.
        id: ParticipantId,
        /// Whether a new round begins with it: everyone had been picked.
        is_new_round: bool,
    },
}
