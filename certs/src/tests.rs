//! Certificates over simulated days, and files that change under a running server.

use std::fs;
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair};

use super::*;

const DAY: Duration = Duration::from_hours(24);
const MINUTE: Duration = Duration::from_mins(1);

fn start() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000)
}

fn answered_with(certificates: &Certificates) -> Vec<u8> {
    certificates.current().cert[0].to_vec()
}

#[test]
fn the_hash_is_the_sha_256_of_the_certificate() {
    use sha2::{Digest, Sha256};
    let certificates = Certificates::development(&[], start()).unwrap();
    let expected: CertificateHash = Sha256::digest(answered_with(&certificates)).into();
    assert_eq!(certificates.hashes(), [expected]);
    assert_eq!(certificates.hashes_base64()[0].len(), 44);
    assert!(certificates.is_development());
}

#[test]
fn the_successor_is_announced_before_it_answers_and_answers_before_the_end() {
    let certificates = Certificates::development(&[], start()).unwrap();
    let first = answered_with(&certificates);
    let old = certificates.hashes();
    let renewal = start() + RENEWAL_AGE;

    assert_eq!(certificates.check(renewal - MINUTE).unwrap(), Change::None);
    assert_eq!(certificates.check(renewal).unwrap(), Change::Announced);
    let both = certificates.hashes();
    assert_eq!((both.len(), both[0]), (2, old[0]));
    assert_eq!(answered_with(&certificates), first);

    assert_eq!(certificates.check(renewal + MINUTE).unwrap(), Change::None);
    assert_eq!(certificates.check(renewal + 5 * MINUTE).unwrap(), Change::Exchanged);
    assert_eq!(certificates.hashes(), [both[1]]);
    assert_ne!(answered_with(&certificates), first);
}

#[test]
fn a_year_of_minutes_never_answers_with_an_expired_certificate() {
    let certificates = Certificates::development(&[], start()).unwrap();
    let mut exchanged_at = start();
    for quarter_hour in 1..365 * 96 {
        let now = start() + 15 * MINUTE * quarter_hour;
        if certificates.check(now).unwrap() == Change::Exchanged {
            exchanged_at = now;
        }
        assert!(now < exchanged_at + RENEWAL_AGE + DAY);
    }
}

#[test]
fn a_machine_that_slept_for_a_month_gets_a_new_certificate_at_once() {
    let certificates = Certificates::development(&[], start()).unwrap();
    let old = certificates.hashes();
    assert_eq!(certificates.check(start() + 30 * DAY).unwrap(), Change::Exchanged);
    assert_ne!(certificates.hashes(), old);
    assert_eq!(certificates.hashes().len(), 1);
}

#[test]
fn names_that_cannot_stand_in_a_certificate_are_refused() {
    for name in ["", "schüle.example"] {
        let error = Certificates::development(&[name.to_owned()], start()).unwrap_err();
        assert!(matches!(error, CertificateFault::Name { .. }), "{error}");
    }
    let names = ["localhost", "192.0.2.7", "lesson.example"].map(str::to_owned);
    assert!(Certificates::development(&names, start()).is_ok());
}

/// A directory for one test, empty at its start.
fn directory(test: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("mosaik-certs-{}-{test}", std::process::id()));
    fs::create_dir_all(&path).unwrap();
    path
}

fn write_pair(chain: &Path, key: &Path, name: &str) {
    let pair = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    fs::write(chain, params.self_signed(&pair).unwrap().pem()).unwrap();
    fs::write(key, pair.serialize_pem()).unwrap();
}

#[test]
fn changed_files_are_read_again_and_broken_ones_are_not_used() {
    let directory = directory("reload");
    let (chain, key) = (directory.join("chain.pem"), directory.join("key.pem"));
    write_pair(&chain, &key, "lesson.example");
    let certificates = Certificates::from_files(&chain, &key).unwrap();
    let first = answered_with(&certificates);
    assert!(certificates.hashes().is_empty() && !certificates.is_development());
    assert_eq!(certificates.check(start()).unwrap(), Change::None);

    fs::write(&chain, "-----BEGIN CERTIFICATE-----\ncut").unwrap();
    let error = certificates.check(start()).unwrap_err();
    assert!(matches!(error, CertificateFault::NotPem { .. }), "{error}");
    assert_eq!(answered_with(&certificates), first);

    write_pair(&chain, &key, "a-longer-name.example");
    assert_eq!(certificates.check(start()).unwrap(), Change::Exchanged);
    assert_ne!(answered_with(&certificates), first);
    fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let directory = directory("mismatch");
    let (chain, key) = (directory.join("chain.pem"), directory.join("key.pem"));
    write_pair(&chain, &key, "one.example");
    write_pair(&directory.join("other.pem"), &key, "two.example");
    let error = Certificates::from_files(&chain, &key).unwrap_err();
    assert!(matches!(error, CertificateFault::Mismatch { .. }), "{error}");
    let error = Certificates::from_files(&chain, Path::new("/nowhere")).unwrap_err();
    assert!(matches!(error, CertificateFault::Unreadable { .. }), "{error}");
    fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn tls_is_1_3_with_the_protocols_asked_for() {
    let certificates = Certificates::development(&[], start()).unwrap();
    let config = certificates.server_config(&[b"h3", b"moqt-18"]).unwrap();
    assert_eq!(config.alpn_protocols, [b"h3".to_vec(), b"moqt-18".to_vec()]);
}
