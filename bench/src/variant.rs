//! What the QUIC settings of the relay are compared with, each with one setting changed.

use std::sync::Arc;

use anyhow::{Context, bail};
use quinn::{AckFrequencyConfig, TransportConfig, VarInt};
use serde::Serialize;

/// Packets that need not be acknowledged at once, with [`Variant::WithAckFrequency`].
const UNACKNOWLEDGED: u32 = 9;

/// One change to the relay's QUIC settings, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Variant {
    /// As the relay has them.
    Relay,
    /// Each packet is a system call of its own.
    WithoutGso,
    /// Packets stay at the 1,200 bytes that every path carries.
    WithoutMtuDiscovery,
    /// The peer is asked to acknowledge less often.
    WithAckFrequency,
    /// As many streams from the start as a session may ever have.
    AllStreamsAtOnce,
    /// The stream limits that other relays have.
    ThousandStreams,
    /// Streams of one priority one after the other instead of in turn.
    WithoutFairness,
    /// Two endpoints on the same port, each with a thread of its own.
    TwoEndpoints,
}

impl Variant {
    /// All of them, the relay's own first.
    pub const ALL: [Self; 8] = [
        Self::Relay,
        Self::WithoutGso,
        Self::WithoutMtuDiscovery,
        Self::WithAckFrequency,
        Self::AllStreamsAtOnce,
        Self::ThousandStreams,
        Self::WithoutFairness,
        Self::TwoEndpoints,
    ];

    /// For people and figures.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Relay => "relay",
            Self::WithoutGso => "without-gso",
            Self::WithoutMtuDiscovery => "without-mtu-discovery",
            Self::WithAckFrequency => "with-ack-frequency",
            Self::AllStreamsAtOnce => "all-streams-at-once",
            Self::ThousandStreams => "thousand-streams",
            Self::WithoutFairness => "without-fairness",
            Self::TwoEndpoints => "two-endpoints",
        }
    }

    /// The variant of this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(name: &str) -> anyhow::Result<Self> {
        match Self::ALL.into_iter().find(|variant| variant.name() == name) {
            Some(variant) => Ok(variant),
            None => bail!("no variant {name}"),
        }
    }

    /// Threads that serve, each with an endpoint.
    pub const fn threads(self) -> usize {
        if matches!(self, Self::TwoEndpoints) { 2 } else { 1 }
    }

    /// Changes what the variant is about in the relay's settings.
    ///
    /// # Errors
    /// When somebody else holds the settings already.
    pub fn apply(self, mut settings: Arc<TransportConfig>) -> anyhow::Result<Arc<TransportConfig>> {
        let config = Arc::get_mut(&mut settings).context("the settings are in use")?;
        let streams = |config: &mut TransportConfig, requests, data| {
            config.max_concurrent_bidi_streams(VarInt::from_u32(requests));
            config.max_concurrent_uni_streams(VarInt::from_u32(data));
        };
        match self {
            Self::Relay | Self::TwoEndpoints => {}
            Self::WithoutGso => {
                config.enable_segmentation_offload(false);
            }
            Self::WithoutMtuDiscovery => {
                config.mtu_discovery_config(None);
            }
            Self::WithAckFrequency => {
                let mut acknowledging = AckFrequencyConfig::default();
                acknowledging.ack_eliciting_threshold(VarInt::from_u32(UNACKNOWLEDGED));
                config.ack_frequency_config(Some(acknowledging));
            }
            Self::AllStreamsAtOnce => streams(config, 256, 96),
            Self::ThousandStreams => streams(config, 1_024, 1_024),
            Self::WithoutFairness => {
                config.send_fairness(false);
            }
        }
        Ok(settings)
    }
}
