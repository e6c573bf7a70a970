//! Whose turn it is in one flush: the most urgent lane first, but for one thing.
//!
//! An object that may wait and is large, an image of the slides say, takes a second on a weak line. If
//! it went before the pictures as a whole they would stand still as long. So while both wait the base
//! layers of switching tracks, a third to a half of them, go first up to half of what goes out; the
//! image has the rest, never less than half. What is above the base layers waits.

use std::cmp::Reverse;

use mosaik_proto::moqt::SendOrder;

use crate::fetch::FetchKey;
use crate::keys::{LaneId, SubscriptionKey};
use crate::lane::{Patience, Slices, truncate};

/// Bytes that are offered at once while both wait: two packets.
const PIECE: usize = 2_904;

/// Bytes that a base layer may catch up on, that had less than half for a while: a key frame.
const CREDIT_MAX: i64 = 24 << 10;

/// What a lane is, for whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Speech and control: nothing goes before it that is less urgent.
    Urgent,
    /// A switching track's base layer.
    Base,
    /// What is above that.
    Enhancement,
    /// Everything else.
    Other,
}

impl Kind {
    /// Of a lane with this order, and the subgroup that it sends of a switching track.
    pub(crate) fn of(order: SendOrder, layer: Option<u64>) -> Self {
        match layer {
            _ if order.is_urgent() => Self::Urgent,
            Some(0) => Self::Base,
            Some(_) => Self::Enhancement,
            None => Self::Other,
        }
    }

    /// Of a switching track.
    pub(crate) const fn is_picture(self) -> bool {
        matches!(self, Self::Base | Self::Enhancement)
    }
}

/// What a lane is waiting for from the driver.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn {
    pub(crate) order: SendOrder,
    /// When whom it is for was served last: of equals, who waits longest comes first.
    pub(crate) served: u64,
    pub(crate) of: Of,
    pub(crate) kind: Kind,
    pub(crate) offered: usize,
}

impl Turn {
    /// The highest is the first. Speech in datagrams goes before all streams, as it does in QUIC.
    fn rank(&self) -> (bool, SendOrder, Reverse<u64>) {
        (self.is_datagram() && self.order.is_urgent(), self.order, Reverse(self.served))
    }

    const fn is_datagram(&self) -> bool {
        matches!(self.of, Of::Datagrams(_))
    }
}

/// Whose lane it is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Of {
    Datagrams(SubscriptionKey),
    Subscription(SubscriptionKey, LaneId, Patience),
    Fetch(FetchKey),
}

/// What base layers have had of a session's line while something else waits that goes before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Share {
    /// Bytes that the others had more.
    credit: i64,
}

/// Those of one flush that are not over.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    /// Most urgent last.
    waiting: Vec<Turn>,
    bases: usize,
    /// Those that go before pictures.
    others: usize,
    share: Share,
}

impl Turns {
    pub(crate) fn push(&mut self, turn: Turn) {
        self.waiting.push(turn);
    }

    /// Whether there is a datagram to be sent.
    pub(crate) fn has_datagrams(&self) -> bool {
        self.waiting.iter().any(Turn::is_datagram)
    }

    /// Takes all datagrams back.
    pub(crate) fn drop_datagrams(&mut self) {
        let is_other = |turn: &&Turn| turn.is_datagram() && turn.kind == Kind::Other;
        self.others = self.others.saturating_sub(self.waiting.iter().filter(is_other).count());
        self.waiting.retain(|turn| !turn.is_datagram());
    }

    /// All are there. `share` is what was left of the last flush.
    pub(crate) fn begin(&mut self, share: Share) {
        self.waiting.sort_unstable_by_key(Turn::rank);
        if let Some(first) = self.waiting.iter().position(|turn| turn.kind.is_picture()) {
            let above = self.waiting.iter().skip(first);
            self.others = above.filter(|turn| turn.kind == Kind::Other).count();
            let bases = self.waiting.iter().filter(|turn| turn.kind == Kind::Base);
            self.bases = bases.count();
        }
        // Between two frames no picture waits.
        let is_any = self.waiting.iter().any(|turn| turn.kind == Kind::Other);
        self.share = if is_any { share } else { Share::default() };
    }

    /// Whether something that goes before pictures is to be sent while they wait.
    pub(crate) const fn has_pictures_wait(&self) -> bool {
        self.others > 0
    }

    pub(crate) const fn share(&self) -> Share {
        self.share
    }

    /// The next one.
    pub(crate) fn take(&mut self) -> Option<Turn> {
        let last = self.waiting.last()?;
        let is_passed = last.kind == Kind::Other && self.bases > 0 && self.share.credit >= 0;
        let base = || self.waiting.iter().rposition(|turn| turn.kind == Kind::Base);
        let turn = match is_passed.then(base).flatten() {
            Some(base) => self.waiting.remove(base),
            None => self.waiting.pop()?,
        };
        self.bases = self.bases.saturating_sub(usize::from(turn.kind == Kind::Base));
        self.others = self.others.saturating_sub(usize::from(turn.kind == Kind::Other));
        Some(turn)
    }

    /// Who goes on after `turn` was served: itself, but where the two kinds share.
    pub(crate) fn after(&mut self, turn: Turn) -> Option<Turn> {
        if !self.is_shared(&turn) {
            return Some(turn);
        }
        self.bases += usize::from(turn.kind == Kind::Base);
        self.others += usize::from(turn.kind == Kind::Other);
        let at = self.waiting.partition_point(|it| it.rank() < turn.rank());
        self.waiting.insert(at, turn);
        self.take()
    }

    /// As much of `slices` as is offered at once.
    pub(crate) fn piece(&self, turn: &Turn, slices: &mut Slices) {
        if !self.is_shared(turn) {
            return;
        }
        truncate(slices, PIECE);
    }

    /// A transport took `bytes` of it.
    pub(crate) fn count(&mut self, turn: &Turn, bytes: usize) {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        let credit = match turn.kind {
            Kind::Other => self.share.credit.saturating_add(bytes),
            Kind::Base if self.others > 0 => self.share.credit.saturating_sub(bytes),
            Kind::Base | Kind::Urgent | Kind::Enhancement => return,
        };
        self.share.credit = credit.clamp(-CREDIT_MAX, CREDIT_MAX);
    }

    const fn is_shared(&self, turn: &Turn) -> bool {
        match turn.kind {
            Kind::Base => self.others > 0,
            Kind::Other => self.bases > 0,
            Kind::Urgent | Kind::Enhancement => false,
        }
    }
}
