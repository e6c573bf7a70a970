//! Handshakes that nobody means to finish, and what they could be abused for.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use mosaik_tests::{Path, Relay, STUDENT, within};
use quinn::crypto::rustls::QuicClientConfig;
use tokio::net::UdpSocket;
use tokio::time::timeout;

/// Open handshakes from which on an address must prove itself.
const UNPROVEN_MAX: usize = 64;

/// What a datagram of a handshake has.
const DATAGRAM: usize = 1200;

/// Longer than the relay's probes are apart at first.
const SILENCE: Duration = Duration::from_secs(3);

/// A client that sends its first flight to each of many sockets of ours, and hears nothing.
struct Flood {
    client: quinn::Endpoint,
    relay: SocketAddr,
    /// Kept, so that nothing is taken back.
    begun: Vec<quinn::Connecting>,
}

impl Flood {
    fn new(relay: &Relay) -> anyhow::Result<Self> {
        let mut client = quinn::Endpoint::client((Ipv4Addr::LOCALHOST, 0).into())?;
        client.set_default_client_config(relay.dialer().quic_config()?);
        Ok(Self { client, relay: relay.server().address(), begun: Vec::new() })
    }

    /// Begins a handshake whose first datagram comes to the relay from an address of its own; gives
    /// that address' socket, and how much was sent from it.
    async fn begin(&mut self) -> anyhow::Result<(UdpSocket, usize)> {
        let tap = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        self.begun.push(self.client.connect(tap.local_addr()?, "localhost")?);
        let mut datagram = [0; 2048];
        let len = within("the first flight", tap.recv(&mut datagram)).await??;
        let stranger = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        stranger.send_to(datagram.get(..len).unwrap_or_default(), self.relay).await?;
        Ok((stranger, len))
    }
}

/// Everything that the relay sends to an address that stays silent.
async fn heard(socket: &UdpSocket) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut heard = Vec::new();
    let mut datagram = [0; 2048];
    while let Ok(received) = timeout(SILENCE, socket.recv(&mut datagram)).await {
        heard.push(datagram.get(..received?).unwrap_or_default().to_vec());
    }
    Ok(heard)
}

#[tokio::test]
async fn an_address_that_stays_silent_gets_little_more_than_three_times_its_bytes()
-> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut flood = Flood::new(&relay)?;
    let (stranger, sent) = flood.begin().await?;
    let got: usize = heard(&stranger).await?.iter().map(Vec::len).sum();
    // quinn begins its last datagram while it may send a byte, and then sends it whole.
    assert!(got > 0 && got < 3 * sent + DATAGRAM, "{got} bytes for {sent}");
    Ok(())
}

#[tokio::test]
async fn in_a_flood_addresses_must_prove_themselves_and_honest_ones_come_in() -> anyhow::Result<()>
{
    let relay = Relay::start()?;
    let mut flood = Flood::new(&relay)?;
    let mut strangers = Vec::new();
    for _ in 0..=UNPROVEN_MAX {
        strangers.push(flood.begin().await?.0);
    }
    let (last, _) = flood.begin().await?;
    let answers = heard(&last).await?;
    // A long header of type Retry (RFC 9000, section 17.2.5), once.
    let is_retry = |datagram: &Vec<u8>| datagram.first().is_some_and(|byte| byte & 0xF0 == 0xF0);
    assert!(matches!(answers.as_slice(), [only] if is_retry(only)), "{} answers", answers.len());
    relay.join(Path::Quic, STUDENT).await?;
    Ok(())
}

#[tokio::test]
async fn nothing_is_taken_before_the_handshake_is_done() -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut tls = relay.dialer().quic_tls()?;
    tls.enable_early_data = true;
    let crypto = Arc::new(QuicClientConfig::try_from(tls)?);
    let mut client = quinn::Endpoint::client((Ipv4Addr::LOCALHOST, 0).into())?;
    client.set_default_client_config(quinn::ClientConfig::new(crypto));
    for _ in 0..3 {
        let connecting = client.connect(relay.server().address(), "localhost")?;
        let Err(connecting) = connecting.into_0rtt() else {
            anyhow::bail!("the relay offers early data");
        };
        let connection = within("the handshake", connecting).await??;
        // The relay's first words of TLS bring the tickets, if there are any.
        let mut stream = within("a stream", connection.open_uni()).await??;
        stream.finish()?;
        within("its arrival", stream.stopped()).await??;
    }
    Ok(())
}
