//! Configuration: every setting is defined once, in `settings`, and read from four places.
//! A flag wins over the environment, the environment over the file, the file over the default.
//!
//! What is wrong ends the start with one or two sentences that name the place and what is allowed.

mod consent;
mod file;
mod nearest;
mod room;
mod settings;
mod value;

use std::path::{Path, PathBuf};

pub use consent::{ConsentTexts, ConsentWords};
pub use room::{ROOM_KEYS, RoomKey, RoomSettings, is_room_id, is_room_title};
pub use settings::{SETTINGS, Setting, Settings};
pub use value::{
    Count, HostNames, ListenAddress, LogFormat, LogLevel, PublicNamespaces, PublicUrl, Seconds,
    Switch,
};

pub(crate) use nearest::nearest;
pub(crate) use value::split_authority;

/// Where a value was written, as the person who wrote it knows the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// `--listen`
    Flag(String),
    /// `MOSAIK_LISTEN`
    Environment(String),
    /// `mosaik.toml:3`
    Line {
        /// The configuration file.
        file: PathBuf,
        /// From 1.
        line: usize,
    },
    /// The default; never wrong.
    Default,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag(name) => write!(f, "--{name}"),
            Self::Environment(name) => f.write_str(name),
            Self::Line { file, line } => write!(f, "{}:{line}", file.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// Why Mosaik does not start with this configuration. Each message is for the person at the
/// terminal: what is wrong and what is allowed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A name that nothing is called.
    #[error("{place}: there is no setting {name:?}. {hint}")]
    Unknown {
        /// Where it stands.
        place: Place,
        /// The name.
        name: String,
        /// The nearest one.
        hint: String,
    },
    /// A value that the setting cannot have.
    #[error("{place}: {key} cannot be {value:?}. Allowed: {allowed}.")]
    Value {
        /// Where it stands.
        place: Place,
        /// The setting.
        key: String,
        /// What was written; empty for a secret.
        value: String,
        /// What may be written.
        allowed: String,
    },
    /// A name twice where one is allowed.
    #[error("{place}: {what} stands there twice. Remove one.")]
    Twice {
        /// Where the second stands.
        place: Place,
        /// What it is.
        what: String,
    },
    /// Something that must be there is missing.
    #[error("{place}: {what} is missing.")]
    Missing {
        /// Where it should stand.
        place: Place,
        /// What it is.
        what: String,
    },
    /// The file is not TOML.
    #[error("{place}: {message}.")]
    Syntax {
        /// Where reading ended.
        place: Place,
        /// What was expected there.
        message: String,
    },
    /// The file cannot be read.
    #[error("The configuration {file} cannot be read: {reason}.", file = file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// A certificate without its key or a key without its certificate.
    #[error("certificate and key belong together. Set both or none of them.")]
    HalfCertificate,
    /// Rooms are never public.
    #[error("public_namespace cannot begin with {id:?}: there is a room of this name. Rename one.")]
    PublicRoom {
        /// The room's id.
        id: String,
    },
}

/// Everything a start needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// The settings that stand alone.
    pub settings: Settings,
    /// The rooms of the file, in its order.
    pub rooms: Vec<RoomSettings>,
    /// What people read before they agree to something.
    pub consent: ConsentTexts,
}

/// What was written where, before anything is believed.
#[derive(Debug, Default)]
pub struct Sources {
    /// The file of `--config`.
    pub file: Option<PathBuf>,
    /// Setting key and text, from the command line.
    pub flags: Vec<(&'static str, String)>,
    /// Setting key and text, from the environment.
    pub environment: Vec<(&'static str, String)>,
}

impl Sources {
    /// The environment's values: `MOSAIK_` and the setting's key in capitals. Other variables
    /// that begin so are left alone: orchestrators invent some.
    #[must_use]
    pub fn with_environment(mut self, read: impl Fn(&str) -> Option<String>) -> Self {
        self.environment = SETTINGS
            .iter()
            .filter_map(|setting| read(&setting.environment()).map(|text| (setting.key, text)))
            .collect();
        self
    }
}

/// The text of one setting and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) key: &'static str,
    pub(crate) text: String,
    pub(crate) place: Place,
}

/// Reads, checks and merges what was written.
///
/// # Errors
/// [`ConfigError`] names the first place that is wrong.
pub fn load(sources: Sources) -> Result<Config, ConfigError> {
    let (from_file, rooms) = match &sources.file {
        Some(path) => file::parse(&read(path)?, path)?,
        None => (Vec::new(), Vec::new()),
    };
    let mut written = from_file;
    for (key, text) in sources.environment {
        let name = settings::named(key).map_or_else(String::new, Setting::environment);
        written.push(Written { key, text, place: Place::Environment(name) });
    }
    for (key, text) in sources.flags {
        let name = settings::named(key).map_or_else(String::new, Setting::flag);
        written.push(Written { key, text, place: Place::Flag(name) });
    }
    let settings = Settings::from_written(&written)?;
    if settings.certificate.is_some() != settings.key.is_some() {
        return Err(ConfigError::HalfCertificate);
    }
    let ids = rooms.iter().map(|room| room.id.as_str()).chain([DEMO_ROOM]);
    if let Some(id) = ids.into_iter().find(|id| settings.public_namespace.covers(id)) {
        return Err(ConfigError::PublicRoom { id: id.to_owned() });
    }
    let consent = match &settings.consent_texts {
        Some(path) => consent::parse(&read(path)?, path)?,
        None => ConsentTexts::default(),
    };
    Ok(Config { settings, rooms, consent })
}

/// The room that is there when no other is configured.
pub(crate) const DEMO_ROOM: &str = "demo";

/// Largest configuration that is read: hundreds of rooms have some 10 kB.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

fn read(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |reason: String| ConfigError::Unreadable { file: path.to_owned(), reason };
    let length = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
    if length > FILE_BYTES_MAX {
        return Err(unreadable(format!("it is larger than {FILE_BYTES_MAX} bytes")));
    }
    std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))
}

#[cfg(test)]
mod tests;
