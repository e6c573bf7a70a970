//! Which voices a session hears: as many at once as can be understood, and those that it pinned.
//!
//! A track whose datagrams say how loud they are (LOC's audio level) is a voice. While there are no more
//! voices than [`VOICES_MAX`], everyone is heard, silent or not. Beyond that a place is held by who spoke
//! in it last, through the pauses between sentences, and goes to who begins to speak: at once where
//! its holder is silent, and after [`ATTACK`] where its holder is much quieter. Whoever gets
//! a place is heard from the first syllable, since each voice's last moment is kept.
//!
//! What a publisher says of its loudness is believed: who claims to be loud takes a place as somebody who
//! shouts does, and never one that is pinned.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use mosaik_proto::loc::AUDIO_LEVEL;
use mosaik_proto::moqt::{Datagram, Properties};

use crate::subscription::Subscription;
use crate::tracks::Tracks;
use crate::{SessionKey, SubscriptionKey, TrackKey};

/// Voices that a session hears at once beside those that it pinned: more at a time nobody understands.
const VOICES_MAX: usize = 3;

/// Up to this subscriber priority a voice is pinned: its subscriber hears it whoever else speaks.
const PINNED_PRIORITY_MAX: u8 = 31;

/// The quietest that counts as speech where the publisher does not say what is, in -dBov: a voice at
/// arm's length is at 20 to 35.
const SPEECH_DBOV: u8 = 45;

/// A place is held for so long after its holder's last word.
const HOLD: Duration = Duration::from_millis(1_500);

/// For how long somebody must speak to take the place of one who speaks too.
const ATTACK: Duration = Duration::from_millis(300);

/// How much louder than that one, in dB: twice as loud to the ear is ten.
const LOUDER_DB: f32 = 6.0;

/// A pause in which somebody still speaks: between two words, in one breath.
const BREATH: Duration = Duration::from_millis(300);

/// Over how long loudness is averaged.
const AVERAGE: Duration = Duration::from_millis(300);

/// Who sends nothing for so long has the microphone off.
const OFF: Duration = Duration::from_secs(1);

/// What of a word comes before the first sound that counts as one.
const LEAD: Duration = Duration::from_millis(60);

/// What is kept of each voice: [`ATTACK`], [`LEAD`], and what a slow turn needs.
const RECENT: Duration = Duration::from_millis(400);

/// The same in datagrams, however short they are.
const RECENT_MAX: usize = 24;

/// The byte of an audio level (RFC 6464): voice activity, and the level below it.
const VOICE_ACTIVITY: u64 = 0x80;

/// How a voice is, for all who may hear it.
#[derive(Debug, Default)]
pub(crate) struct Voice {
    /// When something came last; none of a track that is no voice.
    heard: Option<Instant>,
    /// Since when it speaks, and when it did last.
    spoke: Option<(Instant, Instant)>,
    /// Average while it speaks, in dB above silence.
    loudness: f32,
    /// The newest last.
    recent: VecDeque<(Instant, Datagram)>,
}

impl Voice {
    /// Takes note of a datagram; one that says nothing of its loudness changes nothing.
    pub(crate) fn hear(&mut self, now: Instant, datagram: &Datagram) {
        let properties = Properties::decode(datagram.properties.clone()).ok();
        let Some(level) = properties.and_then(|properties| properties.integer(AUDIO_LEVEL)) else {
            return;
        };
        let dbov = u8::try_from(level & 0x7f).unwrap_or(0x7f);
        if level & VOICE_ACTIVITY != 0 || dbov <= SPEECH_DBOV {
            self.speak(now, f32::from(0x7f - dbov));
        }
        self.heard = Some(now);
        let is_old = |(came, _): &(Instant, _)| now.saturating_duration_since(*came) > RECENT;
        while self.recent.len() >= RECENT_MAX || self.recent.front().is_some_and(is_old) {
            self.recent.pop_front();
        }
        self.recent.push_back((now, datagram.clone()));
    }

    fn speak(&mut self, now: Instant, loudness: f32) {
        let passed = |(_, last): (Instant, Instant)| now.saturating_duration_since(last);
        let goes_on = self.spoke.filter(|spoke| passed(*spoke) <= BREATH);
        let share = goes_on.map_or(1.0, |spoke| passed(spoke).div_duration_f32(AVERAGE).min(1.0));
        self.loudness += (loudness - self.loudness) * share;
        self.spoke = Some((goes_on.map_or(now, |(since, _)| since), now));
    }

    /// Whether the track is a voice at all.
    pub(crate) const fn is_one(&self) -> bool {
        self.heard.is_some()
    }

    fn is_off(&self, now: Instant) -> bool {
        self.heard.is_none_or(|heard| now.saturating_duration_since(heard) > OFF)
    }

    /// For how long it speaks, if it does now.
    fn speaks_for(&self, now: Instant) -> Option<Duration> {
        let (since, last) = self.spoke?;
        (now.saturating_duration_since(last) <= BREATH)
            .then(|| now.saturating_duration_since(since))
    }

    fn holds(&self, now: Instant) -> bool {
        self.spoke.is_some_and(|(_, last)| now.saturating_duration_since(last) < HOLD)
    }

    /// What is to be heard of its last moment, the oldest first: the word that it is in, or what came
    /// last.
    pub(crate) fn recent(&self, now: Instant) -> impl Iterator<Item = &(Instant, Datagram)> {
        let word = self.spoke.filter(|_| self.speaks_for(now).is_some()).map(|(since, _)| since);
        let from = word.map_or(self.heard, |since| since.checked_sub(LEAD));
        self.recent.iter().filter(move |(came, _)| from.is_none_or(|from| *came >= from))
    }
}

/// The place that `voice` gets among `holders`, which may be a new one behind them; none while it
/// has to wait. A holder that is none is gone.
fn place(now: Instant, voice: &Voice, holders: &[Option<&Voice>]) -> Option<usize> {
    let is_free = |holder: Option<&Voice>| holder.is_none_or(|holder| holder.is_off(now));
    if let Some(free) = holders.iter().copied().position(is_free) {
        return Some(free);
    }
    if holders.len() < VOICES_MAX {
        return Some(holders.len());
    }
    let speaks_for = voice.speaks_for(now)?;
    let places =
        || holders.iter().enumerate().filter_map(|(index, holder)| Some((index, (*holder)?)));
    let silent = places().filter(|(_, holder)| !holder.holds(now));
    if let Some((index, _)) = silent.min_by_key(|(_, holder)| holder.spoke.map(|(_, last)| last)) {
        return Some(index);
    }
    let (index, quietest) = places().min_by(|a, b| a.1.loudness.total_cmp(&b.1.loudness))?;
    let is_louder = voice.loudness >= quietest.loudness + LOUDER_DB;
    (speaks_for >= ATTACK && is_louder).then_some(index)
}

/// What a subscription gets of a voice's datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// The datagram.
    Now,
    /// It was not heard before: the datagrams of the last moment, of which this is the last.
    FromTheFirstSyllable,
    /// Nothing: others speak.
    Not,
}

impl Tracks {
    /// What `key`, a subscription to `track`, gets of the datagram that has just come.
    pub(crate) fn hears(&mut self, now: Instant, track: TrackKey, key: SubscriptionKey) -> Heard {
        let Some(voice) = self.tracks.get(track.0).map(|state| &state.voice) else {
            return Heard::Now;
        };
        let Some(subscription) = self.subscriptions.get(key.0) else {
            return Heard::Not;
        };
        let session = subscription.request.session;
        let takes_no_place =
            !voice.is_one() || is_pinned(subscription) || !subscription.wants_objects();
        if takes_no_place || self.has_place(session, key) {
            return Heard::Now;
        }
        let places = self.sessions.get(session.0).map_or(&[][..], |state| &state.voices);
        let holder = |key: &SubscriptionKey| {
            let holder = self.subscriptions.get(key.0).filter(|holder| holder.wants_objects())?;
            Some(&self.tracks.get(holder.track.0)?.voice)
        };
        let holders: Vec<Option<&Voice>> = places.iter().map(holder).collect();
        let Some(index) = place(now, voice, &holders) else {
            return Heard::Not;
        };
        if let Some(state) = self.sessions.get_mut(session.0) {
            match state.voices.get_mut(index) {
                Some(holder) => *holder = key,
                None => state.voices.push(key),
            }
        }
        Heard::FromTheFirstSyllable
    }

    /// Whether a subscription's objects are held back since others speak.
    pub(crate) fn is_unheard(&self, key: SubscriptionKey) -> bool {
        let Some(subscription) = self.subscriptions.get(key.0) else {
            return false;
        };
        let is_voice =
            self.tracks.get(subscription.track.0).is_some_and(|track| track.voice.is_one());
        is_voice && !is_pinned(subscription) && !self.has_place(subscription.request.session, key)
    }

    fn has_place(&self, session: SessionKey, key: SubscriptionKey) -> bool {
        self.sessions.get(session.0).is_some_and(|state| state.voices.contains(&key))
    }
}

const fn is_pinned(subscription: &Subscription) -> bool {
    subscription.priority <= PINNED_PRIORITY_MAX
}

#[cfg(test)]
mod tests;
