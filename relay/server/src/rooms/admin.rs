//! What whoever looks after the server does with its rooms: makes some that last as long as the server
//! runs, and removes them.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use rand::Rng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{ConfiguredRoom, Refused, Rooms, configured};
use crate::config::RoomSettings;

/// Most rooms that are made while the server runs: a school has tens of classes.
const MADE_MAX: usize = 200;

/// Characters of a made room's id; none of them is taken for another.
const ID_CHARS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
const ID_LENGTH: usize = 10;

/// Wrong secrets are counted under a room that there cannot be.
const NO_ROOM: &str = "";

/// There are as many made rooms as there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooManyRooms;

/// Why a room stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotRemoved {
    /// It is in the configuration.
    Configured,
    /// Somebody is in it.
    InUse,
}

impl Rooms {
    /// Whether anybody looks after this server by its page.
    pub(crate) const fn has_admin(&self) -> bool {
        self.admin.is_some()
    }

    /// Checks the administrator's secret. As with links, a right one is never kept out by wrong ones.
    pub(crate) fn check_admin(
        &self,
        secret: &str,
        peer: IpAddr,
        now: Instant,
    ) -> Result<(), Refused> {
        let offered: [u8; 32] = Sha256::digest(secret).into();
        let known = self.admin.as_ref().unwrap_or(&self.decoy);
        let is_right = bool::from(offered.ct_eq(&known.digest));
        if is_right && self.has_admin() {
            return Ok(());
        }
        Err(self.count_failure(NO_ROOM, peer, now))
    }

    /// Makes a room of which there is nothing in a file. `title` is one (see
    /// [`crate::config::is_room_title`]).
    pub(crate) fn make(
        &self,
        title: String,
        now: Instant,
    ) -> Result<Arc<ConfiguredRoom>, TooManyRooms> {
        let mut by_id = self.by_id.write().unwrap_or_else(PoisonError::into_inner);
        if by_id.values().filter(|room| room.is_temporary).count() >= MADE_MAX {
            return Err(TooManyRooms);
        }
        let id = new_id();
        let settings = RoomSettings { id: id.clone(), title, ..RoomSettings::default() };
        let mut room = configured(&settings, self.general.participants.get(), &self.general, now);
        room.is_temporary = true;
        let room = Arc::new(room);
        by_id.insert(id, Arc::clone(&room));
        Ok(room)
    }

    /// Removes a made room, if nobody is in it. One that is gone already is what was asked for.
    pub(crate) fn remove(&self, id: &str) -> Result<(), NotRemoved> {
        let mut by_id = self.by_id.write().unwrap_or_else(PoisonError::into_inner);
        let Some(room) = by_id.get(id) else {
            return Ok(());
        };
        if !room.is_temporary {
            return Err(NotRemoved::Configured);
        }
        if room.seats.taken() > 0 {
            return Err(NotRemoved::InUse);
        }
        by_id.remove(id);
        Ok(())
    }
}

fn new_id() -> String {
    let mut random = rand::rng();
    let of = |index: usize| ID_CHARS.get(index).copied().map_or('x', char::from);
    (0..ID_LENGTH).map(|_| of(random.random_range(..ID_CHARS.len()))).collect()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use mosaik_proto::room::Role;

    use super::*;
    use crate::config::{self, Sources};

    const SECRET: &str = "a-secret-of-the-administrator";
    const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    fn rooms(secret: Option<&str>) -> Rooms {
        let flags = secret.map(|secret| ("admin_secret", secret.to_owned()));
        let sources = Sources { flags: flags.into_iter().collect(), ..Sources::default() };
        Rooms::new(&config::load(sources).unwrap(), Instant::now())
    }

    #[test]
    fn only_the_right_secret_opens_and_none_where_there_is_none() {
        let now = Instant::now();
        let looked_after = rooms(Some(SECRET));
        assert_eq!(looked_after.check_admin(SECRET, PEER, now), Ok(()));
        assert_eq!(looked_after.check_admin("", PEER, now), Err(Refused::LinkInvalid));
        for _ in 0..100 {
            let refused = looked_after.check_admin("wrong", PEER, now);
            assert!(refused.is_err());
        }
        let refused = looked_after.check_admin("wrong", PEER, now);
        assert!(matches!(refused, Err(Refused::TooMany { .. })), "{refused:?}");
        assert_eq!(looked_after.check_admin(SECRET, PEER, now), Ok(()));
        let left_alone = rooms(None);
        let decoy = left_alone.decoy.text.expose().clone();
        for secret in [SECRET, "", &decoy] {
            assert_eq!(left_alone.check_admin(secret, PEER, now), Err(Refused::LinkInvalid));
        }
    }

    #[test]
    fn a_made_room_is_entered_by_its_links_and_removed_when_nobody_is_in_it() {
        let (rooms, now) = (rooms(Some(SECRET)), Instant::now());
        let room = rooms.make("Elternabend".to_owned(), now).unwrap();
        let role = Role::Moderator;
        let secret = room.secret(role).expose().clone();
        assert_eq!(rooms.admit(&room.id, &secret, PEER, now).unwrap().1.role, role);
        room.seats.set_taken(1);
        assert_eq!(rooms.remove(&room.id), Err(NotRemoved::InUse));
        room.seats.set_taken(0);
        assert_eq!(rooms.remove(&room.id), Ok(()));
        assert_eq!(rooms.remove(&room.id), Ok(()));
        assert!(rooms.admit(&room.id, &secret, PEER, now).is_err());
        assert_eq!(rooms.remove("demo"), Err(NotRemoved::Configured));
    }

    #[test]
    fn made_rooms_are_bounded_and_have_ids_of_their_own() {
        let (rooms, now) = (rooms(Some(SECRET)), Instant::now());
        for _ in 0..MADE_MAX {
            let room = rooms.make("Raum".to_owned(), now).unwrap();
            assert!(config::is_room_id(&room.id), "{}", room.id);
        }
        assert_eq!(rooms.make("Raum".to_owned(), now).unwrap_err(), TooManyRooms);
        assert_eq!(rooms.all().len(), MADE_MAX + 1);
    }
}
