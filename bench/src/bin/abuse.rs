//! Two hundred subscribers of a camera beside those who misuse the relay: what the two hundred notice
//! of it, what it costs, and how each offender is ended. Prints a table and writes
//! `target/bench/abuse.json`.
//!
//! `abuse nothing|room|slowly|requests|together` makes a single round with these alone, for work on the relay.
//!
//! Each round is one relay, in which windows without and with offenders follow each other, so that
//! what else the machine does meets all of them.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context, bail};
use mosaik_bench::load::{
    Audience, CAMERA, Flow, Kind, Measured, Offence, Offenders, Programs, REQUESTS, Source, Stay,
    TRACK, Target, measure,
};
use mosaik_bench::{Machine, machine, median, pass, pin_to_other_cores, watch, write};
use mosaik_tests::Path;
use serde::Serialize;

/// The core of the relay; everybody else has the others.
const CORE: usize = 0;

/// Who must not notice anything.
const SUBSCRIBERS: usize = 200;

/// A camera whose groups last a second: what a log of three of them gives up has passed several times
/// within [`READER_TIMEOUT`], as with the settings of a lesson.
const FLOW: Flow = Flow { objects_per_group: 30, ..CAMERA };

/// Length of one measurement: longer than any offender may stay.
const WINDOW: Duration = Duration::from_secs(12);

/// Lets joining's work end before a measurement begins.
const WARM_UP: Duration = Duration::from_secs(2);

/// How often everything is measured; the median counts.
const ROUNDS: usize = 3;

/// How often the relay's memory is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// `reader_timeout` here, in seconds; half a minute in a lesson.
const READER_TIMEOUT: u32 = 5;

/// `session_requests`: as many a second, [`BURST_SECONDS`] of them at once, and as many again refused.
const SESSION_REQUESTS: u32 = 100;

/// See docs/abuse.md.
const BURST_SECONDS: u32 = 5;

/// `session_streams`: requests that may be on their way when the session ends.
const SESSION_STREAMS: u32 = 256;

/// `session_in_flight_kilobytes`.
const IN_FLIGHT_KILOBYTES: u32 = 768;

/// What a session may send that nobody has read yet: its window (docs/abuse.md).
const RECEIVE_KILOBYTES: u32 = 4 << 10;

/// Groups that a log keeps (docs/abuse.md).
const GROUPS_KEPT: u32 = 3;

/// Seconds for what is no wait: the handshake, and until a window is full.
const SLACK: f64 = 1.0;

/// Share of the p99 without offenders that it may move by.
const P99_TOLERANCE: f64 = 0.1;

const NOBODY: &[Offence] = &[];
const NOTHING: &[Offence] = &[Offence::ReadsNothing];
const WITH_ROOM: &[Offence] = &[Offence::HasRoomAndReadsNothing];
const SLOWLY: &[Offence] = &[Offence::ReadsSlowly];
const REQUESTING: &[Offence] = &[Offence::AbandonsRequests];
const TOGETHER: &[Offence] =
    &[Offence::ReadsNothing, Offence::ReadsSlowly, Offence::AbandonsRequests];
const ALL: [&[Offence]; 6] = [NOBODY, NOTHING, WITH_ROOM, SLOWLY, REQUESTING, TOGETHER];

/// One window.
#[derive(Debug, Clone, Serialize)]
struct Window {
    round: usize,
    /// Nobody in a calm window.
    offences: Vec<Offence>,
    measured: Measured,
    /// p99 of those who do nothing wrong, as a share of the round's calm windows.
    p99_of_calm: f64,
    /// The most that the relay had in the window.
    rss_max_bytes: u64,
    /// The same above the round's first calm window.
    rss_grown_kilobytes: f64,
    stays: Vec<Stay>,
}

/// What became of one kind of offender, over all windows.
#[derive(Debug, Serialize)]
struct Fate {
    offence: Offence,
    /// Codes, and how many sessions were ended with each.
    ended: Vec<(String, usize)>,
    /// Who was not ended and had been there longer than allowed.
    overdue: usize,
    seconds_max: f64,
    seconds_allowed: Option<f64>,
    requests_max: usize,
    requests_allowed: Option<f64>,
}

/// The medians of all windows with the same offenders.
#[derive(Debug, Serialize)]
struct Row {
    offences: Vec<Offence>,
    latency_p50_ms: f64,
    latency_p99_ms: f64,
    p99_of_calm: f64,
    is_p99_kept: bool,
    lost_percent: f64,
    relay_cores: f64,
    /// The largest one.
    rss_grown_kilobytes: f64,
    /// What may be on its way to the offenders, and from them.
    rss_allowed_kilobytes: f64,
}

#[derive(Serialize)]
struct Figures {
    machine: Machine,
    reader_timeout_seconds: u32,
    session_requests: u32,
    session_in_flight_kilobytes: u32,
    rows: Vec<Row>,
    fates: Vec<Fate>,
    raw: Vec<Window>,
}

fn main() -> anyhow::Result<()> {
    let programs = Programs {
        settings: [
            ("--reader-timeout", READER_TIMEOUT),
            ("--session-requests", SESSION_REQUESTS),
            ("--session-streams", SESSION_STREAMS),
            ("--session-in-flight-kilobytes", IN_FLIGHT_KILOBYTES),
        ]
        .iter()
        .flat_map(|(flag, value)| [(*flag).to_owned(), value.to_string()])
        .collect(),
        ..Programs::find(CORE)?
    };
    let machine =
        machine(&programs.mosaik).context("`cargo build --release -p mosaik-server` first")?;
    pin_to_other_cores(CORE)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    if let Some(name) = std::env::args().nth(1) {
        let offences = [NOBODY, offences_named(&name)?, NOBODY];
        return runtime.block_on(round(&programs, 1, &offences)).map(drop);
    }
    let offences = [NOBODY, NOTHING, WITH_ROOM, SLOWLY, NOBODY, REQUESTING, TOGETHER];
    let mut raw = Vec::new();
    for number in 1..=ROUNDS {
        raw.extend(runtime.block_on(round(&programs, number, &offences))?);
    }
    let figures = Figures {
        machine,
        reader_timeout_seconds: READER_TIMEOUT,
        session_requests: SESSION_REQUESTS,
        session_in_flight_kilobytes: IN_FLIGHT_KILOBYTES,
        rows: ALL.iter().map(|offences| row(&raw, offences)).collect(),
        fates: TOGETHER.iter().chain(WITH_ROOM).map(|of| fate(&raw, *of)).collect(),
        raw,
    };
    let path = write("abuse", &figures)?;
    print(&figures)?;
    writeln!(std::io::stdout(), "{}", path.display())?;
    Ok(())
}

fn offences_named(name: &str) -> anyhow::Result<&'static [Offence]> {
    Ok(match name {
        "nothing" => NOTHING,
        "room" => WITH_ROOM,
        "slowly" => SLOWLY,
        "requests" => REQUESTING,
        "together" => TOGETHER,
        _ => bail!("nothing, room, slowly, requests or together, not {name}"),
    })
}

/// One relay, a window for each of these offences.
async fn round(
    programs: &Programs,
    number: usize,
    all: &[&[Offence]],
) -> anyhow::Result<Vec<Window>> {
    let target = Target::start(Kind::Mosaik, programs, FLOW).await?;
    let source = Source::start(&target, Path::Quic, &[(TRACK, FLOW)]).await?;
    let mut audience = Audience::new(Path::Quic, TRACK);
    audience.grow(&target, SUBSCRIBERS).await?;
    pass(WARM_UP).await;
    let mut windows = Vec::new();
    for offences in all {
        let window = window(&target, &audience, (number, offences)).await?;
        tell(&window)?;
        windows.push(window);
        if source.has_ended() {
            break;
        }
    }
    source.stop().await?;
    let calm = median(windows.iter().filter(|w| w.offences.is_empty()).map(p99));
    let at_first = windows.first().map_or(0, |first| first.rss_max_bytes);
    for window in &mut windows {
        window.p99_of_calm = p99(window) / calm;
        window.rss_grown_kilobytes = kilobytes(window.rss_max_bytes) - kilobytes(at_first);
    }
    Ok(windows)
}

fn tell(window: &Window) -> std::io::Result<()> {
    let out = &mut std::io::stdout();
    writeln!(
        out,
        "round {}  {:<58} p99 {:>6.1} ms  {:>5.2} % lost  {:>5.2} cores  (generator {:.2})",
        window.round,
        names(&window.offences),
        window.measured.latency_p99_ms,
        window.measured.lost_percent(),
        window.measured.relay_cores,
        window.measured.generator_cores,
    )?;
    for stay in &window.stays {
        writeln!(
            out,
            "    {:<23} {:>5.1} s  {:>5} requests  {}",
            stay.offence.name(),
            stay.seconds,
            stay.requests,
            stay.ended.as_deref().unwrap_or("not ended"),
        )?;
    }
    Ok(())
}

const fn p99(window: &Window) -> f64 {
    window.measured.latency_p99_ms
}

#[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^52")]
fn kilobytes(bytes: u64) -> f64 {
    bytes as f64 / 1024.0
}

async fn window(
    target: &Target,
    audience: &Audience,
    (round, offences): (usize, &[Offence]),
) -> anyhow::Result<Window> {
    let offenders = Offenders::start(target.dialer(), offences)?;
    let (measured, resident) = tokio::try_join!(
        measure(target, audience, FLOW, WINDOW),
        watch(target.id(), LOOK, WINDOW),
    )?;
    let stays = offenders.stop().await?;
    Ok(Window {
        round,
        offences: offences.to_vec(),
        measured,
        p99_of_calm: f64::NAN,
        rss_max_bytes: resident.iter().map(|resident| resident.bytes).max().unwrap_or(0),
        rss_grown_kilobytes: f64::NAN,
        stays,
    })
}

fn row(raw: &[Window], offences: &[Offence]) -> Row {
    let of = || raw.iter().filter(|window| window.offences == offences);
    let middle = |figure: fn(&Window) -> f64| median(of().map(figure));
    let p99_of_calm = middle(|window| window.p99_of_calm);
    let offenders = u32::try_from(offences.len()).unwrap_or(u32::MAX);
    Row {
        offences: offences.to_vec(),
        latency_p50_ms: middle(|window| window.measured.latency_p50_ms),
        latency_p99_ms: middle(p99),
        p99_of_calm,
        is_p99_kept: p99_of_calm <= 1.0 + P99_TOLERANCE,
        lost_percent: middle(|window| window.measured.lost_percent()),
        relay_cores: middle(|window| window.measured.relay_cores),
        rss_grown_kilobytes: of().map(|w| w.rss_grown_kilobytes).fold(f64::MIN, f64::max),
        rss_allowed_kilobytes: f64::from(offenders * (IN_FLIGHT_KILOBYTES + RECEIVE_KILOBYTES)),
    }
}

/// How long a session of an offender may go on, by the settings.
fn seconds_allowed(offence: Offence) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a few objects")]
    let group = FLOW.objects_per_group as f64 / f64::from(FLOW.objects_per_second);
    match offence {
        // Nothing is missed before the log gives up the group it began with; from then on there is a
        // look each time that another one is given up.
        Offence::ReadsNothing | Offence::HasRoomAndReadsNothing | Offence::ReadsSlowly => {
            Some(f64::from(READER_TIMEOUT) + f64::from(GROUPS_KEPT + 2) * group + SLACK)
        }
        Offence::AbandonsRequests => None,
    }
}

/// How many requests an offender may open in that many seconds, by the settings.
fn requests_allowed(seconds: f64) -> f64 {
    let at_once = 2 * BURST_SECONDS * SESSION_REQUESTS + SESSION_STREAMS;
    f64::from(at_once) + 2.0 * f64::from(SESSION_REQUESTS) * seconds
}

fn fate(raw: &[Window], offence: Offence) -> Fate {
    let stays: Vec<&Stay> = raw
        .iter()
        .flat_map(|window| &window.stays)
        .filter(|stay| stay.offence == offence)
        .collect();
    let seconds_max = stays.iter().map(|stay| stay.seconds).fold(0.0, f64::max);
    let seconds_allowed = seconds_allowed(offence);
    let is_overdue = |stay: &&&Stay| match seconds_allowed {
        Some(allowed) => stay.seconds > allowed,
        #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
        None => stay.requests as f64 > requests_allowed(stay.seconds),
    };
    let mut ended: Vec<(String, usize)> = Vec::new();
    for code in stays.iter().filter_map(|stay| stay.ended.as_ref()) {
        match ended.iter_mut().find(|(known, _)| known == code) {
            Some((_, count)) => *count += 1,
            None => ended.push((code.clone(), 1)),
        }
    }
    Fate {
        offence,
        ended,
        overdue: stays.iter().filter(is_overdue).count(),
        seconds_max,
        seconds_allowed,
        requests_max: stays.iter().map(|stay| stay.requests).max().unwrap_or(0),
        requests_allowed: (seconds_allowed.is_none()).then(|| requests_allowed(seconds_max)),
    }
}

fn names(offences: &[Offence]) -> String {
    match offences {
        [] => "nobody".to_owned(),
        some => some.iter().map(|offence| offence.name()).collect::<Vec<_>>().join(", "),
    }
}

fn print(figures: &Figures) -> std::io::Result<()> {
    let out = &mut std::io::stdout();
    let machine = &figures.machine;
    writeln!(out, "\n{}, {} × {}", machine.mosaik, machine.cores, machine.cpu)?;
    writeln!(out, "{SUBSCRIBERS} subscribers, {ROUNDS} rounds of {WINDOW:?} each; beside them:")?;
    for row in &figures.rows {
        writeln!(
            out,
            "  {:<58} p50 {:>5.1} ms  p99 {:>6.1} ms ({:.2} of calm)  {:>5.2} % lost  {:>5.2} cores  \
             memory {:>+7.0} kB of {:.0}",
            names(&row.offences),
            row.latency_p50_ms,
            row.latency_p99_ms,
            row.p99_of_calm,
            row.lost_percent,
            row.relay_cores,
            row.rss_grown_kilobytes,
            row.rss_allowed_kilobytes,
        )?;
    }
    for fate in &figures.fates {
        let codes: Vec<String> =
            fate.ended.iter().map(|(code, count)| format!("{count} × {code}")).collect();
        write!(out, "  {:<23} {}; ", fate.offence.name(), codes.join(", "))?;
        match fate.seconds_allowed {
            Some(allowed) => write!(out, "{:.1} s at most of {allowed:.1}", fate.seconds_max)?,
            None => write!(
                out,
                "{} requests at most of {:.0}, {REQUESTS} in all, {:.1} s",
                fate.requests_max,
                fate.requests_allowed.unwrap_or(f64::NAN),
                fate.seconds_max,
            )?,
        }
        writeln!(out, "; {} overdue", fate.overdue)?;
    }
    Ok(())
}
