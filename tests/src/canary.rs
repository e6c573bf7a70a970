//! Marks in the memory of another process, found as they are and as base64.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use memchr::memmem::Finder;

/// What is looked at in one go.
const PIECE: usize = 4 << 20;

/// A text that occurs nowhere else.
#[derive(Debug)]
pub struct Mark {
    text: String,
    forms: Vec<Vec<u8>>,
}

impl Mark {
    /// One for this kind of text.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn new(what: &str) -> anyhow::Result<Self> {
        let mut chance = [0; 8];
        std::io::Read::read_exact(&mut File::open("/dev/urandom")?, &mut chance)?;
        let text = format!("canary-{what}-{:016x}", u64::from_ne_bytes(chance));
        let mut forms = vec![text.as_bytes().to_vec()];
        // In base64 a text looks different at each of three places; its ends depend on what is
        // around it.
        for before in 0..3 {
            let padded = [&vec![b' '; before][..], text.as_bytes()].concat();
            let coded = STANDARD_NO_PAD.encode(padded).into_bytes();
            let inner = coded.get(4..coded.len().saturating_sub(4)).context("a short mark")?;
            forms.push(inner.to_vec());
        }
        Ok(Self { text, forms })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is in these bytes.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        self.forms.iter().any(|form| Finder::new(form).find(bytes).is_some())
    }
}

/// Those of `marks` that are in the memory of a process that it can write to.
///
/// # Errors
/// When the memory may not be read.
pub fn marks_in_memory(process: u32, marks: &[&Mark]) -> anyhow::Result<BTreeSet<String>> {
    let memory = File::open(format!("/proc/{process}/mem"))?;
    let maps = fs::read_to_string(format!("/proc/{process}/maps"))?;
    let longest = marks.iter().flat_map(|mark| &mark.forms).map(Vec::len).max().unwrap_or(0);
    let mut found = BTreeSet::new();
    let mut bytes = vec![0; PIECE];
    for (start, end) in maps.lines().filter_map(writable) {
        let mut at = start;
        while at < end {
            let most = usize::try_from(end - at)?.min(PIECE);
            let piece = bytes.get_mut(..most).context("no room")?;
            // What cannot be read, such as a guard, holds nothing.
            let Ok(length) = memory.read_at(piece, at) else {
                break;
            };
            let read = piece.get(..length).unwrap_or_default();
            let here = marks.iter().filter(|mark| mark.is_in(read));
            found.extend(here.map(|mark| mark.text.clone()));
            if length < most || length <= longest {
                break;
            }
            // The next piece overlaps by as much as a mark may be cut.
            at += u64::try_from(if at + length as u64 == end { length } else { length - longest })?;
        }
    }
    Ok(found)
}

/// From where to where a line of `maps` reaches that can be read and written.
fn writable(line: &str) -> Option<(u64, u64)> {
    let mut words = line.split(' ');
    let (start, end) = words.next()?.split_once('-')?;
    words.next()?.starts_with("rw").then_some(())?;
    Some((u64::from_str_radix(start, 16).ok()?, u64::from_str_radix(end, 16).ok()?))
}
