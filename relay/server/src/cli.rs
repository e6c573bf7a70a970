//! The command line: `mosaik serve`, `mosaik top`, `mosaik qlog`, `mosaik help`, `mosaik version`.
//! The flags of `serve` are the settings of [`crate::config`].

use std::ffi::OsString;
use std::fmt::Write;
use std::path::PathBuf;

use crate::config::{SETTINGS, Sources, nearest};
use crate::{qlog, top};

/// The exit code for a wrong command line or configuration (`EX_USAGE` of sysexits).
pub const EXIT_USAGE: u8 = 64;

/// Where a server listens unless it is told otherwise.
const DEFAULT_PORT: u16 = 4433;

/// What the command line asks for.
#[derive(Debug)]
pub enum Invocation {
    /// Run the server with what these flags say; the environment is not read yet.
    Serve(Sources),
    /// Show what a server on this machine does.
    Top(top::Options),
    /// Trace the next session of a server on this machine.
    Qlog(qlog::Options),
    /// Print [`help`].
    Help,
    /// Print [`version`].
    Version,
}

/// Why the command line is not understood.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UsageError {
    /// No such command.
    #[error("There is no command {name:?}. Commands: serve, top, qlog, help, version.")]
    Command {
        /// What was written.
        name: String,
    },
    /// No such flag.
    #[error("There is no flag {name:?}. {hint}")]
    Flag {
        /// What was written.
        name: String,
        /// The nearest flag, or where they are listed.
        hint: String,
    },
    /// A flag at the end, or before another one.
    #[error("The flag --{name} needs a value.")]
    NoValue {
        /// The flag.
        name: String,
    },
    /// A flag twice.
    #[error("The flag --{name} stands there twice. Remove one.")]
    Twice {
        /// The flag.
        name: String,
    },
    /// Something else than a port.
    #[error("--port cannot be {text:?}. Allowed: a whole number from 1 to 65535.")]
    Port {
        /// What was written.
        text: String,
    },
    /// Bytes that are no text.
    #[error("{text:?} is not UTF-8 text.")]
    NotText {
        /// The argument, as far as it can be shown.
        text: String,
    },
}

/// Reads the arguments, without the program's own name.
///
/// # Errors
/// [`UsageError`], a sentence for the person at the terminal.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Invocation, UsageError> {
    let mut arguments = arguments.into_iter().map(|argument| {
        argument
            .into_string()
            .map_err(|wrong| UsageError::NotText { text: wrong.to_string_lossy().into_owned() })
    });
    let command = arguments.next().transpose()?;
    match command.as_deref() {
        None | Some("help" | "--help" | "-h") => Ok(Invocation::Help),
        Some("version" | "--version" | "-V") => Ok(Invocation::Version),
        Some("serve") => serve(arguments),
        Some("top") => look(arguments),
        Some("qlog") => trace(arguments),
        Some(other) => Err(UsageError::Command { name: other.to_owned() }),
    }
}

fn serve(
    mut arguments: impl Iterator<Item = Result<String, UsageError>>,
) -> Result<Invocation, UsageError> {
    let mut sources = Sources::default();
    while let Some(argument) = arguments.next().transpose()? {
        if argument == "--help" || argument == "-h" {
            return Ok(Invocation::Help);
        }
        let Some(flag) = argument.strip_prefix("--") else {
            return Err(unknown(&argument));
        };
        let (name, value) = match flag.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (flag, None),
        };
        let setting = SETTINGS.iter().find(|setting| setting.flag() == name);
        if setting.is_none() && name != "config" {
            return Err(unknown(name));
        }
        let next = match value {
            Some(value) => Some(value),
            None => arguments.next().transpose()?.filter(|value| !value.starts_with("--")),
        };
        let value = next.ok_or_else(|| UsageError::NoValue { name: name.to_owned() })?;
        let is_first = match setting {
            Some(setting) => {
                let is_first = sources.flags.iter().all(|(key, _)| *key != setting.key);
                sources.flags.push((setting.key, value));
                is_first
            }
            None => sources.file.replace(PathBuf::from(value)).is_none(),
        };
        if !is_first {
            return Err(UsageError::Twice { name: name.to_owned() });
        }
    }
    Ok(Invocation::Serve(sources))
}

fn look(
    mut arguments: impl Iterator<Item = Result<String, UsageError>>,
) -> Result<Invocation, UsageError> {
    let mut options = top::Options { port: DEFAULT_PORT, is_once: false };
    while let Some(argument) = arguments.next().transpose()? {
        match argument.as_str() {
            "--help" | "-h" => return Ok(Invocation::Help),
            "--once" => options.is_once = true,
            "--port" => options.port = port(arguments.next())?,
            _ => return Err(no_flag(argument)),
        }
    }
    Ok(Invocation::Top(options))
}

fn trace(
    mut arguments: impl Iterator<Item = Result<String, UsageError>>,
) -> Result<Invocation, UsageError> {
    let mut options = qlog::Options { port: DEFAULT_PORT };
    while let Some(argument) = arguments.next().transpose()? {
        match argument.as_str() {
            "--help" | "-h" => return Ok(Invocation::Help),
            "--port" => options.port = port(arguments.next())?,
            _ => return Err(no_flag(argument)),
        }
    }
    Ok(Invocation::Qlog(options))
}

/// The value of `--port`.
fn port(value: Option<Result<String, UsageError>>) -> Result<u16, UsageError> {
    let text = value.transpose()?.ok_or_else(|| UsageError::NoValue { name: "port".to_owned() })?;
    let port = text.parse().ok().filter(|port| *port > 0);
    port.ok_or(UsageError::Port { text })
}

fn no_flag(name: String) -> UsageError {
    UsageError::Flag { name, hint: "`mosaik help` lists them.".to_owned() }
}

fn unknown(name: &str) -> UsageError {
    let flags: Vec<String> = SETTINGS.iter().map(crate::config::Setting::flag).collect();
    let names = flags.iter().map(String::as_str).chain(["config"]);
    let hint = nearest(name.trim_start_matches('-'), names).map_or_else(
        || "`mosaik help` lists them.".to_owned(),
        |near| format!("Did you mean --{near}?"),
    );
    UsageError::Flag { name: name.to_owned(), hint }
}

/// The help, made from the settings.
pub fn help() -> String {
    let mut text = String::from(
        "Mosaik, a classroom over Media over QUIC\n\n\
         mosaik serve [--config FILE] [FLAGS]   run the server\n\
         mosaik top [--port PORT] [--once]      show what the server on this machine does\n\
         mosaik qlog [--port PORT] > FILE       trace its next session, for qvis and the like\n\
         mosaik help                            show this\n\
         mosaik version                         show the version\n\n\
         Each flag is also an environment variable (--public-url: MOSAIK_PUBLIC_URL) and a key\n\
         of the configuration file (public_url). A flag wins over the environment, the\n\
         environment over the file.\n\nFlags of serve:\n",
    );
    for setting in SETTINGS {
        let default = match setting.default {
            "" => String::new(),
            default => format!(" [{default}]"),
        };
        // Writing to a String does not fail.
        let _ = writeln!(text, "\n  --{} {}{default}", setting.flag(), setting.placeholder);
        for line in wrapped(setting.help, 76) {
            let _ = writeln!(text, "      {line}");
        }
    }
    text
}

/// `mosaik` and the version's number.
pub fn version() -> String {
    format!("mosaik {}\n", env!("CARGO_PKG_VERSION"))
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Invocation, UsageError> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn flags_become_settings_with_or_without_an_equals_sign() {
        let Ok(Invocation::Serve(sources)) =
            parsed("serve --config a.toml --listen=[::1]:1 --public-url https://a.example")
        else {
            panic!("serve");
        };
        assert_eq!(sources.file, Some(PathBuf::from("a.toml")));
        assert_eq!(
            sources.flags,
            [("listen", "[::1]:1".to_owned()), ("public_url", "https://a.example".to_owned())]
        );
    }

    #[test]
    fn mistakes_are_told_in_a_sentence() {
        for (line, told) in [
            ("sreve", "There is no command \"sreve\". Commands: serve, top, qlog, help, version."),
            ("top --port 0", "--port cannot be \"0\". Allowed: a whole number from 1 to 65535."),
            ("top --port", "The flag --port needs a value."),
            ("top --onec", "There is no flag \"--onec\". `mosaik help` lists them."),
            (
                "qlog --port http",
                "--port cannot be \"http\". Allowed: a whole number from 1 to 65535.",
            ),
            ("qlog --once", "There is no flag \"--once\". `mosaik help` lists them."),
            ("serve --lisen x", "There is no flag \"lisen\". Did you mean --listen?"),
            ("serve --banana", "There is no flag \"banana\". `mosaik help` lists them."),
            ("serve here", "There is no flag \"here\". `mosaik help` lists them."),
            ("serve --listen", "The flag --listen needs a value."),
            ("serve --listen --log info", "The flag --listen needs a value."),
            ("serve --log info --log warn", "The flag --log stands there twice. Remove one."),
        ] {
            assert_eq!(parsed(line).unwrap_err().to_string(), told);
        }
    }

    #[test]
    fn the_view_knows_its_port_and_the_default_is_the_server_s() {
        let top = |line| match parsed(line) {
            Ok(Invocation::Top(options)) => options,
            other => panic!("{other:?}"),
        };
        assert_eq!(top("top"), top::Options { port: DEFAULT_PORT, is_once: false });
        assert_eq!(top("top --once --port 4000"), top::Options { port: 4000, is_once: true });
        for (line, port) in [("qlog", DEFAULT_PORT), ("qlog --port 4000", 4000)] {
            let Ok(Invocation::Qlog(options)) = parsed(line) else {
                panic!("{line}");
            };
            assert_eq!(options, qlog::Options { port });
        }
        let listen = SETTINGS.iter().find(|setting| setting.key == "listen").unwrap();
        assert!(listen.default.ends_with(&format!(":{DEFAULT_PORT}")), "{}", listen.default);
    }

    #[test]
    fn help_names_every_flag() {
        let text = help();
        for setting in SETTINGS {
            assert!(text.contains(&format!("--{} ", setting.flag())), "{}", setting.key);
        }
        assert!(text.lines().all(|line| line.chars().count() <= 90), "{text}");
        assert!(matches!(parsed("help"), Ok(Invocation::Help)));
        assert!(matches!(parsed(""), Ok(Invocation::Help)));
        assert!(matches!(parsed("serve --help"), Ok(Invocation::Help)));
        assert!(matches!(parsed("version"), Ok(Invocation::Version)));
    }
}
