//! How much a room holds, counted when it closes.

use mosaik_proto::room::{
    Breakouts, ChatText, HandsSnapshot, HeldKind, Participant, RoomSettings, Sharing, StatusOf,
    Timer,
};
use serde::Serialize;

use super::Room;
use super::telling::encode;

#[derive(Serialize)]
struct People {
    participants: Vec<Participant>,
    hands: HandsSnapshot,
    statuses: Vec<StatusOf>,
    settings: RoomSettings,
    timer: Option<Timer>,
    breakouts: Breakouts,
    sharing: Sharing,
    notice: Option<ChatText>,
}

impl Room {
    /// Bytes of one kind, as they would go over the wire; of tracks the room knows nothing.
    pub fn held(&self, kind: HeldKind) -> u64 {
        let bytes = match kind {
            HeldKind::Tracks => return 0,
            HeldKind::People => size(&self.people_held()),
            HeldKind::Chat => sizes(&self.chat.messages()),
            HeldKind::Private => self.private.boxes().map(|chat| sizes(&chat.messages())).sum(),
            HeldKind::Polls => {
                sizes(&self.polls.snapshot()).saturating_add(sizes(&self.polls.counts(0)))
            }
            HeldKind::Boards => self.boards.held(),
            HeldKind::Notes => in_base64(self.notes.held()),
            HeldKind::Slides => sizes(&self.content.slides().decks),
            HeldKind::Files => {
                let coming: usize = self.content.coming().map(size).sum();
                sizes(&self.content.files()).saturating_add(coming)
            }
            HeldKind::Attendance => {
                let current = sizes(&self.attendance.list(self.clock.0));
                current.saturating_add(self.earlier.bytes())
            }
            HeldKind::Log => self.log.iter().map(size).sum(),
        };
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }

    fn people_held(&self) -> People {
        let waiting = self.door.waiting.participants();
        People {
            participants: self.roster.participants().into_iter().chain(waiting).collect(),
            hands: self.hands.snapshot(),
            statuses: self.statuses.snapshot(),
            settings: self.settings,
            timer: self.timer.get(),
            breakouts: self.breakouts.snapshot(),
            sharing: self.screens.snapshot(),
            notice: self.door.notice.clone(),
        }
    }
}

/// Bytes of something, as it would go over the wire.
pub(crate) fn size(part: &impl Serialize) -> usize {
    encode(part).len()
}

fn sizes<T: Serialize>(parts: &[T]) -> usize {
    parts.iter().map(size).sum()
}

/// How much longer bytes are as text.
const fn in_base64(bytes: usize) -> usize {
    bytes.saturating_mul(4).div_ceil(3)
}
