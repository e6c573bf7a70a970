//! A class talks: everyone reads the same, once, whatever happens to a line.

mod chatter;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use mosaik_tests::{Feed, Path, Relay, STUDENT, within};
use tokio::task::JoinSet;

use chatter::{Chatter, Heard, hear};

const PEOPLE: usize = 10;
const TEXTS: usize = 100;

/// A room lets a moderator say so much in 18 s; the rest is for busy machines.
const TALK_MAX: Duration = Duration::from_secs(90);

#[tokio::test]
async fn a_thousand_messages_arrive_everywhere_once_and_in_one_order() -> anyhow::Result<()> {
    let relay = Arc::new(Relay::start()?);
    let mut people = JoinSet::new();
    for (person, path) in (0..PEOPLE).zip(Path::ALL.into_iter().cycle()) {
        let relay = Arc::clone(&relay);
        people.spawn(async move {
            let id = format!("{:016x}", 0x10 + person);
            let texts = (0..TEXTS).map(|text| format!("{person} says {text}")).collect();
            let mut chatter = Chatter::join(&relay, path, id, texts).await?;
            // One of them loses its line half way, with answers under way.
            let cut_at = (person == 0).then_some(TEXTS / 2);
            let talk = chatter.talk(&relay, PEOPLE * TEXTS, cut_at);
            let talked = tokio::time::timeout(TALK_MAX, talk).await;
            talked.with_context(|| format!("{person} still waits: {}", chatter.standing()))??;
            anyhow::Ok(chatter)
        });
    }
    let mut lists: Vec<Heard> = Vec::new();
    let mut there = Vec::new();
    while let Some(chatter) = people.join_next().await {
        let mut chatter = chatter??;
        lists.push(std::mem::take(&mut chatter.heard));
        there.push(chatter);
    }
    let first = lists.first().cloned().unwrap_or_default();
    let texts: HashSet<&str> = first.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!((first.len(), texts.len()), (PEOPLE * TEXTS, PEOPLE * TEXTS), "lost or twice");
    assert!(lists.iter().all(|list| *list == first), "not everyone read the same");
    assert!(first.is_sorted_by_key(|(id, _)| *id), "out of order");
    let late = relay.join(Path::Quic, STUDENT).await?;
    let mut read = Heard::new();
    let reading = async {
        let mut state = Feed::of(&late, "state").await?;
        while read.len() < first.len() {
            hear(&mut read, &state.next().await?)?;
        }
        anyhow::Ok(())
    };
    within("what was said before", reading).await??;
    assert!(read == first, "the late joiner reads something else");
    Ok(())
}
