//! The configuration file: TOML, where every key must be known and every mistake has a line.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::settings::{self, SETTINGS};
use super::{ConfigError, Place, ROOM_KEYS, RoomSettings, Written, nearest};

/// Most rooms of one server.
const ROOMS_MAX: usize = 1_000;

/// What a file says: settings and rooms.
pub(crate) type Contents = (Vec<Written>, Vec<RoomSettings>);

/// Reads `text`, the contents of `path`.
pub(crate) fn parse(text: &str, path: &Path) -> Result<Contents, ConfigError> {
    let file = File { text, path };
    let table = file.table()?;
    let mut written = Vec::new();
    let mut rooms = Vec::new();
    // In the order of the file: the first mistake is the one that is told.
    let mut entries: Vec<_> = table.get_ref().iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in entries {
        if key.get_ref() == "room" {
            rooms = file.rooms(value)?;
        } else {
            written.push(file.setting(key, value)?);
        }
    }
    Ok((written, rooms))
}

/// A file of TOML, for whoever reads one and says where its mistakes are.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    /// What it says.
    pub(super) text: &'a str,
    /// Where it is.
    pub(super) path: &'a Path,
}

impl<'a> File<'a> {
    /// All of it.
    pub(super) fn table(self) -> Result<Spanned<DeTable<'a>>, ConfigError> {
        DeTable::parse(self.text).map_err(|error| ConfigError::Syntax {
            place: self.place(error.span().unwrap_or_default()),
            message: error.message().lines().collect::<Vec<_>>().join(", "),
        })
    }
}

impl File<'_> {
    /// The line in which `span` begins.
    pub(super) fn place(self, span: Range<usize>) -> Place {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        Place::Line { file: self.path.to_owned(), line: before.matches('\n').count() + 1 }
    }

    fn setting(
        self,
        key: &Spanned<impl AsRef<str>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Written, ConfigError> {
        let name = key.get_ref().as_ref();
        let Some(setting) = settings::named(name) else {
            let names = SETTINGS.iter().map(|setting| setting.key).chain(["room"]);
            return Err(self.unknown(key, names));
        };
        let place = self.place(value.span());
        let text = plain(value.get_ref()).ok_or_else(|| ConfigError::Value {
            place: place.clone(),
            key: name.to_owned(),
            value: value.get_ref().type_str().to_owned(),
            allowed: (setting.allowed)(),
        })?;
        Ok(Written { key: setting.key, text, place })
    }

    fn rooms(self, value: &Spanned<DeValue<'_>>) -> Result<Vec<RoomSettings>, ConfigError> {
        let wrong = |span, found: &str| ConfigError::Value {
            place: self.place(span),
            key: "room".to_owned(),
            value: found.to_owned(),
            allowed: format!("up to {ROOMS_MAX} tables that begin with [[room]]"),
        };
        let tables = value
            .get_ref()
            .as_array()
            .filter(|tables| tables.len() <= ROOMS_MAX)
            .ok_or_else(|| wrong(value.span(), value.get_ref().type_str()))?;
        let mut rooms: Vec<RoomSettings> = Vec::new();
        for entry in tables {
            let table = entry
                .get_ref()
                .as_table()
                .ok_or_else(|| wrong(entry.span(), entry.get_ref().type_str()))?;
            let room = self.room(entry.span(), table)?;
            if rooms.iter().any(|other| other.id == room.id) {
                let what = format!("The room {:?}", room.id);
                return Err(ConfigError::Twice { place: self.place(entry.span()), what });
            }
            rooms.push(room);
        }
        Ok(rooms)
    }

    fn room(self, span: Range<usize>, table: &DeTable<'_>) -> Result<RoomSettings, ConfigError> {
        let mut room = RoomSettings::default();
        for (key, value) in table {
            let Some(known) = ROOM_KEYS.iter().find(|known| known.key == key.get_ref()) else {
                return Err(self.unknown(key, ROOM_KEYS.iter().map(|known| known.key)));
            };
            let text = plain(value.get_ref());
            if !text.as_deref().is_some_and(|text| (known.take)(&mut room, text)) {
                let shown = if known.is_secret { None } else { text };
                return Err(ConfigError::Value {
                    place: self.place(value.span()),
                    key: known.key.to_owned(),
                    value: shown.unwrap_or_else(|| value.get_ref().type_str().to_owned()),
                    allowed: known.allowed.to_owned(),
                });
            }
        }
        let place = self.place(span);
        if room.id.is_empty() {
            return Err(ConfigError::Missing { place, what: "The room's id".to_owned() });
        }
        if room.moderator_secret.is_some() && room.moderator_secret == room.viewer_secret {
            let what = format!("The secret of the room {:?}", room.id);
            return Err(ConfigError::Twice { place, what });
        }
        Ok(room)
    }

    /// A key that there is not among `names`.
    pub(super) fn unknown<'n>(
        self,
        key: &Spanned<impl AsRef<str>>,
        names: impl IntoIterator<Item = &'n str> + Clone,
    ) -> ConfigError {
        let name = key.get_ref().as_ref().to_owned();
        let hint = nearest(&name, names.clone()).map_or_else(
            || format!("There are: {}.", names.into_iter().collect::<Vec<_>>().join(", ")),
            |near| format!("Did you mean {near:?}?"),
        );
        ConfigError::Unknown { place: self.place(key.span()), name, hint }
    }
}

/// A value as the text that a flag would have; `None` for what no setting is made of.
fn plain(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Boolean(is_on) => Some(is_on.to_string()),
        DeValue::Array(list) => {
            let texts: Option<Vec<&str>> = list.iter().map(|one| one.get_ref().as_str()).collect();
            texts.map(|texts| texts.join(","))
        }
        DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => None,
    }
}
