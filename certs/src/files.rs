//! A certificate chain and its key in PEM files, read again when one of them changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use crate::{CertificateFault, Change};

/// A file's modification time and length: what tells that it was written again.
type Stamp = (Option<SystemTime>, u64);

/// Largest PEM file that is read; a chain of five certificates has about 10 kB.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// The pair of files and what was last read from them.
pub(crate) struct PemFiles {
    chain: PathBuf,
    key: PathBuf,
    stamps: [Stamp; 2],
    current: Arc<CertifiedKey>,
}

impl PemFiles {
    pub(crate) fn open(chain: &Path, key: &Path) -> Result<Self, CertificateFault> {
        let stamps = [stamp(chain)?, stamp(key)?];
        let current = Arc::new(load(chain, key)?);
        Ok(Self { chain: chain.to_owned(), key: key.to_owned(), stamps, current })
    }

    /// Reads the files again when one of them changed. The stamps are taken before reading, so a
    /// file written meanwhile counts as changed the next time.
    pub(crate) fn check(&mut self) -> Result<Change, CertificateFault> {
        let stamps = [stamp(&self.chain)?, stamp(&self.key)?];
        if stamps == self.stamps {
            return Ok(Change::None);
        }
        self.current = Arc::new(load(&self.chain, &self.key)?);
        self.stamps = stamps;
        Ok(Change::Exchanged)
    }

    pub(crate) fn current(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.current)
    }
}

fn stamp(path: &Path) -> Result<Stamp, CertificateFault> {
    let metadata = fs::metadata(path).map_err(|source| unreadable(path, source))?;
    Ok((metadata.modified().ok(), metadata.len()))
}

fn load(chain_path: &Path, key_path: &Path) -> Result<CertifiedKey, CertificateFault> {
    let not_pem = |path: &Path, expected| CertificateFault::NotPem { path: path.into(), expected };
    let chain = CertificateDer::pem_slice_iter(&read(chain_path)?)
        .collect::<Result<Vec<_>, _>>()
        .ok()
        .filter(|chain| !chain.is_empty())
        .ok_or_else(|| not_pem(chain_path, "a certificate"))?;
    let key = PrivateKeyDer::from_pem_slice(&read(key_path)?)
        .map_err(|_| not_pem(key_path, "a private key"))?;
    CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider()).map_err(|source| {
        CertificateFault::Mismatch { chain: chain_path.into(), key: key_path.into(), source }
    })
}

fn read(path: &Path) -> Result<Vec<u8>, CertificateFault> {
    if stamp(path)?.1 > FILE_BYTES_MAX {
        let source = std::io::Error::from(std::io::ErrorKind::FileTooLarge);
        return Err(unreadable(path, source));
    }
    fs::read(path).map_err(|source| unreadable(path, source))
}

fn unreadable(path: &Path, source: std::io::Error) -> CertificateFault {
    CertificateFault::Unreadable { path: path.to_owned(), source }
}
