//! What somebody writes in the notes, as a page would say it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use yrs::block::ClientID;
use yrs::{Doc, Options, Transact, XmlElementPrelim, XmlFragment, XmlTextPrelim};

/// The command that adds a paragraph at the end of empty notes; each has a `client` of its own.
pub fn paragraph(edition: &Value, client: u64, text: &str) -> Value {
    let doc = Doc::with_options(Options::with_client_id(ClientID::new(client)));
    let root = doc.get_or_insert_xml_fragment("notes");
    let mut transaction = doc.transact_mut();
    let paragraph = root.push_back(&mut transaction, XmlElementPrelim::empty("paragraph"));
    paragraph.push_back(&mut transaction, XmlTextPrelim::new(text));
    let update = URL_SAFE_NO_PAD.encode(transaction.encode_update_v1());
    let act = json!({ "kind": "write", "edition": edition, "update": update });
    json!({ "kind": "notes", "act": act })
}
