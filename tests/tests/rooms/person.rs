//! A participant who asks the room by hand.

use std::time::{SystemTime, UNIX_EPOCH};

use mosaik_proto::moqt::{
    ControlMessage, FullTrackName, Namespace, Parameters, Publish, RequestCode, TrackProperties,
};
use mosaik_proto::room::Role;
use mosaik_tests::{
    Client, Feed, LESSON, Path, PublishedTrack, Relay, Request, SubgroupWriter, room, track,
};
use serde_json::{Value, json};

pub(crate) struct Person {
    pub(crate) client: Client,
    pub(crate) id: String,
    pub(crate) inbox: Feed,
    commands: SubgroupWriter,
    _track: PublishedTrack,
    asked: u64,
}

impl Person {
    pub(crate) async fn join(
        relay: &Relay,
        path: Path,
        id: &str,
        role: Role,
    ) -> anyhow::Result<Self> {
        Self::join_by(relay, path, id, &relay.token(id, role)?).await
    }

    pub(crate) async fn join_by(
        relay: &Relay,
        path: Path,
        id: &str,
        token: &str,
    ) -> anyhow::Result<Self> {
        let mut client = Client::join(relay.dialer().dial(path).await?, token).await?;
        client.announce(&room(id)).await?;
        let properties = TrackProperties::default().with_priority(48);
        let asked = client.asked_for("commands").await?.accept(1_000, properties).await?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        let commands = asked.subgroup(&asked.header(u64::try_from(now)?, 0)).await?;
        let inbox = Feed::of(&client, &format!("inbox/{id}")).await?;
        Ok(Self { client, id: id.to_owned(), inbox, commands, _track: asked, asked: 0 })
    }

    /// What a command is answered: none for yes, else the code of the refusal.
    pub(crate) async fn ask(&mut self, command: Value) -> anyhow::Result<Option<String>> {
        self.asked += 1;
        let number = self.asked;
        let object = json!({ "number": number, "command": command });
        self.commands.object(number - 1, object.to_string().as_bytes()).await?;
        let is_it = |object: &Value| *at(object, "/number") == json!(number);
        let answer = self.inbox.hear("an answer", is_it).await?;
        Ok(answer.pointer("/refusal/code").and_then(Value::as_str).map(str::to_owned))
    }

    /// What must be done.
    pub(crate) async fn lead(&mut self, act: Value) -> anyhow::Result<()> {
        let refused = self.ask(json!({ "kind": "lead", "act": act })).await?;
        anyhow::ensure!(refused.is_none(), "{refused:?}");
        Ok(())
    }

    /// What must be done.
    pub(crate) async fn door(&mut self, act: Value) -> anyhow::Result<()> {
        let refused = self.ask(json!({ "kind": "door", "act": act })).await?;
        anyhow::ensure!(refused.is_none(), "{refused:?}");
        Ok(())
    }

    pub(crate) async fn lock(&mut self, lock: &str, locked: bool) -> anyhow::Result<()> {
        self.lead(json!({ "kind": "setLock", "lock": lock, "locked": locked })).await
    }

    /// PUBLISH of a track of one's own, whatever the answer will be.
    pub(crate) async fn ask_to_publish(&self, name: &str, alias: u64) -> anyhow::Result<Request> {
        let message = Publish {
            request_id: self.client.next_id(),
            name: track(&self.id, name),
            track_alias: alias,
            parameters: Parameters::default(),
            properties: TrackProperties::default(),
        };
        self.client.request(&ControlMessage::Publish(message)).await
    }

    /// The code by which a SUBSCRIBE is refused.
    pub(crate) async fn is_refused(&self, name: &FullTrackName) -> anyhow::Result<RequestCode> {
        let mut request = self.client.ask_for(name, Parameters::default()).await?;
        Ok(request.refused().await?.0)
    }
}

/// What stands at a path of an object, such as `/news/kind`.
pub(crate) fn at<'a>(object: &'a Value, path: &str) -> &'a Value {
    object.pointer(path).unwrap_or(&Value::Null)
}

/// A track of the room itself.
pub(crate) fn of_room(name: &str) -> FullTrackName {
    FullTrackName::new(Namespace::of(&[LESSON]), name.as_bytes().to_vec())
}
