//! What a session may have of the relay, from the settings.

use std::time::Duration;

use mosaik_transport::SessionBounds;

use crate::bucket::Rate;
use crate::config::Settings;

/// Seconds of requests that may come at once: who joins asks for everything in one go.
const BURST_SECONDS: u32 = 5;

/// Every bound that the relay holds its sessions to, beside those of the transport.
#[derive(Debug, Clone)]
pub struct Limits {
    /// What a session has of its transport.
    pub(crate) transport: SessionBounds,
    /// What it keeps of tracks.
    pub(crate) media: mosaik_media::Limits,
    /// New requests of one session.
    pub(crate) requests: Rate,
    /// How long a session may take nothing of what it asked for.
    pub(crate) reader: Duration,
}

impl Limits {
    /// As an administrator wants them.
    pub fn of(settings: &Settings) -> Self {
        let media = mosaik_media::Limits {
            bytes_per_object: kilobytes(settings.object_kilobytes.get()),
            bytes_per_group: bytes(settings.group_megabytes.get()),
            bytes_per_track: bytes(settings.track_megabytes.get()),
            bytes_per_namespace: bytes(settings.namespace_megabytes.get()),
            bytes_per_root: bytes(settings.room_megabytes.get()),
            bytes_in_all: bytes(settings.memory_megabytes.get()),
            announcements_per_session: settings.session_namespaces.get(),
            subscriptions_per_session: settings.session_subscriptions.get(),
            tracks_per_session: settings.session_tracks.get(),
            behind_max: settings.reader_timeout.get(),
            ..mosaik_media::Limits::default()
        };
        let a_second = u32::try_from(settings.session_requests.get()).unwrap_or(u32::MAX);
        let requests = Rate {
            burst: a_second.saturating_mul(BURST_SECONDS),
            each: Duration::from_secs(1) / a_second,
        };
        let open = u32::try_from(settings.session_streams.get()).unwrap_or(u32::MAX);
        let transport = SessionBounds {
            idle: settings.idle_timeout.get(),
            requests: open,
            // A third is enough for who publishes everything that there is.
            streams: (open * 3 / 8).max(16),
            in_flight: kilobytes(settings.session_in_flight_kilobytes.get()),
            congestion: settings.congestion,
        };
        Self { transport, media, requests, reader: settings.reader_timeout.get() }
    }
}

fn kilobytes(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX).saturating_mul(1 << 10)
}

pub(crate) fn bytes(megabytes: usize) -> u64 {
    u64::try_from(megabytes).unwrap_or(u64::MAX).saturating_mul(1_000_000)
}
