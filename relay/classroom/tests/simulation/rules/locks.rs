//! Locks by their names, and what each preset locks: docs/protocol.md, a second time.

use serde_json::Value;

/// Every lock that these rules know. Of others that the room may have they say nothing.
pub(crate) const NAMES: [&str; 10] = [
    "camera",
    "microphone",
    "screen",
    "publicChat",
    "privateChat",
    "whiteboard",
    "notes",
    "files",
    "othersCameras",
    "othersNames",
];

/// A set of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Locks(u16);

impl Locks {
    pub(crate) fn of(names: &[&str]) -> Self {
        names.iter().fold(Self::default(), |locks, name| locks.with(name))
    }

    /// As the room tells them.
    pub(crate) fn told(list: &Value) -> Self {
        let names = list.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
        Self::of(&names.filter(|name| NAMES.contains(name)).collect::<Vec<_>>())
    }

    pub(crate) fn has(self, name: &str) -> bool {
        self.0 & bit(name) != 0
    }

    pub(crate) fn with(self, name: &str) -> Self {
        Self(self.0 | bit(name))
    }

    pub(crate) fn without(self, name: &str) -> Self {
        Self(self.0 & !bit(name))
    }

    pub(crate) const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    pub(crate) const fn except(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }
}

fn bit(name: &str) -> u16 {
    let place = NAMES.iter().position(|other| *other == name);
    1 << place.expect("no lock is called that")
}

/// What a preset locks, and what it says about who may come in.
pub(crate) fn preset(name: &str) -> (Locks, Option<&'static str>) {
    let locks: &[&str] = match name {
        "lecture" => &NAMES[..8],
        "discussion" => &["screen", "privateChat", "files"],
        "quietWork" => &["microphone", "screen", "publicChat", "privateChat", "files"],
        "test" => &NAMES[1..9],
        "oneToOne" => &[],
        "parentsEvening" => &NAMES[2..],
        other => panic!("no preset is called {other}"),
    };
    let locks = Locks::of(locks);
    match name {
        // In a lecture everyone writes to all.
        "lecture" => (locks.without("publicChat"), None),
        "oneToOne" | "parentsEvening" => (locks, Some("ask")),
        _ => (locks, None),
    }
}
