//! What QUIC alone costs: a loop that writes one buffer to every connection.
//!
//! It says as much MoQT as a subscriber needs to listen, and nothing more: no cache, no cursors, no
//! priorities, no rights. A relay cannot be cheaper than this on the same QUIC.

use std::cell::RefCell;
use std::fs;
use std::net::{SocketAddr, UdpSocket};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use bytes::{Bytes, BytesMut};
use futures::FutureExt;
use mosaik_bench::Variant;
use mosaik_proto::moqt::{
    ControlDecoder, ControlMessage, ObjectWriter, PROTOCOL, Parameters, Properties, Setup,
    SubgroupHeader, SubscribeOk, TrackProperties,
};
use quinn::crypto::rustls::QuicServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::task::LocalSet;
use tokio::time::MissedTickBehavior;

const IDLE: Duration = Duration::from_secs(30);
const ALIAS: u64 = 1;

/// A subscriber and the stream of the group that is sent.
struct Listener {
    connection: quinn::Connection,
    stream: Option<quinn::SendStream>,
}

type Listeners = Rc<RefCell<Vec<Listener>>>;

#[derive(Clone, Copy)]
struct Flow {
    objects_per_second: u32,
    object_bytes: usize,
    objects_per_group: u64,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, chain, key, rate, bytes, per_group, variant] = arguments.as_slice() else {
        bail!("floor ADDRESS CHAIN.PEM KEY.PEM OBJECTS_PER_SECOND BYTES OBJECTS_PER_GROUP VARIANT");
    };
    let flow = Flow {
        objects_per_second: rate.parse()?,
        object_bytes: bytes.parse()?,
        objects_per_group: per_group.parse()?,
    };
    let variant = Variant::named(variant)?;
    let (config, address) = (config(chain, key, variant)?, address.parse()?);
    let threads: Vec<_> = (0..variant.threads())
        .map(|_| {
            let socket = socket(address, variant)?;
            let config = config.clone();
            Ok(std::thread::spawn(move || run(socket, config, flow)))
        })
        .collect::<anyhow::Result<_>>()?;
    for thread in threads {
        thread.join().map_err(|_| anyhow!("a thread panicked"))??;
    }
    Ok(())
}

fn run(socket: UdpSocket, config: quinn::ServerConfig, flow: Flow) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, serve(socket, config, flow))
}

/// The relay's socket, or one of several at the same port, among which the system spreads the peers.
fn socket(address: SocketAddr, variant: Variant) -> anyhow::Result<UdpSocket> {
    if variant.threads() == 1 {
        return Ok(mosaik_transport::udp_socket(address)?);
    }
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_reuse_port(true)?;
    let like = Socket::from(mosaik_transport::udp_socket((address.ip(), 0).into())?);
    // The system doubles what it is asked for.
    socket.set_recv_buffer_size(like.recv_buffer_size()? / 2)?;
    socket.set_send_buffer_size(like.send_buffer_size()? / 2)?;
    socket.bind(&address.into())?;
    Ok(socket.into())
}

fn config(chain: &str, key: &str, variant: Variant) -> anyhow::Result<quinn::ServerConfig> {
    let chain = CertificateDer::pem_slice_iter(&fs::read(chain)?).collect::<Result<_, _>>()?;
    let key = PrivateKeyDer::from_pem_slice(&fs::read(key)?)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    tls.alpn_protocols = vec![PROTOCOL.as_bytes().to_vec()];
    let crypto = QuicServerConfig::try_from(tls)?;
    let mut config = quinn::ServerConfig::with_crypto(Arc::new(crypto));
    let bounds = mosaik_transport::SessionBounds::of(IDLE);
    config.transport_config(variant.apply(mosaik_transport::relay_transport(bounds))?);
    Ok(config)
}

async fn serve(socket: UdpSocket, config: quinn::ServerConfig, flow: Flow) -> anyhow::Result<()> {
    let (settings, runtime) = (quinn::EndpointConfig::default(), Arc::new(quinn::TokioRuntime));
    let endpoint = quinn::Endpoint::new(settings, Some(config), socket, runtime)?;
    let listeners = Listeners::default();
    tokio::task::spawn_local(send(Rc::clone(&listeners), flow));
    while let Some(incoming) = endpoint.accept().await {
        let listeners = Rc::clone(&listeners);
        tokio::task::spawn_local(async move {
            // Who does not get through does not listen.
            let _ = admit(incoming, listeners).await;
        });
    }
    Ok(())
}

/// SETUP and SUBSCRIBE, answered; the two streams stay open as long as the connection.
async fn admit(incoming: quinn::Incoming, listeners: Listeners) -> anyhow::Result<()> {
    let connection = incoming.await?;
    let mut control = connection.open_uni().await?;
    control.write_chunk(ControlMessage::Setup(Setup::default()).encode()?).await?;
    let (mut send, mut recv) = connection.accept_bi().await?;
    let mut decoder = ControlDecoder::default();
    while decoder.take()?.is_none() {
        let chunk = recv.read_chunk(4096, true).await?.context("no request")?;
        decoder.push(&chunk.bytes);
    }
    let ok = SubscribeOk {
        track_alias: ALIAS,
        parameters: Parameters::default(),
        properties: TrackProperties::default(),
    };
    send.write_chunk(ControlMessage::SubscribeOk(ok).encode()?).await?;
    listeners.borrow_mut().push(Listener { connection: connection.clone(), stream: None });
    connection.closed().await;
    drop((control, send));
    Ok(())
}

async fn send(listeners: Listeners, flow: Flow) {
    let mut pace = tokio::time::interval(Duration::from_secs(1) / flow.objects_per_second);
    pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
    for group in 0.. {
        let header = header(group);
        let mut writer = ObjectWriter::new(false);
        for object in 0..flow.objects_per_group {
            pace.tick().await;
            let mut payload = mosaik_bench::micros().to_be_bytes().to_vec();
            payload.resize(flow.object_bytes, 0x5A);
            let bytes = writer.write(object, &Properties::default(), &payload);
            let mut listeners = listeners.borrow_mut();
            listeners.retain(|listener| listener.connection.close_reason().is_none());
            for listener in listeners.iter_mut() {
                listener.hand(object == 0, &header, &bytes);
            }
        }
    }
}

impl Listener {
    /// Hands one object to quinn, on a new stream when a group begins. What quinn does not take at
    /// once is lost with the rest of its group.
    fn hand(&mut self, is_first: bool, header: &Bytes, bytes: &Bytes) {
        if is_first {
            // The last group's stream ends by being dropped.
            self.stream = self.connection.open_uni().now_or_never().and_then(Result::ok);
            self.write(header.clone());
        }
        self.write(bytes.clone());
    }

    fn write(&mut self, bytes: Bytes) {
        if let Some(stream) = &mut self.stream
            && !matches!(stream.write_chunk(bytes).now_or_never(), Some(Ok(())))
        {
            self.stream = None;
        }
    }
}

fn header(group: u64) -> Bytes {
    let header = SubgroupHeader::beginning(ALIAS, group, 0);
    let mut bytes = BytesMut::new();
    header.encode(&mut bytes);
    bytes.freeze()
}
