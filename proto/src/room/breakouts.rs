//! Breakouts: small rooms in the room, in which people see, hear and read each other alone.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ChatText, DisplayName, ParticipantId, RawText, UnixMillis};

/// Groups that are open at a time.
pub const GROUPS_MAX: u32 = 16;

/// Names a breakout. Used once in a room, so that what was said to one is never said to another.
pub type BreakoutId = u32;

/// How people come into groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Distribution {
    /// By chance; who comes later goes where the fewest are.
    Random,
    /// Moderators say who goes where.
    Manual,
    /// Everyone chooses.
    Choice,
}

/// One breakout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Breakout {
    /// Its name for the room.
    pub id: BreakoutId,
    /// Which group it is, from 1 on; 0 for two people who talk aside.
    pub number: u32,
    /// Its name for people, if it was given one.
    pub name: Option<DisplayName>,
}

/// Who is where. Whoever is not listed is in the main room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BreakoutPlace {
    /// Who.
    pub id: ParticipantId,
    /// Where.
    pub breakout: BreakoutId,
}

/// A group wants a moderator to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HelpCall {
    /// Which group.
    pub breakout: BreakoutId,
    /// Who called.
    pub by: ParticipantId,
    /// When.
    #[ts(type = "number")]
    pub since: UnixMillis,
}

/// What a moderator told all groups last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BreakoutNotice {
    /// Who.
    pub by: ParticipantId,
    /// What.
    pub text: ChatText,
    /// When.
    #[ts(type = "number")]
    pub at: UnixMillis,
}

/// Somebody who would like to talk aside with a moderator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AsideWish {
    /// Who.
    pub id: ParticipantId,
    /// Since when.
    #[ts(type = "number")]
    pub since: UnixMillis,
}

/// A change of who would like to talk aside: for that person and for moderators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum AsideChange {
    /// Somebody would like to.
    Wished {
        /// Who.
        wish: AsideWish,
    },
    /// Somebody does so, was turned down, took it back or is gone.
    Gone {
        /// Who.
        id: ParticipantId,
    },
}

/// All breakouts of a room.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Breakouts {
    /// How people come into groups; none while there are no groups.
    pub how: Option<Distribution>,
    /// When the groups end by themselves.
    #[ts(type = "number | null")]
    pub ends_at: Option<UnixMillis>,
    /// Groups by their number, then those who talk aside.
    pub list: Vec<Breakout>,
    /// Everyone who is not in the main room.
    pub places: Vec<BreakoutPlace>,
    /// Groups that want a moderator to come, the one that waits longest first.
    pub calls: Vec<HelpCall>,
    /// What was told all groups last.
    pub notice: Option<BreakoutNotice>,
    /// The moderator who is heard everywhere.
    pub voice: Option<ParticipantId>,
}

/// What someone asks about breakouts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum BreakoutAct {
    /// Open groups, in place of those that there are.
    Open {
        /// How many, 1 to 16.
        count: u32,
        /// How people come into them.
        how: Distribution,
        /// After so many minutes they end by themselves.
        minutes: Option<u32>,
    },
    /// Put someone into a group, or back into the main room.
    Assign {
        /// Whom.
        id: ParticipantId,
        /// Where; none is the main room.
        breakout: Option<BreakoutId>,
    },
    /// Give a group a name; without one it has its number.
    Rename {
        /// Which.
        breakout: BreakoutId,
        /// What it is called.
        name: RawText,
    },
    /// Go into a group oneself, where everyone chooses.
    Choose {
        /// Which; none is the main room.
        breakout: Option<BreakoutId>,
    },
    /// Of a moderator: look into a group, or come back.
    LookIn {
        /// Which; none is the main room.
        breakout: Option<BreakoutId>,
    },
    /// Give groups more time.
    Extend {
        /// How much.
        minutes: u32,
    },
    /// End the groups: everyone comes back.
    Close {
        /// In so many seconds, of which people are warned; 0 is at once.
        seconds: u32,
    },
    /// Tell all groups something.
    Tell {
        /// What.
        text: RawText,
    },
    /// Be heard in every breakout, or no longer.
    Broadcast {
        /// Whether from now on.
        on: bool,
    },
    /// Call a moderator into one's group, or take it back.
    CallHelp {
        /// Whether help is wanted.
        wanted: bool,
    },
    /// A moderator has seen to a group that called.
    AnswerCall {
        /// Which.
        breakout: BreakoutId,
    },
    /// Ask to talk with a moderator alone, or take it back.
    AskAside {
        /// Whether it is wanted.
        wanted: bool,
    },
    /// Of a moderator: not now, to somebody who asked to talk alone.
    TurnDownAside {
        /// Who asked.
        id: ParticipantId,
    },
    /// Talk with someone alone.
    TakeAside {
        /// With whom.
        id: ParticipantId,
    },
    /// Both who talk aside go back to where they were.
    EndAside {},
}

/// A change of breakouts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum BreakoutChange {
    /// Groups were opened or ended: all that is so now.
    Set {
        /// All of it.
        breakouts: Breakouts,
    },
    /// Someone is somewhere else. A call for help of theirs is taken back.
    Moved {
        /// Who.
        id: ParticipantId,
        /// Where; none is the main room.
        breakout: Option<BreakoutId>,
    },
    /// Two people are about to talk aside.
    Begun {
        /// Where.
        breakout: Breakout,
    },
    /// Those who talked aside do not any more.
    Gone {
        /// Which.
        id: BreakoutId,
    },
    /// A group has another name.
    Named {
        /// Which.
        id: BreakoutId,
        /// None: it has its number.
        name: Option<DisplayName>,
    },
    /// The groups end at another time.
    Ends {
        /// When.
        #[ts(type = "number | null")]
        ends_at: Option<UnixMillis>,
    },
    /// A group called for help.
    Called {
        /// Which.
        call: HelpCall,
    },
    /// A group does not call any more.
    Answered {
        /// Which.
        breakout: BreakoutId,
    },
    /// All groups were told something.
    Told {
        /// What.
        notice: BreakoutNotice,
    },
    /// Someone is heard everywhere, or nobody any more.
    Voice {
        /// Who.
        by: Option<ParticipantId>,
    },
}
