//! A participant by docs/protocol.md alone: says commands as they are written, reads what comes.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use mosaik_proto::moqt::{FullTrackName, Namespace, Parameters, TrackProperties};
use mosaik_proto::room::Role;
use serde_json::{Value, json};

use crate::client::Client;
use crate::object::{Object, Piece, SubgroupReader};
use crate::publisher::{PublishedTrack, SubgroupWriter};
use crate::relay::{LESSON, Relay};
use crate::subscriber::Subscription;
use crate::wait::within;
use crate::wire::Path;

/// A control track: its objects in order, group after group.
pub struct Feed {
    subscription: Subscription,
    reader: Option<SubgroupReader>,
    /// The group that was read last. Groups are streams and may overtake each other; one that
    /// comes late says nothing that a newer snapshot does not.
    newest: u64,
}

impl Feed {
    /// Subscribes to one of the room's tracks.
    ///
    /// # Errors
    /// When the relay refuses it.
    pub async fn of(client: &Client, track: &str) -> anyhow::Result<Self> {
        Self::of_room(client, LESSON, track).await
    }

    /// Subscribes to a track of another room.
    ///
    /// # Errors
    /// When the relay refuses it.
    pub async fn of_room(client: &Client, room: &str, track: &str) -> anyhow::Result<Self> {
        let name = FullTrackName::new(Namespace::of(&[room]), track.as_bytes().to_vec());
        let parameters = Parameters { rendezvous_timeout: Some(10_000), ..Parameters::default() };
        let subscription = client.subscribe(&name, parameters).await?;
        Ok(Self { subscription, reader: None, newest: 0 })
    }

    /// The next object. May be given up without losing one.
    ///
    /// # Errors
    /// When the track is reset or has something else than JSON.
    pub async fn next(&mut self) -> anyhow::Result<Value> {
        loop {
            let Some(reader) = &mut self.reader else {
                let reader = self.subscription.subgroup_at_leisure().await?;
                if reader.header.group > self.newest {
                    self.newest = reader.header.group;
                    self.reader = Some(reader);
                }
                continue;
            };
            match reader.next_at_leisure().await? {
                Piece::Object(Object { payload, .. }) => {
                    return Ok(serde_json::from_slice(&payload)?);
                }
                Piece::End => self.reader = None,
                Piece::Reset(code) => bail!("a control track was reset with {code:?}"),
            }
        }
    }

    /// The next object of which `is_it` is true; others are passed over.
    ///
    /// # Errors
    /// As [`Feed::next`], and when none comes in time.
    pub async fn hear(
        &mut self,
        what: &str,
        is_it: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        let mut passed = None;
        let heard = within(what, async {
            loop {
                let object = self.next().await?;
                if is_it(&object) {
                    return Ok(object);
                }
                passed = Some(object);
            }
        });
        let heard = heard.await;
        heard.with_context(|| format!("the last that came: {passed:?}"))?
    }

    /// Waits until the relay ends the subscription, and gives its code.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn ended(&mut self) -> anyhow::Result<u64> {
        Ok(self.subscription.done().await?.code)
    }
}

/// One session of a participant, with its control tracks.
pub struct Member {
    /// The session.
    pub client: Client,
    /// The room's `state`.
    pub state: Feed,
    /// The participant's inbox.
    pub inbox: Feed,
    /// Objects of the inbox that came while an answer was waited for.
    pub heard: Vec<Value>,
    /// What the participant asks for.
    pub commands: Commands,
}

/// A participant's `commands` track.
pub struct Commands {
    writer: SubgroupWriter,
    _track: PublishedTrack,
    next_object: u64,
    next_number: u64,
}

impl Commands {
    /// Writes one object, whatever it is.
    ///
    /// # Errors
    /// When the session is gone.
    pub async fn write(&mut self, object: &Value) -> anyhow::Result<()> {
        let number = self.next_object;
        self.next_object += 1;
        self.writer.object(number, object.to_string().as_bytes()).await
    }

    /// Asks the room for something and waits for no answer; gives the command's number.
    ///
    /// # Errors
    /// When the session is gone.
    pub async fn put(&mut self, command: Value) -> anyhow::Result<u64> {
        let number = self.next_number;
        self.next_number += 1;
        self.write(&json!({ "number": number, "command": command })).await?;
        Ok(number)
    }
}

impl Member {
    /// Joins [`LESSON`] and opens its control tracks.
    ///
    /// # Errors
    /// When the relay does not let the participant in.
    pub async fn join(relay: &Relay, path: Path, id: &str, role: Role) -> anyhow::Result<Self> {
        let token = relay.token(id, role)?;
        let client = Client::join(relay.dialer().dial(path).await?, &token).await?;
        Self::enter(client, LESSON, id).await
    }

    /// Opens the control tracks of a session whose token was for participant `id` of `room`.
    ///
    /// # Errors
    /// When the relay does not let the participant do it.
    pub async fn enter(mut client: Client, room: &str, id: &str) -> anyhow::Result<Self> {
        client.announce(&Namespace::of(&[room, id])).await?;
        let properties = TrackProperties::default().with_priority(48);
        let track = client.asked_for("commands").await?.accept(1, properties).await?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        let writer = track.subgroup(&track.header(u64::try_from(now)?, 0)).await?;
        let state = Feed::of_room(&client, room, "state").await?;
        let inbox = Feed::of_room(&client, room, &format!("inbox/{id}")).await?;
        Ok(Self {
            client,
            state,
            inbox,
            heard: Vec::new(),
            commands: Commands { writer, _track: track, next_object: 0, next_number: 1 },
        })
    }

    /// Writes one object on `commands`, whatever it is.
    ///
    /// # Errors
    /// When the session is gone.
    pub async fn write(&mut self, object: &Value) -> anyhow::Result<()> {
        self.commands.write(object).await
    }

    /// Asks the room for something and waits for no answer; gives the command's number.
    ///
    /// # Errors
    /// When the session is gone.
    pub async fn put(&mut self, command: Value) -> anyhow::Result<u64> {
        self.commands.put(command).await
    }

    /// Asks the room for something; the code of its refusal, if it refuses.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn ask(&mut self, command: Value) -> anyhow::Result<Option<String>> {
        let number = self.put(command).await?;
        within("an answer", async {
            loop {
                let object = self.inbox.next().await?;
                if object.get("number") == Some(&json!(number)) {
                    let code = object.pointer("/refusal/code").and_then(Value::as_str);
                    return Ok(code.map(ToOwned::to_owned));
                }
                self.heard.push(object);
            }
        })
        .await?
    }

    /// Asks for something that must be done.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn get(&mut self, command: Value) -> anyhow::Result<()> {
        let shown = command.to_string();
        match self.ask(command).await? {
            None => Ok(()),
            Some(code) => bail!("{shown} was refused: {code}"),
        }
    }

    /// The next event of this kind on `state`.
    ///
    /// # Errors
    /// When none comes.
    pub async fn event(&mut self, kind: &str) -> anyhow::Result<Value> {
        within(kind, async {
            loop {
                let object = self.state.next().await?;
                if object.pointer("/event/kind") == Some(&json!(kind)) {
                    return object.get("event").cloned().context("no event");
                }
            }
        })
        .await?
    }
}
