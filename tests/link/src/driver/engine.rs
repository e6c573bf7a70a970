//! The thread of a line: sockets in, the core, sockets out, and waiting.

use std::io;
use std::net::{TcpListener, UdpSocket};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use super::poller::{Poller, Ready, Waker, be_punctual};
use super::tcp::Tcp;
use super::udp::{Parcel, Udp};
use super::{Command, LinkSettings, LinkStats, LogPart};
use crate::histogram::Histogram;
use crate::line::{Direction, Line};
use crate::log::ROW;
use crate::way::Output;

/// Time between two times at which packets leave, at the least: to be woken for each packet of a
/// fast line would take half a core for 100 Mbit/s. Far below the millisecond that is promised.
const BETWEEN: Duration = Duration::from_micros(250);

/// Tokens of the poller: what they stand for is in the lowest two bits.
const FIXED: u64 = 0;
const MAPPING: u64 = 1;
const CLIENT: u64 = 2;
const SERVER: u64 = 3;
const KINDS: u64 = 4;

const COMMAND: u64 = FIXED;
const NEAR: u64 = KINDS + FIXED;
const LISTENER: u64 = 2 * KINDS + FIXED;

const fn mapping_token(id: u64) -> u64 {
    id * KINDS + MAPPING
}

const fn connection_token(id: u64, of_client: bool) -> u64 {
    id * KINDS + if of_client { CLIENT } else { SERVER }
}

/// That the calling thread has used.
fn cpu_time() -> Duration {
    rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime).try_into().unwrap_or_default()
}

/// What the thread owns.
pub(crate) struct Engine {
    began: Instant,
    line: Line<Parcel>,
    poller: Poller,
    udp: Udp,
    tcp: Tcp,
    asked: Receiver<Command>,
    waker: Arc<Waker>,
    /// When it last looked for what had come through.
    delivered: Duration,
    late: Histogram,
}

impl Engine {
    pub(crate) fn new(
        settings: &LinkSettings,
        (udp, tcp): (UdpSocket, TcpListener),
        (asked, waker): (Receiver<Command>, Arc<Waker>),
    ) -> io::Result<Self> {
        let udp = Udp::new(udp, settings.to, settings.carries_udp);
        let tcp = Tcp::new(tcp, settings.to);
        let poller = Poller::new()?;
        poller.add_waker(&waker, COMMAND)?;
        poller.add_source(udp.near(), NEAR)?;
        poller.add_source(tcp.listener(), LISTENER)?;
        Ok(Self {
            began: Instant::now(),
            line: Line::new(&settings.profile, settings.seed),
            poller,
            udp,
            tcp,
            asked,
            waker,
            delivered: Duration::ZERO,
            late: Histogram::default(),
        })
    }

    /// Works until it is told to stop, or the system refuses what it cannot do without.
    pub(crate) fn run(mut self) {
        be_punctual();
        while let Ok(true) = self.turn() {}
    }

    /// One turn; whether there is to be another.
    fn turn(&mut self) -> io::Result<bool> {
        if !self.obey()? {
            return Ok(false);
        }
        self.deliver();
        let began = self.began;
        let clock = || began.elapsed();
        self.udp.take(&mut self.line, &self.poller, clock, mapping_token);
        self.tcp.take(&mut self.line, &self.poller, clock(), connection_token);
        let patience = if self.udp.has_more() {
            Some(Duration::ZERO)
        } else {
            let next = self.line.deadline();
            next.map(|at| at.max(self.delivered + BETWEEN).saturating_sub(clock()))
        };
        for ready in self.poller.wait(patience)? {
            self.note(ready);
        }
        Ok(true)
    }

    /// Whether it is to go on after what it was told.
    fn obey(&mut self) -> io::Result<bool> {
        loop {
            match self.asked.try_recv() {
                Ok(Command::Rebind) => {
                    self.udp.rebind(&self.poller, mapping_token)?;
                    self.tcp.rebind(&mut self.line);
                }
                Ok(Command::Outage(time)) => self.line.cut(self.began.elapsed(), time),
                // Who asked may have lost patience.
                Ok(Command::Stats(answer)) => drop(answer.send(self.stats())),
                Ok(Command::Csv(since, answer)) => drop(answer.send(self.log(since))),
                Ok(Command::Stop) | Err(TryRecvError::Disconnected) => return Ok(false),
                Err(TryRecvError::Empty) => return Ok(true),
            }
        }
    }

    /// Sends what has come through.
    fn deliver(&mut self) {
        for direction in Direction::BOTH {
            let now = self.began.elapsed();
            self.delivered = now;
            while let Some(output) = self.line.way_mut(direction).poll(now) {
                let at = output.at();
                match output {
                    Output::Packet { payload, .. } => self.udp.deliver(direction, &payload),
                    Output::Stream { stream, bytes, .. } => {
                        self.tcp.deliver(direction, stream, &bytes, &mut self.line);
                    }
                }
                self.late.add(self.began.elapsed().saturating_sub(at));
            }
        }
    }

    fn note(&mut self, ready: Ready) {
        let id = ready.token / KINDS;
        match (ready.token, ready.token % KINDS) {
            (COMMAND, _) => self.waker.sleep(),
            (NEAR, _) => self.udp.near_is_ready(),
            (LISTENER, _) => self.tcp.listener_is_ready(),
            (_, MAPPING) => self.udp.is_ready(id),
            (_, kind) => self.tcp.is_ready(id, kind == CLIENT, ready, &mut self.line),
        }
    }

    fn stats(&self) -> LinkStats {
        let [up, down] = Direction::BOTH.map(|direction| self.line.way(direction));
        let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
        let [udp_up_bytes, udp_down_bytes] = self.udp.taken;
        LinkStats {
            seconds: self.began.elapsed().as_secs_f64(),
            up: up.log().summary(),
            down: down.log().summary(),
            udp_up_bytes,
            udp_down_bytes,
            competitor_bytes: down.competitor_bytes(),
            udp_clients: self.udp.clients(),
            tcp_connections: self.tcp.connections(),
            refused: self.udp.refused + self.tcp.refused,
            undelivered: self.udp.undelivered,
            cpu_seconds: cpu_time().as_secs_f64(),
            late_p50_ms: ms(self.late.percentile(50)),
            late_p99_ms: ms(self.late.percentile(99)),
            late_max_ms: ms(self.late.most()),
        }
    }

    /// The rows of all time that is over.
    fn log(&mut self, since: Duration) -> LogPart {
        let now = self.began.elapsed();
        self.deliver();
        let over = now.as_nanos() / ROW.as_nanos() * ROW.as_nanos();
        let until = Duration::from_nanos_u128(over);
        let rows = |way: Direction| self.line.way(way).log().csv(way.name(), since..until);
        LogPart { csv: Direction::BOTH.map(rows).concat(), until }
    }
}
