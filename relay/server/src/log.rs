//! What the server writes to the standard error output: rare, and without names, contents,
//! secrets or full addresses. Peers' text goes through [`crate::redacted::Escaped`].

use std::io::IsTerminal;
use std::panic;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::SubscriberBuilder;
use tracing_subscriber::fmt::format::{DefaultFields, Format, Json, JsonFields};
use tracing_subscriber::util::TryInitError;

use crate::config::{LogFormat, LogLevel};

/// The parts of Mosaik that write to the log. Libraries below them speak up from `warn`, and
/// never tell more: what they log was not looked through for personal data.
const OURS: [&str; 5] =
    ["mosaik", "mosaik_server", "mosaik_transport", "mosaik_media", "mosaik_classroom"];

/// What is never heard: quinn warns of each record that a trace does not want any more, which is how
/// it is kept from making them (see `Recorder` in `mosaik-transport`).
const MUTED: &str = "quinn_proto::connection::qlog=off";

/// Starts the log of this process, and makes panics tell their place only.
///
/// # Errors
/// When the process has a log already.
pub fn start(level: LogLevel, format: LogFormat) -> Result<(), TryInitError> {
    use tracing_subscriber::util::SubscriberInitExt;
    let colours = std::io::stderr().is_terminal();
    match format {
        LogFormat::Text => {
            text(level).with_writer(std::io::stderr).with_ansi(colours).finish().try_init()?;
        }
        LogFormat::Json => lines(level).with_writer(std::io::stderr).finish().try_init()?,
    }
    // A panic's message may contain what a participant sent.
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(%place, "panic");
    }));
    Ok(())
}

fn text(level: LogLevel) -> SubscriberBuilder<DefaultFields, Format, EnvFilter> {
    tracing_subscriber::fmt().with_env_filter(filter(level))
}

/// A JSON object for each line: `timestamp`, `level`, `target`, `message` and what else is known.
fn lines(level: LogLevel) -> SubscriberBuilder<JsonFields, Format<Json>, EnvFilter> {
    text(level).json().flatten_event(true).with_current_span(false).with_span_list(false)
}

fn filter(level: LogLevel) -> EnvFilter {
    let others = match level {
        LogLevel::Error => LogLevel::Error,
        LogLevel::Warn | LogLevel::Info | LogLevel::Debug => LogLevel::Warn,
    };
    let mut directives = format!("{},{MUTED}", others.name());
    for target in OURS {
        for part in [",", target, "=", level.name()] {
            directives.push_str(part);
        }
    }
    EnvFilter::new(directives)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;

    /// A place that keeps what is written.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn each_line_for_programs_is_an_object_with_its_fields() {
        let kept = Kept::default();
        let writer = kept.clone();
        let log = lines(LogLevel::Info).with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(log, || {
            tracing::info!(sessions = 3, "a \"word\"\nand another");
            tracing::debug!("not at this level");
        });
        let kept = kept.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let text = String::from_utf8(kept).unwrap_or_default();
        assert_eq!(text.trim_end().lines().count(), 1, "{text}");
        let line: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        assert_eq!(line.pointer("/level").and_then(|level| level.as_str()), Some("INFO"));
        assert_eq!(line.pointer("/sessions").and_then(serde_json::Value::as_i64), Some(3));
        let message = line.pointer("/message").and_then(|message| message.as_str());
        assert_eq!(message, Some("a \"word\"\nand another"));
    }

    #[test]
    fn a_trace_that_is_over_does_not_fill_the_log() {
        let kept = Kept::default();
        let writer = kept.clone();
        let log = text(LogLevel::Debug).with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(log, || {
            tracing::warn!(target: "quinn_proto::connection::qlog", "could not emit qlog event");
            tracing::warn!(target: "quinn_proto::connection", "something else");
        });
        let kept = kept.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let text = String::from_utf8(kept).unwrap_or_default();
        assert!(text.contains("something else") && !text.contains("qlog"), "{text}");
    }

    #[test]
    fn libraries_never_tell_more_than_warnings() {
        let text = filter(LogLevel::Debug).to_string();
        assert!(text.contains("mosaik_server=debug"), "{text}");
        assert!(text.split(',').any(|directive| directive == "warn"), "{text}");
    }
}
