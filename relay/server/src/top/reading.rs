//! Numbers of one moment, by their names.

use std::collections::BTreeMap;

/// What `/metrics` said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading(BTreeMap<String, Vec<(String, f64)>>);

impl Reading {
    /// Reads the lines `name{label="of"} number`; others are left out.
    pub fn parse(text: &str) -> Self {
        let mut read = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((series, value)) = line.rsplit_once(' ') else {
                continue;
            };
            let (name, labels) = series.split_once('{').unwrap_or((series, ""));
            let of = labels.split('"').nth(1).unwrap_or_default();
            if let Ok(value) = value.parse() {
                read.0.entry(name.to_owned()).or_default().push((of.to_owned(), value));
            }
        }
        read
    }

    /// The number of this name, over all labels; 0 when there is none.
    pub fn sum(&self, name: &str) -> f64 {
        self.by_label(name).map(|(_, value)| value).fold(0.0, |sum, value| sum + value)
    }

    /// The numbers of this name with their label's value.
    pub fn by_label(&self, name: &str) -> impl Iterator<Item = (&str, f64)> {
        self.0.get(name).into_iter().flatten().map(|(of, value)| (of.as_str(), *value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_numbers_and_the_rest_is_left_out() {
        let read = Reading::parse(
            "# HELP mosaik_rooms Open rooms\nmosaik_rooms 3\n\
             mosaik_sessions{transport=\"quic\"} 2\nmosaik_sessions{transport=\"websocket\"} 5\n\
             nonsense\nmosaik_rooms x\n# EOF\n",
        );
        let sums = ["mosaik_rooms", "mosaik_sessions", "nothing"].map(|name| read.sum(name));
        assert_eq!(sums.map(|sum| sum.to_string()), ["3", "7", "0"]);
        let sessions: Vec<_> = read.by_label("mosaik_sessions").collect();
        assert_eq!(sessions, [("quic", 2.0), ("websocket", 5.0)]);
    }
}
