//! Breakouts: whom the relay lets hear and read whom, whatever a page asks for.

use std::time::Duration;

use mosaik_proto::moqt::{DoneCode, Parameters, RequestCode, TrackProperties};
use mosaik_proto::room::Role;
use mosaik_tests::{
    Member, Path, PublishedTrack, Relay, STUDENT, TEACHER, over_all, track, within,
};
use serde_json::{Value, json};

over_all!(
    who_is_in_another_breakout_is_not_to_be_heard_and_who_comes_is_at_once,
    the_chat_of_a_breakout_goes_to_nobody_else,
    one_voice_for_all_is_heard_in_every_breakout_as_long_as_it_is_on
);

const OTHER: &str = "00000000000000c1";

/// From a command to what follows from it, everywhere.
const AT_ONCE: Duration = Duration::from_secs(1);

fn act(act: &Value) -> Value {
    json!({ "kind": "breakout", "act": act })
}

fn assign(id: &str, breakout: &Value) -> Value {
    act(&json!({ "kind": "assign", "id": id, "breakout": breakout }))
}

/// A teacher and two students, who send their microphones and cameras.
struct Class {
    teacher: Member,
    student: Member,
    other: Member,
    /// The teacher's, the student's, the other's.
    mics: [PublishedTrack; 3],
    _cameras: [PublishedTrack; 3],
}

impl Class {
    async fn gather(relay: &Relay, path: Path) -> anyhow::Result<Self> {
        let teacher = Member::join(relay, path, TEACHER, Role::Moderator).await?;
        let student = Member::join(relay, path, STUDENT, Role::Viewer).await?;
        let other = Member::join(relay, path, OTHER, Role::Viewer).await?;
        let offer = |member, id, name, alias| {
            PublishedTrack::offer(member, track(id, name), alias, TrackProperties::default())
        };
        let mics = [
            offer(&teacher.client, TEACHER, "mic", 21).await?,
            offer(&student.client, STUDENT, "mic", 21).await?,
            offer(&other.client, OTHER, "mic", 21).await?,
        ];
        let cameras = [
            offer(&teacher.client, TEACHER, "cam/low", 22).await?,
            offer(&student.client, STUDENT, "cam/low", 22).await?,
            offer(&other.client, OTHER, "cam/low", 22).await?,
        ];
        Ok(Self { teacher, student, other, mics, _cameras: cameras })
    }

    /// Opens two groups: the student goes into the first, the other one into the second.
    async fn part(&mut self) -> anyhow::Result<[Value; 2]> {
        let open = json!({ "kind": "open", "count": 2, "how": "manual", "minutes": null });
        self.teacher.get(act(&open)).await?;
        let opened = self.teacher.event("breakout").await?;
        let id = |index: usize| opened.pointer(&format!("/change/breakouts/list/{index}/id"));
        let groups = [id(0), id(1)].map(|id| id.cloned().unwrap_or_default());
        let [first, second] = &groups;
        self.teacher.get(assign(STUDENT, first)).await?;
        self.teacher.get(assign(OTHER, second)).await?;
        Ok(groups)
    }
}

async fn refused(member: &Member, of: &str, name: &str) -> anyhow::Result<RequestCode> {
    let mut asked = member.client.ask_for(&track(of, name), Parameters::default()).await?;
    Ok(asked.refused().await?.0)
}

async fn who_is_in_another_breakout_is_not_to_be_heard_and_who_comes_is_at_once(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut class = Box::pin(Class::gather(&relay, path)).await?;
    let mic = track(OTHER, "mic");
    let mut heard = class.student.client.subscribe(&mic, Parameters::default()).await?;
    let mut seen =
        class.student.client.subscribe(&track(OTHER, "cam/low"), Parameters::default()).await?;
    let [.., others_mic] = &class.mics;
    others_mic.single(1, b"together").await?;
    assert_eq!(heard.first_object().await?.payload, b"together"[..]);

    let begun = tokio::time::Instant::now();
    let [first, _] = class.part().await?;
    for ended in [&mut heard, &mut seen] {
        assert_eq!(ended.done().await?.code, u64::from(DoneCode::Unauthorized.get()));
    }
    assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
    for name in ["mic", "cam/low", "cam", "catalog", "screen/low"] {
        let code = refused(&class.student, OTHER, name).await?;
        assert_eq!(code, RequestCode::Unauthorized, "{name}");
        let code = refused(&class.teacher, OTHER, name).await?;
        assert_eq!(code, RequestCode::Unauthorized, "the teacher is not there: {name}");
    }

    // Whoever comes is heard with the next request, and so is who looks in.
    let begun = tokio::time::Instant::now();
    class.teacher.get(assign(OTHER, &first)).await?;
    let mut heard = class.student.client.subscribe(&mic, Parameters::default()).await?;
    let [.., others_mic] = &class.mics;
    others_mic.single(2, b"here").await?;
    while heard.first_object().await?.payload != b"here"[..] {}
    assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
    assert_eq!(refused(&class.student, TEACHER, "mic").await?, RequestCode::Unauthorized);
    class.teacher.get(act(&json!({ "kind": "lookIn", "breakout": first }))).await?;
    class.student.client.subscribe(&track(TEACHER, "mic"), Parameters::default()).await?;
    class.teacher.client.subscribe(&mic, Parameters::default()).await?;

    class.teacher.get(act(&json!({ "kind": "close", "seconds": 0 }))).await?;
    class.other.client.subscribe(&track(TEACHER, "cam/low"), Parameters::default()).await?;
    Ok(())
}

async fn the_chat_of_a_breakout_goes_to_nobody_else(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut class = Box::pin(Class::gather(&relay, path)).await?;
    let [first, second] = class.part().await?;
    let to = |breakout: &Value| json!({ "kind": "breakout", "id": breakout });
    let say = |text: &str, to: &Value| json!({ "kind": "say", "text": text, "to": to });
    class.student.get(say("Nur wir", &to(&first))).await?;
    let elsewhere = class.student.ask(say("Hallo ihr", &to(&second))).await?;
    assert_eq!(elsewhere.as_deref(), Some("notAllowed"));
    assert_eq!(
        class.student.ask(say("Alle", &json!({ "kind": "everyone" }))).await?.as_deref(),
        Some("notAllowed")
    );
    class.teacher.get(act(&json!({ "kind": "lookIn", "breakout": first }))).await?;
    class.student.get(say("Jetzt zu dritt", &to(&first))).await?;
    // What they hear of it, they have heard when their next answer is there.
    class.teacher.get(act(&json!({ "kind": "tell", "text": "An alle" }))).await?;
    class.other.get(json!({ "kind": "setSources", "mic": true, "cam": true })).await?;
    let count = |member: &Member, text: &str| {
        member.heard.iter().filter(|object| object.to_string().contains(text)).count()
    };
    assert_eq!(count(&class.student, "Nur wir"), 1);
    assert_eq!((count(&class.teacher, "Nur wir"), count(&class.teacher, "zu dritt")), (0, 1));
    assert_eq!((count(&class.other, "Nur wir"), count(&class.other, "zu dritt")), (0, 0));
    loop {
        let event = class.other.event("breakout").await?;
        assert!(!event.to_string().contains("Nur wir"), "{event}");
        if event.pointer("/change/kind") == Some(&json!("told")) {
            assert_eq!(event.pointer("/change/notice/text"), Some(&json!("An alle")));
            break;
        }
    }
    // Nor does a reconnect tell more.
    class.other.client.wire.close(0, "cut");
    let mut back = Member::join(&relay, path, OTHER, Role::Viewer).await?;
    let snapshot = back.inbox.next().await?;
    assert_eq!(snapshot.pointer("/messages"), Some(&json!([])));
    // And it is where they were: what is said there is taken.
    back.write(&json!({ "number": 2, "command": say("Wieder da", &to(&second)) })).await?;
    let answer = back.inbox.hear("an answer", |object| object.get("number") == Some(&json!(2)));
    assert_eq!(answer.await?.get("kind"), Some(&json!("acknowledged")));
    Ok(())
}

async fn one_voice_for_all_is_heard_in_every_breakout_as_long_as_it_is_on(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut class = Box::pin(Class::gather(&relay, path)).await?;
    class.part().await?;
    let voice = |on: bool| act(&json!({ "kind": "broadcast", "on": on }));
    assert_eq!(refused(&class.other, TEACHER, "mic").await?, RequestCode::Unauthorized);
    class.teacher.get(voice(true)).await?;
    let mic = track(TEACHER, "mic");
    let mut heard = class.student.client.subscribe(&mic, Parameters::default()).await?;
    class.other.client.subscribe(&mic, Parameters::default()).await?;
    let [teachers_mic, ..] = &class.mics;
    teachers_mic.single(5, b"attention").await?;
    let first = within("the teacher", heard.first_object()).await??;
    assert_eq!(first.payload, b"attention"[..]);
    assert_eq!(refused(&class.other, TEACHER, "cam/low").await?, RequestCode::Unauthorized);
    assert_eq!(refused(&class.other, STUDENT, "mic").await?, RequestCode::Unauthorized);
    class.teacher.get(voice(false)).await?;
    assert_eq!(heard.done().await?.code, u64::from(DoneCode::Unauthorized.get()));
    assert_eq!(refused(&class.student, TEACHER, "mic").await?, RequestCode::Unauthorized);
    Ok(())
}
