//! A full lesson, and somebody who comes late to it and wants all of it: what was said, every page of the
//! whiteboard, and the notes.

use std::collections::BTreeSet;
use std::time::Instant;

use anyhow::{Context, bail};
use futures::future::try_join_all;
use mosaik_proto::room::Shape;
use mosaik_tests::{Client, Dialer, Feed, Path, Process, paragraph, within};
use serde_json::{Value, json};

use crate::classroom::Class;

/// Messages to everyone.
pub const MESSAGES: usize = 1_000;

/// Pages of the whiteboard.
pub const PAGES: usize = 20;

/// Strokes on each: handwriting of ten points.
pub const STROKES: usize = 500;

/// Letters in the notes.
pub const NOTES: usize = 20_000;

/// Strokes in one command.
const STROKES_AT_ONCE: usize = 50;

/// Letters of one paragraph: what a command holds.
const PARAGRAPH: usize = 4_000;

const ROOM: &str = "demo";

/// What somebody who came late got.
#[derive(Debug, Clone, Copy)]
pub struct LateJoin {
    /// From dialling to having all of it.
    pub micros: u64,
    /// Bytes of all objects.
    pub bytes: usize,
}

/// Has the class say, draw and write it all.
///
/// # Errors
/// When some of it is refused.
pub async fn hold(relay: &Process, class: &mut Class) -> anyhow::Result<()> {
    class.say_many(MESSAGES).await?;
    let mut commands = Vec::new();
    for page in 1..=PAGES {
        commands.push(json!({ "kind": "board", "act": { "kind": "addPage" } }));
        for first in (1..=STROKES).step_by(STROKES_AT_ONCE) {
            let ops: Vec<Value> = (first..first + STROKES_AT_ONCE).map(|n| put(page, n)).collect();
            let act = json!({ "kind": "draw", "board": format!("page/{page}"), "ops": ops });
            commands.push(json!({ "kind": "board", "act": act }));
        }
    }
    let edition = edition(relay).await?;
    for client in 1..=NOTES.div_ceil(PARAGRAPH) {
        commands.push(paragraph(
            &edition,
            u64::try_from(client)?,
            &"Wasser ".repeat(PARAGRAPH / 7 + 1),
        ));
    }
    class.lead(commands).await
}

/// Of a page that is open once.
async fn edition(relay: &Process) -> anyhow::Result<Value> {
    let joined = relay.join(relay.students(), "Lou").await?;
    let client = Client::join(relay.dialer(&joined).dial(Path::Quic).await?, &joined.token).await?;
    let document = Feed::of_room(&client, ROOM, "notes").await?.hear("the notes", |_| true).await?;
    client.leave();
    document.get("edition").cloned().context("no edition")
}

/// Letters in rows, none like the other.
fn put(page: usize, number: usize) -> Value {
    let mut chance = u32::try_from(page * STROKES + number).unwrap_or(1);
    let mut below = |most: u32| {
        chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        i16::try_from((chance >> 8) % most).unwrap_or_default()
    };
    let place = i16::try_from(number).unwrap_or_default();
    let from = (300 + place % 40 * 380 + below(60), 300 + place / 40 * 640 + below(60));
    let steps: Vec<(i16, i16)> = (0..9).map(|_| (below(32) * 4 - 64, below(32) * 4 - 64)).collect();
    let shape = Shape::stroke(from, &steps).map(|shape| shape.as_str().to_owned());
    json!({ "kind": "put", "id": format!("0000000000000001.{number}"), "shape": shape.unwrap_or_default() })
}

/// Comes late, and reads until all of it is there.
///
/// # Errors
/// When some of it does not come.
pub async fn join_late(relay: &Process, dialer: &Dialer) -> anyhow::Result<LateJoin> {
    let joined = relay.join(relay.students(), "Kim").await?;
    let begun = Instant::now();
    let client = Client::join(dialer.dial(Path::Quic).await?, &joined.token).await?;
    let pages = try_join_all((1..=PAGES).map(|page| read_page(&client, page)));
    let all = async { tokio::try_join!(read_chat(&client), pages, read_notes(&client)) };
    let (chat, pages, notes) = within("all of the lesson", all).await??;
    let micros = u64::try_from(begun.elapsed().as_micros())?;
    client.leave();
    Ok(LateJoin { micros, bytes: chat + pages.iter().sum::<usize>() + notes })
}

async fn read_chat(client: &Client) -> anyhow::Result<usize> {
    let mut state = Feed::of_room(client, ROOM, "state").await?;
    let mut said = 0;
    while said < MESSAGES {
        let object = state.next().await?;
        let chat = object.pointer("/state/chat").and_then(Value::as_array);
        said = chat.map_or(said, Vec::len);
        said += usize::from(object.pointer("/event/kind") == Some(&json!("said")));
    }
    Ok(state.bytes())
}

async fn read_page(client: &Client, page: usize) -> anyhow::Result<usize> {
    let mut board = Feed::of_room(client, ROOM, &format!("board/page/{page}")).await?;
    let mut strokes = BTreeSet::new();
    while strokes.len() < STROKES {
        let object = board.next().await?;
        let of = |key: &str| object.get(key).and_then(Value::as_array).into_iter().flatten();
        strokes.extend(of("shapes").filter_map(|shape| shape.get(1)?.as_u64()));
        let ops = of("ops")
            .filter_map(|op| op.get("id")?.as_str()?.split_once('.')?.1.parse::<u64>().ok());
        strokes.extend(ops);
    }
    Ok(board.bytes())
}

async fn read_notes(client: &Client) -> anyhow::Result<usize> {
    let mut notes = Feed::of_room(client, ROOM, "notes").await?;
    while notes.bytes() < NOTES {
        if notes.next().await?.get("update").is_none() {
            bail!("something else than notes");
        }
    }
    Ok(notes.bytes())
}
