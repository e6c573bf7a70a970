//! Codes: those of the draft go through as they are, others count as INTERNAL_ERROR.

use bytes::Bytes;
use mosaik_proto::moqt::{
    ControlMessage, DoneCode, Parameters, PublishDone, RequestCode, RequestError, ResetCode,
};
use mosaik_tests::{Pair, Path, Piece, Relay, TEACHER, over_all, track};

over_all!(
    every_reset_code_reaches_the_subscriber,
    an_unknown_status_of_a_track_counts_as_internal_error,
    an_unknown_refusal_counts_as_internal_error
);

/// A code that is reserved for trying this.
const GREASE: u32 = 0x9D;

async fn every_reset_code_reaches_the_subscriber(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let known = (0..0x20).filter_map(ResetCode::from_wire).map(|code| (code.get(), code));
    let all: Vec<_> = known.chain([(GREASE, ResetCode::InternalError)]).collect();
    assert_eq!(all.len(), 11, "ten codes of the draft and one of none");
    for (group, (sent, heard)) in (1..).zip(all) {
        let mut writer = pair.track.group(group).await?;
        writer.object(0, b"first").await?;
        let mut reader = pair.subscription.subgroup().await?;
        reader.object().await?;
        writer.reset_with(sent);
        assert_eq!(reader.next().await?, Piece::Reset(Some(heard.get())), "{sent:#x}");
    }
    Ok(())
}

async fn an_unknown_status_of_a_track_counts_as_internal_error(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let done =
        PublishDone { code: u64::from(GREASE), stream_count: 0, reason: Bytes::from_static(b"?") };
    pair.track.request.say(&ControlMessage::PublishDone(done)).await?;
    assert_eq!(pair.subscription.done().await?.code, u64::from(DoneCode::InternalError.get()));
    Ok(())
}

async fn an_unknown_refusal_counts_as_internal_error(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let name = track(TEACHER, "cam/high");
    let mut waiting = pair.subscriber.ask_for(&name, Parameters::default()).await?;
    let error = RequestError { code: u64::from(GREASE), ..RequestError::default() };
    pair.publisher.asked_for("cam/high").await?.refuse_with(error).await?;
    assert_eq!(waiting.refused().await?.0, RequestCode::InternalError);
    // Both sessions go on.
    pair.track.single(1, b"still here").await?;
    assert_eq!(pair.subscription.first_object().await?.payload, &b"still here"[..]);
    Ok(())
}
