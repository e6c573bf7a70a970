//! A certificate for the measured relays, in files as they want it.

use std::path::{Path, PathBuf};

use anyhow::Context;
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::crypto::aws_lc_rs::default_provider;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

/// A certificate for localhost, valid for ten days.
#[derive(Debug)]
pub struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    hash: [u8; 32],
}

impl Certificate {
    /// Writes one into `directory`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(directory: &Path) -> anyhow::Result<Self> {
        // Something else may have set it first, which is as good.
        let _ = default_provider().install_default();
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::new(["localhost".into(), "127.0.0.1".into()])?;
        let now = OffsetDateTime::now_utc();
        params.not_before = now - Duration::hours(1);
        params.not_after = now + Duration::days(10);
        let certificate = params.self_signed(&key)?;
        std::fs::create_dir_all(directory).context("no directory for certificates")?;
        let (chain_file, key_file) = (directory.join("chain.pem"), directory.join("key.pem"));
        std::fs::write(&chain_file, certificate.pem())?;
        std::fs::write(&key_file, key.serialize_pem())?;
        let hash = Sha256::digest(certificate.der()).into();
        Ok(Self { chain: chain_file, key: key_file, hash })
    }

    /// The chain's and the key's file.
    pub fn files(&self) -> (&Path, &Path) {
        (&self.chain, &self.key)
    }

    /// SHA-256 of the certificate.
    pub const fn hash(&self) -> [u8; 32] {
        self.hash
    }
}
