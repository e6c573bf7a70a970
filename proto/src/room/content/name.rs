//! Names of files that are safe to save anywhere.

use std::fmt;

use serde::Serialize;
use ts_rs::TS;

use crate::room::BadName;
use crate::room::name::is_invisible;

/// Characters of a name; what is behind them is cut, before the suffix.
const CHARS_MAX: usize = 100;

/// Characters of a suffix that is kept whole.
const SUFFIX_CHARS_MAX: usize = 12;

/// Names that Windows keeps for devices, whatever their suffix.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// The same, with a digit behind them.
const NUMBERED_DEVICES: [&str; 2] = ["COM", "LPT"];

/// A file's name as it is shown and saved: one part of a path, nothing that hides or turns text
/// round, nothing that a system reads as something else.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
#[ts(type = "string")]
pub struct FileName(String);

impl FileName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is left of a name from outside when all that is dangerous is taken out.
    ///
    /// # Errors
    /// [`BadName`] when nothing is left.
    pub fn clean(raw: &str) -> Result<Self, BadName> {
        let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
        let safe: String = last
            .chars()
            .filter(|c| !c.is_control() && !is_invisible(*c))
            .map(|c| if r#"<>:"|?*"#.contains(c) { '_' } else { c })
            .collect();
        // Windows takes dots and spaces off the end; at the beginning a dot hides the file.
        let trimmed = safe.trim().trim_start_matches('.').trim_end_matches(['.', ' ']).trim();
        if trimmed.is_empty() {
            return Err(BadName);
        }
        let short = shortened(trimmed);
        let name = if is_device(&short) { format!("_{short}") } else { short };
        Ok(Self(name))
    }

    /// What stands behind the last dot, in lower case.
    pub fn suffix(&self) -> Option<String> {
        self.0.rsplit_once('.').map(|(_, suffix)| suffix.to_lowercase())
    }
}

/// What people bring stays out of logs.
impl fmt::Debug for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileName(…)")
    }
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= CHARS_MAX {
        return name.to_owned();
    }
    let (stem, suffix) = match name.rsplit_once('.') {
        Some((stem, suffix)) if suffix.chars().count() <= SUFFIX_CHARS_MAX => (stem, suffix),
        Some(_) | None => (name, ""),
    };
    let kept: String = stem.chars().take(CHARS_MAX - SUFFIX_CHARS_MAX - 1).collect();
    let kept = kept.trim_end_matches(['.', ' ']);
    if suffix.is_empty() { kept.to_owned() } else { format!("{kept}.{suffix}") }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let is_numbered = NUMBERED_DEVICES.iter().any(|device| {
        let rest = stem.strip_prefix(device).unwrap_or_default();
        let mut chars = rest.chars();
        matches!((chars.next(), chars.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
    });
    is_numbered || DEVICES.contains(&stem.as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clean(raw: &str) -> String {
        FileName::clean(raw).unwrap().as_str().to_owned()
    }

    #[test]
    fn a_name_is_one_part_of_a_path_on_every_system() {
        for (raw, wanted) in [
            ("Arbeitsblatt 3.pdf", "Arbeitsblatt 3.pdf"),
            ("../../etc/passwd", "passwd"),
            (r"C:\Users\Kim\Bild.png", "Bild.png"),
            ("..", ""),
            (".htaccess", "htaccess"),
            ("a\0b\n.txt", "ab.txt"),
            ("Bild\u{202e}gnp.exe", "Bildgnp.exe"),
            ("zero\u{200b}width.pdf", "zerowidth.pdf"),
            ("a<b>:\"c|d?*.txt", "a_b___c_d__.txt"),
            ("NUL", "_NUL"),
            ("con.tar.gz", "_con.tar.gz"),
            ("COM1.txt", "_COM1.txt"),
            ("lpt².txt", "_lpt².txt"),
            ("COM10.txt", "COM10.txt"),
            ("Konto.txt", "Konto.txt"),
            ("Ende. . .", "Ende"),
            ("größe.PDF", "größe.PDF"),
        ] {
            let cleaned = FileName::clean(raw).map(|name| name.as_str().to_owned());
            assert_eq!(cleaned.unwrap_or_default(), wanted, "{raw:?}");
        }
        assert!(FileName::clean(" \u{200b}. ").is_err());
    }

    #[test]
    fn a_long_name_keeps_its_suffix() {
        let name = FileName::clean(&format!("{}.pdf", "ä".repeat(500))).unwrap();
        assert_eq!(name.suffix().as_deref(), Some("pdf"));
        assert!(name.as_str().chars().count() <= CHARS_MAX);
        assert!(clean(&format!("a.{}", "b".repeat(500))).chars().count() <= CHARS_MAX);
    }

    proptest! {
        #[test]
        fn what_is_clean_stays_as_it_is(raw: String) {
            if let Ok(name) = FileName::clean(&raw) {
                let bad = |c: char| c.is_control() || r#"/\<>:"|?*"#.contains(c);
                prop_assert!(!name.as_str().contains(bad));
                prop_assert!(name.as_str().chars().count() <= CHARS_MAX + 1);
                prop_assert_eq!(FileName::clean(name.as_str()), Ok(name));
            }
        }
    }
}
