//! What the server writes to the standard error output: rare, and without names, contents,
//! secrets or full addresses. Peers' text goes through [`crate::redacted::Escaped`].

use std::io::IsTerminal;
use std::panic;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::TryInitError;

use crate::config::LogLevel;

/// The parts of Mosaik that write to the log. Libraries below them speak up from `warn`, and
/// never tell more: what they log was not looked through for personal data.
const OURS: [&str; 5] =
    ["mosaik", "mosaik_server", "mosaik_transport", "mosaik_media", "mosaik_classroom"];

/// Starts the log of this process, and makes panics tell their place only.
///
/// # Errors
/// When the process has a log already.
pub fn start(level: LogLevel) -> Result<(), TryInitError> {
    use tracing_subscriber::util::SubscriberInitExt;
    tracing_subscriber::fmt()
        .with_env_filter(filter(level))
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .finish()
        .try_init()?;
    // A panic's message may contain what a participant sent.
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(%place, "panic");
    }));
    Ok(())
}

fn filter(level: LogLevel) -> EnvFilter {
    let others = match level {
        LogLevel::Error => LogLevel::Error,
        LogLevel::Warn | LogLevel::Info | LogLevel::Debug => LogLevel::Warn,
    };
    let mut directives = others.name().to_owned();
    for target in OURS {
        for part in [",", target, "=", level.name()] {
            directives.push_str(part);
        }
    }
    EnvFilter::new(directives)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_never_tell_more_than_warnings() {
        let text = filter(LogLevel::Debug).to_string();
        assert!(text.contains("mosaik_server=debug"), "{text}");
        assert!(text.split(',').any(|directive| directive == "warn"), "{text}");
    }
}
