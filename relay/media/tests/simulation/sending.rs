//! What sessions get to send, and transports that take more or less of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use bytes::Bytes;
use mosaik_media::{Due, Egress, LaneId, RequestKey, SessionKey};
use mosaik_proto::moqt::{Datagram, SendOrder, SubgroupHeader};

use crate::listener::{Ended, Listener};
use crate::play::Lesson;

impl Lesson {
    /// Everyone who has something to send gets a turn; their transports take more or less of it.
    pub(crate) fn flush(&mut self) {
        let due: BTreeSet<SessionKey> =
            self.tracks.take_due().into_iter().chain(std::mem::take(&mut self.blocked)).collect();
        for session in due {
            let budget = match self.random.below(4) {
                0 => 0,
                1 => self.random.size(2_000),
                _ => usize::MAX,
            };
            self.flush_one(session, budget, 10);
        }
    }

    /// `refusals` is the share of streams, in percent, that cannot be opened at once.
    pub(crate) fn flush_one(&mut self, session: SessionKey, mut budget: usize, refusals: u64) {
        let mut egress = Egress::begin(&mut self.tracks, session, self.now);
        let listeners = &mut self.listeners;
        let mut last = None;
        while let Some(due) = egress.next() {
            match due {
                Due::Open { lane, order, header } => {
                    goes_behind(&mut last, order);
                    if self.random.percent(refusals) {
                        egress.blocked(header);
                        continue;
                    }
                    let mut rest = &header[..];
                    let head = SubgroupHeader::decode(&mut rest).unwrap().unwrap();
                    let listener = by_alias(listeners, session, head.track_alias);
                    listener.open((lane, order), head, &self.published[listener.track]);
                    listener.lanes.get_mut(&lane).unwrap().wire.extend_from_slice(rest);
                }
                Due::More { lane, slices, .. } => {
                    let all = slices.concat();
                    let taken = all.len().min(budget);
                    budget = budget.saturating_sub(taken);
                    let listener = holder(listeners, session, lane);
                    assert!(listener.forward, "bytes for one who paused");
                    let seen = listener.lanes.get_mut(&lane).unwrap();
                    let order = seen.order;
                    goes_behind(&mut last, order);
                    assert_eq!(seen.ended, None, "bytes behind the end");
                    listener.check_fresh(lane, &self.published[listener.track], self.now);
                    let seen = listener.lanes.get_mut(&lane).unwrap();
                    seen.wire.extend_from_slice(&all[..taken]);
                    listener.check(lane, &self.published[listener.track]);
                    egress.wrote(taken);
                }
                Due::Finish { lane, .. } => {
                    let listener = holder(listeners, session, lane);
                    listener.check_finish(lane, &self.published[listener.track]);
                    listener.lanes.get_mut(&lane).unwrap().ended = Some(Ended::Finished);
                    self.sum.finished += 1;
                }
                Due::Reset { lane, code } => {
                    let listener = holder(listeners, session, lane);
                    let track = &self.published[listener.track];
                    listener.check_reset(lane, track, code, self.now);
                    listener.lanes.get_mut(&lane).unwrap().ended = Some(Ended::Reset(code));
                    self.sum.reset += 1;
                }
                Due::Reorder { lane, order } => {
                    holder(listeners, session, lane).lanes.get_mut(&lane).unwrap().order = order;
                }
                Due::Datagram { bytes, until } => {
                    assert!(until.is_none_or(|until| until >= self.now), "worth nothing");
                    if budget == 0 || self.random.percent(refusals) {
                        egress.kept();
                    } else {
                        let to = (session, self.packing[&session].copies);
                        self.sum.repeats += usize::from(hear(listeners, to, bytes, self.now));
                        egress.sent();
                    }
                }
            }
        }
        let is_blocked = egress.is_blocked();
        drop(egress);
        if is_blocked {
            self.blocked.insert(session);
        }
        self.check_datagrams(session, is_blocked);
    }
}

fn goes_behind(last: &mut Option<SendOrder>, order: SendOrder) {
    assert!(last.replace(order).is_none_or(|last| order <= last), "less urgent first");
}

/// Whose datagram it is hears it; true if it came before.
fn hear(
    listeners: &mut BTreeMap<RequestKey, (u64, Listener)>,
    (session, copies): (SessionKey, u8),
    bytes: Bytes,
    now: Instant,
) -> bool {
    let datagram = Datagram::decode(bytes).unwrap().unwrap();
    by_alias(listeners, session, datagram.track_alias).take_datagram(&datagram, now, copies)
}

/// Whose alias it is.
fn by_alias(
    listeners: &mut BTreeMap<RequestKey, (u64, Listener)>,
    session: SessionKey,
    alias: u64,
) -> &mut Listener {
    let mut own =
        listeners.iter_mut().filter(|(of, (own, _))| of.session == session && *own == alias);
    &mut own.next_back().expect("an alias nobody was told").1.1
}

/// Whose stream it is.
fn holder(
    listeners: &mut BTreeMap<RequestKey, (u64, Listener)>,
    session: SessionKey,
    lane: LaneId,
) -> &mut Listener {
    let mut own = listeners.iter_mut().filter(|(request, _)| request.session == session);
    let of = own.find(|(_, (_, listener))| listener.lanes.contains_key(&lane));
    &mut of.expect("a stream that was never opened").1.1
}
