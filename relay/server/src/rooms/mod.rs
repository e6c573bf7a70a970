//! The rooms of this server and the secrets of their links.
//!
//! Whoever asks learns nothing from a refusal: an unknown room is compared with a secret that
//! nobody has, so it answers the same, and after the same work, as a wrong secret.

mod admin;
mod door;
mod links;
mod receipts;

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mosaik_proto::room::{Agreed, Role, seats_for};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::bucket::{Bucket, Buckets, Rate};
use crate::config::{Config, DEMO_ROOM, RoomSettings, Settings};
use crate::limits::bytes;
use crate::redacted::Redacted;

pub(crate) use admin::NotRemoved;
pub use door::{Door, Shut};
use links::Found;
pub use links::{Invited, Link, TooMany};
pub(crate) use links::{LIFETIME_MAX, Links};
pub(crate) use receipts::Receipts;

/// Joins of one room: a class comes within seconds, and comes again when the line was cut.
const JOINS: Rate = Rate { burst: 60, each: Duration::from_millis(200) };

/// Wrong secrets of one room from one address.
const FAILURES: Rate = Rate { burst: 5, each: Duration::from_secs(12) };

/// Rooms and addresses whose failures are counted; see [`Buckets`] for what happens beyond.
const FAILURE_KEYS_MAX: usize = 8 * 1024;

/// How many places a room has and how many are taken.
#[derive(Debug)]
pub struct Seats {
    taken: AtomicUsize,
    most: usize,
}

impl Seats {
    /// `most` places, none taken.
    pub const fn new(most: usize) -> Self {
        Self { taken: AtomicUsize::new(0), most }
    }

    /// Most participants at once.
    pub const fn most(&self) -> usize {
        self.most
    }

    /// Says how many places are taken: the room's state machine knows, nobody else counts.
    pub fn set_taken(&self, taken: usize) {
        self.taken.store(taken, Ordering::Relaxed);
    }

    /// How many places are taken.
    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    /// Whether the next participant of a role would be refused. Between the answer and the
    /// connection others may come: the room itself decides.
    pub fn is_full_for(&self, role: Role) -> bool {
        self.taken() >= seats_for(role, self.most)
    }
}

/// A room that exists as long as the server runs, or until its administrator removes it.
#[derive(Debug)]
pub struct ConfiguredRoom {
    /// The id in links and namespaces.
    pub id: String,
    /// What people see.
    pub title: String,
    /// How many may come.
    pub seats: Arc<Seats>,
    /// What the room lets nobody in for.
    pub door: Door,
    /// How long it is kept when nobody is in it.
    pub empty_grace: Duration,
    /// How long it goes on when its moderators are gone.
    pub unattended_grace: Duration,
    /// How many days its attendance is kept after it has closed.
    pub attendance_days: u8,
    /// Bytes of one file that is shared.
    pub file_bytes: u64,
    /// Bytes of all files and slides.
    pub content_bytes: u64,
    /// Made while the server runs: it is in no file, and gone with the server.
    pub is_temporary: bool,
    moderator: LinkSecret,
    pub(crate) links: Links,
    joins: Mutex<Bucket>,
}

impl ConfiguredRoom {
    /// The secret in the link of this role, for whoever starts the server.
    pub fn secret(&self, role: Role) -> Redacted<String> {
        match role {
            Role::Moderator => self.moderator.text.clone(),
            Role::Presenter | Role::Viewer => self.links.class_secret(),
        }
    }

    /// Counts somebody who comes in, or comes back with a token.
    ///
    /// # Errors
    /// [`Refused::TooMany`] when more come than the room can greet.
    pub fn count_join(&self, now: Instant) -> Result<(), Refused> {
        let mut joins = self.joins.lock().unwrap_or_else(PoisonError::into_inner);
        joins.take(JOINS, now).map_err(|retry_after| Refused::TooMany { retry_after })
    }
}

#[derive(Debug)]
struct LinkSecret {
    text: Redacted<String>,
    digest: [u8; 32],
}

impl LinkSecret {
    /// The configured secret, or a new one of 128 bits.
    fn new(configured: Option<&Redacted<String>>) -> Self {
        let text = configured
            .cloned()
            .unwrap_or_else(|| Redacted::new(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>())));
        Self { digest: Sha256::digest(text.expose()).into(), text }
    }
}

/// What a link's secret makes of whoever has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// The role.
    pub role: Role,
    /// Whom the link is for, if it is a personal one.
    pub invited: Option<Invited>,
}

/// Why someone may not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No such room or no such secret; nobody is told which.
    #[error("the link is not valid")]
    LinkInvalid,
    /// Too many tries.
    #[error("too many tries, again in {retry_after:?}")]
    TooMany {
        /// When the next try has a chance.
        retry_after: Duration,
    },
}

/// All rooms by their id.
#[derive(Debug)]
pub struct Rooms {
    by_id: RwLock<BTreeMap<String, Arc<ConfiguredRoom>>>,
    /// What rooms are made with.
    general: Settings,
    /// Who knows it looks after the server; nobody, if there is none.
    admin: Option<LinkSecret>,
    /// What an unknown room's secret is compared with.
    decoy: LinkSecret,
    decoys: Links,
    /// Of rooms that closed.
    pub(crate) receipts: Receipts,
    /// By a keyed hash of room and address: no address is kept.
    failures: Mutex<Buckets<u64>>,
    hasher: RandomState,
}

impl Rooms {
    /// The rooms of `config`, and `demo` if it is wanted.
    pub fn new(config: &Config, now: Instant) -> Self {
        let demo = RoomSettings {
            id: DEMO_ROOM.to_owned(),
            title: "Demo".to_owned(),
            ..RoomSettings::default()
        };
        let is_demo_wanted =
            config.settings.demo.map_or(config.rooms.is_empty(), |switch| switch.0)
                && config.rooms.iter().all(|room| room.id != demo.id);
        let by_id = is_demo_wanted
            .then_some(&demo)
            .into_iter()
            .chain(&config.rooms)
            .map(|room| {
                let usual = config.settings.participants.get();
                let most = room.participants.unwrap_or(usual);
                (room.id.clone(), Arc::new(configured(room, most, &config.settings, now)))
            })
            .collect();
        let admin = config.settings.admin_secret.as_ref();
        Self {
            by_id: RwLock::new(by_id),
            general: config.settings.clone(),
            admin: admin.map(|secret| LinkSecret::new(Some(secret))),
            decoy: LinkSecret::new(None),
            decoys: Links::new(LinkSecret::new(None)),
            receipts: Receipts::default(),
            failures: Mutex::new(Buckets::new(FAILURES, FAILURE_KEYS_MAX)),
            hasher: RandomState::new(),
        }
    }

    /// For how many days attendance is kept after a room has closed.
    pub const fn attendance_days(&self) -> u8 {
        self.general.retention.get()
    }

    /// The room with this id.
    pub fn find(&self, id: &str) -> Option<Arc<ConfiguredRoom>> {
        self.read().get(id).cloned()
    }

    /// All rooms, by id.
    pub fn all(&self) -> Vec<Arc<ConfiguredRoom>> {
        self.read().values().cloned().collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, BTreeMap<String, Arc<ConfiguredRoom>>> {
        self.by_id.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Checks a link.
    ///
    /// A right secret always comes in, however many wrong ones came from the same address: a
    /// school has one address, and one pupil must not be able to lock out the others. Guessing
    /// 128 bits is hopeless at any speed; the bound on failures keeps the noise small.
    ///
    /// # Errors
    /// [`Refused`], the same for an unknown room and a wrong secret.
    pub fn admit(
        &self,
        id: &str,
        secret: &str,
        peer: IpAddr,
        now: Instant,
    ) -> Result<(Arc<ConfiguredRoom>, Admitted), Refused> {
        let known = self.find(id);
        let (moderator, links) = match &known {
            Some(room) => (&room.moderator, &room.links),
            None => (&self.decoy, &self.decoys),
        };
        // Digests have one length, and all are always compared.
        let offered: [u8; 32] = Sha256::digest(secret).into();
        let is_moderator = bool::from(offered.ct_eq(&moderator.digest));
        let found = links.find(&offered, now);
        let admitted = match (is_moderator, found) {
            (true, _) => Some(Admitted { role: Role::Moderator, invited: None }),
            (false, Some(Found::Class)) => Some(Admitted { role: Role::Viewer, invited: None }),
            (false, Some(Found::Personal(invited))) => {
                Some(Admitted { role: Role::Viewer, invited: Some(invited) })
            }
            (false, None) => None,
        };
        match known.zip(admitted) {
            Some((room, admitted)) => {
                room.count_join(now)?;
                Ok((room, admitted))
            }
            None => Err(self.count_failure(id, peer, now)),
        }
    }

    /// What whoever has this secret may agree to at most; everything, if it opens nothing.
    pub fn most_agreed(&self, id: &str, secret: &str, now: Instant) -> Agreed {
        let known = self.find(id);
        let links = known.as_ref().map_or(&self.decoys, |room| &room.links);
        match links.find(&Sha256::digest(secret).into(), now) {
            Some(Found::Personal(invited)) => invited.most,
            Some(Found::Class) | None => Agreed::ALL,
        }
    }

    fn count_failure(&self, id: &str, peer: IpAddr, now: Instant) -> Refused {
        let key = self.hasher.hash_one((id, network(peer)));
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        match failures.take(key, now) {
            Ok(()) => Refused::LinkInvalid,
            Err(retry_after) => Refused::TooMany { retry_after },
        }
    }
}

fn configured(
    settings: &RoomSettings,
    most: usize,
    general: &Settings,
    now: Instant,
) -> ConfiguredRoom {
    let title = if settings.title.is_empty() { &settings.id } else { &settings.title };
    ConfiguredRoom {
        id: settings.id.clone(),
        title: title.clone(),
        seats: Arc::new(Seats::new(most)),
        door: Door::default(),
        empty_grace: general.room_timeout.get(),
        unattended_grace: general.moderator_timeout.get(),
        attendance_days: general.retention.get(),
        file_bytes: bytes(general.file_megabytes.get()),
        content_bytes: bytes(general.content_megabytes.get()),
        is_temporary: false,
        moderator: LinkSecret::new(settings.moderator_secret.as_ref()),
        links: Links::new(LinkSecret::new(settings.viewer_secret.as_ref())),
        joins: Mutex::new(Bucket::full(JOINS, now)),
    }
}

/// What one customer has: an IPv4 address, or a /64 of IPv6.
pub(crate) fn network(peer: IpAddr) -> u128 {
    match peer.to_canonical() {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits() >> 64 << 64,
    }
}

#[cfg(test)]
mod tests;
