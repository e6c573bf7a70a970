//! The one list of settings. The struct, the flags, the environment, the keys of the file, the
//! help and the tables of docs/configuration.md come from it.

use std::path::PathBuf;

use mosaik_transport::Congestion;

use super::value::{
    Count, HostNames, ListenAddress, LogFormat, LogLevel, PublicNamespaces, PublicUrl, Seconds,
    Secret, Switch, Value,
};
use super::{ConfigError, Place, Written};

/// What is known about one setting.
#[derive(Debug)]
pub struct Setting {
    /// The key in the file; flag and environment variable follow from it.
    pub key: &'static str,
    /// What stands for the value in the help.
    pub placeholder: &'static str,
    /// The default as text; empty when the setting is then not set.
    pub default: &'static str,
    /// What the setting does, in one or two sentences.
    pub help: &'static str,
    /// What is allowed, as the end of a sentence.
    pub allowed: fn() -> String,
}

impl Setting {
    /// The flag without its dashes: `public-url`.
    pub fn flag(&self) -> String {
        self.key.replace('_', "-")
    }

    /// The environment variable: `MOSAIK_PUBLIC_URL`.
    pub fn environment(&self) -> String {
        format!("MOSAIK_{}", self.key.to_ascii_uppercase())
    }
}

/// The setting with this key.
pub(crate) fn named(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

macro_rules! settings {
    ($( $(#[doc = $doc:literal])+ $key:ident: $kind:ty = $default:literal, $placeholder:literal; )+) => {
        /// The settings that stand alone, checked.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Settings {
            $( $(#[doc = $doc])+ pub $key: $kind, )+
        }

        /// Every setting, in the order of the documentation.
        pub const SETTINGS: &[Setting] = &[
            $( Setting {
                key: stringify!($key),
                placeholder: $placeholder,
                default: $default,
                help: concat!($($doc),+),
                allowed: <$kind as Value>::allowed,
            }, )+
        ];

        impl Settings {
            /// Takes what was written; of one setting the last text, but none may be wrong.
            pub(crate) fn from_written(written: &[Written]) -> Result<Self, ConfigError> {
                Ok(Self { $( $key: read(stringify!($key), $default, written)?, )+ })
            }
        }
    };
}

settings! {
    /// Where the server listens, UDP and TCP. `[::]` is every address of the machine, IPv4 too.
    listen: ListenAddress = "[::]:4433", "ADDRESS:PORT";
    /// The address that people get in their links. Without it the links say localhost.
    public_url: Option<PublicUrl> = "", "URL";
    /// Further names and addresses of this machine for the development certificate.
    host_names: HostNames = "", "NAMES";
    /// The certificate chain (PEM), read again when it changes. Without it a development
    /// certificate is made in memory.
    certificate: Option<PathBuf> = "", "FILE";
    /// The certificate's private key (PEM), read again when it changes.
    key: Option<PathBuf> = "", "FILE";
    /// Whether there is a room `demo`. When not set: on if the file has no rooms.
    demo: Option<Switch> = "", "on|off";
    /// Namespaces in which a session without a token may publish and subscribe, for other MoQT
    /// software. Such a session sees nothing else. Without it every session needs a token.
    public_namespace: PublicNamespaces = "", "NAMESPACES";
    /// The school's own texts about being seen, heard and read (TOML, see below). Without it there are
    /// ours.
    consent_texts: Option<PathBuf> = "", "FILE";
    /// The secret of the page for the administrator, `/admin`: rooms, how many people, load and links,
    /// nothing of what is in a room. Without it there is no such page.
    admin_secret: Option<Secret> = "", "SECRET";
    /// Most participants in a room, unless the room says otherwise.
    participants: Count<2, 500> = "60", "NUMBER";
    /// Most sessions at once, over all rooms. Beyond it nobody else can connect.
    sessions: Count<2, 10_000> = "500", "NUMBER";
    /// Most TCP connections at once. Beyond it new ones wait until others end.
    connections: Count<16, 65_535> = "1024", "NUMBER";
    /// How long a silent session is kept, in seconds.
    idle_timeout: Seconds<5, 600> = "30", "SECONDS";
    /// How long a session may read nothing, or next to nothing, of what it asked for, in seconds.
    /// Then it loses the subscription, or ends.
    reader_timeout: Seconds<1, 600> = "30", "SECONDS";
    /// Most new requests of a session in a second, over a while; five times as many at once.
    session_requests: Count<1, 10_000> = "100", "NUMBER";
    /// Most subscriptions of a session.
    session_subscriptions: Count<1, 10_000> = "256", "NUMBER";
    /// Most namespaces that a session announces.
    session_namespaces: Count<1, 1_000> = "16", "NUMBER";
    /// Most tracks that a session publishes.
    session_tracks: Count<1, 1_000> = "64", "NUMBER";
    /// Most requests that a session has open, and three eighths as many data streams.
    session_streams: Count<16, 4_096> = "256", "NUMBER";
    /// Most kilobytes that are on their way to a session. More fills slow lines with what is too
    /// late when it arrives.
    session_in_flight_kilobytes: Count<64, 65_536> = "768", "NUMBER";
    /// Who decides how much is on its way to a session: `delay` keeps the queue in somebody's router
    /// short, so that speech does not wait in it, `cubic` fills it as downloads do.
    congestion: Congestion = "delay", "CONTROLLER";
    /// Largest object, in kilobytes. The stream of a larger one is stopped.
    object_kilobytes: Count<16, 65_536> = "4096", "NUMBER";
    /// Largest group of objects, in megabytes. A key frame and what follows it must fit.
    group_megabytes: Count<1, 1_024> = "8", "NUMBER";
    /// Most megabytes that are kept of a track; the oldest group goes first.
    track_megabytes: Count<1, 4_096> = "16", "NUMBER";
    /// Most megabytes that are kept of the tracks of one namespace, which is a participant's.
    namespace_megabytes: Count<1, 1_000_000> = "100", "NUMBER";
    /// Most megabytes that are kept of the tracks of one room, or of the namespaces that begin with
    /// the same field.
    room_megabytes: Count<1, 1_000_000> = "400", "NUMBER";
    /// Most megabytes that are kept of all tracks.
    memory_megabytes: Count<16, 1_000_000> = "1000", "NUMBER";
    /// Most megabytes of a file that is shared in a room.
    file_megabytes: Count<1, 1_000> = "30", "NUMBER";
    /// Most megabytes of all files and slides of a room. They are in memory until the room closes.
    content_megabytes: Count<1, 10_000> = "200", "NUMBER";
    /// How long a room without anybody is kept, in seconds, with all that was written in it.
    room_timeout: Seconds<0, 86_400> = "300", "SECONDS";
    /// How long a lesson goes on when all who lead it are gone, in seconds. The others are warned.
    moderator_timeout: Seconds<10, 86_400> = "300", "SECONDS";
    /// How much the log on the standard error output tells.
    log: LogLevel = "info", "LEVEL";
    /// How the log is written: `text` for people, `json` for programs, a line each.
    log_format: LogFormat = "text", "FORMAT";
}

fn read<T: Value>(key: &str, default: &str, written: &[Written]) -> Result<T, ConfigError> {
    let parse = |text: &str, place: &Place| {
        T::parse(text).ok_or_else(|| ConfigError::Value {
            place: place.clone(),
            key: key.to_owned(),
            value: if T::IS_SECRET { String::new() } else { text.to_owned() },
            allowed: T::allowed(),
        })
    };
    let mut value = parse(default, &Place::Default)?;
    for one in written.iter().filter(|one| one.key == key) {
        value = parse(&one.text, &one.place)?;
    }
    Ok(value)
}
