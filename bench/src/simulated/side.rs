//! One end of a QUIC connection without sockets: packets in, packets out, time as an argument.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use bytes::BytesMut;
use quinn_proto::{
    ClientConfig, Connection, ConnectionHandle, DatagramEvent, Endpoint, EndpointConfig,
    ServerConfig,
};

const SERVER: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1);
const CLIENT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 2);

/// Packets that leave together, as the relay's own socket sends them.
const TOGETHER: usize = 10;

/// An end and its connection, once there is one.
#[derive(Debug)]
pub struct Side {
    endpoint: Endpoint,
    connection: Option<(ConnectionHandle, Connection)>,
    peer: SocketAddr,
    answers: Vec<Vec<u8>>,
}

impl Side {
    /// The end that waits for the other.
    pub fn server(config: ServerConfig, seed: u8) -> Self {
        let (settings, config) = (Arc::new(EndpointConfig::default()), Some(Arc::new(config)));
        let endpoint = Endpoint::new(settings, config, true, Some([seed; 32]));
        Self { endpoint, connection: None, peer: CLIENT, answers: Vec::new() }
    }

    /// The end that begins.
    ///
    /// # Errors
    /// When quinn refuses the settings.
    pub fn client(config: ClientConfig, now: Instant, seed: u8) -> anyhow::Result<Self> {
        let settings = Arc::new(EndpointConfig::default());
        let mut endpoint = Endpoint::new(settings, None, true, Some([!seed; 32]));
        let connection = endpoint.connect(now, config, SERVER, "localhost")?;
        Ok(Self { endpoint, connection: Some(connection), peer: SERVER, answers: Vec::new() })
    }

    /// The connection, once there is one.
    pub fn connection(&mut self) -> Option<&mut Connection> {
        self.connection.as_mut().map(|(_, connection)| connection)
    }

    /// A packet has come.
    pub fn take(&mut self, now: Instant, packet: &[u8]) {
        let mut answer = Vec::new();
        let data = BytesMut::from(packet);
        match self.endpoint.handle(now, self.peer, None, None, data, &mut answer) {
            Some(DatagramEvent::NewConnection(incoming)) => {
                self.connection = self.endpoint.accept(incoming, now, &mut answer, None).ok();
            }
            Some(DatagramEvent::ConnectionEvent(_, event)) => {
                if let Some(connection) = self.connection() {
                    connection.handle_event(event);
                }
            }
            Some(DatagramEvent::Response(_)) => self.answers.push(answer),
            None => {}
        }
        self.settle();
    }

    /// What the endpoint and the connection tell each other.
    fn settle(&mut self) {
        let Self { endpoint, connection: Some((handle, connection)), .. } = self else {
            return;
        };
        while let Some(event) = connection.poll_endpoint_events() {
            if let Some(event) = endpoint.handle_event(*handle, event) {
                connection.handle_event(event);
            }
        }
        while connection.poll().is_some() {}
    }

    /// Does what is due.
    pub fn wake(&mut self, now: Instant) {
        if let Some(connection) = self.connection()
            && connection.poll_timeout().is_some_and(|at| at <= now)
        {
            connection.handle_timeout(now);
        }
        self.settle();
    }

    /// When something is due.
    pub fn deadline(&mut self) -> Option<Instant> {
        self.connection()?.poll_timeout()
    }

    /// Hands every packet that is to go out to `out`.
    pub fn send(&mut self, now: Instant, mut out: impl FnMut(Vec<u8>)) {
        self.answers.drain(..).for_each(&mut out);
        let Some((_, connection)) = self.connection.as_mut() else {
            return;
        };
        let mut buffer = Vec::new();
        while let Some(transmit) = connection.poll_transmit(now, TOGETHER, &mut buffer) {
            let bytes = buffer.get(..transmit.size).unwrap_or_default();
            let segment = transmit.segment_size.unwrap_or_else(|| transmit.size.max(1));
            for packet in bytes.chunks(segment) {
                out(packet.to_vec());
            }
            buffer.clear();
        }
        self.settle();
    }
}
