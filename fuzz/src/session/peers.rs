//! The peers of a script: each has a connection to the relay and does as it is told.

use std::collections::BTreeSet;
use std::rc::Rc;

use bytes::{Bytes, BytesMut};
use mosaik_proto::moqt::{
    ControlMessage, Datagram, FetchHead, FetchWriter, Location, ObjectStatus, ObjectWriter,
    Properties, SubgroupHeader,
};
use mosaik_server::relay::{Relay, Way};
use mosaik_transport::TransportError;
use tokio::task::JoinHandle;

use super::heard::{self, Heard};
use super::phrases;
use super::script::{Script, Step};
use crate::transport::{End, Incoming, Link, Outgoing, State, Stream};

/// Peers at once: one publishes, one subscribes, one comes between.
const PEERS: usize = 3;

/// Connections in one script.
const DIALS_MAX: usize = 8;

/// Most bytes of an object that a script asks for, so that logs fill up now and then.
const PAYLOAD: [u8; 0x4000] = [0x5A; 0x4000];

/// One connection.
struct Peer {
    link: Link,
    session: JoinHandle<()>,
    next_request: u64,
}

/// See the module.
pub(crate) struct Peers {
    relay: Rc<Relay>,
    now: [Option<Peer>; PEERS],
    /// Connections that a peer left.
    left: Vec<Peer>,
    dials: usize,
}

impl Peers {
    pub(crate) fn new(relay: Rc<Relay>) -> Self {
        Self { relay, now: [const { None }; PEERS], left: Vec::new(), dials: 0 }
    }

    /// Does one step but waiting.
    pub(crate) fn act(&mut self, (peer, step): (usize, Step), script: &mut Script<'_>) {
        if step == Step::Drain {
            self.relay.drain();
            return;
        }
        let index = peer % PEERS;
        if self.now[index].as_ref().is_some_and(|peer| peer.link.state().end.is_some()) {
            self.left.extend(self.now[index].take());
        }
        if self.now[index].is_none() && self.dials < DIALS_MAX {
            self.dials += 1;
            let way = if index == 0 { Way::Quic } else { Way::WebTransport };
            self.now[index] = Some(Peer::dial(&self.relay, way));
        }
        if let Some(peer) = &mut self.now[index] {
            peer.act(step, script);
        }
    }

    /// All connections are lost; what was said on them is looked at once their sessions are over.
    /// Gives the connections, of which nobody else should know soon, and what was heard.
    pub(crate) async fn leave(self) -> (Vec<Link>, BTreeSet<Heard>) {
        let (mut links, mut heard) = (Vec::new(), BTreeSet::new());
        for peer in self.now.into_iter().flatten().chain(self.left) {
            peer.link.change(|state| {
                state.end.get_or_insert(TransportError::Lost("the script is over"));
            });
            let ended = peer.session.await;
            assert!(ended.is_ok(), "a session failed: {ended:?}");
            heard.extend(heard::check(&peer.link.state()));
            links.push(peer.link);
        }
        (links, heard)
    }
}

impl Peer {
    fn dial(relay: &Rc<Relay>, way: Way) -> Self {
        let link = Link::default();
        let (relay, transport) = (Rc::clone(relay), link.clone());
        let session = tokio::task::spawn_local(async move { relay.serve(transport, way).await });
        Self { link, session, next_request: 0 }
    }

    fn act(&mut self, step: Step, script: &mut Script<'_>) {
        match step {
            Step::OpenBi => self.open(true, script.bytes().to_vec()),
            Step::OpenUni => self.open(false, script.bytes().to_vec()),
            Step::Write => {
                let (stream, bytes) = (script.byte(), script.bytes());
                self.write(stream, bytes.to_vec());
            }
            Step::Finish => self.end(script.byte(), End::Fin),
            Step::Reset => self.end(script.byte(), End::Reset(u32::from(script.byte()))),
            Step::Stop => {
                let (stream, code) = (script.byte(), u32::from(script.byte()));
                self.on(stream, |state, id| {
                    if let Some(half) = state.outgoing(id) {
                        half.stopped.get_or_insert(code);
                    }
                });
            }
            Step::Datagram => self.datagram(script.bytes().to_vec()),
            Step::ObjectDatagram => self.datagram(object_datagram(script)),
            Step::Choke => {
                let window = usize::from(script.byte());
                let window = (window < 255).then_some(window * 16);
                self.link.change(|state| state.window = window);
            }
            Step::AllowStreams => {
                let streams = usize::from(script.byte() % 8);
                self.link.change(|state| state.streams_max = streams);
            }
            Step::Leave => self.leave(script.byte()),
            Step::SetUp => self.open(false, bytes(&phrases::set_up(script))),
            Step::Ask => {
                let id = self.request_id();
                self.open(true, bytes(&phrases::ask(script, id)));
            }
            Step::Say => {
                let stream = script.byte();
                let id = self.next_request;
                let message = phrases::say(script, id);
                if matches!(message, ControlMessage::RequestUpdate(_)) {
                    self.request_id();
                }
                self.write(stream, bytes(&message));
            }
            Step::Subgroup => self.subgroup(script),
            Step::Fetched => self.open(false, fetched(script)),
            Step::Wait | Step::Drain => {}
        }
    }

    const fn request_id(&mut self) -> u64 {
        let id = self.next_request;
        self.next_request += 2;
        id
    }

    /// A stream of the peer's that begins with these bytes.
    fn open(&self, is_bi: bool, bytes: Vec<u8>) {
        self.link.change(|state| {
            let mut incoming = Incoming::default();
            incoming.chunks.extend((!bytes.is_empty()).then(|| Bytes::from(bytes)));
            let outgoing = is_bi.then(Outgoing::default);
            state.begin(is_bi, Stream { incoming: Some(incoming), outgoing });
        });
    }

    /// Does something with one of the streams there are, the newest first.
    fn on(&self, stream: u8, act: impl FnOnce(&mut State, usize)) {
        self.link.change(|state| {
            let count = state.streams.len();
            if count > 0 {
                act(state, count - 1 - usize::from(stream) % count);
            }
        });
    }

    fn write(&self, stream: u8, bytes: Vec<u8>) {
        self.on(stream, |state, id| {
            let half = state.incoming(id);
            if let Some(half) = half.filter(|half| half.end.is_none() && !half.is_stopped)
                && !bytes.is_empty()
            {
                half.chunks.push_back(bytes.into());
            }
        });
    }

    fn end(&self, stream: u8, end: End) {
        self.on(stream, |state, id| {
            if let Some(half) = state.incoming(id) {
                half.end.get_or_insert(end);
            }
        });
    }

    fn datagram(&self, bytes: Vec<u8>) {
        self.link.change(|state| state.datagrams.push_back(bytes.into()));
    }

    fn leave(&self, how: u8) {
        let end = match how % 2 {
            0 => TransportError::Lost("it was silent for too long"),
            _ => TransportError::Closed { code: how.into(), reason: String::from("bye") },
        };
        self.link.change(|state| {
            state.end.get_or_insert(end);
        });
    }

    /// Objects, whose stream stays open unless the script says that it ends.
    fn subgroup(&self, script: &mut Script<'_>) {
        let flags = script.byte();
        let is_set = |bit: u8| flags & bit != 0;
        let header = SubgroupHeader {
            track_alias: script.number(),
            group: script.number(),
            subgroup: (!is_set(1)).then(|| u64::from(flags >> 6)),
            priority: is_set(2).then(|| script.byte()),
            has_properties: is_set(4),
            end_of_group: is_set(8),
            first_object: is_set(16),
        };
        let mut bytes = BytesMut::new();
        header.encode(&mut bytes);
        let mut writer = ObjectWriter::new(header.has_properties);
        let mut id = script.number();
        for _ in 0..script.byte() % 8 {
            bytes.extend_from_slice(&writer.write(id, &Properties::default(), payload(script)));
            id = id.saturating_add(1);
        }
        self.open(false, bytes.to_vec());
        if is_set(32) {
            self.end(0, End::Fin);
        }
    }
}

/// The bytes of a message, or none if it is not one that can be said.
fn bytes(message: &ControlMessage) -> Vec<u8> {
    message.encode().map_or_else(|_| Vec::new(), |bytes| bytes.to_vec())
}

/// Few bytes, or many.
fn payload(script: &mut Script<'_>) -> &'static [u8] {
    let size = usize::from(script.byte());
    let size = if size < 0xF0 { size % 16 } else { PAYLOAD.len() };
    &PAYLOAD[..size]
}

fn object_datagram(script: &mut Script<'_>) -> Vec<u8> {
    let alias = script.number();
    let location = Location::new(script.number(), script.number());
    let flags = script.byte();
    let datagram = Datagram {
        track_alias: alias,
        location,
        priority: (flags & 1 == 1).then_some(flags),
        end_of_group: flags & 2 == 2,
        properties: Bytes::new(),
        status: ObjectStatus::Normal,
        payload: Bytes::from_static(b"object"),
    };
    datagram.encode(alias).to_vec()
}

/// The stream that answers a FETCH of the relay's, whose IDs are odd.
fn fetched(script: &mut Script<'_>) -> Vec<u8> {
    let request = u64::from(script.byte()) * 2 + 1;
    let mut bytes = FetchWriter::header(request).to_vec();
    let mut writer = FetchWriter::default();
    let mut location = Location::new(script.number(), script.number());
    for _ in 0..script.byte() % 8 {
        let payload = payload(script);
        let head = FetchHead {
            location,
            subgroup: Some(u64::from(script.byte() % 3)),
            priority: 128,
            properties: Bytes::new(),
            payload_len: u64::try_from(payload.len()).unwrap_or(0),
        };
        bytes.extend_from_slice(&writer.head(&head));
        bytes.extend_from_slice(payload);
        location.object = location.object.saturating_add(u64::from(script.byte() % 4));
    }
    bytes
}
