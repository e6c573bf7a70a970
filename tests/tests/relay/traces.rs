//! Who looks after a relay sees what QUIC does in one session, and nobody else notices.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, bail};
use mosaik_server::qlog::{Options, run};
use mosaik_tests::{
    LESSON, PATIENCE, Pair, Path, Read, Relay, STUDENT, TEACHER, Trace, eventually, within,
};
use qlog::VantagePointType;
use qlog::events::EventData;

/// What quinn begins with before it has measured anything (RFC 9002, section 6.2.2), in qlog's unit.
const INITIAL_RTT_MILLIS: f32 = 333.0;

/// Groups that are sent one after the other, so that each needs packets of its own.
const GROUPS: u64 = 20;

async fn exchange(pair: &mut Pair, first: u64, count: u64, bytes: usize) -> anyhow::Result<()> {
    for group in first..first + count {
        pair.track.single(group, &vec![7; bytes]).await?;
        assert_eq!(pair.subscription.first_object().await?.payload.len(), bytes);
    }
    Ok(())
}

#[tokio::test]
async fn a_session_over_quic_is_seen_from_its_handshake_to_its_end() -> anyhow::Result<()> {
    seen_whole(Path::Quic, "A session over QUIC began.").await
}

#[tokio::test]
async fn a_session_over_webtransport_is_seen_from_its_handshake_to_its_end() -> anyhow::Result<()> {
    seen_whole(Path::WebTransport, "A session over WebTransport began.").await
}

async fn seen_whole(path: Path, begins: &str) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let trace = Trace::ask(&relay).await?;
    assert_eq!(trace.status, 200);
    assert!(trace.head.contains("content-type: application/qlog+json-seq"), "{}", trace.head);
    // Who publishes comes first and has the trace.
    let mut pair = Pair::plain(&relay, path).await?;
    exchange(&mut pair, 0, GROUPS, 1_000).await?;
    pair.publisher.leave();
    let text = trace.whole().await?;

    let read = Read::of(&text)?;
    assert_eq!(read.head.qlog_format, "JSON-SEQ");
    assert_eq!(read.head.trace.vantage_point.ty, VantagePointType::Server);
    let [mut sent, mut received, mut bytes] = [0; 3];
    let mut round_trips = Vec::new();
    for event in &read.events {
        match &event.data {
            EventData::PacketSent(packet) => {
                sent += 1;
                bytes += u64::from(packet.header.length.unwrap_or_default());
            }
            EventData::PacketReceived(_) => received += 1,
            EventData::MetricsUpdated(metrics) => round_trips.extend(metrics.smoothed_rtt),
            EventData::Message { .. } | EventData::PacketLost(_) => {}
            other => bail!("nothing is said in the documents of {other:?}"),
        }
    }
    assert!(sent >= GROUPS && received >= GROUPS, "{sent} sent, {received} received");
    assert!(bytes > 1_200, "the handshake alone has more than {bytes} bytes");
    assert_eq!(round_trips.first(), Some(&INITIAL_RTT_MILLIS));
    assert!(round_trips.len() > 1, "nothing was measured");
    let messages = read.messages();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert_eq!(messages.first(), Some(&begins));
    assert!(messages.last().is_some_and(|said| said.starts_with("The session ended: ")));

    let text = String::from_utf8(text)?;
    for personal in ["127.0.0.1", LESSON, TEACHER, STUDENT, "Test", "group_id", "cid", "token"] {
        assert!(!text.contains(personal), "{personal}\n{text}");
    }
    Ok(())
}

#[tokio::test]
async fn a_trace_waits_for_a_session_that_has_quic() -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut trace = Trace::ask(&relay).await?;
    let _without = relay.join(Path::WebSocket, TEACHER).await?;
    // Complete for QUIC, and then no WebTransport after all.
    let mut tls = relay.dialer().quic_tls()?;
    tls.alpn_protocols = vec![b"h3".to_vec()];
    let crypto = quinn::crypto::rustls::QuicClientConfig::try_from(tls)?;
    let endpoint = quinn::Endpoint::client("127.0.0.1:0".parse()?)?;
    let config = quinn::ClientConfig::new(Arc::new(crypto));
    let address = relay.server().address();
    let broken = within("QUIC", endpoint.connect_with(config, address, "localhost")?).await??;
    broken.close(0_u32.into(), b"");

    let with = relay.join(Path::Quic, STUDENT).await?;
    trace.until("recovery:metrics_updated").await?;
    with.leave();
    let read = trace.whole().await?;
    assert_eq!(Read::of(&read)?.messages().first(), Some(&"A session over QUIC began."));
    Ok(())
}

#[tokio::test]
async fn a_trace_that_nobody_reads_ends_and_the_lesson_goes_on() -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let trace = Trace::ask(&relay).await?;
    let mut pair = Pair::plain(&relay, Path::Quic).await?;
    let mut group = 0;
    // Another one can be had as soon as this one is over.
    let filled = async {
        while Trace::ask(&relay).await?.status != 200 {
            exchange(&mut pair, group, 10, 50_000).await?;
            group += 10;
        }
        anyhow::Ok(())
    };
    Box::pin(within("the trace's bound", filled)).await??;
    exchange(&mut pair, group, 10, 50_000).await?;
    let text = trace.whole().await?;
    let read = Read::of(&text)?;
    let messages = read.messages();
    let end = messages.last().context("no end")?;
    assert!(end.contains("not read fast enough; the session goes on"), "{end}");
    assert!(text.len() > 100_000, "{} bytes are not much of a trace", text.len());
    Ok(())
}

#[tokio::test]
async fn there_is_one_trace_at_a_time_until_its_reader_goes() -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let waiting = Trace::ask(&relay).await?;
    let second = Trace::ask(&relay).await?;
    assert_eq!(second.status, 409);
    assert!(String::from_utf8(second.whole().await?)?.contains("traceUnderWay"));
    drop(waiting);
    let mut running = again(&relay).await?;
    let mut pair = Pair::plain(&relay, Path::WebTransport).await?;
    running.until("A session over WebTransport began.").await?;
    assert_eq!(Trace::ask(&relay).await?.status, 409);
    drop(running);
    // The session that was traced is there still, and is not traced again.
    let mut next = again(&relay).await?;
    exchange(&mut pair, 0, GROUPS, 1_000).await?;
    let other = relay.join(Path::Quic, "00000000000000cc").await?;
    next.until("A session over QUIC began.").await?;
    other.leave();
    let text = next.whole().await?;
    assert_eq!(Read::of(&text)?.messages().len(), 2);
    Ok(())
}

/// The next trace, once the relay has noticed that nobody reads the last one.
async fn again(relay: &Relay) -> anyhow::Result<Trace> {
    let asked = async {
        loop {
            let trace = Trace::ask(relay).await?;
            if trace.status == 200 {
                return anyhow::Ok(trace);
            }
        }
    };
    within("another trace", asked).await?
}

#[tokio::test]
async fn a_trace_is_for_programs_of_this_machine() -> anyhow::Result<()> {
    let relay = Relay::start()?;
    for line in ["X-Forwarded-For: 192.0.2.7\r\n", "Forwarded: for=192.0.2.7\r\n"] {
        assert_eq!(Trace::ask_as(&relay, line).await?.status, 404, "{line}");
    }
    // Nothing was begun by them.
    assert_eq!(Trace::ask(&relay).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_relay_that_ends_does_not_wait_for_a_session_to_trace() -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let trace = Trace::ask(&relay).await?;
    let (stopped, text) = tokio::join!(within("the end", relay.stop()), trace.whole());
    stopped??;
    assert_eq!(text?, b"");
    Ok(())
}

/// A place that keeps what is written.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn has(&self, text: &str) -> bool {
        String::from_utf8_lossy(&self.bytes()).contains(text)
    }
}

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_person_is_told_what_the_command_waits_for_and_how_it_ended() -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let options = Options { port: relay.server().address().port() };
    let (out, notes) = (Kept::default(), Kept::default());
    let (mut out_in, mut notes_in) = (out.clone(), notes.clone());
    let command = tokio::task::spawn_blocking(move || run(options, &mut out_in, &mut notes_in));
    eventually("it waits", PATIENCE, || notes.has("Waiting for the next session")).await?;
    let second =
        tokio::task::spawn_blocking(move || run(options, &mut io::sink(), &mut io::sink()));
    let refused = within("a second one", second).await??;
    let refused = refused.err().context("there were two traces")?.to_string();
    assert!(refused.contains("Wait until it ends"), "{refused}");

    let session = relay.join(Path::WebTransport, STUDENT).await?;
    eventually("it began", PATIENCE, || notes.has("A session over WebTransport began.")).await?;
    session.leave();
    within("its end", command).await???;
    assert!(notes.has("The session ended: "), "{:?}", notes.bytes());
    let read = Read::of(&out.bytes())?;
    assert!(read.events.len() > 10, "{} events", read.events.len());
    Ok(())
}
