//! The committed corpus: a text file for each target with one input a line, in hexadecimal digits,
//! so that a change of it can be read. Lines that begin with `#` say what the rest is.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

/// Where the corpus of `target` is.
pub fn path(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(format!("{target}.hex"))
}

/// The inputs in a corpus.
///
/// # Errors
/// When it cannot be read or has a line that is none.
pub fn read(path: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#'));
    lines
        .map(|(index, line)| {
            let place = || format!("{}:{}", path.display(), index.saturating_add(1));
            parse(line).with_context(place)
        })
        .collect()
}

fn parse(line: &str) -> anyhow::Result<Vec<u8>> {
    if line.len() % 2 == 1 {
        bail!("half a byte");
    }
    let digits = line.as_bytes().chunks(2);
    digits.map(|pair| Ok(u8::from_str_radix(str::from_utf8(pair)?, 16)?)).collect()
}
