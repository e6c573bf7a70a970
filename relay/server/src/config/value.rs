//! The kinds of values that settings have: text in, a type out that can hold nothing wrong.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use mosaik_transport::Congestion;

use crate::redacted::Redacted;

/// A kind of value: how it is read and what is allowed.
pub(crate) trait Value: Sized {
    /// Whether what was written is never shown.
    const IS_SECRET: bool = false;

    /// The value that `text` means, or `None` when it is not allowed.
    fn parse(text: &str) -> Option<Self>;

    /// What is allowed, as the end of a sentence.
    fn allowed() -> String;
}

/// Not set: the empty text.
impl<T: Value> Value for Option<T> {
    const IS_SECRET: bool = T::IS_SECRET;

    fn parse(text: &str) -> Option<Self> {
        if text.is_empty() { Some(None) } else { T::parse(text).map(Some) }
    }

    fn allowed() -> String {
        T::allowed()
    }
}

/// Fewest characters of a secret: 22 of base64url are 132 bits.
const SECRET_CHARS_MIN: usize = 22;

/// Most characters of a secret.
const SECRET_CHARS_MAX: usize = 128;

/// What secrets may be, as the end of a sentence.
pub(crate) const SECRET_ALLOWED: &str =
    "22 to 128 characters a-z, A-Z, 0-9, - and _ (`openssl rand -hex 16` makes one)";

/// Who knows it may do what it is for.
pub(crate) type Secret = Redacted<String>;

impl Value for Secret {
    const IS_SECRET: bool = true;

    fn parse(text: &str) -> Option<Self> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let is_secret = (SECRET_CHARS_MIN..=SECRET_CHARS_MAX).contains(&text.len())
            && text.bytes().all(is_allowed);
        is_secret.then(|| Self::new(text.to_owned()))
    }

    fn allowed() -> String {
        SECRET_ALLOWED.to_owned()
    }
}

/// Where the server listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListenAddress(pub SocketAddr);

impl Value for ListenAddress {
    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    fn allowed() -> String {
        "an address and a port, such as [::]:4433 or 192.0.2.7:443".to_owned()
    }
}

/// Where browsers find the server: `https://`, a host and perhaps a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    host: String,
    port: Option<u16>,
}

impl PublicUrl {
    /// The host as it stands in the URL; an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Host and, if it is not the usual one, port.
    pub fn authority(&self) -> String {
        self.port.map_or_else(|| self.host.clone(), |port| format!("{}:{port}", self.host))
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}", self.authority())
    }
}

impl Value for PublicUrl {
    fn parse(text: &str) -> Option<Self> {
        let authority = text.strip_prefix("https://")?;
        let authority = authority.strip_suffix('/').unwrap_or(authority);
        let (host, port) = split_authority(authority)?;
        Some(Self { host: host.to_owned(), port })
    }

    fn allowed() -> String {
        "https://, a host name and perhaps a port, such as https://lesson.example:4433".to_owned()
    }
}

/// Splits `host`, `host:port`, `[v6]` or `[v6]:port`. Nothing else passes: what comes out can
/// stand in a header or a URL.
pub(crate) fn split_authority(authority: &str) -> Option<(&str, Option<u16>)> {
    let end = if authority.starts_with('[') {
        authority.find(']')? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (host, rest) = authority.split_at(end);
    let port = match rest.strip_prefix(':') {
        Some(digits) => Some(digits.parse().ok().filter(|port| *port > 0)?),
        None if rest.is_empty() => None,
        None => return None,
    };
    is_host(host).then_some((host, port))
}

fn is_host(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => is_host_name(host),
    }
}

fn is_host_name(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

/// Names and addresses that stand in the development certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostNames(pub Vec<String>);

impl Value for HostNames {
    fn parse(text: &str) -> Option<Self> {
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        names
            .map(|name| {
                let is_address = name.parse::<std::net::IpAddr>().is_ok();
                (is_address || is_host_name(name)).then(|| name.to_owned())
            })
            .collect::<Option<Vec<_>>>()
            .filter(|names| names.len() <= 16)
            .map(Self)
    }

    fn allowed() -> String {
        "up to 16 host names or addresses with commas between them".to_owned()
    }
}

/// Prefixes of namespaces that need no token, each as its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicNamespaces(pub Vec<Vec<String>>);

impl PublicNamespaces {
    /// Whether something in the namespace of the room `id` would be public.
    pub fn covers(&self, id: &str) -> bool {
        self.0.iter().any(|prefix| prefix.first().is_some_and(|field| field == id))
    }
}

/// Most prefixes: what is public is listed, not generated.
const PUBLIC_NAMESPACES_MAX: usize = 16;

/// Most fields of a prefix: there is room for more below it (MoQT allows 32).
const PUBLIC_FIELDS_MAX: usize = 8;

impl Value for PublicNamespaces {
    fn parse(text: &str) -> Option<Self> {
        let prefixes = text.split(',').map(str::trim).filter(|prefix| !prefix.is_empty());
        prefixes
            .map(|prefix| {
                let fields: Vec<String> = prefix.split('/').map(str::to_owned).collect();
                let is_allowed =
                    fields.len() <= PUBLIC_FIELDS_MAX && fields.iter().all(|field| is_field(field));
                is_allowed.then_some(fields)
            })
            .collect::<Option<Vec<_>>>()
            .filter(|prefixes| prefixes.len() <= PUBLIC_NAMESPACES_MAX)
            .map(Self)
    }

    fn allowed() -> String {
        format!(
            "up to {PUBLIC_NAMESPACES_MAX} namespaces with commas between them, each of up to \
             {PUBLIC_FIELDS_MAX} fields a-z, A-Z, 0-9, - and _ with slashes between them"
        )
    }
}

/// A field that is text. None begins with a dot: those namespaces are reserved (MoQT section 3.2).
fn is_field(field: &str) -> bool {
    (1..=64).contains(&field.len())
        && field.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

impl Value for PathBuf {
    fn parse(text: &str) -> Option<Self> {
        Some(Self::from(text))
    }

    fn allowed() -> String {
        "the path of a file".to_owned()
    }
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch(pub bool);

impl Value for Switch {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "on" | "true" => Some(Self(true)),
            "off" | "false" => Some(Self(false)),
            _ => None,
        }
    }

    fn allowed() -> String {
        "on or off".to_owned()
    }
}

/// A number from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Count<MIN, MAX> {
    /// The number.
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

impl<const MIN: u32, const MAX: u32> Value for Count<MIN, MAX> {
    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().filter(|count| (MIN..=MAX).contains(count)).map(Self)
    }

    fn allowed() -> String {
        format!("a whole number from {MIN} to {MAX}")
    }
}

/// A time from `MIN` to `MAX` seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seconds<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Seconds<MIN, MAX> {
    /// The time.
    pub const fn get(self) -> Duration {
        Duration::from_secs(self.0 as u64)
    }
}

impl<const MIN: u32, const MAX: u32> Value for Seconds<MIN, MAX> {
    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().filter(|seconds| (MIN..=MAX).contains(seconds)).map(Self)
    }

    fn allowed() -> String {
        format!("whole seconds from {MIN} to {MAX}")
    }
}

/// How much the log tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// Someone must act now.
    Error,
    /// Look tomorrow.
    Warn,
    /// A room or a session changed.
    Info,
    /// Why something happened.
    Debug,
}

impl LogLevel {
    /// The level's name, as it is written in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

impl Value for LogLevel {
    fn parse(text: &str) -> Option<Self> {
        [Self::Error, Self::Warn, Self::Info, Self::Debug]
            .into_iter()
            .find(|level| level.name() == text)
    }

    fn allowed() -> String {
        "error, warn, info or debug".to_owned()
    }
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl Value for LogFormat {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    fn allowed() -> String {
        "text or json".to_owned()
    }
}

impl Value for Congestion {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "delay" => Some(Self::Delay),
            "cubic" => Some(Self::Cubic),
            _ => None,
        }
    }

    fn allowed() -> String {
        "delay or cubic".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_a_place_and_nothing_more() {
        let url = PublicUrl::parse("https://lesson.example:4433/").unwrap();
        assert_eq!(url.to_string(), "https://lesson.example:4433");
        assert_eq!(PublicUrl::parse("https://[2001:db8::1]").unwrap().host(), "[2001:db8::1]");
        for wrong in [
            "http://lesson.example",
            "lesson.example",
            "https://",
            "https://a/b",
            "https://a:0",
            "https://a:70000",
            "https://u@a",
            "https://a b",
            "https://a;x",
            "https://[::1",
            "https://[::1]x",
            "https://a\r\nx",
        ] {
            assert_eq!(PublicUrl::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn host_names_are_a_list_with_commas() {
        let names = HostNames::parse("a.example, 192.0.2.7,::1").unwrap();
        assert_eq!(names.0, ["a.example", "192.0.2.7", "::1"]);
        assert_eq!(HostNames::parse("").unwrap().0.len(), 0);
        assert_eq!(HostNames::parse("a b"), None);
    }

    #[test]
    fn public_namespaces_are_lists_of_fields() {
        let public = PublicNamespaces::parse("moq-test, open/a_B").unwrap();
        assert_eq!(public.0, [vec!["moq-test"], vec!["open", "a_B"]]);
        assert!(PublicNamespaces::parse("").unwrap().0.is_empty());
        let too_many = ["a"; 17].join(",");
        let too_deep = ["a"; 9].join("/");
        for wrong in ["/", "a/", "/a", "a//b", ".session", "a b", "ä", &too_many, &too_deep] {
            assert_eq!(PublicNamespaces::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_stay_in_their_range() {
        assert_eq!(Count::<1, 500>::parse("60").unwrap().get(), 60);
        for wrong in ["0", "501", "-1", "1.5", "", "many"] {
            assert_eq!(Count::<1, 500>::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Seconds::<5, 600>::parse("30").unwrap().get(), Duration::from_secs(30));
    }
}
