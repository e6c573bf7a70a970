//! Values that must not be printed, and text from outside made safe to print.

use std::fmt::{self, Write};

/// A value that no log shows: printing it gives `[redacted]`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Redacted<T>(T);

impl<T> Redacted<T> {
    /// Hides `value` from everything that prints.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself, for what must use it: a comparison, a link for its owner.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<T> fmt::Display for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Most characters of a peer's text that are printed.
const SHOWN_CHARS_MAX: usize = 120;

/// A peer's text on one line: control and direction-changing characters escaped, long text cut.
#[derive(Clone, Copy)]
pub struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.chars();
        for character in rest.by_ref().take(SHOWN_CHARS_MAX) {
            if character.is_control() || is_invisible(character) || character == '\\' {
                write!(f, "{}", character.escape_unicode())?;
            } else {
                f.write_char(character)?;
            }
        }
        if rest.next().is_some() { f.write_char('…') } else { Ok(()) }
    }
}

impl fmt::Debug for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Whether `character` has no shape of its own, changes the direction of text, or breaks a line
/// without being a control character.
pub(crate) const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redacted_value_is_never_printed() {
        let secret = Redacted::new("hunter2");
        assert_eq!(
            format!("{secret} {secret:?} {:#?}", Some(secret)).matches("hunter2").count(),
            0
        );
        assert_eq!(*secret.expose(), "hunter2");
    }

    #[test]
    fn a_peer_cannot_forge_a_log_line_or_turn_it_around() {
        let text = Escaped("a\nERROR b\u{202e}c\u{1b}[31m").to_string();
        assert_eq!(text, "a\\u{a}ERROR b\\u{202e}c\\u{1b}[31m");
    }

    #[test]
    fn long_text_is_cut() {
        assert_eq!(Escaped(&"ä".repeat(500)).to_string().chars().count(), SHOWN_CHARS_MAX + 1);
    }
}
