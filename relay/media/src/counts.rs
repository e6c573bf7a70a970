//! What went through, counted: plain numbers of one thread, which cost nothing to keep.

use std::collections::HashMap;

use mosaik_proto::moqt::{Namespace, ResetCode};

use crate::tracks::Tracks;

/// Everything since the beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Objects that publishers sent on streams and in datagrams.
    pub objects_in: u64,
    /// Their bytes, as they came.
    pub bytes_in: u64,
    /// Bytes of objects that transports took for subscribers.
    pub bytes_out: u64,
    /// Datagrams with objects that had come before.
    pub repeats_in: u64,
    /// Objects that transports took in datagrams for subscribers, without repeats.
    pub datagrams_out: u64,
    /// How often one of these went out again.
    pub repeats_out: u64,
    /// Those that one subscriber did not get: too old, too many, or larger than its path takes.
    pub datagrams_dropped: u64,
    /// Those that one subscriber did not get since others spoke.
    pub datagrams_unheard: u64,
    /// Streams opened to subscribers.
    pub streams_opened: u64,
    /// Those that ended with FIN.
    pub streams_finished: u64,
    /// Those that we reset, by the code.
    pub streams_reset: HashMap<ResetCode, u64>,
    /// Those that the subscriber stopped.
    pub streams_stopped: u64,
    /// Groups that a log had no more room for.
    pub groups_dropped: u64,
    /// Switches of one subscriber to a better rendition.
    pub switches_up: u64,
    /// Switches of one subscriber to a cheaper rendition.
    pub switches_down: u64,
}

impl Tracks {
    /// What went through since the beginning.
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Bytes in the logs of all tracks.
    pub const fn cached_bytes(&self) -> u64 {
        self.cached.all()
    }

    /// Bytes in the logs of the tracks of a namespace; if it has one field, also of all below it.
    pub fn cached_bytes_below(&self, namespace: &Namespace) -> u64 {
        self.cached.of(namespace)
    }
}
