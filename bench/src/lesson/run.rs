//! One lesson of one student over one line.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use mosaik_link::{Link, LinkSettings, LinkStats, Profile};
use mosaik_tests::{Dialer, Path};

use super::arrivals::Arrival;
use super::browsers::Senses;
use super::frames::Rendition;
use super::queue::{Row, rows};
use super::student::{Picture, Student};
use super::teacher::Teacher;
use crate::load::{Kind, Programs, Target, VOICE};
use crate::{micros, pass};

/// A relay, a way into it, and what is asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// Which relay.
    pub kind: Kind,
    /// Over which transport.
    pub path: Path,
    /// For which picture.
    pub picture: Picture,
    /// For figures.
    pub name: &'static str,
}

impl Way {
    /// What is measured: ours, over QUIC, with switching tracks.
    pub const OURS: Self =
        Self { kind: Kind::Mosaik, path: Path::Quic, picture: Picture::Switched, name: "mosaik" };

    /// What is measured beside it, if nobody says otherwise.
    pub const PEERS: [Self; 3] = [
        Self { path: Path::WebSocket, name: "mosaik-websocket", ..Self::OURS },
        Self { kind: Kind::MoqRelay, name: "moq-relay-high", ..Self::HIGH },
        Self { kind: Kind::MoqRelay, name: "moq-relay-low", ..Self::LOW },
    ];

    const HIGH: Self =
        Self { picture: Picture::Fixed(Rendition::High), name: "mosaik-high", ..Self::OURS };
    const LOW: Self =
        Self { picture: Picture::Fixed(Rendition::Low), name: "mosaik-low", ..Self::OURS };

    /// The way with this name; ours with a fixed rendition has one too.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(name: &str) -> anyhow::Result<Self> {
        let mut all = Self::PEERS.into_iter().chain([Self::OURS, Self::HIGH, Self::LOW]);
        match all.find(|way| way.name == name) {
            Some(way) => Ok(way),
            None => bail!("no peer {name}"),
        }
    }
}

/// What happens to the line besides what its profile says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// Nothing.
    None,
    /// The student comes from another address, from this second of the line on.
    Rebind(u64),
}

/// What is to be measured.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The line.
    pub profile: Profile,
    /// Chance of the line and sizes of pictures.
    pub seed: u64,
    /// How long.
    pub time: Duration,
    /// What else happens.
    pub happening: Happening,
}

/// What was received in one lesson. Times are microseconds of the shared clock.
#[derive(Debug)]
pub struct Run {
    /// What was planned.
    pub plan: Plan,
    /// When the line began.
    pub line_began: u64,
    /// When the student began to dial.
    pub joined: u64,
    /// When what was planned to happen did.
    pub happened: Option<u64>,
    /// When it was over.
    pub ended: u64,
    /// Everything that came.
    pub arrivals: Vec<Arrival>,
    /// What the line towards the student did.
    pub rows: Vec<Row>,
    /// The same of both directions with all that the line tells, as comma-separated values.
    pub line_csv: String,
    /// What the line did in all.
    pub stats: LinkStats,
    /// Sessions that the student has had.
    pub sessions: u64,
    /// What a listener without a line heard at the same time: what is late there, the relay's process
    /// or the machine made late, and not the line.
    pub beside: Vec<Arrival>,
    /// What a person saw and heard, where browsers took part: then there are no arrivals.
    pub(super) senses: Option<Senses>,
}

/// Starts a relay, a teacher, a line and a student, and lets the lesson pass.
///
/// # Errors
/// When one of them does not start, or the teacher is gone in the end.
pub async fn run(programs: &Programs, way: Way, plan: Plan) -> anyhow::Result<Run> {
    let target = Arc::new(Target::start(way.kind, programs, VOICE).await?);
    let teacher = Teacher::start(&target, plan.seed).await.context("the teacher")?;
    let to = target.dialer().address();
    let settings = LinkSettings { seed: plan.seed, ..LinkSettings::new(plan.profile.clone(), to) };
    let link = Link::start_with(&settings)?;
    let line_began = micros();
    let dialer = Dialer::new(link.address(), vec![programs.certificate.hash()]);
    let Way { path, picture, .. } = way;
    let student = Student::join(Arc::clone(&target), dialer, path, picture);
    // It keeps the teacher's tracks going, whatever becomes of the student's session.
    let near = target.dialer().apart();
    let beside = Student::join(Arc::clone(&target), near, Path::Quic, Picture::None);
    let over = tokio::time::Instant::now() + plan.time;
    let mut happened = None;
    if let Happening::Rebind(second) = plan.happening {
        pass(Duration::from_secs(second)).await;
        link.rebind()?;
        happened = Some(micros());
    }
    tokio::time::sleep_until(over).await;
    let ended = micros();
    let arrivals = student.arrivals();
    if teacher.has_ended() {
        bail!("the teacher's session was lost");
    }
    let line_csv = link.log(Duration::ZERO)?.csv;
    Ok(Run {
        plan,
        line_began,
        joined: student.began(),
        happened,
        ended,
        arrivals,
        rows: rows(&line_csv),
        line_csv,
        stats: link.stats()?,
        sessions: student.sessions(),
        beside: beside.arrivals(),
        senses: None,
    })
}

impl Run {
    /// Microseconds of the shared clock, of seconds of the line.
    pub const fn line_at(&self, second: u64) -> u64 {
        self.line_began + second * 1_000_000
    }

    /// Milliseconds of the line, of microseconds of the shared clock.
    pub const fn line_ms(&self, at: u64) -> u64 {
        at.saturating_sub(self.line_began) / 1_000
    }
    /// Everything that came as comma-separated values, times in microseconds of the line.
    pub fn csv(&self) -> String {
        let head = String::from("kind,group,object,layer,bytes,captured,sent,arrived\n");
        let line = |at: u64| at.cast_signed() - self.line_began.cast_signed();
        self.arrivals.iter().fold(head, |mut csv, arrival| {
            let Arrival { kind, group, object, layer, bytes, .. } = arrival;
            let [captured, sent, at] = [arrival.captured, arrival.sent, arrival.at].map(line);
            // Writing to a string does not fail.
            let _ =
                writeln!(csv, "{kind:?},{group},{object},{layer},{bytes},{captured},{sent},{at}");
            csv
        })
    }
}
