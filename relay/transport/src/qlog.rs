//! What QUIC does in one session, told while it does it: qlog, one record of JSON after the other
//! (RFC 7464).

use std::io::{self, Write};
use std::time::Instant;

use quinn::{QlogConfig, QlogStream};

/// Largest record. quinn's are below 300 bytes, and the title is ours.
const RECORD_BYTES_MAX: usize = 4 << 10;

/// How many bytes quinn's records usually have.
const RECORD_BYTES_USUAL: usize = 256;

/// Takes the records of a trace. It is called in the middle of the handling of packets, so it must
/// not wait. It is dropped when nothing is left of the connection.
pub trait Recorder: Send + Sync + 'static {
    /// The next record, from its separator to its line's end. Once it returns false nothing is
    /// recorded any more.
    fn record(&mut self, record: Vec<u8>) -> bool;
}

/// Where quinn writes: times count from `begun`.
pub(crate) fn stream(begun: Instant, title: &str, recorder: impl Recorder) -> Option<QlogStream> {
    let mut config = QlogConfig::default();
    let writer = Records { recorder, unfinished: Vec::new(), is_wanted: true };
    config.start_time(begun).title(Some(title.to_owned())).writer(Box::new(writer));
    config.into_stream()
}

/// Puts together again what is written in many small pieces.
///
/// quinn makes records as long as the connection lives. When they are not wanted any more it is
/// refused the first byte of each, before anything is formatted.
struct Records<R> {
    recorder: R,
    unfinished: Vec<u8>,
    is_wanted: bool,
}

impl<R: Recorder> Write for Records<R> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_wanted {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        if self.unfinished.capacity() == 0 {
            self.unfinished.reserve(RECORD_BYTES_USUAL);
        }
        self.unfinished.extend_from_slice(bytes);
        // JSON has no line's end of its own.
        if bytes.ends_with(b"\n") {
            self.is_wanted = self.recorder.record(std::mem::take(&mut self.unfinished));
        } else if self.unfinished.len() > RECORD_BYTES_MAX {
            self.is_wanted = false;
            self.unfinished = Vec::new();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;

    type Kept = Arc<Mutex<Vec<Vec<u8>>>>;

    /// Wants this many records.
    struct Wanting(usize, Kept);

    impl Recorder for Wanting {
        fn record(&mut self, record: Vec<u8>) -> bool {
            let mut records = self.1.lock().unwrap_or_else(PoisonError::into_inner);
            records.push(record);
            records.len() < self.0
        }
    }

    fn writer(wanted: usize) -> (Records<Wanting>, Kept) {
        let records = Kept::default();
        let recorder = Wanting(wanted, Arc::clone(&records));
        (Records { recorder, unfinished: Vec::new(), is_wanted: true }, records)
    }

    #[test]
    fn records_arrive_whole_and_none_is_formatted_that_nobody_wants() {
        let (mut writer, records) = writer(2);
        for piece in ["\x1e", "{\"a\":", "1}", "\n", "\x1e", "{}", "\n"] {
            writer.write_all(piece.as_bytes()).unwrap();
        }
        assert!(writer.write_all(b"\x1e").is_err());
        let records = records.lock().unwrap().clone();
        assert_eq!(records, [&b"\x1e{\"a\":1}\n"[..], b"\x1e{}\n"]);
    }

    #[test]
    fn a_record_without_end_is_not_kept() {
        let (mut writer, records) = writer(2);
        while writer.write_all(&[b'x'; 64]).is_ok() {
            assert!(writer.unfinished.len() <= RECORD_BYTES_MAX);
        }
        assert!(records.lock().unwrap().is_empty() && writer.unfinished.capacity() == 0);
    }
}
