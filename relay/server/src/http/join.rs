//! `POST /api/join`: a link's secret, or a resume token, becomes a token to connect with.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use axum::Json;
use axum::extract::{Extension, State};
use axum::response::IntoResponse;
use mosaik_proto::room::{Agreed, Consent, Role, TextsVersion};
use mosaik_proto::token::{Holder, Kind};
use serde::{Deserialize, Serialize};

use super::body::{Body, read};
use super::problem::Problem;
use super::{HttpState, Peer, RELAY_PATH};
use crate::rooms::{Admitted, ConfiguredRoom};

/// Most characters of a name.
const NAME_CHARS_MAX: usize = 60;

#[derive(Deserialize)]
struct Request {
    room: String,
    #[serde(default)]
    secret: String,
    #[serde(default)]
    name: String,
    resume: Option<String>,
    /// Who was removed from a room on this device last.
    before: Option<String>,
    /// What this person agrees to; who says nothing agrees to nothing.
    #[serde(default)]
    agreed: Agreed,
    /// The texts that they had before them.
    texts: Option<TextsVersion>,
}

#[derive(Serialize)]
struct Joined<'a> {
    room: &'a str,
    title: &'a str,
    participant: &'a str,
    name: &'a str,
    role: Role,
    /// What they may agree to at most.
    most: Agreed,
    token: String,
    resume: String,
    relay: Relay,
}

/// Where the relay is, and the certificates to trust where no authority signed one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Relay {
    path: &'static str,
    certificate_hashes: Vec<String>,
}

impl Relay {
    pub(crate) fn of(state: &HttpState) -> Self {
        Self { path: RELAY_PATH, certificate_hashes: state.certificates.hashes_base64() }
    }
}

/// Answers a request to join.
pub(crate) async fn join(
    State(state): State<Arc<HttpState>>,
    Extension(Peer(peer)): Extension<Peer>,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let request: Request = read(body)?;
    let (now, time) = (Instant::now(), SystemTime::now());

    let stated = (request.agreed, request.texts);
    let (room, holder, resume) = if let Some(resume) = request.resume {
        let (room, holder) = come_back(&state, &request.room, &resume, now, time)?;
        (room, stating(holder, stated), resume)
    } else {
        let (room, admitted) = state.rooms.admit(&request.room, &request.secret, peer, now)?;
        let holder =
            stating(newcomer(&room, admitted, (&request.name, request.before.as_deref()))?, stated);
        let resume = state.access.issue_for(holder.clone(), Kind::Resume, time);
        (room, holder, resume.map_err(|_| Problem::Fault)?)
    };
    let token = state.access.issue_for(holder.clone(), Kind::Connect, time);
    let joined = Joined {
        room: &room.id,
        title: &room.title,
        participant: &holder.participant,
        name: &holder.name,
        role: holder.role,
        most: holder.consent.most,
        token: token.map_err(|_| Problem::Fault)?,
        resume,
        relay: Relay::of(&state),
    };
    Ok(Json(joined).into_response())
}

/// A token says what was agreed to when it was asked for: each time anew, so that none brings back
/// what was taken back since.
fn stating(mut holder: Holder, (agreed, texts): (Agreed, Option<TextsVersion>)) -> Holder {
    let most = holder.consent.most;
    holder.consent = Consent { agreed: agreed.within(most), most, texts };
    holder
}

/// Whoever comes by a personal link is whom it is for, whatever name was typed; whether they were in
/// before, the room knows.
fn newcomer(
    room: &ConfiguredRoom,
    admitted: Admitted,
    (name, before): (&str, Option<&str>),
) -> Result<Holder, Problem> {
    let Admitted { role, invited } = admitted;
    let most = invited.as_ref().map_or(Agreed::ALL, |invited| invited.most);
    let (participant, name) = if let Some(invited) = invited {
        room.door.check_return(invited.participant)?;
        (invited.participant.to_string(), invited.name.as_str().to_owned())
    } else {
        let name = checked_name(name).ok_or(Problem::NameInvalid)?;
        if role == Role::Viewer {
            room.door.check_newcomer()?;
            // Whoever comes by the class's link is somebody new; the page of one who was banned says so.
            if let Some(Ok(before)) = before.map(str::parse) {
                room.door.check_return(before)?;
            }
        }
        (format!("{:016x}", rand::random::<u64>()), name.to_owned())
    };

    if room.seats.is_full_for(role) {
        return Err(Problem::RoomFull);
    }
    let consent = Consent { most, ..Consent::UNSTATED };
    let lesson = room.door.lesson();
    Ok(Holder { room: room.id.clone(), participant, name, role, consent, lesson })
}

/// Whoever comes back keeps id, name and role; whether the place is still free, the room decides.
/// The resume token is not renewed: it ends 12 hours after the link was used.
fn come_back(
    state: &HttpState,
    room: &str,
    resume: &str,
    now: Instant,
    time: SystemTime,
) -> Result<(Arc<ConfiguredRoom>, Holder), Problem> {
    let claims =
        state.access.verify(resume, Kind::Resume, time).map_err(|_| Problem::ResumeExpired)?;
    let room = state
        .rooms
        .find(room)
        .filter(|room| room.id == claims.holder.room)
        .ok_or(Problem::ResumeExpired)?;
    let id = claims.holder.participant.parse().map_err(|_| Problem::ResumeExpired)?;
    if room.door.lesson() != claims.holder.lesson {
        let receipt = room.door.receipt(id, claims.holder.lesson, now);
        return Err(Problem::LessonEnded { receipt });
    }
    room.door.check_return(id)?;
    if room.links.was_revoked(id) {
        return Err(Problem::LinkInvalid);
    }
    room.count_join(now)?;
    Ok((room, claims.holder))
}

/// The name without space around it, if it is one: 1 to 60 characters, at least one of them
/// visible, none that breaks the line or turns the text around it.
fn checked_name(name: &str) -> Option<&str> {
    let name = name.trim();
    let is_visible =
        |character: char| !character.is_whitespace() && !crate::redacted::is_invisible(character);
    let is_fine = (1..=NAME_CHARS_MAX).contains(&name.chars().count())
        && name.chars().any(is_visible)
        && !name.chars().any(|character| character.is_control() || turns_text(character));
    is_fine.then_some(name)
}

/// Separators of lines, and what changes the direction of the text that follows. Joiners stay:
/// names in Persian and emoji need them.
const fn turns_text(character: char) -> bool {
    matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_pass() {
        for name in ["Kim", "Frau Müller-Lüdenscheidt", "علی‌رضا", "李", "👩🏽‍🏫", "O'Neil"]
        {
            assert_eq!(checked_name(name), Some(name));
        }
        assert_eq!(checked_name("  Kim "), Some("Kim"));
        assert!(checked_name(&"ä".repeat(60)).is_some());
        // A text as any other: whoever shows it shows it as one.
        let markup = "<img src=x onerror=alert(1)>";
        assert_eq!(checked_name(markup), Some(markup));
    }

    #[test]
    fn names_that_hide_or_turn_text_do_not() {
        let long = "ä".repeat(61);
        for name in [
            "",
            "  ",
            "\u{200b}\u{200d}",
            "a\nb",
            "a\u{202e}b",
            "\u{2066}a",
            "a\0",
            "a\u{2028}b",
            &"x".repeat(4_096),
            &long,
        ] {
            assert_eq!(checked_name(name), None, "{name:?}");
        }
    }
}
