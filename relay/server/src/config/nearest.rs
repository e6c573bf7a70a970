//! The name that someone may have meant.

/// The one of `names` that is nearest to `written`, if it is near at all: at most a third of its
/// letters differ.
pub(crate) fn nearest<'a>(
    written: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // Longer than any name: not worth the quadratic comparison.
    if written.len() > 64 {
        return None;
    }
    names
        .into_iter()
        .map(|name| (distance(written, name), name))
        .filter(|(edits, name)| *edits <= name.len().div_ceil(3))
        .min()
        .map(|(_, name)| name)
}

/// How many letters must be put in, taken out or replaced (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, letter) in from.chars().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        for (above, &other) in row.iter_mut().skip(1).zip(&to) {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = *above;
            left = replaced.min(diagonal + 1).min(left + 1);
            *above = left;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted() {
        for (from, to, edits) in
            [("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("lisen", "listen", 1)]
        {
            assert_eq!(distance(from, to), edits, "{from} {to}");
            assert_eq!(distance(to, from), edits, "{to} {from}");
        }
    }

    #[test]
    fn a_slip_is_understood_and_another_word_is_not() {
        let names = ["listen", "public-url", "certificate"];
        assert_eq!(nearest("lisen", names), Some("listen"));
        assert_eq!(nearest("publicurl", names), Some("public-url"));
        assert_eq!(nearest("banana", names), None);
    }
}
