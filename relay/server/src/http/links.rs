//! `POST /api/links`: moderators see, make and take back the links into their room.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use mosaik_proto::room::{Agreed, ParticipantId};
use mosaik_proto::token::Kind;
use serde::{Deserialize, Serialize};

use super::HttpState;
use super::body::{Body, read};
use super::problem::Problem;
use crate::rooms::{LIFETIME_MAX, Link};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    room: String,
    /// Who asks: a moderator of the room who is there.
    resume: String,
    act: Act,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
enum Act {
    List {},
    #[serde(rename_all = "camelCase")]
    Renew {
        lasts_minutes: Option<u32>,
    },
    #[serde(rename_all = "camelCase")]
    Invite {
        name: String,
        lasts_minutes: Option<u32>,
        /// What this person may agree to at most; anything if it is left out.
        most: Option<Agreed>,
    },
    Revoke {
        id: ParticipantId,
    },
}

#[derive(Serialize)]
struct Answer {
    links: Vec<Shown>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    /// None for the class's link.
    id: Option<ParticipantId>,
    name: Option<String>,
    secret: String,
    /// What they may agree to at most.
    most: Agreed,
    /// None for a link without an end.
    ends_in_ms: Option<u64>,
}

/// Does what is asked, and answers with all links.
pub(crate) async fn links(
    State(state): State<Arc<HttpState>>,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let request: Request = read(body)?;
    let (now, time) = (Instant::now(), SystemTime::now());
    let claims = state.access.verify(&request.resume, Kind::Resume, time);
    let claims = claims.map_err(|_| Problem::ResumeExpired)?;
    let room = state.rooms.find(&request.room).filter(|room| room.id == claims.holder.room);
    let room = room.ok_or(Problem::ResumeExpired)?;
    let id = claims.holder.participant.parse().map_err(|_| Problem::ResumeExpired)?;
    if !room.door.is_led_by(id) {
        return Err(Problem::NotAllowed);
    }
    room.count_join(now)?;
    match request.act {
        Act::List {} => {}
        Act::Renew { lasts_minutes } => room.links.renew(until(lasts_minutes, now)?),
        Act::Invite { name, lasts_minutes, most } => {
            let name = name.parse().map_err(|_| Problem::NameInvalid)?;
            let until = until(lasts_minutes, now)?;
            let most = most.unwrap_or(Agreed::ALL);
            room.links.invite((name, most), until, now).map_err(|_| Problem::RoomFull)?;
        }
        // One that is gone already is what was asked for.
        Act::Revoke { id } => drop(room.links.revoke(id)),
    }
    let links = room.links.list(now).iter().map(|link| shown(link, now)).collect();
    Ok(Json(Answer { links }))
}

fn until(lasts_minutes: Option<u32>, now: Instant) -> Result<Option<Instant>, Problem> {
    let Some(minutes) = lasts_minutes else {
        return Ok(None);
    };
    let lasts = Duration::from_mins(minutes.into());
    if lasts.is_zero() || lasts > LIFETIME_MAX {
        return Err(Problem::Malformed);
    }
    Ok(Some(now + lasts))
}

fn shown(link: &Link, now: Instant) -> Shown {
    let left = link.until.map(|until| until.saturating_duration_since(now));
    Shown {
        id: link.invited.as_ref().map(|invited| invited.participant),
        name: link.invited.as_ref().map(|invited| invited.name.as_str().to_owned()),
        most: link.invited.as_ref().map_or(Agreed::ALL, |invited| invited.most),
        secret: link.secret.expose().clone(),
        ends_in_ms: left.map(|left| u64::try_from(left.as_millis()).unwrap_or(u64::MAX)),
    }
}
