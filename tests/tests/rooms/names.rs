//! Who may not know the names of other viewers cannot read them anywhere.

use mosaik_proto::moqt::{DoneCode, RequestCode};
use mosaik_proto::room::Role;
use mosaik_tests::{Feed, Path, Relay, STUDENT, TEACHER, over_all};
use serde_json::json;

use crate::person::{Person, at, of_room};

over_all!(names_are_withheld_from_the_moment_on);

async fn names_are_withheld_from_the_moment_on(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Person::join(&relay, path, TEACHER, Role::Moderator).await?;
    let student = Person::join(&relay, path, STUDENT, Role::Viewer).await?;
    let mut state = Feed::of(&student.client, "state").await?;
    let mut all = Feed::of(&teacher.client, "state").await?;
    assert_eq!(student.is_refused(&of_room("state/viewers")).await?, RequestCode::Unauthorized);
    teacher.lead(json!({ "kind": "usePreset", "preset": "parentsEvening" })).await?;
    assert_eq!(state.ended().await?, u64::from(DoneCode::Unauthorized.get()));
    assert_eq!(student.is_refused(&of_room("state")).await?, RequestCode::Unauthorized);
    teacher.door(json!({ "kind": "setEntry", "entry": "open" })).await?;

    let mut nameless = Feed::of(&student.client, "state/viewers").await?;
    let snapshot = nameless.hear("a snapshot", |object| *at(object, "/kind") == "snapshot").await?;
    let text = snapshot.to_string();
    assert!(text.contains(&format!("Test {TEACHER}")), "{text}");
    assert!(text.contains(STUDENT) && !text.contains(&format!("Test {STUDENT}")), "{text}");
    let _other = Person::join(&relay, path, "00000000000000cc", Role::Viewer).await?;
    let joined = |object: &serde_json::Value| {
        let event = at(object, "/event");
        *at(event, "/kind") == "joined" && *at(event, "/participant/id") == "00000000000000cc"
    };
    let told = nameless.hear("the other one", joined).await?;
    assert_eq!(*at(&told, "/event/participant/name"), "", "{told}");
    let told = all.hear("the other one, for the teacher", joined).await?;
    assert_eq!(*at(&told, "/event/participant/name"), "Test 00000000000000cc");

    teacher.lock("othersNames", false).await?;
    assert_eq!(nameless.ended().await?, u64::from(DoneCode::Unauthorized.get()));
    let mut state = Feed::of(&student.client, "state").await?;
    let snapshot = state.hear("a snapshot", |object| *at(object, "/kind") == "snapshot").await?;
    assert!(snapshot.to_string().contains("Test 00000000000000cc"));
    Ok(())
}
