//! Attendance of rooms that are closed, until its time is over or the room opens again.

use std::collections::BTreeMap;
use std::time::Instant;

use mosaik_classroom::Earlier;
use mosaik_proto::room::RoomId;

/// See the module. There are no more than rooms in the configuration.
#[derive(Default)]
pub(super) struct EarlierOfRooms(BTreeMap<RoomId, Earlier>);

impl EarlierOfRooms {
    /// What is kept of a room, for the room that opens now.
    pub(super) fn take(&mut self, id: &RoomId) -> Earlier {
        self.0.remove(id).unwrap_or_default()
    }

    /// Keeps what a room left behind; false if that is nothing.
    pub(super) fn keep(&mut self, id: &RoomId, earlier: Earlier) -> bool {
        let is_any = !earlier.is_empty();
        if is_any {
            self.0.insert(id.clone(), earlier);
        }
        is_any
    }

    /// Bytes that are kept of a room.
    pub(super) fn bytes(&self, id: &RoomId) -> u64 {
        let bytes = self.0.get(id).map_or(0, Earlier::bytes);
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }

    /// Forgets what has had its time.
    pub(super) fn expire(&mut self, now: Instant) {
        self.0.retain(|_, earlier| {
            earlier.expire(now);
            !earlier.is_empty()
        });
    }

    /// When something is to be forgotten.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.0.values().filter_map(Earlier::deadline).min()
    }
}
