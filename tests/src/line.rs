//! A slow line in front of a relay: UDP in user space, with a rate and a queue.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Packets that wait for the line; the newest is dropped when it is full.
const QUEUE: usize = 16;

/// Bytes of the largest packet.
const PACKET_MAX: usize = 2_048;

/// A line towards one relay. Dropping it cuts it.
pub struct Line {
    address: SocketAddr,
    taken: Arc<AtomicU64>,
    _carrying: JoinSet<std::io::Result<()>>,
}

impl Line {
    /// A line that carries `bits_per_second` from the relay and is no bottleneck towards it.
    ///
    /// # Errors
    /// When there is no socket for it.
    pub async fn to(relay: SocketAddr, bits_per_second: u32) -> anyhow::Result<Self> {
        let near = Arc::new(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?);
        let (address, taken) = (near.local_addr()?, Arc::new(AtomicU64::new(0)));
        let mut carrying = JoinSet::new();
        carrying.spawn(carry(near, relay, bits_per_second, Arc::clone(&taken)));
        Ok(Self { address, taken, _carrying: carrying })
    }

    /// Where a session comes in over this line.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Bytes of UDP payload that the relay has sent into it, whatever became of them.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }
}

/// Carries packets of everyone who comes to `near`.
async fn carry(
    near: Arc<UdpSocket>,
    relay: SocketAddr,
    rate: u32,
    taken: Arc<AtomicU64>,
) -> std::io::Result<()> {
    let mut far: HashMap<SocketAddr, Arc<UdpSocket>> = HashMap::new();
    let mut ways_back = JoinSet::new();
    let mut packet = [0; PACKET_MAX];
    loop {
        let (length, client) = near.recv_from(&mut packet).await?;
        let socket = match far.entry(client) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let socket = Arc::new(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?);
                socket.connect(relay).await?;
                let (queue, queued) = mpsc::channel(QUEUE);
                ways_back.spawn(take(Arc::clone(&socket), queue, Arc::clone(&taken)));
                ways_back.spawn(give(Arc::clone(&near), client, queued, rate));
                new.insert(socket)
            }
        };
        // What does not get through is lost, as on any line.
        let _ = socket.send(packet.get(..length).unwrap_or_default()).await;
    }
}

/// Takes what the relay sends into the queue, or drops it.
async fn take(
    socket: Arc<UdpSocket>,
    queue: mpsc::Sender<Vec<u8>>,
    taken: Arc<AtomicU64>,
) -> std::io::Result<()> {
    let mut packet = [0; PACKET_MAX];
    loop {
        let length = socket.recv(&mut packet).await?;
        taken.fetch_add(length as u64, Ordering::Relaxed);
        let _ = queue.try_send(packet.get(..length).unwrap_or_default().to_vec());
    }
}

/// Gives the client one packet after the other, as fast as the line is.
async fn give(
    near: Arc<UdpSocket>,
    client: SocketAddr,
    mut queued: mpsc::Receiver<Vec<u8>>,
    rate: u32,
) -> std::io::Result<()> {
    let mut free = Instant::now();
    while let Some(packet) = queued.recv().await {
        let bits = u32::try_from(packet.len() * 8).unwrap_or(u32::MAX);
        free = free.max(Instant::now()) + Duration::from_secs(1) * bits / rate;
        tokio::time::sleep_until(free).await;
        near.send_to(&packet, client).await?;
    }
    Ok(())
}
