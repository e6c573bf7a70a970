//! Certificates: made for development and renewed while running, or read from PEM files and read
//! again when they change. Nothing here writes a file.
//!
//! [`Certificates`] is given to rustls once; what it answers with is exchanged underneath. Time is
//! an argument: the server calls [`Certificates::check`] about once a minute.

mod development;
mod files;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

pub use development::{DevCertificate, LIFETIME, RENEWAL_AGE};

use development::Succession;
use files::PemFiles;

/// SHA-256 of a certificate's DER.
pub type CertificateHash = [u8; 32];

/// What went wrong with a certificate. The old one, if there is one, stays in use.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateFault {
    /// A host name that no certificate can contain.
    #[error("the host name {name:?} cannot stand in a certificate")]
    Name {
        /// The name.
        name: String,
    },
    /// Making the development certificate failed.
    #[error("the development certificate could not be made")]
    Generation(#[from] rcgen::Error),
    /// A file could not be read.
    #[error("{path} cannot be read: {source}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{path} is not a PEM file with {expected}", path = path.display())]
    NotPem {
        /// The file.
        path: PathBuf,
        /// What was looked for in it.
        expected: &'static str,
    },
    /// The key belongs to another certificate, or is of a kind that is not supported.
    #[error("the key in {key} does not fit the certificate in {chain}: {source}",
        key = key.display(), chain = chain.display())]
    Mismatch {
        /// The certificate chain's file.
        chain: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// What rustls said.
        source: rustls::Error,
    },
    /// rustls refused.
    #[error("TLS could not be set up: {0}")]
    Tls(#[from] rustls::Error),
}

/// What [`Certificates::check`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing was due.
    None,
    /// A new certificate exists and its hash is told; the old one still answers.
    Announced,
    /// New connections are answered with a new certificate.
    Exchanged,
}

/// The certificate that new connections are answered with.
pub struct Certificates {
    source: RwLock<Source>,
}

enum Source {
    Development(Succession),
    Files(PemFiles),
}

/// Keys stay out of logs.
impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificates").finish_non_exhaustive()
    }
}

impl Certificates {
    /// A certificate for development: for localhost, its addresses and `names`.
    ///
    /// # Errors
    /// When one of `names` cannot stand in a certificate, or the system gives no randomness.
    pub fn development(names: &[String], now: SystemTime) -> Result<Arc<Self>, CertificateFault> {
        Ok(Self::from_source(Source::Development(Succession::new(names, now)?)))
    }

    /// The certificate chain and the key in these PEM files.
    ///
    /// # Errors
    /// When a file cannot be read, or the two do not belong together.
    pub fn from_files(chain: &Path, key: &Path) -> Result<Arc<Self>, CertificateFault> {
        Ok(Self::from_source(Source::Files(PemFiles::open(chain, key)?)))
    }

    fn from_source(source: Source) -> Arc<Self> {
        Arc::new(Self { source: RwLock::new(source) })
    }

    /// Renews the development certificate when it is due; reads changed files again.
    ///
    /// Reads files: call it where blocking is allowed, about once a minute.
    ///
    /// # Errors
    /// When the new certificate is broken; the old one stays in use and the next call tries again.
    pub fn check(&self, now: SystemTime) -> Result<Change, CertificateFault> {
        match &mut *self.source.write().unwrap_or_else(PoisonError::into_inner) {
            Source::Development(succession) => succession.check(now),
            Source::Files(files) => files.check(),
        }
    }

    /// Whether the certificate is one that only its hash makes trusted.
    pub fn is_development(&self) -> bool {
        matches!(&*self.read(), Source::Development(_))
    }

    /// What a page passes as `serverCertificateHashes`: the current certificate and the announced
    /// one. Empty when the certificate comes from files, because then browsers check it by name.
    pub fn hashes(&self) -> Vec<CertificateHash> {
        match &*self.read() {
            Source::Development(succession) => succession.hashes(),
            Source::Files(_) => Vec::new(),
        }
    }

    /// [`Self::hashes`] as base64.
    pub fn hashes_base64(&self) -> Vec<String> {
        self.hashes().iter().map(|hash| STANDARD.encode(hash)).collect()
    }

    /// A TLS configuration that answers with this certificate and whatever replaces it.
    ///
    /// TLS 1.3 alone: QUIC knows no other, and every browser with WebTransport speaks it.
    ///
    /// # Errors
    /// When rustls has no cipher suite for TLS 1.3, which would be a fault of the build.
    pub fn server_config(
        self: &Arc<Self>,
        alpn: &[&[u8]],
    ) -> Result<ServerConfig, CertificateFault> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let resolver: Arc<dyn ResolvesServerCert> = Arc::<Self>::clone(self);
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        config.alpn_protocols = alpn.iter().map(|protocol| protocol.to_vec()).collect();
        Ok(config)
    }

    fn current(&self) -> Arc<CertifiedKey> {
        match &*self.read() {
            Source::Development(succession) => succession.current(),
            Source::Files(files) => files.current(),
        }
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Source> {
        self.source.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

#[cfg(test)]
mod tests;
