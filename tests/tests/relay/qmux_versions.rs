//! Versions of QMux: whoever speaks the one before over a WebSocket meets whoever speaks ours.

use mosaik_proto::moqt::{Parameters, TrackProperties};
use mosaik_proto::room::Role;
use mosaik_tests::{Client, Path, Relay, STUDENT, TEACHER, room, track};
use mosaik_transport::SUBPROTOCOLS;

#[tokio::test]
async fn who_speaks_the_version_before_meets_who_speaks_ours() -> anyhow::Result<()> {
    let [newer, older] = SUBPROTOCOLS;
    for (from, to) in [(older, newer), (newer, older), (older, older)] {
        // One for each, so that nobody is still there from before.
        let relay = Relay::start()?;
        let join = async |subprotocol, participant| {
            let dialer = relay.dialer().with_subprotocol(subprotocol);
            let token = relay.token(participant, Role::Viewer)?;
            Client::join(dialer.dial(Path::WebSocket).await?, &token).await
        };
        let mut teacher = join(from, TEACHER).await?;
        teacher.announce(&room(TEACHER)).await?;
        let student = join(to, STUDENT).await?;
        let request = student.ask_for(&track(TEACHER, "mic"), Parameters::default()).await?;
        let voice = teacher.asked_for("mic").await?.accept(7, TrackProperties::default()).await?;
        let mut subscription = student.established(request).await?;
        // More than a record and a window hold.
        let payload = vec![0x5A; 2 << 20];
        voice.single(1, &payload).await?;
        assert_eq!(subscription.first_object().await?.payload, payload, "{from} to {to}");
    }
    Ok(())
}
