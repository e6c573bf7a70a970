//! Who may read each private word: those it was said to, as far as they are there when it is.

use std::collections::{BTreeMap, BTreeSet};

use mosaik_proto::room::ParticipantId;
use serde_json::Value;

/// A private message that nobody deleted.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) author: ParticipantId,
    pub(crate) to: Value,
    readers: BTreeSet<ParticipantId>,
}

#[derive(Debug, Default)]
pub(crate) struct Private {
    messages: BTreeMap<u64, Message>,
    /// Who may read each text, of messages that are gone too: they may be on their way.
    texts: BTreeMap<String, BTreeSet<ParticipantId>>,
}

impl Private {
    /// A text is about to be said, if the room takes it.
    pub(crate) fn expect(&mut self, text: &str, readers: &BTreeSet<ParticipantId>) {
        for tag in tags(text) {
            self.texts.insert(tag, readers.clone());
        }
    }

    pub(crate) fn find(&self, id: u64, reader: ParticipantId) -> Option<&Message> {
        self.messages.get(&id).filter(|message| message.readers.contains(&reader))
    }

    pub(crate) fn readers(&self, id: u64) -> BTreeSet<ParticipantId> {
        self.messages.get(&id).map(|message| message.readers.clone()).unwrap_or_default()
    }

    /// An object goes into someone's inbox: no private word in it is for others alone.
    pub(crate) fn check(&mut self, of: ParticipantId, text: &str, object: &Value) {
        for tag in tags(text) {
            let readers = self.texts.get(&tag).expect("a private text that nobody said");
            assert!(readers.contains(&of), "{of} reads {tag}");
        }
        if object["kind"] == "said" {
            let said = &object["message"];
            let tag = tags(said["text"].as_str().unwrap()).next().unwrap();
            let message = Message {
                author: said["author"].as_str().unwrap().parse().unwrap(),
                to: said["to"].clone(),
                readers: self.texts[&tag].clone(),
            };
            self.messages.entry(said["id"].as_u64().unwrap()).or_insert(message);
        }
    }

    pub(crate) fn delete(&mut self, id: u64) {
        self.messages.remove(&id);
    }

    /// Someone is not to be read any more; what those who lead alone have got stays.
    pub(crate) fn withdraw(
        &mut self,
        author: ParticipantId,
        leads: impl Fn(ParticipantId) -> bool,
    ) {
        self.messages.retain(|_, message| {
            let stays = match message.to["kind"].as_str().unwrap() {
                "one" => leads(message.to["id"].as_str().unwrap().parse().unwrap()),
                kind => kind == "moderators",
            };
            message.author != author || stays
        });
    }

    /// Someone reads in the inbox what was said to them and is there still, and nothing else.
    pub(crate) fn check_box(&self, of: ParticipantId, messages: &[Value]) {
        let read: BTreeSet<u64> = messages.iter().map(|one| one["id"].as_u64().unwrap()).collect();
        let theirs = self.messages.iter().filter(|(_, message)| message.readers.contains(&of));
        assert_eq!(read, theirs.map(|(id, _)| *id).collect(), "{of} has other messages");
    }
}

/// Private texts are `<n:from>`, each once.
pub(crate) fn tags(object: &str) -> impl Iterator<Item = String> {
    object.split('<').skip(1).filter_map(|rest| Some(format!("<{}>", rest.split_once('>')?.0)))
}
