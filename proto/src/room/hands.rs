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
    /// Ask someone to show themselves: the camera is switched on by the person, or stays off.
    AskCamera {
        /// Whom.
        id: ParticipantId,
    },
    /// Answer to that, whatever it is: a camera that goes on is seen.
    AnswerCamera {},
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

/// How often someone who was called on has spoken.
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
    /// Who has spoken when called on, by id.
    pub called: Vec<CalledOn>,
    /// Who was called on and has not answered yet, in that order.
    pub asked: Vec<ParticipantId>,
    /// Who was picked by chance in this round, in that order.
    pub picked: Vec<ParticipantId>,
    /// Who was asked to show themselves and has not answered yet, in that order.
    pub cameras: Vec<ParticipantId>,
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
        /// Who.
        id: ParticipantId,
    },
    /// Someone who was called on answered.
    Answered {
        /// Who.
        id: ParticipantId,
        /// Whether the person is going to speak, which is counted.
        speaks: bool,
    },
    /// A call without an answer is over, since microphones were locked anew.
    CallEnded {
        /// Whose.
        id: ParticipantId,
    },
    /// Someone is asked to show themselves.
    CameraAsked {
        /// Who.
        id: ParticipantId,
    },
    /// Someone who was asked to show themselves answered.
    CameraAnswered {
        /// Who.
        id: ParticipantId,
    },
    /// Chance picked someone.
    Picked {
        /// Whom.
        id: ParticipantId,
        /// Whether a new round begins with it: everyone had been picked.
        is_new_round: bool,
    },
}
