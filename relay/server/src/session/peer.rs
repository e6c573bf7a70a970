//! What the tasks of one session share.

use std::cell::{Cell, OnceCell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use mosaik_media::{SessionKey, TrackKey};
use mosaik_proto::moqt::{
    AuthToken, ControlMessage, FullTrackName, GoAway, ParameterPlace, RequestUpdate, TokenValue,
    Violation,
};
use mosaik_proto::token::Holder;
use tokio::sync::{Notify, mpsc, watch};

use super::Outcome;
use super::aliases::{Alias, Aliases};
use super::filling::Filling;
use super::load::Talk;
use super::request_ids::RequestIds;
use super::rights::Rights;
use super::tokens::{TokenCache, TokenRefused, widen};
use super::wishes::Wishes;
use crate::gate::{Bearer, Gate};
use crate::queue::{Receiver, Sender, queue};
use crate::relay::Way;
use crate::shard::Shard;

/// How long a data stream waits for the request that gives its alias a meaning.
const ALIAS_MAX: Duration = Duration::from_secs(2);

/// How long an alias outlives its subscription, for objects that are still under way.
const LATE_MAX: Duration = Duration::from_secs(2);

/// Messages waiting for the control stream: SETUP and GOAWAY are all that goes there.
const CONTROL_MAX: usize = 4;

/// Something that a session does beside everything else, until it ends with it.
pub(super) type Task = Pin<Box<dyn Future<Output = Outcome>>>;

pub(super) struct Peer<S> {
    pub(super) transport: S,
    pub(super) shard: Rc<Shard>,
    pub(super) gate: Arc<dyn Gate>,
    pub(super) key: SessionKey,
    pub(super) way: Way,
    pub(super) aliases: RefCell<Aliases>,
    pub(super) request_ids: RefCell<RequestIds>,
    pub(super) control_out: Sender<ControlMessage>,
    pub(super) control_queue: RefCell<Option<Receiver<ControlMessage>>>,
    tasks: mpsc::Sender<Task>,
    pub(super) tokens: RefCell<TokenCache>,
    pub(super) bearer: Bearer,
    rights: OnceCell<Rc<Rights>>,
    /// What the requests may do that announced a namespace: its tracks are asked for by it.
    announced: RefCell<Vec<(u64, Rc<Rights>)>>,
    pub(super) rights_changed: Notify,
    is_leaving: Cell<bool>,
    is_told_to_go: Cell<bool>,
    set_up: watch::Sender<bool>,
    aliases_changed: Notify,
    requests_came: Notify,
    pub(super) wishes: Wishes,
    pub(super) talk: Rc<Talk>,
    pub(super) fillings: RefCell<Vec<Rc<Filling>>>,
}

impl<S> Peer<S> {
    pub(super) fn new(
        transport: S,
        shard: Rc<Shard>,
        gate: Arc<dyn Gate>,
        key: SessionKey,
        way: Way,
        tasks: mpsc::Sender<Task>,
    ) -> Self {
        let (control_out, control_queue) = queue(CONTROL_MAX);
        let talk = Rc::new(Talk::new(shard.limits()));
        Self {
            transport,
            shard,
            gate,
            key,
            way,
            aliases: RefCell::default(),
            request_ids: RefCell::new(RequestIds::server()),
            control_out,
            control_queue: RefCell::new(Some(control_queue)),
            tasks,
            tokens: RefCell::default(),
            bearer: Bearer::fresh(),
            rights: OnceCell::new(),
            announced: RefCell::default(),
            rights_changed: Notify::new(),
            is_leaving: Cell::new(false),
            is_told_to_go: Cell::new(false),
            set_up: watch::Sender::new(false),
            aliases_changed: Notify::new(),
            requests_came: Notify::new(),
            wishes: Wishes::default(),
            talk,
            fillings: RefCell::default(),
        }
    }

    /// Starts a task that lives as long as the session. It is lost only with the session.
    pub(super) async fn begin(&self, task: impl Future<Output = Outcome> + 'static) {
        let _ = self.tasks.send(Box::pin(task)).await;
    }

    /// SETUP was accepted with these rights.
    ///
    /// # Errors
    /// [`Violation::Misplaced`] the second time.
    pub(super) fn set_up(&self, rights: Rights) -> Result<(), Violation> {
        self.rights
            .set(Rc::new(rights))
            .map_err(|_| Violation::Misplaced { what: "a second SETUP" })?;
        self.set_up.send_replace(true);
        Ok(())
    }

    /// Whether SETUP was accepted.
    pub(super) fn has_rights(&self) -> bool {
        self.rights.get().is_some()
    }

    /// Waits for SETUP; its deadline is the session's.
    pub(super) async fn is_set_up(&self) {
        let mut set_up = self.set_up.subscribe();
        // The sender lives as long as `self`.
        let _ = set_up.wait_for(|is_set_up| *is_set_up).await;
    }

    /// A namespace was announced by this request, with these rights.
    pub(super) fn has_announced(&self, request: u64, rights: Rc<Rights>) {
        self.announced.borrow_mut().push((request, rights));
    }

    pub(super) fn has_withdrawn(&self, request: u64) {
        self.announced.borrow_mut().retain(|(announced, _)| *announced != request);
    }

    /// Whether the session may publish a track that the relay asks it for.
    pub(super) fn may_be_asked(&self, name: &FullTrackName) -> bool {
        let allows = |rights: &Rights| rights.may_publish(name.clone()).is_ok();
        self.rights.get().is_some_and(|own| allows(own))
            || self.announced.borrow().iter().any(|(_, rights)| allows(rights))
    }

    /// The tokens that a request gives. All of them are registered and deleted as they say, whatever
    /// becomes of the request (section 10.2.2).
    ///
    /// # Errors
    /// [`Violation`] where the draft says that the session ends.
    pub(super) fn tokens_of(&self, tokens: &[AuthToken]) -> Result<Vec<TokenValue>, Violation> {
        self.tokens.borrow_mut().resolve(tokens)
    }

    /// What a request may do that gives these tokens.
    pub(super) fn rights(&self, tokens: &[TokenValue]) -> Result<Rc<Rights>, TokenRefused> {
        let own = self.rights.get().map_or_else(Rc::default, Rc::clone);
        self.wider(&own, tokens)
    }

    /// What a request may do after REQUEST_UPDATE, that had `rights` before.
    ///
    /// # Errors
    /// As [`Peer::tokens_of`], [`Violation::RequestId`], and [`Violation::Parameter`] for what may
    /// not be in `place`.
    pub(super) fn updated(
        &self,
        rights: &Rc<Rights>,
        update: &RequestUpdate,
        place: ParameterPlace,
    ) -> Result<Result<Rc<Rights>, TokenRefused>, Violation> {
        self.request_ids.borrow_mut().take(update.request_id)?;
        update.parameters.check(place)?;
        let tokens = self.tokens_of(&update.parameters.tokens)?;
        Ok(self.wider(rights, &tokens))
    }

    fn wider(
        &self,
        rights: &Rc<Rights>,
        tokens: &[TokenValue],
    ) -> Result<Rc<Rights>, TokenRefused> {
        let ceiling = |holder: &Holder| self.shard.ceiling_by_request(self.key, holder);
        widen((self.gate.as_ref(), &ceiling), (self.bearer, &self.talk), rights, tokens)
    }

    /// Takes note of a request of the peer's.
    ///
    /// # Errors
    /// [`Violation::RequestId`].
    pub(super) fn take_request(&self, id: u64) -> Result<(), Violation> {
        self.request_ids.borrow_mut().take(id)?;
        self.requests_came.notify_waiters();
        Ok(())
    }

    /// Waits a little for a request of the peer's that another one refers to: they travel on
    /// streams of their own, and one may overtake the other.
    pub(super) async fn request_came(&self, id: u64) {
        let wait = async {
            loop {
                let came = self.requests_came.notified();
                if !self.request_ids.borrow().may_come(id) {
                    return;
                }
                came.await;
            }
        };
        // One that does not come is refused for what it is.
        let _ = tokio::time::timeout(ALIAS_MAX, wait).await;
    }

    pub(super) fn bind_alias(&self, alias: u64, track: TrackKey) -> Result<(), Violation> {
        self.aliases.borrow_mut().bind(alias, track)?;
        self.aliases_changed.notify_waiters();
        Ok(())
    }

    /// A track of the peer's is not taken any more, nor what of it is under way.
    pub(super) fn revoke(&self, track: TrackKey, alias: u64) {
        let mut aliases = self.aliases.borrow_mut();
        aliases.retire(alias);
        aliases.release(alias);
        drop(aliases);
        self.shard.act(|tracks, now| tracks.revoke(now, self.key, track));
    }

    /// Forgets retired aliases, when objects that are still under way have had time to come.
    pub(super) async fn release_aliases(&self, aliases: &[u64]) {
        if aliases.is_empty() {
            return;
        }
        tokio::time::sleep_until(tokio::time::Instant::now() + LATE_MAX).await;
        for alias in aliases {
            self.aliases.borrow_mut().release(*alias);
        }
    }

    /// The track of an alias, waiting a little for the request that introduces it.
    pub(super) async fn track_of(&self, alias: u64) -> Option<TrackKey> {
        let wait = async {
            loop {
                let changed = self.aliases_changed.notified();
                let found = self.aliases.borrow().look_up(alias);
                match found {
                    Alias::Live(track) => return Some(track),
                    Alias::Gone => return None,
                    Alias::Unknown => changed.await,
                }
            }
        };
        tokio::time::timeout(ALIAS_MAX, wait).await.ok().flatten()
    }

    /// The peer is about to leave: no new requests go to it (section 10.4).
    pub(super) fn was_told_to_go(&self) {
        self.is_told_to_go.set(true);
    }

    pub(super) fn is_told_to_go(&self) -> bool {
        self.is_told_to_go.get()
    }

    /// Whether we told the peer to leave: its new requests are refused (section 10.4).
    pub(super) fn is_leaving(&self) -> bool {
        self.is_leaving.get()
    }

    pub(super) fn announce_going_away(&self, timeout: Duration) {
        self.is_leaving.set(true);
        let message = ControlMessage::GoAway(GoAway {
            new_session_uri: bytes::Bytes::new(),
            timeout: u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX),
            request_id: Some(self.request_ids.borrow().unprocessed()),
        });
        // A full queue means that the peer does not even take SETUP; it will be closed anyway.
        let _ = self.control_out.try_send(message);
    }
}
