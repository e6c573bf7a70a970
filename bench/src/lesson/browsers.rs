//! Lessons in real browsers over the same lines: our page, and WebRTC through Janus.
//!
//! `bench/browsers/lesson.mjs` opens them and knows what was seen and heard when; here are the line and the
//! figures.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use anyhow::Context;
use mosaik_link::{Link, LinkSettings};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use super::frames::Rendition;
use super::picture::Shown;
use super::queue::rows;
use super::run::{Happening, Plan, Run};
use super::speech::Speech;
use crate::load::Programs;
use crate::{micros, pass};

/// What opening the browsers may take, and what closing them and listening to the recording may.
const START_MAX: Duration = Duration::from_mins(3);
const END_MAX: Duration = Duration::from_mins(3);

/// A sound device, which the browsers have not, as [`Speech`] counts it.
const DEVICE: u64 = 20_000;

/// A teacher and a student in Chromium, and what is between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Browsers {
    /// For figures, and as `lesson.mjs` knows it.
    pub name: &'static str,
    /// Programs besides Node.
    needs: &'static [&'static str],
}

/// What a person in front of a browser saw and heard, by the shared clock.
#[derive(Debug)]
pub(super) struct Senses {
    /// The pictures.
    pub shown: Vec<Shown>,
    /// The teacher's voice.
    pub speech: Speech,
    /// What other processes took of the machine meanwhile.
    pub others_cpu_share: f64,
}

impl Browsers {
    /// What is measured if nobody says otherwise: our own page, Janus as it comes, which sends the best
    /// layer, and with the lowest asked for.
    pub const PEERS: [Self; 3] = [
        Self { name: "mosaik-browser", needs: &["chromium"] },
        Self { name: "janus", needs: &["chromium", "janus"] },
        Self { name: "janus-low", needs: &["chromium", "janus"] },
    ];

    /// All that can be asked for.
    pub fn all() -> impl Iterator<Item = Self> {
        let mid = Self { name: "janus-mid", needs: &["chromium", "janus"] };
        Self::PEERS.into_iter().chain([mid])
    }

    /// Why there can be no such lesson on this machine.
    pub fn missing(self) -> Option<String> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let has =
            |program: &&&str| std::env::split_paths(&path).any(|at| at.join(program).exists());
        let programs = ["node"].iter().chain(self.needs);
        let missing = programs.copied().find(|program| !has(&program));
        let is_driver_there = repository().join("web/node_modules/puppeteer-core").exists();
        let driver =
            (!is_driver_there).then(|| "there is no web/node_modules, see `make web`".to_owned());
        missing.map(|program| format!("{program} is not installed")).or(driver)
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What `lesson.mjs` says: where it needs a line to, and later that the lesson is over.
#[derive(Debug, Deserialize)]
struct Said {
    to: Option<SocketAddr>,
}

/// Unix milliseconds, with fractions.
type Moment = f64;

#[derive(Debug, Deserialize)]
struct Told {
    joined_at: Moment,
    ended_at: Moment,
    speech: ToldSpeech,
    /// When each picture was seen, when it was drawn, and its rendition or lines.
    pictures: Vec<(Moment, Moment, String)>,
    load: ToldLoad,
}

#[derive(Debug, Deserialize)]
struct ToldLoad {
    others_share: f64,
}

#[derive(Debug, Deserialize)]
struct ToldSpeech {
    /// Milliseconds.
    played: f64,
    /// When, and how many milliseconds.
    gaps: Vec<(Moment, f64)>,
    delays: Vec<(Moment, f64)>,
}

/// Lets a lesson pass in browsers. What was seen and heard stays in files beginning with `stem`.
///
/// # Errors
/// When something does not start, or the lesson breaks off.
pub async fn attend(
    programs: &Programs,
    browsers: Browsers,
    plan: Plan,
    stem: &Path,
) -> anyhow::Result<Run> {
    let log = programs.logs.join(format!("{}.log", browsers.name));
    // It ends with its input, and takes the browsers along.
    let mut child = Command::new("node")
        .arg(repository().join("bench/browsers/lesson.mjs"))
        .args([browsers.name, &plan.time.as_secs().to_string()])
        .arg(stem)
        .env("MOSAIK_BIN", &programs.mosaik)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(File::create(&log)?)
        .spawn()?;
    let lesson = lesson(&mut child, &plan).await;
    let Passed { link, line_began, happened } =
        lesson.with_context(|| format!("see {}", log.display()))?;
    let line_csv = link.log(Duration::ZERO)?.csv;
    let told: Told = serde_json::from_slice(&std::fs::read(stem.with_extension("json"))?)?;
    let unix = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let begin = unix.as_secs_f64() * 1e3 - number(micros()) / 1e3;
    let (joined, ended, senses) = told.by_the_shared_clock(begin);
    Ok(Run {
        plan,
        line_began,
        joined,
        happened,
        ended,
        arrivals: Vec::new(),
        rows: rows(&line_csv),
        line_csv,
        stats: link.stats()?,
        sessions: 0,
        beside: Vec::new(),
        senses: Some(senses),
    })
}

/// A lesson as far as the line knows it. Times are those of the shared clock.
struct Passed {
    link: Link,
    line_began: u64,
    happened: Option<u64>,
}

async fn lesson(child: &mut Child, plan: &Plan) -> anyhow::Result<Passed> {
    let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
    let to = next(&mut lines, START_MAX).await?.to.context("it needs no line")?;
    let settings = LinkSettings { seed: plan.seed, ..LinkSettings::new(plan.profile.clone(), to) };
    let link = Link::start_with(&settings)?;
    let line_began = micros();
    let port = format!("{}\n", link.address().port());
    let input = child.stdin.as_mut().context("no input")?;
    timeout(START_MAX, input.write_all(port.as_bytes())).await??;
    let mut happened = None;
    if let Happening::Rebind(second) = plan.happening {
        pass(Duration::from_secs(second)).await;
        link.rebind()?;
        happened = Some(micros());
    }
    next(&mut lines, plan.time + START_MAX + END_MAX).await?;
    Ok(Passed { link, line_began, happened })
}

async fn next(lines: &mut Lines<BufReader<ChildStdout>>, time: Duration) -> anyhow::Result<Said> {
    let line = timeout(time, lines.next_line()).await.context("it takes too long")??;
    Ok(serde_json::from_str(&line.context("the browsers are gone")?)?)
}

impl Told {
    /// When the student joined and when it was over, and what was seen and heard in between. The shared
    /// clock began at `begin`.
    fn by_the_shared_clock(&self, begin: Moment) -> (u64, u64, Senses) {
        let at = |moment: Moment| whole((moment - begin) * 1e3);
        let time = at(self.joined_at)..at(self.ended_at);
        let spans = |of: &[(Moment, f64)], more: u64| {
            let span = |(moment, ms): &(Moment, f64)| (at(*moment), whole(ms * 1e3) + more);
            of.iter().map(span).filter(|(at, _)| time.contains(at)).collect()
        };
        let speech = Speech {
            played: whole(self.speech.played * 1e3),
            gaps: spans(&self.speech.gaps, 0),
            mouth_to_ear: spans(&self.speech.delays, DEVICE),
        };
        let picture = |(seen, drawn, size): &(Moment, Moment, String)| Shown {
            at: at(*seen),
            captured: at(*drawn),
            group: 0,
            rendition: rendition(size),
        };
        let shown = self.pictures.iter().map(picture).filter(|it| time.contains(&it.at));
        let others_cpu_share = self.load.others_share;
        let senses = Senses { shown: shown.collect(), speech, others_cpu_share };
        (time.start, time.end, senses)
    }
}

/// Of its name, or of the number of its lines.
fn rendition(size: &str) -> Rendition {
    let of_lines = || match size.parse() {
        Ok(0..=180) => Rendition::Low,
        Ok(181..=360) => Rendition::Mid,
        Ok(361..=540) => Rendition::Upper,
        _ => Rendition::High,
    };
    Rendition::named(size).unwrap_or_else(of_lines)
}

#[expect(clippy::cast_precision_loss, reason = "times, far below 2^52 microseconds")]
const fn number(count: u64) -> f64 {
    count as f64
}

/// Never below 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "times of today")]
fn whole(number: f64) -> u64 {
    number.max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_before_joining_and_after_the_end_is_passed_over() {
        let told: Told = serde_json::from_str(
            r#"{
                "joined_at": 1700000001000.0, "ended_at": 1700000009000.0,
                "speech": {
                    "played": 7000,
                    "gaps": [[1700000000500.0, 900], [1700000002000.0, 60]],
                    "delays": [[1700000000900.0, 100], [1700000003000.0, 180.5]]
                },
                "pictures": [
                    [1700000000000.0, 1699999999900, "high"],
                    [1700000004000.0, 1700000003900, "180"],
                    [1700000009500.0, 1700000009000, "mid"]
                ],
                "load": { "others_share": 0.02 }
            }"#,
        )
        .expect("as it is told");
        let (joined, ended, senses) = told.by_the_shared_clock(1_700_000_000_000.0);
        assert_eq!((joined, ended), (1_000_000, 9_000_000));
        assert_eq!(senses.speech.gaps, [(joined + 1_000_000, 60_000)]);
        assert_eq!(senses.speech.mouth_to_ear, [(joined + 2_000_000, 200_500)]);
        let shown = senses.shown.iter().map(|it| (it.at - joined, it.at - it.captured));
        assert_eq!(shown.collect::<Vec<_>>(), [(3_000_000, 100_000)]);
        assert_eq!(senses.shown[0].rendition, Rendition::Low);
    }

    #[test]
    fn where_a_program_is_missing_it_is_named() {
        let browsers = Browsers { name: "nothing", needs: &["a-program-that-nobody-has"] };
        let why = browsers.missing().unwrap_or_default();
        assert!(why.contains("is not installed"), "{why}");
    }
}
