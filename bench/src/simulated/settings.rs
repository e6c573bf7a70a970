//! The settings of both ends: the relay's own, with the controller that is looked at.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use mosaik_transport::{DelayBoundedConfig, SessionBounds, relay_transport, transport};
use quinn::congestion::{BbrConfig, CubicConfig, NewRenoConfig};
use quinn_proto::{AckFrequencyConfig, ClientConfig, ServerConfig, TransportConfig, VarInt};
use rcgen::{CertificateParams, KeyPair, PKCS_ED25519, SerialNumber};
use rustls::RootCertStore;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::Serialize;

/// Longer than any outage that is looked at.
const IDLE: Duration = Duration::from_secs(30);

/// Who decides how much is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Controlled {
    /// CUBIC as quinn has it, its default.
    Cubic,
    /// NewReno as quinn has it.
    NewReno,
    /// BBR as quinn has it.
    Bbr,
    /// Ours.
    Ours,
    /// Ours, with a peer that acknowledges every eighth packet, or after 25 ms.
    OursFewAcks,
}

impl Controlled {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Cubic, Self::NewReno, Self::Bbr, Self::Ours, Self::OursFewAcks];

    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cubic => "CUBIC",
            Self::NewReno => "NewReno",
            Self::Bbr => "BBR",
            Self::Ours => "ours",
            Self::OursFewAcks => "ours, few ACKs",
        }
    }

    fn apply(self, config: &mut TransportConfig) {
        match self {
            Self::Cubic => {
                config.congestion_controller_factory(Arc::new(CubicConfig::default()));
            }
            Self::NewReno => {
                config.congestion_controller_factory(Arc::new(NewRenoConfig::default()));
            }
            Self::Bbr => {
                config.congestion_controller_factory(Arc::new(BbrConfig::default()));
            }
            Self::Ours => {
                config.congestion_controller_factory(Arc::new(DelayBoundedConfig));
            }
            Self::OursFewAcks => {
                config.congestion_controller_factory(Arc::new(DelayBoundedConfig));
                config.ack_frequency_config(Some(few_acks()));
            }
        }
    }
}

fn few_acks() -> AckFrequencyConfig {
    let mut config = AckFrequencyConfig::default();
    config
        .ack_eliciting_threshold(VarInt::from_u32(7))
        .max_ack_delay(Some(Duration::from_millis(25)))
        .reordering_threshold(VarInt::from_u32(2));
    config
}

/// What both ends need to trust each other. Sizes of what is said in a handshake never change, so
/// that a simulation is the same to the last bit each time.
#[derive(Debug)]
pub struct Credentials {
    chain: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    roots: Arc<RootCertStore>,
}

impl Credentials {
    /// New ones.
    ///
    /// # Errors
    /// When no key can be made.
    pub fn new() -> anyhow::Result<Self> {
        // Something else may have set it first, which is as good.
        let _ = default_provider().install_default();
        // A signature of the usual kind, ECDSA, differs in length from one time to the next.
        let key = KeyPair::generate_for(&PKCS_ED25519)?;
        let mut params = CertificateParams::new(["localhost".into()])?;
        params.serial_number = Some(SerialNumber::from(1));
        let chain = params.self_signed(&key)?.der().clone();
        let mut roots = RootCertStore::empty();
        roots.add(chain.clone())?;
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
        Ok(Self { chain, key, roots: Arc::new(roots) })
    }

    /// The relay's end.
    ///
    /// # Errors
    /// When quinn refuses the settings.
    pub fn server(&self, controlled: Controlled) -> anyhow::Result<ServerConfig> {
        let chain = vec![self.chain.clone()];
        let mut config = ServerConfig::with_single_cert(chain, self.key.clone_key())?;
        let mut settings = relay_transport(SessionBounds::of(IDLE));
        controlled.apply(Arc::get_mut(&mut settings).context("the settings are in use")?);
        config.transport_config(settings);
        Ok(config)
    }

    /// The other end.
    ///
    /// # Errors
    /// When quinn refuses the settings.
    pub fn client(&self) -> anyhow::Result<ClientConfig> {
        let mut config = ClientConfig::with_root_certificates(Arc::clone(&self.roots))?;
        config.transport_config(transport(IDLE));
        Ok(config)
    }
}
