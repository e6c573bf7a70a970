//! A participant who says things and keeps what everyone said, by docs/protocol.md alone.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use mosaik_proto::room::Role;
use mosaik_tests::{Member, Path, Relay};
use serde_json::{Value, json};
use tokio::time::MissedTickBehavior;

/// Between two commands: what a room allows a moderator in the long run.
const PACE: Duration = Duration::from_millis(205);

/// What was said: the message's number and its text, in the room's order.
pub(crate) type Heard = Vec<(u64, String)>;

/// See the module.
pub(crate) struct Chatter {
    id: String,
    path: Path,
    line: Member,
    /// Texts that are not sent yet.
    to_say: VecDeque<String>,
    /// Commands without an answer.
    open: BTreeMap<u64, String>,
    next_number: u64,
    pub(crate) heard: Heard,
}

impl Chatter {
    pub(crate) async fn join(
        relay: &Relay,
        path: Path,
        id: String,
        texts: Vec<String>,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            line: Member::join(relay, path, &id, Role::Moderator).await?,
            id,
            path,
            to_say: texts.into(),
            open: BTreeMap::new(),
            next_number: 1,
            heard: Heard::new(),
        })
    }

    /// Says everything and hears until `total` messages are there. With `cut_at`, the line is cut
    /// when so few texts are left to say, and answers that came last count as lost with it.
    pub(crate) async fn talk(
        &mut self,
        relay: &Relay,
        total: usize,
        cut_at: Option<usize>,
    ) -> anyhow::Result<()> {
        let mut cut_at = cut_at;
        let mut pace = tokio::time::interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut answered = VecDeque::new();
        while !self.to_say.is_empty() || !self.open.is_empty() || self.heard.len() < total {
            if cut_at.is_some_and(|left| self.to_say.len() <= left) {
                cut_at = None;
                self.open.extend(answered.drain(..));
                self.reconnect(relay).await?;
            }
            tokio::select! {
                object = self.line.state.next() => hear(&mut self.heard, &object?)?,
                object = self.line.inbox.next() => {
                    answered.extend(self.answer(&object?)?);
                    answered.drain(..answered.len().saturating_sub(4));
                }
                _ = pace.tick(), if !self.to_say.is_empty() => {
                    let text = self.to_say.pop_front().unwrap_or_default();
                    let number = self.next_number;
                    self.next_number += 1;
                    self.send(number, &text).await?;
                    self.open.insert(number, text);
                }
            }
        }
        ensure!(self.heard.len() == total, "{} messages of {total}", self.heard.len());
        Ok(())
    }

    /// What is still to come, for whoever waits for it.
    pub(crate) fn standing(&self) -> String {
        let open: Vec<u64> = self.open.keys().copied().collect();
        let (to_say, heard) = (self.to_say.len(), self.heard.len());
        format!("{to_say} to say, {open:?} without an answer, {heard} heard")
    }

    async fn send(&mut self, number: u64, text: &str) -> anyhow::Result<()> {
        let command = json!({ "number": number, "command": { "kind": "say", "text": text } });
        self.line.write(&command).await
    }

    /// A new session, on which every command without an answer is sent again.
    async fn reconnect(&mut self, relay: &Relay) -> anyhow::Result<()> {
        self.line.client.wire.close(0, "cut");
        self.line = Member::join(relay, self.path, &self.id, Role::Moderator).await?;
        let open = self.open.clone();
        for (number, text) in &open {
            self.send(*number, text).await?;
        }
        Ok(())
    }

    /// An answer; gives the command back that it accepted.
    fn answer(&mut self, object: &Value) -> anyhow::Result<Option<(u64, String)>> {
        match text(object, "kind")? {
            // Whoever leads is told of everyone, too.
            "snapshot" | "consent" | "line" | "lines" => Ok(None),
            "acknowledged" => {
                let number = number(object, "number")?;
                Ok(self.open.remove(&number).map(|text| (number, text)))
            }
            "refused" if object.pointer("/refusal/code") == Some(&json!("tooFast")) => {
                // Not said yet: again, as a new command.
                self.to_say.extend(self.open.remove(&number(object, "number")?));
                Ok(None)
            }
            _ => bail!("{object}"),
        }
    }
}

/// Takes an object of `state` into the list of what was said.
pub(crate) fn hear(heard: &mut Heard, object: &Value) -> anyhow::Result<()> {
    let event = object.get("event");
    match text(object, "kind")? {
        "snapshot" => {
            let chat =
                object.pointer("/state/chat").and_then(Value::as_array).context("no chat")?;
            *heard = chat.iter().map(message).collect::<anyhow::Result<_>>()?;
        }
        "event" if event.is_some_and(|event| text(event, "kind").ok() == Some("said")) => {
            heard.push(message(object.pointer("/event/message").context("no message")?)?);
        }
        _ => {}
    }
    Ok(())
}

fn message(message: &Value) -> anyhow::Result<(u64, String)> {
    Ok((number(message, "id")?, text(message, "text")?.to_owned()))
}

fn text<'a>(object: &'a Value, key: &str) -> anyhow::Result<&'a str> {
    object.get(key).and_then(Value::as_str).with_context(|| format!("no {key}: {object}"))
}

fn number(object: &Value, key: &str) -> anyhow::Result<u64> {
    object.get(key).and_then(Value::as_u64).with_context(|| format!("no {key}: {object}"))
}
