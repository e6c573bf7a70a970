//! Plays one line of the table on a session of its own and says what became of it.

use anyhow::{Context, bail};
use bytes::Bytes;
use mosaik_proto::moqt::{
    ControlMessage, FullTrackName, Namespace, Parameters, SessionCode, TrackProperties, TrackStatus,
};
use mosaik_proto::room::Role;
use mosaik_tests::SendStream;
use mosaik_tests::{Client, Path, PublishedTrack, Relay, Wire, room, track, within};
use mosaik_transport::TransportError;
use tokio::task::JoinSet;
use web_transport_trait::SendStream as _;

use crate::bytes::{bytes, int, kind, message, text};
use crate::table::{ALIAS, Case, Fate, Play, SELF};

/// A request ID that no line of the table uses.
const LAST_ID: u64 = 1000;

/// How often a line is played whose close was not heard.
const PLAYS_MAX: usize = 3;

/// The relay closed the session, but the one packet that said so was lost: QUIC does not promise to
/// deliver it (RFC 9000, section 10.2), and a busy machine drops packets.
#[derive(Debug, thiserror::Error)]
#[error("the session's close was not heard: {0}")]
struct Unheard(TransportError);

/// Plays `case` as `participant`; `asker` subscribes where the relay is to ask the offender.
pub(crate) async fn play(
    relay: &Relay,
    asker: &Client,
    path: Path,
    participant: &str,
    case: &Case,
) -> anyhow::Result<Fate> {
    for _ in 1..PLAYS_MAX {
        match play_once(relay, asker, path, participant, case).await {
            Err(error) if error.downcast_ref::<Unheard>().is_some() => {}
            heard => return heard,
        }
    }
    play_once(relay, asker, path, participant, case).await
}

async fn play_once(
    relay: &Relay,
    asker: &Client,
    path: Path,
    participant: &str,
    case: &Case,
) -> anyhow::Result<Fate> {
    let stage = Stage { relay, asker, path, participant };
    let (wire, what) = (|wire: &[u8]| in_the_name_of(participant, wire), &case.play);
    let with_setup = !matches!(what, Play::Setup(_) | Play::SetupOptions(_));
    if !with_setup {
        return stage.setup(what).await;
    }
    let token = relay.token(participant, Role::Viewer)?;
    let mut client = Client::join(relay.dialer().dial(path).await?, &token).await?;
    match what {
        Play::Setup(_) | Play::SetupOptions(_) => {}
        // Whether the relay closes before or after the last byte is no matter.
        Play::Control(control) => drop(client.say(wire(control).into()).await),
        Play::EndControl => client.end_control()?,
        Play::Requests(requests) => {
            let mut held = Vec::new();
            for request in requests {
                let mut stream = client.open_request().await?;
                drop(stream.write(wire(request).into()).await);
                held.push(stream);
            }
            return fate(&client, case).await;
        }
        Play::RequestFin(request) => {
            let mut stream = client.open_request().await?;
            drop(stream.write(wire(request).into()).await);
            drop(stream.finish());
            return fate(&client, case).await;
        }
        Play::Streams(streams, ends) => return stage.streams(&client, streams, *ends, case).await,
        Play::Datagram(datagram) => {
            return stage.datagram(&client, datagram, case).await;
        }
        Play::Answers(answers) => return stage.answers(client, answers, case).await,
    }
    fate(&client, case).await
}

/// Where a line is played.
#[derive(Clone, Copy)]
struct Stage<'a> {
    relay: &'a Relay,
    asker: &'a Client,
    path: Path,
    participant: &'a str,
}

impl Stage<'_> {
    async fn setup(self, play: &Play) -> anyhow::Result<Fate> {
        let wire = self.relay.dialer().dial(self.path).await?;
        let bytes = match play {
            Play::SetupOptions(options) => {
                let token = self.relay.token(self.participant, Role::Viewer)?;
                let token = bytes(&[&[3, 0], token.as_bytes()]);
                // The option before it is of type 1, and types are differences.
                message(kind::SETUP, &bytes(&[options, &int(2), &text(&token)]))
            }
            Play::Setup(bytes) => bytes.clone(),
            _ => bail!("no SETUP"),
        };
        let mut stream = wire.open_uni().await?;
        drop(stream.write_chunk(bytes.into()).await);
        Ok(Fate::Closed(closed(&wire).await?))
    }

    async fn published(self, client: &Client) -> anyhow::Result<PublishedTrack> {
        let name = track(self.participant, "mic");
        PublishedTrack::offer(client, name, ALIAS, TrackProperties::default()).await
    }

    async fn streams(
        self,
        client: &Client,
        streams: &[Vec<u8>],
        ends: bool,
        case: &Case,
    ) -> anyhow::Result<Fate> {
        let _track = self.published(client).await?;
        let mut over = JoinSet::new();
        for bytes in streams {
            let mut stream: SendStream = client.wire.open_uni().await?;
            drop(stream.write_chunk(Bytes::copy_from_slice(bytes)).await);
            if ends {
                drop(stream.finish());
            }
            over.spawn(async move { stream.closed().await });
        }
        if case.fate == Fate::GoesOn {
            within("the stream's end", over.join_next()).await?;
        }
        fate(client, case).await
    }

    /// Datagrams may be lost: it is sent until the session ends, if it is to end.
    async fn datagram(self, client: &Client, datagram: &[u8], case: &Case) -> anyhow::Result<Fate> {
        let _track = self.published(client).await?;
        let again = async {
            let mut pace = tokio::time::interval(std::time::Duration::from_millis(100));
            loop {
                pace.tick().await;
                // It fails when the session is over, which is what is waited for.
                let _ = client.wire.send_datagram(Bytes::copy_from_slice(datagram));
            }
        };
        tokio::select! {
            fate = fate(client, case) => fate,
            () = again => bail!("endless"),
        }
    }

    async fn answers(
        self,
        mut client: Client,
        answers: &[Vec<u8>],
        case: &Case,
    ) -> anyhow::Result<Fate> {
        client.announce(&room(self.participant)).await.context("the announcement")?;
        let mut asking = Vec::new();
        let mut held = Vec::new();
        for (answer, name) in answers.iter().zip(["mic", "catalog"]) {
            let parameters = Parameters::default();
            asking.push(
                self.asker
                    .ask_for(&track(self.participant, name), parameters)
                    .await
                    .context("the asker")?,
            );
            let asked = client.asked_for(name).await.context("the offender's being asked")?;
            held.push(asked.answer(answer.clone().into()).await.context("the answer")?);
        }
        if case.fate == Fate::GoesOn {
            for request in &mut asking {
                request.answer().await?;
            }
        }
        let fate = fate(&client, case).await;
        asking.into_iter().for_each(mosaik_tests::Request::cancel);
        fate
    }
}

/// The end of the session, or its answer to a question that has nothing to do with the offence.
async fn fate(client: &Client, case: &Case) -> anyhow::Result<Fate> {
    if case.fate != Fate::GoesOn {
        return Ok(Fate::Closed(closed(&client.wire).await?));
    }
    let message = TrackStatus {
        request_id: LAST_ID,
        name: FullTrackName::new(Namespace::of(&["lesson"]), &b"nothing"[..]),
        parameters: Parameters::default(),
    };
    let mut request = client.request(&ControlMessage::TrackStatus(message)).await?;
    request.refused().await.context("the session does not go on")?;
    Ok(Fate::GoesOn)
}

async fn closed(wire: &Wire) -> anyhow::Result<SessionCode> {
    match within("the session's end", wire.closed()).await? {
        TransportError::Closed { code, reason } => {
            SessionCode::from_wire(code).with_context(|| format!("code {code:#x}: {reason}"))
        }
        other => Err(Unheard(other).into()),
    }
}

/// The same bytes with the participant who plays in the place of [`SELF`].
fn in_the_name_of(participant: &str, wire: &[u8]) -> Vec<u8> {
    let mut out = wire.to_vec();
    let found = out.windows(SELF.len()).position(|window| window == SELF.as_bytes());
    if let Some(name) = found.and_then(|at| out.get_mut(at..at + SELF.len())) {
        name.copy_from_slice(participant.as_bytes());
    }
    out
}
