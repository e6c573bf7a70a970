//! The lines we measure on: names, figures, and where the figures come from. docs/links.md has them
//! as a table.
//!
//! Rates count whole IP packets. A round trip is split evenly between the directions.

use std::time::Duration;

use crate::channel::{ChannelSettings, Outage};
use crate::codel::CodelSettings;
use crate::delay::{Delay, Jitter};
use crate::loss::{GilbertElliott, Loss};
use crate::queue::{Discipline, QueueSettings};
use crate::rate::Rate;
use crate::trace::{Trace, TraceError};
use crate::way::Competitor;

const KBIT: u64 = 1_000;
const MBIT: u64 = 1_000_000;

/// What a line is like.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// How it is called.
    pub name: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    /// Where its figures come from.
    pub source: &'static str,
    /// Towards the server.
    pub up: ChannelSettings,
    /// Towards the clients.
    pub down: ChannelSettings,
    /// Downloads that share it, downwards.
    pub competitors: Vec<Competitor>,
}

/// Why there is no such profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The name is not known.
    #[error("there is no profile {name:?}; there are {}", Profile::NAMES.join(", "))]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// Its trace is broken.
    #[error("the trace of the profile: {0}")]
    Trace(#[from] TraceError),
}

impl Profile {
    /// All names, the weakest last.
    pub const NAMES: [&str; 11] = [
        "school-100",
        "wifi-lossy",
        "satellite",
        "shared-home",
        "dsl-6m",
        "lte-train",
        "step-3m-400k-3m",
        "outage-10s",
        "dsl-1m",
        "lte-cell-edge",
        "floor-200k",
    ];

    /// The profile with this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(name: &str) -> Result<Self, ProfileError> {
        match name {
            "school-100" => Ok(school_100()),
            "wifi-lossy" => Ok(wifi_lossy()),
            "satellite" => Ok(satellite()),
            "shared-home" => Ok(shared_home()),
            "dsl-6m" => Ok(dsl_6m()),
            "lte-train" => lte_train(),
            "step-3m-400k-3m" => Ok(step()),
            "outage-10s" => Ok(outage()),
            "dsl-1m" => Ok(dsl_1m()),
            "lte-cell-edge" => lte_cell_edge(),
            "floor-200k" => Ok(floor_200k()),
            _ => Err(ProfileError::Unknown { name: name.to_owned() }),
        }
    }

    /// A line for one purpose: these rates up and down in bits per second, this round trip, nothing
    /// lost, and queues of 200 ms.
    pub fn plain(up: u64, down: u64, round_trip: Duration) -> Self {
        Self {
            name: "plain",
            about: "A line with these rates and nothing else",
            source: "chosen by who uses it",
            up: direction(up, 200, round_trip),
            down: direction(down, 200, round_trip),
            competitors: Vec::new(),
        }
    }
}

/// One direction of a line: its rate, its drop-tail queue in milliseconds of that, nothing lost.
fn direction(rate: u64, queue_ms: u64, round_trip: Duration) -> ChannelSettings {
    ChannelSettings {
        rate: Rate::constant(rate),
        queue: QueueSettings::drop_tail(rate, ms(queue_ms)),
        loss: Loss::None,
        delay: Delay::fixed(round_trip / 2),
        outages: Vec::new(),
    }
}

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn dsl_1m() -> Profile {
    let loss = Loss::Independent(0.02);
    Profile {
        name: "dsl-1m",
        about: "A long telephone line in the country",
        source: "Rate, 2 % loss and 300 ms of drop-tail buffer are the acceptance figures of this \
                 project; 256 kbit/s upwards is the ratio of ADSL (ITU-T G.992.1)",
        up: ChannelSettings { loss, ..direction(256 * KBIT, 300, ms(50)) },
        down: ChannelSettings { loss, ..direction(MBIT, 300, ms(50)) },
        competitors: Vec::new(),
    }
}

fn dsl_6m() -> Profile {
    let loss = Loss::Independent(0.001);
    Profile {
        name: "dsl-6m",
        about: "An ordinary telephone line",
        source: "6,016 and 576 kbit/s: a common ADSL tariff in Germany; 40 ms: interleaved ADSL; \
                 buffers of 200 ms down and 500 ms up: assumed, in the range that Netalyzr saw \
                 (Kreibich et al., IMC 2010)",
        up: ChannelSettings { loss, ..direction(576 * KBIT, 500, ms(40)) },
        down: ChannelSettings { loss, ..direction(6_016 * KBIT, 200, ms(40)) },
        competitors: Vec::new(),
    }
}

fn wifi_lossy() -> Profile {
    let discipline = Discipline::CoDel(CodelSettings { target: ms(20), interval: ms(100) });
    let direction = ChannelSettings {
        rate: Rate::constant(20 * MBIT),
        queue: QueueSettings { discipline, ..QueueSettings::drop_tail(20 * MBIT, ms(500)) },
        loss: Loss::Bursts(GilbertElliott::simple(0.02, 4.0)),
        delay: Delay {
            propagation: ms(10),
            jitter: Some(Jitter { mean: ms(4), most: ms(40), reorders: false }),
        },
        outages: Vec::new(),
    };
    Profile {
        name: "wifi-lossy",
        about: "A crowded wireless network, two rooms away",
        source: "CoDel with 20 ms and 100 ms: Linux' mac80211 queues; 2 % lost in bursts of 4 and \
                 4 ms of jitter, never out of order: assumed",
        up: direction.clone(),
        down: direction,
        competitors: Vec::new(),
    }
}

/// A phone, from one of the crate's traces. The base station's buffer is deep and loses nothing.
fn mobile(
    trace: &str,
    queue_bytes: u64,
    round_trip: Duration,
) -> Result<ChannelSettings, TraceError> {
    Ok(ChannelSettings {
        rate: Rate::trace(&Trace::parse(trace)?),
        queue: QueueSettings { bytes: queue_bytes, discipline: Discipline::DropTail },
        loss: Loss::None,
        delay: Delay {
            propagation: round_trip / 2,
            jitter: Some(Jitter { mean: ms(3), most: ms(30), reorders: false }),
        },
        outages: Vec::new(),
    })
}

fn lte_train() -> Result<Profile, ProfileError> {
    Ok(Profile {
        name: "lte-train",
        about: "A phone in a train",
        source: "No recording: made by a Markov model (src/markov.rs) with the mean and the worst \
                 twentieth of Mahimahi's AT&T LTE recording of 2016. Deep buffer without loss: \
                 Winstein et al., NSDI 2013",
        up: mobile(include_str!("../traces/lte-train.up"), 300_000, ms(60))?,
        down: mobile(include_str!("../traces/lte-train.down"), 1_000_000, ms(60))?,
        competitors: Vec::new(),
    })
}

fn lte_cell_edge() -> Result<Profile, ProfileError> {
    Ok(Profile {
        name: "lte-cell-edge",
        about: "A phone at the edge of its cell",
        source: "No recording: made by a Markov model (src/markov.rs) whose mean is what ITU-R \
                 M.2134 asks for the worst twentieth of users in a cell of 10 MHz. Buffer: as in \
                 lte-train, smaller",
        up: mobile(include_str!("../traces/lte-cell-edge.up"), 75_000, ms(80))?,
        down: mobile(include_str!("../traces/lte-cell-edge.down"), 150_000, ms(80))?,
        competitors: Vec::new(),
    })
}

fn shared_home() -> Profile {
    Profile {
        name: "shared-home",
        about: "A home where someone else downloads",
        source: "10 and 1 Mbit/s, 30 ms, 250 ms of drop-tail buffer: assumed; the download is \
                 TCP-CUBIC (RFC 9438) from a server 10 ms further away, from the fifth second on",
        up: direction(MBIT, 250, ms(30)),
        down: direction(10 * MBIT, 250, ms(30)),
        competitors: vec![Competitor { from: seconds(5), way_back: ms(25) }],
    }
}

fn school_100() -> Profile {
    Profile {
        name: "school-100",
        about: "A school: many students behind one line of 100 Mbit/s",
        source: "100 Mbit/s for 60 students is an acceptance figure of this project; 20 ms and \
                 50 ms of drop-tail buffer: assumed",
        up: direction(100 * MBIT, 50, ms(20)),
        down: direction(100 * MBIT, 50, ms(20)),
        competitors: Vec::new(),
    }
}

fn satellite() -> Profile {
    let loss = Loss::Independent(0.005);
    Profile {
        name: "satellite",
        about: "A geostationary satellite",
        source: "The way to 35,786 km and back twice takes 480 ms at the speed of light, and \
                 access takes some more; 20 and 3 Mbit/s, 0.5 % loss, 300 ms of buffer: assumed",
        up: ChannelSettings { loss, ..direction(3 * MBIT, 300, ms(600)) },
        down: ChannelSettings { loss, ..direction(20 * MBIT, 300, ms(600)) },
        competitors: Vec::new(),
    }
}

fn floor_200k() -> Profile {
    let loss = Loss::Independent(0.05);
    Profile {
        name: "floor-200k",
        about: "The weakest line on which a lesson must be heard",
        source: "200 kbit/s, 80 ms and 5 % loss are the acceptance figures of this project; \
                 128 kbit/s upwards and 500 ms of drop-tail buffer: assumed",
        up: ChannelSettings { loss, ..direction(128 * KBIT, 500, ms(80)) },
        down: ChannelSettings { loss, ..direction(200 * KBIT, 500, ms(80)) },
        competitors: Vec::new(),
    }
}

fn step() -> Profile {
    let steps = [(seconds(20), 400 * KBIT), (seconds(50), 3 * MBIT)];
    let rate = Rate::steps(3 * MBIT, &steps);
    Profile {
        name: "step-3m-400k-3m",
        about: "3 Mbit/s, from 20 s to 50 s 400 kbit/s, then 3 Mbit/s",
        source: "The rates are the acceptance figures of this project; the buffer of 200 ms at \
                 3 Mbit/s is 1.5 s at 400 kbit/s, since buffers count bytes",
        up: direction(MBIT, 200, ms(50)),
        down: ChannelSettings { rate, ..direction(3 * MBIT, 200, ms(50)) },
        competitors: Vec::new(),
    }
}

fn outage() -> Profile {
    let outages = vec![Outage { from: seconds(20), until: seconds(30) }];
    let cut = |direction| ChannelSettings { outages: outages.clone(), ..direction };
    Profile {
        name: "outage-10s",
        about: "3 Mbit/s, from 20 s to 30 s nothing",
        source: "Ten seconds are an acceptance figure of this project; 3 and 1 Mbit/s, 50 ms and \
                 200 ms of drop-tail buffer as before its step in step-3m-400k-3m",
        up: cut(direction(MBIT, 200, ms(50))),
        down: cut(direction(3 * MBIT, 200, ms(50))),
        competitors: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_has_its_name_and_a_source() {
        for name in Profile::NAMES {
            let profile = Profile::named(name).expect("a profile");
            assert_eq!(profile.name, name);
            assert!(!profile.about.is_empty() && !profile.source.is_empty());
            for direction in [&profile.up, &profile.down] {
                assert!(direction.queue.bytes >= 3 * 1_500, "{name} has no room for three packets");
                assert!(direction.rate.finish(Duration::ZERO, 8).is_some(), "{name} is dead");
            }
        }
        let document = include_str!("../../../docs/links.md");
        let table = document.split("\n## Models").next().expect("the profiles are there");
        let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
        assert_eq!(rows.collect::<Vec<_>>(), Profile::NAMES, "docs/links.md has others");
        let unknown = Profile::named("isdn").expect_err("no profile").to_string();
        assert!(unknown.starts_with("there is no profile \"isdn\"; there are school-100"));
    }
}
