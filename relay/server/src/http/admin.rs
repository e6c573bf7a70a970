//! `POST /api/admin`: rooms, how many people, load and links, for whoever looks after the server. No name and
//! nothing of what is in a room.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use mosaik_proto::room::Role;
use serde::{Deserialize, Serialize};

use super::body::{Body, read};
use super::problem::Problem;
use super::{HttpState, Peer};
use crate::config::is_room_title;
use crate::metrics::{Snapshot, memory_bytes};
use crate::rooms::{ConfiguredRoom, NotRemoved};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    secret: String,
    act: Act,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
enum Act {
    Look {},
    /// Makes a room, which lasts until the server ends.
    Make {
        title: String,
    },
    /// Removes one that was made.
    Remove {
        room: String,
    },
}

#[derive(Serialize)]
struct Answer {
    /// Where links lead to, if not to where this is asked.
    base: Option<String>,
    rooms: Vec<Shown>,
    load: Load,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: String,
    title: String,
    people: usize,
    most: usize,
    is_temporary: bool,
    moderator_secret: String,
    viewer_secret: String,
}

/// Counters since the start, of which two answers give a rate.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Load {
    sessions: usize,
    /// Milliseconds of a core's time that the thread of the media has used.
    media_cpu_ms: u64,
    sent_bytes: u64,
    memory_bytes: Option<u64>,
}

/// Does what is asked, and answers with how things are then.
pub(crate) async fn admin(
    State(state): State<Arc<HttpState>>,
    Extension(Peer(peer)): Extension<Peer>,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    if !state.rooms.has_admin() {
        return Err(Problem::NotFound);
    }
    let Request { secret, act } = read(body)?;
    let now = Instant::now();
    state.rooms.check_admin(&secret, peer, now)?;
    match act {
        Act::Look {} => {}
        Act::Make { title } => {
            let title = title.trim();
            if !is_room_title(title) {
                return Err(Problem::NameInvalid);
            }
            state.rooms.make(title.to_owned(), now).map_err(|_| Problem::RoomFull)?;
            tracing::info!("the administrator made a room");
        }
        Act::Remove { room } => {
            state.rooms.remove(&room).map_err(|why| match why {
                NotRemoved::Configured => Problem::Malformed,
                NotRemoved::InUse => Problem::InUse,
            })?;
            tracing::info!("the administrator removed a room");
        }
    }
    let snapshot = state.snapshots.take().await.ok_or(Problem::Full)?;
    Ok(Json(Answer {
        base: state.public_url.as_ref().map(ToString::to_string),
        rooms: state.rooms.all().iter().map(|room| shown(room)).collect(),
        load: load(&snapshot),
    }))
}

fn shown(room: &ConfiguredRoom) -> Shown {
    Shown {
        id: room.id.clone(),
        title: room.title.clone(),
        people: room.seats.taken(),
        most: room.seats.most(),
        is_temporary: room.is_temporary,
        moderator_secret: room.secret(Role::Moderator).expose().clone(),
        viewer_secret: room.secret(Role::Viewer).expose().clone(),
    }
}

fn load(snapshot: &Snapshot) -> Load {
    Load {
        sessions: snapshot.sessions.iter().map(|(_, count)| count).sum(),
        media_cpu_ms: u64::try_from(snapshot.media_cpu.as_millis()).unwrap_or(u64::MAX),
        sent_bytes: snapshot.counts.bytes_out,
        memory_bytes: memory_bytes(),
    }
}
