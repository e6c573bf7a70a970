//! Receipts of rooms that closed, for those who led them: a few minutes, and not many.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use mosaik_proto::room::{Receipt, ReceiptSecret};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// How long one is kept: as long as a teacher looks at the last page.
pub(super) const KEPT: Duration = Duration::from_mins(10);

/// Most at a time; beyond it the oldest goes. One has a few hundred bytes.
const RECEIPTS_MAX: usize = 256;

#[derive(Debug)]
struct Entry {
    digest: [u8; 32],
    until: Instant,
    receipt: Receipt,
}

/// See the module. They name nobody.
#[derive(Debug, Default)]
pub(crate) struct Receipts(Mutex<VecDeque<Entry>>);

impl Receipts {
    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives until when it is kept.
    pub(crate) fn keep(&self, secret: &ReceiptSecret, receipt: Receipt, now: Instant) -> Instant {
        let until = now + KEPT;
        let digest = Sha256::digest(secret.as_str()).into();
        let mut entries = self.entries();
        entries.push_back(Entry { digest, until, receipt });
        while entries.len() > RECEIPTS_MAX {
            entries.pop_front();
        }
        until
    }

    /// The receipt that this secret is for. Every secret is compared, whichever is right.
    pub(crate) fn find(&self, secret: &str, now: Instant) -> Option<Receipt> {
        let digest: [u8; 32] = Sha256::digest(secret).into();
        let mut found = None;
        for entry in self.entries().iter() {
            let is_it = bool::from(entry.digest.ct_eq(&digest));
            if is_it && now < entry.until {
                found = Some(entry.receipt.clone());
            }
        }
        found
    }

    /// Forgets those whose time is over, and gives when the next one is to be forgotten.
    pub(crate) fn expire(&self, now: Instant) -> Option<Instant> {
        let mut entries = self.entries();
        entries.retain(|entry| now < entry.until);
        entries.front().map(|entry| entry.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(closed_at: u64) -> Receipt {
        let room = "demo".to_owned();
        Receipt {
            room,
            opened_at: 1,
            closed_at,
            measured_at: closed_at,
            held: Vec::new(),
            attendance_days: 0,
        }
    }

    #[test]
    fn a_receipt_is_for_whoever_has_its_secret_and_gone_after_ten_minutes() {
        let receipts = Receipts::default();
        let (now, secret) = (Instant::now(), ReceiptSecret::new("abc".to_owned()));
        receipts.keep(&secret, receipt(5), now);
        assert_eq!(receipts.find("abc", now), Some(receipt(5)));
        assert_eq!(receipts.find("abd", now), None);
        let later = now + KEPT;
        assert_eq!((receipts.find("abc", later), receipts.expire(now)), (None, Some(later)));
        assert_eq!(receipts.expire(later), None);
        assert!(receipts.entries().is_empty());
    }

    #[test]
    fn there_are_never_many() {
        let receipts = Receipts::default();
        let now = Instant::now();
        for number in 0..RECEIPTS_MAX + 10 {
            let secret = ReceiptSecret::new(number.to_string());
            receipts.keep(&secret, receipt(number as u64), now);
        }
        assert_eq!(receipts.entries().len(), RECEIPTS_MAX);
        assert_eq!(receipts.find("9", now), None);
        assert!(receipts.find("10", now).is_some());
    }
}
