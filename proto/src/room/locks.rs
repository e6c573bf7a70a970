//! What a room keeps from its viewers, and from one of them.

use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ts_rs::TS;

/// Something that can be locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Lock {
    /// Sending a camera.
    Camera,
    /// Speaking.
    Microphone,
    /// Sharing a screen.
    Screen,
    /// Writing to everyone.
    PublicChat,
    /// Writing privately to anybody but a moderator.
    PrivateChat,
    /// Drawing on the whiteboard.
    Whiteboard,
    /// Writing in the shared notes.
    Notes,
    /// Sharing files.
    Files,
    /// Seeing the cameras of other viewers.
    OthersCameras,
    /// Seeing who the other viewers are.
    OthersNames,
}

impl Lock {
    /// Every lock there is.
    pub const ALL: [Self; 10] = [
        Self::Camera,
        Self::Microphone,
        Self::Screen,
        Self::PublicChat,
        Self::PrivateChat,
        Self::Whiteboard,
        Self::Notes,
        Self::Files,
        Self::OthersCameras,
        Self::OthersNames,
    ];

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// Some locks; written as a list of them, each once.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, TS)]
#[ts(type = "Lock[]")]
pub struct Locks(u16);

impl Locks {
    /// No lock.
    pub const NONE: Self = Self(0);

    /// These locks.
    pub const fn of(locks: &[Lock]) -> Self {
        let mut bits = 0;
        let mut rest = locks;
        while let [first, others @ ..] = rest {
            bits |= first.bit();
            rest = others;
        }
        Self(bits)
    }

    /// Whether `lock` is one of them.
    pub const fn has(self, lock: Lock) -> bool {
        self.0 & lock.bit() != 0
    }

    /// These and `lock`.
    #[must_use]
    pub const fn with(self, lock: Lock) -> Self {
        Self(self.0 | lock.bit())
    }

    /// These without `lock`.
    #[must_use]
    pub const fn without(self, lock: Lock) -> Self {
        Self(self.0 & !lock.bit())
    }

    /// Those of these that are none of `others`.
    #[must_use]
    pub const fn except(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// These and `others`.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    fn list(self) -> impl Iterator<Item = Lock> {
        Lock::ALL.into_iter().filter(move |lock| self.has(*lock))
    }
}

impl fmt::Debug for Locks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.list()).finish()
    }
}

impl Serialize for Locks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.list())
    }
}

impl<'de> Deserialize<'de> for Locks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Locks;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of locks")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Locks, A::Error> {
                let mut locks = Locks::NONE;
                while let Some(lock) = list.next_element()? {
                    locks = locks.with(lock);
                }
                Ok(locks)
            }
        }
        deserializer.deserialize_seq(List)
    }
}

/// What holds for one viewer in place of the room's lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PersonLock {
    /// What the room says.
    AsRoom,
    /// Locked, whatever the room says.
    Locked,
    /// Free, whatever the room says.
    Free,
}

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Entry {
    /// Whoever has a link.
    #[default]
    Open,
    /// Viewers wait until a moderator lets them in.
    Ask,
    /// No viewer who was not in before.
    Closed,
}

/// A way of teaching, as settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Preset {
    /// One speaks, all others listen and write.
    Lecture,
    /// Everyone takes part.
    Discussion,
    /// Everyone works alone and asks the teacher in private.
    QuietWork,
    /// A test: nobody sees or reads what another one does.
    Test,
    /// Two people, and whoever comes waits.
    OneToOne,
    /// One family after the other; families do not learn of each other.
    ParentsEvening,
}

impl Preset {
    /// Every preset there is.
    pub const ALL: [Self; 6] = [
        Self::Lecture,
        Self::Discussion,
        Self::QuietWork,
        Self::Test,
        Self::OneToOne,
        Self::ParentsEvening,
    ];

    /// Its locks.
    pub const fn locks(self) -> Locks {
        use Lock::{
            Camera, Files, Microphone, Notes, OthersCameras, OthersNames, PrivateChat, PublicChat,
            Screen, Whiteboard,
        };
        match self {
            Self::Lecture => {
                Locks::of(&[Camera, Microphone, Screen, PrivateChat, Whiteboard, Notes, Files])
            }
            Self::Discussion => Locks::of(&[Screen, PrivateChat, Files]),
            Self::QuietWork => Locks::of(&[Microphone, Screen, PublicChat, PrivateChat, Files]),
            Self::Test => Locks::of(&[
                Microphone,
                Screen,
                PublicChat,
                PrivateChat,
                Whiteboard,
                Notes,
                Files,
                OthersCameras,
            ]),
            Self::OneToOne => Locks::NONE,
            Self::ParentsEvening => Locks::of(&[
                Screen,
                PublicChat,
                PrivateChat,
                Whiteboard,
                Notes,
                Files,
                OthersCameras,
                OthersNames,
            ]),
        }
    }

    /// Who may come in with it, where it says something about that.
    pub const fn entry(self) -> Option<Entry> {
        match self {
            Self::OneToOne | Self::ParentsEvening => Some(Entry::Ask),
            Self::Lecture | Self::Discussion | Self::QuietWork | Self::Test => None,
        }
    }
}

/// What is large on the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Layout {
    /// What is shown: slides, a whiteboard, or else who presents.
    Presentation,
    /// Who speaks.
    Speaker,
    /// Nobody: everyone alike.
    Gallery,
    /// Nobody: names in place of pictures.
    Audio,
}

/// What moderators set for the whole room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RoomSettings {
    /// The preset that was used last, as long as its locks are the room's.
    pub preset: Option<Preset>,
    /// What viewers may not.
    pub locks: Locks,
    /// Who may come in.
    pub entry: Entry,
    /// What everyone's stage shows large, as long as they do not look at something else.
    pub layout: Option<Layout>,
}

impl Default for RoomSettings {
    fn default() -> Self {
        let preset = Preset::Discussion;
        Self { preset: Some(preset), locks: preset.locks(), entry: Entry::Open, layout: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_are_a_list_without_repetition() {
        let locks: Locks = serde_json::from_str(r#"["microphone","camera","camera"]"#).unwrap();
        assert_eq!(locks, Locks::of(&[Lock::Camera, Lock::Microphone]));
        assert_eq!(serde_json::to_string(&locks).unwrap(), r#"["camera","microphone"]"#);
        assert!(serde_json::from_str::<Locks>(r#"["door"]"#).is_err());
        assert_eq!(locks.except(Locks::of(&[Lock::Camera])), Locks::of(&[Lock::Microphone]));
        for lock in Lock::ALL {
            assert!(
                Locks::NONE.with(lock).has(lock) && !Locks::NONE.with(lock).without(lock).has(lock)
            );
        }
    }

    #[test]
    fn in_every_preset_for_many_viewers_privacy_needs_a_teacher() {
        for preset in Preset::ALL {
            let is_kept = preset.locks().has(Lock::PrivateChat) || preset == Preset::OneToOne;
            assert!(is_kept, "{preset:?} lets students write unseen");
        }
        assert_eq!(Preset::ParentsEvening.entry(), Some(Entry::Ask));
        assert!(Preset::ParentsEvening.locks().has(Lock::OthersNames));
    }
}
