//! A relay in this process, on a port of its own, with two rooms.

use std::time::SystemTime;

use anyhow::Context;
use mosaik_proto::moqt::{FullTrackName, Namespace, Setup};
use mosaik_proto::room::{Consent, Role};
use mosaik_proto::token::{Holder, Kind};
use mosaik_server::Server;
use mosaik_server::config::{self, RoomSettings, Sources};

use crate::client::Client;
use crate::dial::Dialer;
use crate::pair::TEACHER;
use crate::wire::Path;

/// The room that tests meet in.
pub const LESSON: &str = "lesson";

/// A room next door.
pub const OTHER: &str = "other";

/// What [`Relay::public`] opens to sessions without a token.
pub const PUBLIC: &str = "open";

/// The namespace with these fields below [`PUBLIC`].
pub fn open(fields: &[&str]) -> Namespace {
    Namespace::of(&[PUBLIC]).join(&Namespace::of(fields))
}

/// A track of the namespace with these fields below [`PUBLIC`].
pub fn open_track(fields: &[&str], track: &str) -> FullTrackName {
    FullTrackName::new(open(fields), track.as_bytes().to_vec())
}

/// The namespace of `participant` in [`LESSON`].
pub fn room(participant: &str) -> Namespace {
    Namespace::of(&[LESSON, participant])
}

/// A track of `participant` in [`LESSON`].
pub fn track(participant: &str, track: &str) -> FullTrackName {
    FullTrackName::new(room(participant), track.as_bytes().to_vec())
}

/// A running relay.
pub struct Relay {
    server: Server,
    dialer: Dialer,
}

impl Relay {
    /// A relay with the usual settings.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start() -> anyhow::Result<Self> {
        Self::start_with(&[])
    }

    /// A relay at which everything below [`PUBLIC`] needs no token.
    ///
    /// # Errors
    /// When it does not start.
    pub fn public() -> anyhow::Result<Self> {
        Self::start_with(&[("public_namespace", PUBLIC)])
    }

    /// A relay with these settings, as keys and texts of the configuration.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_with(settings: &[(&'static str, &str)]) -> anyhow::Result<Self> {
        let usual = [("listen", "127.0.0.1:0"), ("participants", "500")];
        let flags = usual.iter().chain(settings);
        let flags = flags.map(|(key, text)| (*key, (*text).to_owned())).collect();
        let mut config = config::load(Sources { flags, ..Sources::default() })?;
        config.rooms = [LESSON, OTHER]
            .map(|id| RoomSettings { id: id.to_owned(), ..RoomSettings::default() })
            .to_vec();
        let server = Server::start(&config)?;
        let dialer = Dialer::new(server.address(), server.certificates().hashes());
        Ok(Self { server, dialer })
    }

    /// The server itself.
    pub const fn server(&self) -> &Server {
        &self.server
    }

    /// How to get to it.
    pub const fn dialer(&self) -> &Dialer {
        &self.dialer
    }

    /// A connect token of `participant` in [`LESSON`].
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn token(&self, participant: &str, role: Role) -> anyhow::Result<String> {
        self.token_at(LESSON, participant, role, SystemTime::now())
    }

    /// A connect token that is made at another time or for another room.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn token_at(
        &self,
        room: &str,
        participant: &str,
        role: Role,
        at: SystemTime,
    ) -> anyhow::Result<String> {
        let holder = self.holder(room, participant, role, Consent::ALL);
        Ok(self.server.access().issue_for(holder, Kind::Connect, at)?)
    }

    /// A connect token of a viewer in [`LESSON`] who agreed to this.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn token_agreeing(&self, participant: &str, consent: Consent) -> anyhow::Result<String> {
        let holder = self.holder(LESSON, participant, Role::Viewer, consent);
        Ok(self.server.access().issue_for(holder, Kind::Connect, SystemTime::now())?)
    }

    /// Of the lesson that is on in the room, or would be the next.
    fn holder(&self, room: &str, participant: &str, role: Role, consent: Consent) -> Holder {
        let lesson = self.server.rooms().find(room).map_or(0, |room| room.door.lesson());
        Holder {
            room: room.to_owned(),
            participant: participant.to_owned(),
            name: format!("Test {participant}"),
            role,
            consent,
            lesson,
        }
    }

    /// A session without a token, which may do everything below [`PUBLIC`] and nothing else.
    ///
    /// # Errors
    /// When the relay does not take it, because it was not started with [`Relay::public`].
    pub async fn visit(&self, path: Path) -> anyhow::Result<Client> {
        Client::set_up(self.dialer.dial(path).await?, Setup::default()).await
    }

    /// A session in [`LESSON`], of [`TEACHER`] as a moderator and of anybody else as a viewer.
    ///
    /// # Errors
    /// When the relay does not take it.
    pub async fn join(&self, path: Path, participant: &str) -> anyhow::Result<Client> {
        let role = if participant == TEACHER { Role::Moderator } else { Role::Viewer };
        let token = self.token(participant, role)?;
        Client::join(self.dialer.dial(path).await?, &token).await
    }

    /// Ends the relay, as Ctrl+C does.
    ///
    /// # Errors
    /// When one of its threads failed.
    pub async fn stop(self) -> anyhow::Result<()> {
        tokio::task::spawn_blocking(|| self.server.stop()).await.context("stopping")?
    }
}
