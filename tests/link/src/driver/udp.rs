//! UDP through a line: every client has an address of its own towards the server, as behind a NAT.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use super::poller::Poller;
use super::udp_socket;
use crate::line::{Direction, Line};

/// Clients at a time: four classes, each with a socket.
const CLIENTS_MAX: usize = 128;

/// After which silence a client may lose its place to another (RFC 4787, REQ-5: two minutes at the
/// least).
const IDLE: Duration = Duration::from_mins(2);

/// Addresses that the server may still send to and that nobody listens at any more.
const FORGOTTEN_MAX: usize = 256;

/// Packets that are taken from one socket before what has arrived is delivered.
const BATCH: usize = 32;

/// Of the largest packet.
const PACKET_MAX: usize = 65_535;

/// Headers of IPv4 and UDP.
const HEADERS: usize = 28;

/// A packet of a client, either way.
#[derive(Debug)]
pub(crate) struct Parcel {
    client: u64,
    bytes: Vec<u8>,
}

/// A client as the server sees it.
#[derive(Debug)]
struct Mapping {
    client: SocketAddr,
    socket: UdpSocket,
    used: Duration,
    may_read: bool,
}

/// The clients, and the socket they come to.
#[derive(Debug)]
pub(crate) struct Udp {
    near: UdpSocket,
    may_read: bool,
    to: SocketAddr,
    /// Otherwise everything vanishes, as behind a firewall.
    carries: bool,
    mappings: BTreeMap<u64, Mapping>,
    by_client: HashMap<SocketAddr, u64>,
    next: u64,
    /// Open and unread: a NAT that has forgotten a client does not answer for it.
    forgotten: VecDeque<UdpSocket>,
    buffer: Vec<u8>,
    /// Payload up and down, whatever became of it.
    pub(crate) taken: [u64; 2],
    pub(crate) refused: u64,
    pub(crate) undelivered: u64,
}

impl Udp {
    pub(crate) fn new(near: UdpSocket, to: SocketAddr, carries: bool) -> Self {
        Self {
            near,
            may_read: true,
            to,
            carries,
            mappings: BTreeMap::new(),
            by_client: HashMap::new(),
            next: 0,
            forgotten: VecDeque::new(),
            buffer: vec![0; PACKET_MAX],
            taken: [0, 0],
            refused: 0,
            undelivered: 0,
        }
    }

    pub(crate) const fn near(&self) -> &UdpSocket {
        &self.near
    }

    pub(crate) fn clients(&self) -> usize {
        self.mappings.len()
    }

    /// The socket of everyone has something.
    pub(crate) const fn near_is_ready(&mut self) {
        self.may_read = true;
    }

    /// The socket of a client towards the server has something.
    pub(crate) fn is_ready(&mut self, client: u64) {
        if let Some(mapping) = self.mappings.get_mut(&client) {
            mapping.may_read = true;
        }
    }

    /// Whether there may be more to take at once.
    pub(crate) fn has_more(&self) -> bool {
        self.may_read || self.mappings.values().any(|mapping| mapping.may_read)
    }

    /// Puts what clients and server have sent on the line. `clock` tells the time of each packet;
    /// `token` names the socket of a new client.
    pub(crate) fn take(
        &mut self,
        line: &mut Line<Parcel>,
        poller: &Poller,
        clock: impl Fn() -> Duration,
        token: impl Fn(u64) -> u64,
    ) {
        for _ in 0..BATCH {
            if !self.may_read {
                break;
            }
            match self.near.recv_from(&mut self.buffer) {
                Ok(_) if !self.carries => {}
                Ok((length, from)) => {
                    let now = clock();
                    self.taken[0] += length as u64;
                    let Ok(Some(client)) = self.mapping(from, now, poller, &token) else {
                        self.refused += 1;
                        continue;
                    };
                    let bytes = self.buffer.get(..length).unwrap_or_default().to_vec();
                    let parcel = Parcel { client, bytes };
                    line.way_mut(Direction::Up).push(now, size(length), parcel);
                }
                Err(error) => self.may_read = goes_on(&error),
            }
        }
        for (client, mapping) in &mut self.mappings {
            for _ in 0..BATCH {
                if !mapping.may_read {
                    break;
                }
                match mapping.socket.recv(&mut self.buffer) {
                    Ok(length) => {
                        let now = clock();
                        self.taken[1] += length as u64;
                        mapping.used = now;
                        let bytes = self.buffer.get(..length).unwrap_or_default().to_vec();
                        let parcel = Parcel { client: *client, bytes };
                        line.way_mut(Direction::Down).push(now, size(length), parcel);
                    }
                    Err(error) => mapping.may_read = goes_on(&error),
                }
            }
        }
    }

    /// A packet has come through.
    pub(crate) fn deliver(&mut self, direction: Direction, parcel: &Parcel) {
        let Some(mapping) = self.mappings.get(&parcel.client) else { return };
        let sent = match direction {
            Direction::Up => mapping.socket.send(&parcel.bytes),
            Direction::Down => self.near.send_to(&parcel.bytes, mapping.client),
        };
        if sent.is_err() {
            self.undelivered += 1;
        }
    }

    /// Gives every client another address towards the server.
    pub(crate) fn rebind(&mut self, poller: &Poller, token: impl Fn(u64) -> u64) -> io::Result<()> {
        for (client, mapping) in &mut self.mappings {
            let socket = far_socket(self.to)?;
            poller.add_source(&socket, token(*client))?;
            let old = std::mem::replace(&mut mapping.socket, socket);
            mapping.may_read = true;
            poller.forget(&old)?;
            if self.forgotten.len() == FORGOTTEN_MAX {
                self.forgotten.pop_front();
            }
            self.forgotten.push_back(old);
        }
        Ok(())
    }

    /// The client that sends from this address, if there is room for it.
    fn mapping(
        &mut self,
        from: SocketAddr,
        now: Duration,
        poller: &Poller,
        token: impl Fn(u64) -> u64,
    ) -> io::Result<Option<u64>> {
        if let Some(client) = self.by_client.get(&from) {
            if let Some(mapping) = self.mappings.get_mut(client) {
                mapping.used = now;
            }
            return Ok(Some(*client));
        }
        if self.mappings.len() == CLIENTS_MAX && !self.forget_one(now) {
            return Ok(None);
        }
        let (socket, client) = (far_socket(self.to)?, self.next);
        self.next += 1;
        poller.add_source(&socket, token(client))?;
        self.mappings.insert(client, Mapping { client: from, socket, used: now, may_read: true });
        self.by_client.insert(from, client);
        Ok(Some(client))
    }

    /// Forgets the client that was silent longest, if that was long.
    fn forget_one(&mut self, now: Duration) -> bool {
        let oldest = self.mappings.iter().min_by_key(|(_, mapping)| mapping.used);
        let Some((client, mapping)) =
            oldest.filter(|(_, mapping)| now.saturating_sub(mapping.used) > IDLE)
        else {
            return false;
        };
        let (client, address) = (*client, mapping.client);
        self.by_client.remove(&address);
        self.mappings.remove(&client).is_some()
    }
}

/// A socket that talks to nobody but the server.
fn far_socket(to: SocketAddr) -> io::Result<UdpSocket> {
    let any: SocketAddr = match to {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = udp_socket(any)?;
    socket.connect(to)?;
    Ok(socket)
}

/// Whether a socket may have more after this: an error of ICMP says that one packet was refused.
fn goes_on(error: &io::Error) -> bool {
    error.kind() != io::ErrorKind::WouldBlock
}

/// Of a packet on the line.
fn size(payload: usize) -> u32 {
    u32::try_from(payload + HEADERS).unwrap_or(u32::MAX)
}
