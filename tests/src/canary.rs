//! Marks in the memory of another process, found as they are and as base64.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::FileExt;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use memchr::memmem;

/// What is looked at in one go.
const PIECE: usize = 4 << 20;

/// What every mark begins with: the memory is looked through for this alone.
const PREFIX: &str = "canary-";

/// A text that occurs nowhere else.
#[derive(Debug)]
pub struct Mark {
    text: String,
    forms: [Vec<u8>; 4],
}

impl Mark {
    /// One for this kind of text.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn new(what: &str) -> anyhow::Result<Self> {
        let mut chance = [0; 8];
        File::open("/dev/urandom")?.read_exact(&mut chance)?;
        let text = format!("{PREFIX}{what}-{:016x}", u64::from_ne_bytes(chance));
        let forms = forms(&text);
        Ok(Self { text, forms })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is in these bytes.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        self.forms.iter().any(|form| memmem::find(bytes, form).is_some())
    }
}

/// A text as it is, and what is sure of it in base64 at each of the three places where it may begin.
fn forms(text: &str) -> [Vec<u8>; 4] {
    let coded = |before: usize| {
        let padded = [&vec![b' '; before][..], text.as_bytes()].concat();
        let sure = (before * 8).div_ceil(6)..padded.len() * 8 / 6;
        STANDARD_NO_PAD.encode(padded).into_bytes().get(sure).unwrap_or_default().to_vec()
    };
    [text.as_bytes().to_vec(), coded(0), coded(1), coded(2)]
}

/// Those of `marks` that are in the memory of a process that it can write to.
///
/// # Errors
/// When the memory may not be read.
pub fn marks_in_memory(process: u32, marks: &[&Mark]) -> anyhow::Result<BTreeSet<String>> {
    let memory = File::open(format!("/proc/{process}/mem"))?;
    let maps = fs::read_to_string(format!("/proc/{process}/maps"))?;
    let overlap = marks.iter().flat_map(|mark| &mark.forms).map(Vec::len).max().unwrap_or(0);
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
            look(piece.get(..length).unwrap_or_default(), marks, &mut found);
            if length < most || length == usize::try_from(end - at)? {
                break;
            }
            // The next piece begins before the end of this one, where a mark may be cut.
            at += u64::try_from(length.saturating_sub(overlap).max(1))?;
        }
    }
    Ok(found)
}

fn look(bytes: &[u8], marks: &[&Mark], found: &mut BTreeSet<String>) {
    for (form, needle) in forms(PREFIX).iter().enumerate() {
        for at in memmem::find_iter(bytes, needle) {
            let rest = bytes.get(at..).unwrap_or_default();
            let is_it =
                |mark: &&&Mark| mark.forms.get(form).is_some_and(|form| rest.starts_with(form));
            found.extend(marks.iter().find(is_it).map(|mark| mark.text.clone()));
        }
    }
}

/// From where to where a line of `maps` reaches that can be read and written.
fn writable(line: &str) -> Option<(u64, u64)> {
    let mut words = line.split(' ');
    let (start, end) = words.next()?.split_once('-')?;
    words.next()?.starts_with("rw").then_some(())?;
    Some((u64::from_str_radix(start, 16).ok()?, u64::from_str_radix(end, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_as_it_is_and_wherever_it_stands_in_base64_and_others_are_not() {
        let [mark, other] = ["one", "other"].map(|what| Mark::new(what).unwrap());
        for before in 0..6 {
            let text = format!("{}{}\"}}", "x".repeat(before), mark.as_str());
            let coded = STANDARD_NO_PAD.encode(&text);
            for bytes in [text.as_bytes(), coded.as_bytes()] {
                assert!(mark.is_in(bytes) && !other.is_in(bytes), "{before}");
                let mut found = BTreeSet::new();
                look(bytes, &[&other, &mark], &mut found);
                assert_eq!(found, BTreeSet::from([mark.as_str().to_owned()]), "{before}");
            }
        }
        let found = marks_in_memory(std::process::id(), &[&mark]).unwrap();
        assert!(found.contains(mark.as_str()), "the search misses what is there");
    }
}
