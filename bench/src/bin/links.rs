//! A lesson over weak lines: our relay over QUIC and over a WebSocket, and moq-relay with a fixed
//! rendition, side by side; then our page and WebRTC through Janus in browsers, one after the other.
//! Prints tables and whether what must hold does, and writes
//! `target/bench/links.json` and `target/bench/links/index.html`.
//!
//! `links --profiles dsl-1m,floor-200k --seeds 1 --seconds 30 --peers mosaik-websocket`; `--help`
//! has everything.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use futures::future::join_all;
use mosaik_bench::lesson::{
    Browsers, Crowd, Figures, Happening, Measured, Plan, Run, Series, Way, attend, bad_neighbour,
    page, print, print_checks, run, school,
};
use mosaik_bench::load::{Kind, Programs};
use mosaik_bench::{Machine, machine, write};
use mosaik_link::{Log, Profile};
use serde_json::{Map, Value, json};

const HELP: &str =
    "links [--profiles a,b] [--seeds 3] [--seconds 60] [--peers a,b] [--scenarios a,b]

profiles   names of docs/links.md; all of them if not given, and none for an empty text
seeds      lessons over each line, of which the median counts
seconds    of each lesson; what happens on a line makes it longer where it must
peers      mosaik-websocket, moq-relay-high, moq-relay-low, mosaik-high, mosaik-low;
           once each in browsers: mosaik-browser, janus, janus-mid, janus-low
scenarios  rebind, bad-neighbour, school; all of them if neither they nor profiles are given
";

/// Lessons last so long if nobody says otherwise.
const SECONDS: u64 = 60;

/// When the student's address changes, in seconds of the line.
const REBIND: u64 = 20;

/// The core of the relays.
const CORE: usize = 0;

struct Wanted {
    profiles: Vec<&'static str>,
    scenarios: Vec<&'static str>,
    peers: Vec<Way>,
    browsers: Vec<Browsers>,
    seeds: u64,
    seconds: u64,
}

const SCENARIOS: [&str; 3] = ["rebind", "bad-neighbour", "school"];

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--help") {
        return Ok(write!(stdout(), "{HELP}")?);
    }
    let wanted = Wanted::of(&arguments)?;
    let programs = Programs::find(CORE)?;
    let machine = machine(&programs.mosaik).context("build mosaik-server first")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(&programs, &wanted, &machine))
}

impl Wanted {
    fn of(arguments: &[String]) -> anyhow::Result<Self> {
        let mut wanted = Self {
            profiles: Profile::NAMES.to_vec(),
            scenarios: SCENARIOS.to_vec(),
            peers: Way::PEERS.to_vec(),
            browsers: Browsers::PEERS.to_vec(),
            seeds: 3,
            seconds: SECONDS,
        };
        let given = |flag: &str| arguments.iter().any(|argument| argument == flag);
        if given("--profiles") && !given("--scenarios") {
            wanted.scenarios.clear();
        }
        if given("--scenarios") && !given("--profiles") {
            wanted.profiles.clear();
        }
        for pair in arguments.chunks(2) {
            let [flag, value] = pair else { bail!("{HELP}") };
            let list = || value.split(',').filter(|name| !name.is_empty());
            match flag.as_str() {
                "--profiles" => {
                    let name = |name| anyhow::Ok(Profile::named(name)?.name);
                    wanted.profiles = list().map(name).collect::<Result<_, _>>()?;
                }
                "--scenarios" => {
                    let known = |name| SCENARIOS.into_iter().find(|it| *it == name).context(HELP);
                    wanted.scenarios = list().map(known).collect::<Result<_, _>>()?;
                }
                "--peers" => {
                    let is_wanted = |it: &Browsers| list().any(|name| name == it.name);
                    wanted.browsers = Browsers::all().filter(is_wanted).collect();
                    let is_other = |name: &&str| Browsers::all().all(|it| it.name != *name);
                    let ways = list().filter(is_other).map(Way::named);
                    wanted.peers = ways.collect::<Result<_, _>>()?;
                }
                "--seeds" => wanted.seeds = value.parse()?,
                "--seconds" => wanted.seconds = value.parse()?,
                _ => bail!("{HELP}"),
            }
        }
        ensure!(wanted.seeds > 0 && wanted.seconds > 0, "{HELP}");
        Ok(wanted)
    }
}

async fn measure(programs: &Programs, wanted: &Wanted, machine: &Machine) -> anyhow::Result<()> {
    let (mut lines, mut crowds) = (Vec::new(), Vec::new());
    for name in &wanted.profiles {
        let profile = Profile::named(name)?;
        lines.push(lessons(programs, wanted, (name, profile), Happening::None).await?);
        write_all(machine, &lines, &crowds)?;
    }
    for name in &wanted.scenarios {
        match *name {
            "rebind" => {
                let about = "3 Mbit/s; after 20 s the student comes from another address";
                let profile = Profile::plain(1_000_000, 3_000_000, Duration::from_millis(50));
                let profile = Profile { about, ..profile };
                let happening = Happening::Rebind(REBIND);
                lines.push(lessons(programs, wanted, (name, profile), happening).await?);
            }
            "school" => crowds.push(school(programs, wanted.seconds).await?),
            _ => crowds.push(bad_neighbour(programs, wanted.seconds).await?),
        }
        write_all(machine, &lines, &crowds)?;
    }
    for crowd in &crowds {
        print_crowd(crowd, &mut stdout().lock())?;
    }
    Ok(writeln!(stdout(), "{}", file("index.html")?.display())?)
}

/// All ways over one line, side by side, once for each seed.
async fn lessons(
    programs: &Programs,
    wanted: &Wanted,
    (name, profile): (&'static str, Profile),
    happening: Happening,
) -> anyhow::Result<Measured> {
    let mut measured = Measured::new(name, profile.about);
    let mut ways = vec![Way::OURS];
    for peer in &wanted.peers {
        if peer.kind == Kind::MoqRelay && !programs.moq_relay.exists() {
            let why = format!("there is no {}", programs.moq_relay.display());
            measured.skipped.push((peer.name, why));
        } else {
            ways.push(*peer);
        }
    }
    let time = Duration::from_secs(wanted.seconds.max(least(name)));
    let plan = |seed| Plan { profile: profile.clone(), seed, time, happening };
    for seed in 1..=wanted.seeds {
        let runs = join_all(ways.iter().map(|way| run(programs, *way, plan(seed)))).await;
        for (way, run) in ways.iter().zip(runs) {
            keep(&mut measured, way.name, run)?;
        }
    }
    in_browsers(programs, wanted, &mut measured, plan).await?;
    print(&measured, &mut stdout().lock())?;
    Ok(measured)
}

/// The same in browsers, which need the machine for themselves: one after the other, once.
async fn in_browsers(
    programs: &Programs,
    wanted: &Wanted,
    measured: &mut Measured,
    plan: impl Fn(u64) -> Plan,
) -> anyhow::Result<()> {
    const SEED: u64 = 1;
    for browsers in &wanted.browsers {
        if let Some(why) = browsers.missing() {
            measured.skipped.push((browsers.name, why));
            continue;
        }
        let stem = file(&format!("{}-{}-{SEED}", measured.name, browsers.name))?;
        let run = attend(programs, *browsers, plan(SEED), &stem).await;
        keep(measured, browsers.name, run)?;
    }
    Ok(())
}

/// Takes note of one lesson, and keeps what came and what the line did in files.
fn keep(
    measured: &mut Measured,
    way: &'static str,
    run: anyhow::Result<Run>,
) -> anyhow::Result<()> {
    match run {
        Ok(run) => {
            let stem = format!("{}-{way}-{}", measured.name, run.plan.seed);
            if !run.arrivals.is_empty() {
                std::fs::write(file(&format!("{stem}.csv"))?, run.csv())?;
            }
            let line = format!("{}{}", Log::CSV_HEAD, run.line_csv);
            std::fs::write(file(&format!("{stem}-line.csv"))?, line)?;
            measured.add(way, &Figures::of(&run), Series::of(&run));
        }
        Err(error) => measured.skipped.push((way, format!("{error:#}"))),
    }
    Ok(())
}

/// Seconds that a line needs to do what it is made for.
fn least(profile: &str) -> u64 {
    match profile {
        "step-3m-400k-3m" => 90,
        "outage-10s" => 50,
        "rebind" => REBIND + 20,
        _ => 0,
    }
}

/// Writes what there is so far: it takes an hour, and may be ended before.
fn write_all(machine: &Machine, lines: &[Measured], crowds: &[Crowd]) -> anyhow::Result<()> {
    let mut figures: Map<String, Value> =
        lines.iter().map(|line| (line.name.to_owned(), line.json())).collect();
    figures.insert("machine".to_owned(), json!(machine));
    figures.insert("crowds".to_owned(), json!(crowds));
    write("links", &figures)?;
    let about = format!("{}, {} × {}", machine.mosaik, machine.cores, machine.cpu);
    let index = file("index.html")?;
    Ok(std::fs::write(index, page(&about, lines, crowds))?)
}

/// A file beside the page.
fn file(name: &str) -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.parent().and_then(Path::parent).context("no target")?;
    let directory = target.join("bench/links");
    std::fs::create_dir_all(&directory)?;
    Ok(directory.join(name))
}

fn print_crowd(crowd: &Crowd, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "\n{}: {}", crowd.name, crowd.about)?;
    for (name, figure) in &crowd.figures {
        writeln!(out, "  {name:<48}{figure:>12.4}")?;
    }
    print_checks(crowd.checks.iter().map(|check| (crowd.name, check.clone())).collect(), out)
}
