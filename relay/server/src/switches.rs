//! What is sent of switching tracks: decided for each session that has some, ten times a second.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use mosaik_media::layering::{Decision, Layering, Link, Reason};
use mosaik_media::{SessionKey, Tracks};

use crate::lessons::Sent;

/// Decisions that are due so soon are taken with those that are due now.
const SOON: Duration = Duration::from_millis(10);

/// What one session's decisions remember.
#[derive(Debug)]
struct Decided {
    layering: Layering,
    next: Instant,
    reason: Reason,
    /// Whether any picture was wished.
    is_wished: bool,
    /// What the line was like.
    link: Link,
}

/// See the module. It costs nothing where nobody has a switching track.
#[derive(Debug, Default)]
pub(crate) struct Switches {
    decided: BTreeMap<SessionKey, Decided>,
    /// When the first of them is due.
    next: Option<Instant>,
    /// Bytes of padding that transports took.
    pub(crate) padded: u64,
}

impl Switches {
    /// When there is something to decide.
    pub(crate) const fn deadline(&self) -> Option<Instant> {
        self.next
    }

    /// Whether nothing is remembered of anybody.
    pub(crate) fn is_empty(&self) -> bool {
        self.decided.is_empty()
    }

    /// The session is over.
    pub(crate) fn forget(&mut self, session: SessionKey) {
        self.decided.remove(&session);
    }

    /// Sessions for which it is to be decided now: those whose wishes have changed, and all of whom
    /// it is time.
    pub(crate) fn due(&mut self, now: Instant, tracks: &mut Tracks) -> Vec<SessionKey> {
        let mut due = tracks.take_undecided();
        if self.next.is_some_and(|next| next <= now) {
            let all = self.decided.iter().filter(|(_, decided)| decided.next <= now + SOON);
            due.extend(all.map(|(session, _)| *session));
            due.sort_unstable();
            due.dedup();
            let later = self.decided.values().map(|decided| decided.next);
            self.next = later.filter(|next| *next > now + SOON).min();
        }
        due
    }

    /// Decides for one session and has it done; gives bits a second of padding to be sent.
    pub(crate) fn decide(
        &mut self,
        now: Instant,
        (session, link): (SessionKey, Link),
        tracks: &mut Tracks,
    ) -> Option<u64> {
        if !tracks.has_wishes(session) {
            // Without pictures nothing is held back.
            if self.decided.remove(&session).is_some() {
                tracks.pace(session, 0);
            }
            return None;
        }
        let wishes = tracks.wishes(now, session);
        let reserved = tracks.reserved(now, session);
        let decided = self.decided.entry(session).or_insert_with(|| Decided {
            layering: Layering::new(),
            next: now,
            reason: Reason::default(),
            is_wished: false,
            link,
        });
        let Decision { grants, probe, reason, next } =
            decided.layering.decide(now, &link, reserved, &wishes);
        (decided.next, decided.reason, decided.link) = (next, reason, link);
        decided.is_wished = wishes.iter().any(|wish| !wish.levels.is_empty());
        self.next = Some(self.next.map_or(next, |first| first.min(next)));
        let mut granted: u64 = 0;
        for (wish, grant) in wishes.iter().zip(grants) {
            let level = grant.level.and_then(|level| wish.levels.get(usize::from(level)));
            granted = granted.saturating_add(level.map_or(0, |level| level.bitrate));
            tracks.grant(now, grant.key, level.copied());
        }
        tracks.pace(session, granted);
        probe
    }

    /// What was decided last for a session, and with which line.
    pub(crate) fn sent_to(&self, session: SessionKey) -> Option<(Link, Sent)> {
        let Decided { is_wished, reason, link, .. } = self.decided.get(&session)?;
        Some((*link, Sent { is_wished: *is_wished, reason: *reason }))
    }

    /// Sessions with switching tracks, by why they get less than they wish.
    pub(crate) fn reasons(&self) -> HashMap<Reason, usize> {
        let mut reasons = HashMap::new();
        for decided in self.decided.values() {
            *reasons.entry(decided.reason).or_default() += 1;
        }
        reasons
    }
}
