//! The development certificate: trusted by its hash alone, therefore short-lived, and followed by
//! a new one before it ends.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256,
};
use rustls::crypto::aws_lc_rs::sign::any_ecdsa_type;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use sha2::{Digest, Sha256};

use crate::{CertificateFault, CertificateHash, Change};

const DAY: Duration = Duration::from_hours(24);

/// How long a certificate is good. Browsers take hashes only of certificates that are valid for at
/// most 14 days (WebTransport, section "custom certificate requirements").
pub const LIFETIME: Duration = Duration::from_hours(13 * 24);

/// The age at which its successor is made; what is left covers a clock that is days off.
pub const RENEWAL_AGE: Duration = Duration::from_hours(10 * 24);

/// How far a certificate reaches into the past, for clocks that are behind.
const SKEW: Duration = Duration::from_hours(1);

/// How long both hashes are told before the successor answers: whoever got only the old hash has
/// used it, or its connect token (60 s) is over, and asks again.
const ANNOUNCEMENT: Duration = Duration::from_mins(5);

const _: () = assert!(
    LIFETIME.as_secs() + SKEW.as_secs() <= 14 * DAY.as_secs(),
    "browsers refuse hashes of certificates that are valid for more than 14 days"
);
const _: () = assert!(
    RENEWAL_AGE.as_secs() + ANNOUNCEMENT.as_secs() < LIFETIME.as_secs(),
    "the successor must answer before the certificate ends"
);

/// A self-signed certificate on ECDSA P-256, the only kind that browsers take a hash of.
#[derive(Debug)]
pub struct DevCertificate {
    key: Arc<CertifiedKey>,
    hash: CertificateHash,
    made_at: SystemTime,
}

impl DevCertificate {
    /// A new certificate for localhost, 127.0.0.1, `::1` and `names`, good from `now` on.
    ///
    /// # Errors
    /// When one of `names` cannot stand in a certificate, or the system gives no randomness.
    pub fn generate(names: &[String], now: SystemTime) -> Result<Self, CertificateFault> {
        let mut params = CertificateParams::new(subject_names(names)?)?;
        params.not_before = (now - SKEW).into();
        params.not_after = (now + LIFETIME).into();
        params.distinguished_name.push(DnType::CommonName, "Mosaik development");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];

        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let der = params.self_signed(&pair)?.der().clone();
        let hash = Sha256::digest(&der).into();
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(pair.serialize_der()));
        let key = Arc::new(CertifiedKey::new(vec![der], any_ecdsa_type(&private)?));
        Ok(Self { key, hash, made_at: now })
    }

    /// SHA-256 of the certificate's DER.
    pub const fn hash(&self) -> CertificateHash {
        self.hash
    }

    /// The certificate as DER.
    pub fn der(&self) -> &[u8] {
        self.key.cert.first().map_or(&[], |certificate| certificate.as_ref())
    }
}

/// `names` behind the ones that every development certificate has, each once.
fn subject_names(names: &[String]) -> Result<Vec<String>, CertificateFault> {
    let mut all: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
    for name in names {
        if name.is_empty() || CertificateParams::new(vec![name.clone()]).is_err() {
            return Err(CertificateFault::Name { name: name.clone() });
        }
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    Ok(all)
}

/// A development certificate and, for a while, the one that follows it.
pub(crate) struct Succession {
    names: Vec<String>,
    current: DevCertificate,
    next: Option<DevCertificate>,
}

impl Succession {
    pub(crate) fn new(names: &[String], now: SystemTime) -> Result<Self, CertificateFault> {
        let current = DevCertificate::generate(names, now)?;
        Ok(Self { names: names.to_vec(), current, next: None })
    }

    pub(crate) fn check(&mut self, now: SystemTime) -> Result<Change, CertificateFault> {
        if let Some(next) = self.next.take_if(|next| now >= next.made_at + ANNOUNCEMENT) {
            self.current = next;
            return Ok(Change::Exchanged);
        }
        if self.next.is_none() && now >= self.current.made_at + RENEWAL_AGE {
            let next = DevCertificate::generate(&self.names, now)?;
            // A machine that slept through the renewal: nobody can use the old one any more.
            if now >= self.current.made_at + LIFETIME {
                self.current = next;
                return Ok(Change::Exchanged);
            }
            self.next = Some(next);
            return Ok(Change::Announced);
        }
        Ok(Change::None)
    }

    pub(crate) fn hashes(&self) -> Vec<CertificateHash> {
        [Some(&self.current), self.next.as_ref()]
            .into_iter()
            .flatten()
            .map(DevCertificate::hash)
            .collect()
    }

    pub(crate) fn current(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.current.key)
    }
}
