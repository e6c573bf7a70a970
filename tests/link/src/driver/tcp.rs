//! TCP through a line: a connection to the client, one to the server, and between them the line
//! with a TCP of its own (`flow.rs`). Both sockets take and give no faster than that.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use rustix::io::Errno;
use socket2::SockRef;

use super::poller::{Poller, Ready};
use super::tcp_socket;
use crate::flow::SEGMENT;
use crate::line::{Direction, Line};
use crate::way::StreamId;

/// Connections at a time: what four classes of browsers hold open.
const CONNECTIONS_MAX: usize = 512;

/// Bytes that have come through and that a socket has not taken, at most; then the line takes no
/// more for it.
const UNTAKEN_MAX: usize = 256 << 10;

/// One of the two sockets of a connection.
#[derive(Debug)]
struct Side {
    socket: TcpStream,
    may_read: bool,
    may_write: bool,
    /// It has said that it is done; the line was told.
    has_ended: bool,
    /// What has come through for it.
    untaken: Vec<u8>,
    end: End,
}

/// How far the stream to a socket has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// More may come through.
    Open,
    /// Nothing comes through after what waits.
    Coming,
    /// The socket was told.
    Told,
}

impl Side {
    const fn new(socket: TcpStream) -> Self {
        Self {
            socket,
            may_read: true,
            may_write: true,
            has_ended: false,
            untaken: Vec::new(),
            end: End::Open,
        }
    }

    /// Gives the socket what has come through.
    fn flush(&mut self) -> io::Result<()> {
        let mut given = 0;
        while self.may_write && given < self.untaken.len() {
            match self.socket.write(self.untaken.get(given..).unwrap_or_default()) {
                Ok(length) => given += length,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.may_write = false,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.untaken.drain(..given);
        if self.end == End::Coming && self.untaken.is_empty() {
            self.socket.shutdown(Shutdown::Write)?;
            self.end = End::Told;
        }
        Ok(())
    }

    /// The next piece for the line; an empty one is the end, none is not yet.
    fn read(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = vec![0; SEGMENT];
        while self.may_read && !self.has_ended {
            match self.socket.read(&mut bytes) {
                Ok(length) => {
                    self.has_ended = length == 0;
                    bytes.truncate(length);
                    return Ok(Some(bytes));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.may_read = false,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Breaks the connection, as an RST does.
    fn reset(&self) {
        let _ = SockRef::from(&self.socket).set_linger(Some(Duration::ZERO));
    }
}

/// A client's connection and the server's.
#[derive(Debug)]
struct Connection {
    client: Side,
    server: Side,
    up: StreamId,
    down: StreamId,
}

impl Connection {
    /// Where a direction comes from, its stream, and where it goes to.
    const fn parts(&mut self, direction: Direction) -> (&mut Side, StreamId, &mut Side) {
        match direction {
            Direction::Up => (&mut self.client, self.up, &mut self.server),
            Direction::Down => (&mut self.server, self.down, &mut self.client),
        }
    }

    /// Puts on the line what the line takes.
    fn take<P>(&mut self, line: &mut Line<P>, now: Duration) -> io::Result<()> {
        for direction in Direction::BOTH {
            let (from, stream, to) = self.parts(direction);
            let way = line.way_mut(direction);
            while to.untaken.len() < UNTAKEN_MAX && way.has_room(now, stream) {
                let Some(bytes) = from.read()? else { break };
                way.give(now, stream, bytes);
            }
        }
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.client.end == End::Told && self.server.end == End::Told
    }
}

/// The connections, and the socket that new ones come to.
#[derive(Debug)]
pub(crate) struct Tcp {
    listener: TcpListener,
    may_accept: bool,
    to: SocketAddr,
    connections: BTreeMap<u64, Connection>,
    by_stream: HashMap<(Direction, StreamId), u64>,
    next: u64,
    pub(crate) refused: u64,
}

impl Tcp {
    pub(crate) fn new(listener: TcpListener, to: SocketAddr) -> Self {
        Self {
            listener,
            may_accept: true,
            to,
            connections: BTreeMap::new(),
            by_stream: HashMap::new(),
            next: 0,
            refused: 0,
        }
    }

    pub(crate) const fn listener(&self) -> &TcpListener {
        &self.listener
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.len()
    }

    /// Somebody may have come.
    pub(crate) const fn listener_is_ready(&mut self) {
        self.may_accept = true;
    }

    /// The socket of a connection can go on, the client's or the server's.
    pub(crate) fn is_ready<P>(
        &mut self,
        id: u64,
        of_client: bool,
        ready: Ready,
        line: &mut Line<P>,
    ) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let side = if of_client { &mut connection.client } else { &mut connection.server };
        side.may_read |= ready.may_read;
        side.may_write |= ready.may_write;
        if side.flush().is_err() {
            self.break_off(id, line);
        }
    }

    /// Lets in who has come, and puts on the line what it takes. `token` names the sockets of a
    /// connection, the client's where it is asked with true.
    pub(crate) fn take<P>(
        &mut self,
        line: &mut Line<P>,
        poller: &Poller,
        now: Duration,
        token: impl Fn(u64, bool) -> u64,
    ) {
        while self.may_accept {
            match self.listener.accept() {
                Ok((client, _)) => {
                    let has_room = self.connections.len() < CONNECTIONS_MAX;
                    if !has_room || self.connect(client, line, poller, now, &token).is_err() {
                        self.refused += 1;
                    }
                }
                // Who came has left again.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => {
                    self.may_accept = false;
                    self.refused += u64::from(error.kind() != io::ErrorKind::WouldBlock);
                }
            }
        }
        let mut broken = Vec::new();
        for (id, connection) in &mut self.connections {
            if connection.take(line, now).is_err() {
                broken.push(*id);
            }
        }
        for id in broken {
            self.break_off(id, line);
        }
    }

    /// Bytes have come through, or the end of a stream.
    pub(crate) fn deliver<P>(
        &mut self,
        direction: Direction,
        stream: StreamId,
        bytes: &[u8],
        line: &mut Line<P>,
    ) {
        let Some(id) = self.by_stream.get(&(direction, stream)).copied() else { return };
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let (_, _, to) = connection.parts(direction);
        to.untaken.extend_from_slice(bytes);
        if bytes.is_empty() {
            to.end = End::Coming;
        }
        let is_broken = to.flush().is_err();
        if is_broken || connection.is_over() {
            self.remove(id, line);
        }
    }

    /// Breaks every connection.
    pub(crate) fn rebind<P>(&mut self, line: &mut Line<P>) {
        let all: Vec<u64> = self.connections.keys().copied().collect();
        for id in all {
            self.break_off(id, line);
        }
    }

    fn connect<P>(
        &mut self,
        client: TcpStream,
        line: &mut Line<P>,
        poller: &Poller,
        now: Duration,
        token: impl Fn(u64, bool) -> u64,
    ) -> io::Result<()> {
        client.set_nonblocking(true)?;
        client.set_nodelay(true)?;
        let server = tcp_socket(self.to)?;
        // It goes on while we do; the first read says whether it failed.
        match server.connect(&self.to.into()) {
            Ok(()) => {}
            Err(error) if error.raw_os_error() == Some(Errno::INPROGRESS.raw_os_error()) => {}
            Err(error) => return Err(error),
        }
        server.set_tcp_nodelay(true)?;
        let (server, id) = (TcpStream::from(server), self.next);
        self.next += 1;
        poller.add_stream(&client, token(id, true))?;
        poller.add_stream(&server, token(id, false))?;
        let [up, down] = line.connect(now);
        self.by_stream.extend([((Direction::Up, up), id), ((Direction::Down, down), id)]);
        let (client, mut server) = (Side::new(client), Side::new(server));
        (server.may_read, server.may_write) = (false, false);
        self.connections.insert(id, Connection { client, server, up, down });
        Ok(())
    }

    /// Both sides notice that the connection is gone.
    fn break_off<P>(&mut self, id: u64, line: &mut Line<P>) {
        if let Some(connection) = self.connections.get(&id) {
            connection.client.reset();
            connection.server.reset();
        }
        self.remove(id, line);
    }

    fn remove<P>(&mut self, id: u64, line: &mut Line<P>) {
        let Some(Connection { up, down, .. }) = self.connections.remove(&id) else { return };
        for (direction, stream) in [(Direction::Up, up), (Direction::Down, down)] {
            self.by_stream.remove(&(direction, stream));
            line.way_mut(direction).close(stream);
        }
    }
}
