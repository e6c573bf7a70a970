//! A relay that ends tells its sessions first.

use mosaik_proto::moqt::SessionCode;
use mosaik_tests::{Path, Relay, STUDENT, TEACHER, over_both, within};

over_both!(every_session_is_asked_to_leave_before_the_relay_ends);

async fn every_session_is_asked_to_leave_before_the_relay_ends(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let polite = relay.join(path, STUDENT).await?;
    let stubborn = relay.join(path, TEACHER).await?;
    let mut going = polite.going();
    let stopping = tokio::spawn(relay.stop());
    let away = within("GOAWAY", going.wait_for(|going| going.away.is_some())).await??;
    let away = away.away.clone().unwrap_or_default();
    assert!(away.new_session_uri.is_empty() && away.timeout > 0, "{away:?}");
    polite.leave();
    assert_eq!(stubborn.closed().await?, SessionCode::GoawayTimeout);
    within("the relay's end", stopping).await???;
    Ok(())
}
