//! Who comes in: a gate whose tokens are words, since nobody guesses a signature.

use mosaik_proto::room::{Consent, Role};
use mosaik_proto::token::{Claims, Grants, Holder, Kind};
use mosaik_server::{Bearer, Gate, Refusal};

/// The room that the tokens are for.
pub(crate) const ROOM: &str = "demo";

/// Where visitors may do anything.
pub(crate) const VISITORS: &str = "open";

/// The tokens that peers have, and some that nobody should.
pub(crate) const TOKENS: [Option<&[u8]>; 7] = [
    None,
    Some(b"moderator"),
    Some(b"viewer"),
    Some(b"nowhere"),
    Some(b"expired"),
    Some(b"taken"),
    Some(b"\xFF"),
];

/// See the module.
pub(crate) struct Entrance;

impl Gate for Entrance {
    fn admit(&self, token: &[u8], _bearer: Bearer) -> Result<Claims, Refusal> {
        match token {
            b"moderator" => Ok(claims(ROOM, "00000000000000a1", Role::Moderator)),
            b"viewer" => Ok(claims(ROOM, "00000000000000a2", Role::Viewer)),
            b"nowhere" => Ok(claims("nowhere", "00000000000000a3", Role::Viewer)),
            b"expired" => Err(Refusal::Expired),
            b"taken" => Err(Refusal::Taken),
            _ => Err(Refusal::Invalid),
        }
    }

    fn visitor(&self) -> Option<Grants> {
        Some(Grants::for_visitor(&[vec![VISITORS.to_owned()]]))
    }
}

fn claims(room: &str, participant: &str, role: Role) -> Claims {
    let holder = Holder {
        room: room.to_owned(),
        participant: participant.to_owned(),
        name: participant.to_owned(),
        role,
        consent: Consent::ALL,
        lesson: 0,
    };
    Claims::for_participant(holder, Kind::Connect, 0, participant.to_owned())
}
