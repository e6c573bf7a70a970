//! What the relay tells about itself is what happened, and nothing about anyone.

use mosaik_server::top::Reading;
use mosaik_tests::{
    LESSON, Pair, Path, Relay, STUDENT, TEACHER, metrics, over_all, scrape, within,
};

over_all!(what_is_counted_is_what_happened);

async fn what_is_counted_is_what_happened(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let transport = match path {
        Path::Quic => "quic",
        Path::WebTransport => "webtransport",
        Path::WebSocket => "websocket",
    };
    let mut pair = Pair::plain(&relay, path).await?;
    // Rooms publish too: what counts is the difference.
    let before = metrics(&relay).await?;
    for group in 0..5 {
        pair.track.single(group, &[7; 1_000]).await?;
        assert_eq!(pair.subscription.first_object().await?.payload, &[7; 1_000][..]);
    }
    let text = scrape(&relay).await?;
    let says = |line: &str| assert!(text.lines().any(|said| said == line), "{line}\n{text}");
    says(&format!("mosaik_sessions{{transport=\"{transport}\"}} 2"));
    says("mosaik_sessions_begun_total 2");
    says("mosaik_rooms 1");
    says("mosaik_participants 2");
    says("mosaik_room_participants{rank=\"1\"} 2");
    says("# TYPE mosaik_turn_seconds histogram");
    says("# EOF");
    let read = Reading::parse(&text);
    let more = |name: &str| read.sum(name) - before.sum(name);
    for name in ["objects_received", "streams_opened", "streams_finished"] {
        assert_eq!(more(&format!("mosaik_{name}_total")).to_string(), "5", "{name}\n{text}");
    }
    let sent = more("mosaik_sent_bytes_total");
    assert!((5_000.0..5_200.0).contains(&sent), "{sent}");
    assert!(read.sum("mosaik_cached_bytes") > 0.0, "{text}");
    for personal in [LESSON, TEACHER, STUDENT, "Test", "127.0.0.1"] {
        let told = text.split("\r\n\r\n").nth(1).unwrap_or_default();
        assert!(!told.contains(personal), "{personal}\n{told}");
    }

    drop(pair);
    let gone = async {
        loop {
            let read = metrics(&relay).await?;
            if read.sum("mosaik_sessions") < 1.0 {
                return anyhow::Ok(read);
            }
        }
    };
    let read = within("both are gone", gone).await??;
    assert_eq!(read.sum("mosaik_sessions_ended_total").to_string(), "2");
    Ok(())
}
