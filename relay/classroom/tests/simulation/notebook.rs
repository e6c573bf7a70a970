//! One page's notes: what the room said of them, and on top of it what was written here.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use yrs::block::ClientID;
use yrs::updates::decoder::Decode;
use yrs::{
    Doc, GetString, Options, Text, Transact, Update, XmlElementPrelim, XmlFragment, XmlFragmentRef,
    XmlOut, XmlTextPrelim,
};

use crate::random::Random;

pub(crate) struct Notebook {
    number: u64,
    /// A document that is made anew is another client of Yjs.
    documents: u64,
    edition: u64,
    /// All that the room said of these notes.
    said: Vec<Vec<u8>>,
    doc: Doc,
    root: XmlFragmentRef,
}

impl Notebook {
    pub(crate) fn new(number: u64) -> Self {
        let (doc, root) = open(number, 0);
        Self { number, documents: 0, edition: 0, said: Vec::new(), doc, root }
    }

    pub(crate) const fn edition(&self) -> u64 {
        self.edition
    }

    pub(crate) fn read(&mut self, object: &Value) {
        let edition = object["edition"].as_u64().unwrap();
        if object["kind"] == "document" && edition > self.edition {
            self.edition = edition;
            self.said.clear();
            self.lose();
        }
        if edition == self.edition
            && let Some(update) = object["update"].as_str()
        {
            let update = URL_SAFE_NO_PAD.decode(update).unwrap();
            self.apply(&update);
            self.said.push(update);
        }
    }

    /// Begins anew with what the room said: something that was written here was not taken.
    pub(crate) fn lose(&mut self) {
        self.documents += 1;
        (self.doc, self.root) = open(self.number, self.documents);
        self.said.iter().for_each(|update| self.apply(update));
    }

    /// Writes something; the update, as text.
    pub(crate) fn edit(&self, random: &mut Random) -> String {
        let mut transaction = self.doc.transact_mut();
        let blocks = self.root.len(&transaction);
        let place = u32::try_from(random.below(blocks.max(1) as usize)).unwrap();
        let text = self.root.get(&transaction, place).and_then(|block| match block {
            XmlOut::Element(block) => block.get(&transaction, 0),
            XmlOut::Fragment(_) | XmlOut::Text(_) => None,
        });
        match text {
            Some(XmlOut::Text(text)) if random.percent(80) => {
                let length = text.len(&transaction);
                let at = u32::try_from(random.below(length as usize + 1)).unwrap();
                if random.percent(30) && at < length {
                    text.remove_range(&mut transaction, at, (length - at).min(3));
                } else {
                    text.insert(&mut transaction, at, "abc");
                }
            }
            Some(_) if random.percent(30) => self.root.remove_range(&mut transaction, place, 1),
            _ => {
                let paragraph = XmlElementPrelim::empty("paragraph");
                let paragraph = self.root.insert(&mut transaction, place, paragraph);
                paragraph.push_back(&mut transaction, XmlTextPrelim::new("neu"));
            }
        }
        URL_SAFE_NO_PAD.encode(transaction.encode_update_v1())
    }

    pub(crate) fn text(&self) -> String {
        self.root.get_string(&self.doc.transact())
    }

    fn apply(&self, update: &[u8]) {
        let update = Update::decode_v1(update).unwrap();
        self.doc.transact_mut().apply_update(update).unwrap();
    }
}

fn open(number: u64, documents: u64) -> (Doc, XmlFragmentRef) {
    let doc =
        Doc::with_options(Options::with_client_id(ClientID::new(1 + number * 10_000 + documents)));
    let root = doc.get_or_insert_xml_fragment("notes");
    (doc, root)
}
