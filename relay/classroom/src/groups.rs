//! When a control track gets a new group: a late joiner reads from the newest group's snapshot on.

/// Of a track whose readers read each new snapshot too: a group is ended when what followed its snapshot is larger than
/// this and twice the snapshot. Snapshots are then at most a third of all bytes, and a late joiner reads at most three
/// times what a fresh snapshot would be.
const SLACK_BYTES: usize = 64 << 10;

/// Of a whiteboard, whose readers are spared what they know, whose snapshot is packed and what follows is not, and where what was drawn last comes
/// last: this and an eighth of the snapshot.
const BOARD_SLACK_BYTES: usize = 16 << 10;

/// Objects of a whiteboard's group: in the log each costs 320 bytes beside its own, and with these a group
/// of pieces of strokes stays below what a group may have.
const BOARD_OBJECTS_MAX: usize = 8 << 10;

/// So much of what follows is read as quickly as it would be packed: no reason for a new group.
const BOARD_LITTLE_BYTES: usize = 2 << 10;

/// Counts the bytes of the current group.
#[derive(Debug, Clone, Default)]
pub(crate) struct GroupSize {
    snapshot: usize,
    after: usize,
    objects: usize,
    /// Something in it was taken back: nobody who comes later is to read it.
    is_retracted: bool,
}

impl GroupSize {
    /// A group began with a snapshot of this size.
    pub(crate) const fn begin(&mut self, snapshot: usize) {
        self.snapshot = snapshot;
        self.after = 0;
        self.objects = 0;
        self.is_retracted = false;
    }

    /// Something of the current group was taken back.
    pub(crate) const fn retract(&mut self) {
        self.is_retracted = true;
    }

    /// Whether a newcomer would read what was taken back.
    pub(crate) const fn is_retracted(&self) -> bool {
        self.is_retracted
    }

    /// An object follows; true if it had better begin a new group.
    pub(crate) const fn is_outgrown_by(&mut self, bytes: usize) -> bool {
        self.after = self.after.saturating_add(bytes);
        self.after > SLACK_BYTES + 2 * self.snapshot
    }

    /// The same for `state`, whose readers are spared what they know.
    pub(crate) const fn is_state_outgrown_by(&mut self, bytes: usize, slack: usize) -> bool {
        self.after = self.after.saturating_add(bytes);
        self.after > slack.saturating_add(self.snapshot / 2)
    }

    /// The same for a whiteboard.
    pub(crate) const fn is_board_outgrown_by(&mut self, bytes: usize) -> bool {
        self.after = self.after.saturating_add(bytes);
        self.objects = self.objects.saturating_add(1);
        self.after > BOARD_SLACK_BYTES + self.snapshot / 8 || self.objects > BOARD_OBJECTS_MAX
    }
    /// Whether a whiteboard's late joiner would be better off with a new snapshot.
    pub(crate) const fn is_worth_a_snapshot(&self) -> bool {
        self.after > BOARD_LITTLE_BYTES
    }
}
