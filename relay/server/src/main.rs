//! `mosaik`: parse, load, serve, exit code.

use std::alloc::System;
use std::io::Write;
use std::process::ExitCode;

use mosaik_server::cli::{self, EXIT_USAGE, Invocation};
use mosaik_server::config::{self, Sources};
use mosaik_server::links::{self, LinkBase};
use mosaik_server::seal::{self, Sealed};
use mosaik_server::{Server, log, qlog, top};
use zeroizing_alloc::ZeroAlloc;

/// What is freed is overwritten first: of a room that closed nothing stays behind in memory that
/// nobody uses, wherever its texts, tokens and packets had been copied to.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    let invocation = match cli::parse(std::env::args_os().skip(1)) {
        Ok(invocation) => invocation,
        Err(error) => return usage(&error.to_string()),
    };
    match invocation {
        Invocation::Help => say(&cli::help()),
        Invocation::Version => say(&cli::version()),
        Invocation::Serve(sources) => serve(sources),
        Invocation::Top(options) => ended(top::run(options, &mut std::io::stdout())),
        Invocation::Qlog(options) => {
            ended(qlog::run(options, &mut std::io::stdout(), &mut std::io::stderr()))
        }
    }
}

fn serve(sources: Sources) -> ExitCode {
    let sources = sources.with_environment(|name| std::env::var(name).ok());
    let config = match config::load(sources) {
        Ok(config) => config,
        Err(error) => return usage(&error.to_string()),
    };
    ended(run(&config))
}

fn ended(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without a place to write to there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "mosaik: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(config: &config::Config) -> anyhow::Result<()> {
    log::start(config.settings.log, config.settings.log_format)?;
    // Before there is a second thread, so that each has it.
    if seal::seal()? == Sealed::Memory {
        tracing::info!(
            "this kernel has no Landlock: nothing keeps this process from files but itself"
        );
    }
    let server = Server::start(config)?;
    let base = LinkBase::new(config.settings.public_url.as_ref(), server.address());
    links::print(&base, server.rooms(), &mut std::io::stdout())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(asked_to_stop())?;
    drop(runtime);
    server.stop()
}

/// Waits for Ctrl+C or for what a service supervisor sends.
async fn asked_to_stop() -> std::io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

fn say(text: &str) -> ExitCode {
    match writeln!(std::io::stdout(), "{}", text.trim_end()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn usage(text: &str) -> ExitCode {
    // Without a place to write to there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{text}");
    ExitCode::from(EXIT_USAGE)
}
