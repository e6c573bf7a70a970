//! The notes: whose hand an update has, what is too much, and what a lock keeps from whom.

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mosaik_proto::room::{NOTES_UPDATE_BYTES_MAX, Role};
use mosaik_tests::{Feed, Member, Path, Relay, STUDENT, TEACHER, over_all};
use serde_json::{Value, json};
use yrs::block::ClientID;
use yrs::updates::decoder::Decode;
use yrs::{
    Doc, GetString, Options, Transact, Update, XmlElementPrelim, XmlFragment, XmlFragmentRef,
    XmlTextPrelim,
};

over_all!(
    who_comes_late_gets_all_that_was_written,
    updates_that_may_not_be_are_refused,
    a_lock_keeps_viewers_from_writing_and_from_nothing_else
);

const OTHER: &str = "00000000000000c1";

/// A page that writes.
struct Page {
    doc: Doc,
    root: XmlFragmentRef,
}

impl Page {
    fn new(client: u64) -> Self {
        let doc = Doc::with_options(Options::with_client_id(ClientID::new(client)));
        let root = doc.get_or_insert_xml_fragment("notes");
        Self { doc, root }
    }

    fn paragraph(&self, text: &str) -> Vec<u8> {
        let mut transaction = self.doc.transact_mut();
        let paragraph = XmlElementPrelim::empty("paragraph");
        let paragraph = self.root.push_back(&mut transaction, paragraph);
        paragraph.push_back(&mut transaction, XmlTextPrelim::new(text));
        transaction.encode_update_v1()
    }

    fn read(&self, object: &Value) -> anyhow::Result<()> {
        let update = object.get("update").and_then(Value::as_str).context("no update")?;
        let update = Update::decode_v1(&URL_SAFE_NO_PAD.decode(update)?)?;
        self.doc.transact_mut().apply_update(update)?;
        Ok(())
    }

    fn text(&self) -> String {
        self.root.get_string(&self.doc.transact())
    }
}

fn act(act: &Value) -> Value {
    json!({ "kind": "notes", "act": act })
}

fn write(edition: &Value, update: &[u8]) -> Value {
    let update = URL_SAFE_NO_PAD.encode(update);
    act(&json!({ "kind": "write", "edition": edition, "update": update }))
}

async fn open(member: &Member) -> anyhow::Result<(Feed, Value)> {
    let mut feed = Feed::of(&member.client, "notes").await?;
    let document = feed.hear("the notes", |object| object.get("kind") == Some(&json!("document")));
    let document = document.await?;
    Ok((feed, document))
}

fn edition(document: &Value) -> Value {
    document.get("edition").cloned().unwrap_or_default()
}

async fn who_comes_late_gets_all_that_was_written(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let (mut feed, document) = open(&student).await?;
    let page = Page::new(11);
    for number in 0..8 {
        let update = page.paragraph(&format!("{number} {}", "Zelle ".repeat(425)));
        student.get(write(&edition(&document), &update)).await?;
    }
    assert!(page.text().len() > 20_000);
    let reader = Page::new(12);
    reader.read(&document)?;
    for _ in 0..8 {
        let object = feed.next().await?;
        assert_eq!(object.get("by"), Some(&json!(STUDENT)));
        reader.read(&object)?;
    }
    assert_eq!(reader.text(), page.text());

    let late = Member::join(&relay, path, OTHER, Role::Viewer).await?;
    let (mut feed, document) = open(&late).await?;
    let reader = Page::new(13);
    reader.read(&document)?;
    while reader.text() != page.text() {
        reader.read(&feed.hear("what follows", |_| true).await?)?;
    }
    Ok(())
}

async fn updates_that_may_not_be_are_refused(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let (mut feed, document) = open(&student).await?;
    let edition = edition(&document);
    let page = Page::new(11);
    teacher.get(write(&edition, &page.paragraph("Von der Lehrkraft"))).await?;
    let ahead = Page::new(14);
    ahead.paragraph("fehlt");
    let large = Page::new(15).paragraph(&"x".repeat(NOTES_UPDATE_BYTES_MAX));
    let named = json!({ "kind": "write", "edition": edition, "update": "AAA", "by": TEACHER });
    for (command, code) in [
        (write(&edition, &page.paragraph("Im Namen der Lehrkraft")), "notAllowed"),
        (act(&named), "malformed"),
        (write(&edition, &ahead.paragraph("danach")), "malformed"),
        (write(&edition, b"\x01\x01\x05\x00\x07\x01\x05notes\x03\x06script\x00"), "malformed"),
        (write(&edition, &[0xff; 40]), "malformed"),
        (write(&edition, &large), "malformed"),
        (write(&json!(1), &Page::new(16).paragraph("alt")), "notThere"),
        (act(&json!({ "kind": "clear" })), "notAllowed"),
    ] {
        let refusal = student.ask(command.clone()).await?;
        assert_eq!(refusal.as_deref(), Some(code), "{command}");
    }
    student.get(write(&edition, &Page::new(17).paragraph("In meinem Namen"))).await?;
    let first = feed.hear("the teacher", |_| true).await?;
    let second = feed.hear("the student", |_| true).await?;
    assert_eq!([first.get("by"), second.get("by")], [Some(&json!(TEACHER)), Some(&json!(STUDENT))]);
    Ok(())
}

async fn a_lock_keeps_viewers_from_writing_and_from_nothing_else(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let (mut feed, document) = open(&student).await?;
    let edition = edition(&document);
    let lock = json!({ "kind": "setLock", "lock": "notes", "locked": true });
    teacher.get(json!({ "kind": "lead", "act": lock })).await?;
    let page = Page::new(11);
    let first = page.paragraph("trotzdem");
    assert_eq!(student.ask(write(&edition, &first)).await?.as_deref(), Some("locked"));
    let point = act(&json!({ "kind": "point", "edition": edition, "cursor": null }));
    assert_eq!(student.ask(point).await?.as_deref(), Some("locked"));
    teacher.get(write(&edition, &Page::new(12).paragraph("Lest das"))).await?;
    let told = feed.hear("the teacher's word", |_| true).await?;
    assert_eq!(told.get("by"), Some(&json!(TEACHER)));
    let free = json!({ "kind": "setPersonLock", "id": STUDENT, "lock": "notes", "state": "free" });
    teacher.get(json!({ "kind": "lead", "act": free })).await?;
    student.get(write(&edition, &first)).await?;
    Ok(())
}
