//! Rooms as MoQT endpoints inside the process.

use std::time::Instant;

use mosaik_media::{Effect, SessionKey, Tracks};
use mosaik_proto::moqt::SessionCode;
use mosaik_proto::token::Holder;

#[derive(Default)]
pub(crate) struct Lessons {}

impl Lessons {
    pub(crate) fn new(_rooms: std::sync::Arc<crate::rooms::Rooms>) -> Self { Self::default() }
    pub(crate) fn join(&mut self, _now: Instant, _tracks: &mut Tracks, _key: SessionKey, _holder: &Holder) -> Result<(), &'static str> { Ok(()) }
    pub(crate) fn leave(&mut self, _now: Instant, _tracks: &mut Tracks, _key: SessionKey) {}
    pub(crate) fn hear(&mut self, _now: Instant, _tracks: &mut Tracks, _key: SessionKey) {}
    pub(crate) fn told(&mut self, _tracks: &mut Tracks, _effect: Effect) {}
    pub(crate) fn poll_close(&mut self) -> Option<(SessionKey, SessionCode, &'static str)> { None }
    pub(crate) fn deadline(&self) -> Option<Instant> { None }
    pub(crate) fn expire(&mut self, _now: Instant, _tracks: &mut Tracks) {}
}
