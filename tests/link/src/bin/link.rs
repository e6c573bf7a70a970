//! A weak line in front of a server, from the command line.

use std::fs::File;
use std::io::{BufRead as _, Write};
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use mosaik_link::{
    Link, LinkError, LinkSettings, Log, Profile, ProfileError, Rate, Trace, TraceError,
};

const USAGE: &str = "\
link --profile NAME --to HOST:PORT   a weak line in front of a server, for UDP and TCP

  --listen HOST:PORT  where clients come to (127.0.0.1:0, any port)
  --seed NUMBER       what chance is made from (1)
  --no-udp            let UDP vanish, as behind a firewall
  --trace FILE        rate from the server: kbit/s in each 100 ms, a line each
  --mahimahi FILE     the same from a recording of Mahimahi
  --log FILE          what the queues did every 10 ms, as CSV
  --profiles          name the profiles

While it runs, type: outage SECONDS | rebind | stats | quit
";

/// How often the log is continued.
const LOG_EVERY: Duration = Duration::from_secs(1);

/// An outage at most.
const OUTAGE_MAX: f64 = 3_600.0;

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}\n\n{USAGE}")]
    Usage(String),
    #[error("{0}")]
    Profile(#[from] ProfileError),
    #[error("{}: {source}", path.display())]
    Trace { path: PathBuf, source: TraceError },
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("{0}")]
    Link(#[from] LinkError),
    #[error("cannot write: {0}")]
    Output(#[from] std::io::Error),
}

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // There is nobody left to tell when that fails.
            let _ = writeln!(std::io::stderr(), "link: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: impl Iterator<Item = String>) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    let Some((settings, log)) = settings(arguments, &mut out)? else { return Ok(()) };
    let mut log = log.map(Writer::create).transpose()?;
    let link = Link::start_with(&settings)?;
    writeln!(out, "{}", link.address())?;
    writeln!(out, "{}: {}, to {}", settings.profile.name, settings.profile.about, settings.to)?;
    let (commands, typed) = mpsc::channel();
    let keep = commands.clone();
    std::thread::spawn(move || {
        // Ends with the input; the line goes on.
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if commands.send(line).is_err() {
                break;
            }
        }
    });
    obey(&link, &typed, log.as_mut(), &mut out)?;
    drop(keep);
    Ok(link.stop()?)
}

/// Does what is typed until it is `quit`.
fn obey(
    link: &Link,
    typed: &Receiver<String>,
    mut log: Option<&mut Writer>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    loop {
        let line = match typed.recv_timeout(LOG_EVERY) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => String::new(),
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        if let Some(log) = log.as_mut() {
            log.write(link)?;
        }
        let mut words = line.split_whitespace();
        match (words.next(), words.next()) {
            (None, _) => {}
            (Some("rebind"), None) => link.rebind()?,
            (Some("stats"), None) => writeln!(out, "{:#?}", link.stats()?)?,
            (Some("quit"), None) => return Ok(()),
            (Some("outage"), Some(seconds)) => match seconds.parse() {
                Ok(seconds) if (0.0..=OUTAGE_MAX).contains(&seconds) => {
                    link.outage(Duration::from_secs_f64(seconds))?;
                }
                _ => writeln!(out, "outage takes seconds, {OUTAGE_MAX} at most")?,
            },
            _ => writeln!(out, "there is: outage SECONDS | rebind | stats | quit")?,
        }
    }
}

/// The log file, and up to when it is written.
struct Writer {
    path: PathBuf,
    file: File,
    until: Duration,
}

impl Writer {
    fn create(path: PathBuf) -> Result<Self, Failure> {
        let created = File::create(&path).and_then(|mut file| {
            file.write_all(Log::CSV_HEAD.as_bytes())?;
            Ok(file)
        });
        match created {
            Ok(file) => Ok(Self { path, file, until: Duration::ZERO }),
            Err(source) => Err(Failure::File { path, source }),
        }
    }

    fn write(&mut self, link: &Link) -> Result<(), Failure> {
        let part = link.log(self.until)?;
        self.until = part.until;
        let written = self.file.write_all(part.csv.as_bytes());
        written.map_err(|source| Failure::File { path: self.path.clone(), source })
    }
}

/// What was asked for, and where the log goes; nothing when the answer was text.
fn settings(
    mut arguments: impl Iterator<Item = String>,
    out: &mut impl Write,
) -> Result<Option<(LinkSettings, Option<PathBuf>)>, Failure> {
    let (mut profile, mut to, mut listen, mut log) = (None, None, None, None);
    let (mut seed, mut carries_udp, mut rate) = (1, true, None);
    while let Some(flag) = arguments.next() {
        let mut value =
            || arguments.next().ok_or_else(|| Failure::Usage(format!("{flag} needs a value")));
        match flag.as_str() {
            "--profile" => profile = Some(Profile::named(&value()?)?),
            "--to" => to = Some(address(&value()?)?),
            "--listen" => listen = Some(address(&value()?)?),
            "--log" => log = Some(PathBuf::from(value()?)),
            "--trace" => rate = Some(trace(value()?.into(), Trace::parse)?),
            "--mahimahi" => rate = Some(trace(value()?.into(), Trace::parse_mahimahi)?),
            "--no-udp" => carries_udp = false,
            "--seed" => {
                let text = value()?;
                let wrong = |_| Failure::Usage(format!("--seed takes a number, not {text:?}"));
                seed = text.parse().map_err(wrong)?;
            }
            "--profiles" => return names(out).map(|()| None),
            "--help" | "-h" => {
                write!(out, "{USAGE}")?;
                return Ok(None);
            }
            _ => return Err(Failure::Usage(format!("{flag} is not known"))),
        }
    }
    let missing = |flag| Failure::Usage(format!("{flag} is missing"));
    let mut profile = profile.ok_or_else(|| missing("--profile"))?;
    if let Some(rate) = rate {
        profile.down.rate = rate;
    }
    let mut settings = LinkSettings::new(profile, to.ok_or_else(|| missing("--to"))?);
    settings.listen = listen.unwrap_or(settings.listen);
    (settings.seed, settings.carries_udp) = (seed, carries_udp);
    Ok(Some((settings, log)))
}

fn names(out: &mut impl Write) -> Result<(), Failure> {
    for name in Profile::NAMES {
        writeln!(out, "{name:<18}{}", Profile::named(name)?.about)?;
    }
    Ok(())
}

fn address(text: &str) -> Result<SocketAddr, Failure> {
    let found = text.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
    found.ok_or_else(|| Failure::Usage(format!("{text:?} is no HOST:PORT that can be found")))
}

fn trace(path: PathBuf, parse: fn(&str) -> Result<Trace, TraceError>) -> Result<Rate, Failure> {
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) => return Err(Failure::File { path, source }),
    };
    let trace = parse(&text).map_err(|source| Failure::Trace { path, source })?;
    Ok(Rate::trace(&trace))
}
