//! SUBSCRIBE_NAMESPACE: who is there, who comes and who goes.

use mosaik_proto::moqt::{ControlMessage, Namespace, NamespaceSuffix, RequestCode};
use mosaik_tests::{LESSON, OTHER, Path, Relay, Request, STUDENT, TEACHER, over_all, room};

over_all!(publishers_are_told_of_when_they_come_and_go, other_prefixes_than_the_room_are_refused);

/// The next NAMESPACE or NAMESPACE_DONE: whose, and whether it is there.
async fn told(request: &mut Request) -> anyhow::Result<(Namespace, bool)> {
    match request.answer().await? {
        ControlMessage::Namespace(NamespaceSuffix(suffix)) => Ok((suffix, true)),
        ControlMessage::NamespaceDone(NamespaceSuffix(suffix)) => Ok((suffix, false)),
        other => anyhow::bail!("NAMESPACE was expected: {other:?}"),
    }
}

async fn publishers_are_told_of_when_they_come_and_go(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = relay.join(path, TEACHER).await?;
    teacher.announce(&room(TEACHER)).await?;

    let student = relay.join(path, STUDENT).await?;
    let mut listening = student.listen(&Namespace::of(&[LESSON])).await?;
    listening.accepted().await?;
    let suffix = |participant| Namespace::of(&[participant]);
    assert_eq!(told(&mut listening).await?, (suffix(TEACHER), true));

    let third = "00000000000000cc";
    let mut guest = relay.join(path, third).await?;
    let mut announced = guest.ask_to_announce(&room(third)).await?;
    announced.accepted().await?;
    assert_eq!(told(&mut listening).await?, (suffix(third), true));
    announced.cancel();
    assert_eq!(told(&mut listening).await?, (suffix(third), false));
    guest.announce(&room(third)).await?;
    assert_eq!(told(&mut listening).await?, (suffix(third), true));
    guest.leave();
    assert_eq!(told(&mut listening).await?, (suffix(third), false));
    teacher.leave();
    assert_eq!(told(&mut listening).await?, (suffix(TEACHER), false));

    let mut overlapping = student.listen(&Namespace::of(&[LESSON])).await?;
    assert_eq!(overlapping.refused().await?.0, RequestCode::PrefixOverlap);
    Ok(())
}

async fn other_prefixes_than_the_room_are_refused(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let student = relay.join(path, STUDENT).await?;
    for prefix in
        [&[][..], &["lesso"], &["lessons"], &[OTHER], &[LESSON, TEACHER], &[LESSON, STUDENT]]
    {
        let mut request = student.listen(&Namespace::of(prefix)).await?;
        let (code, _) = request.refused().await?;
        assert_eq!(code, RequestCode::Unauthorized, "{prefix:?}");
    }
    let mut own = student.listen(&Namespace::of(&[".session"])).await?;
    assert_eq!(own.refused().await?.0, RequestCode::DoesNotExist);
    Ok(())
}
