//! Slides and files: what is taken, what is refused, and what stays of it.

use std::collections::BTreeSet;

use bytes::Bytes;
use mosaik_proto::room::{
    ContentLimits, ContentTrack, FILE_PART_BYTES, LoggedAct, UPLOAD_OBJECT_BYTES, UploadKey,
};
use serde_json::json;

use super::*;
use crate::effect::ContentEffect;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What the driver was told to do.
#[derive(Debug, Default)]
pub(super) struct Kept {
    asked: BTreeSet<(ParticipantId, UploadKey)>,
    again: usize,
    tracks: BTreeMap<String, Vec<u8>>,
    whole: BTreeSet<String>,
}

impl Kept {
    pub(super) fn take(&mut self, effect: ContentEffect) {
        let name = |track: ContentTrack| track.to_string();
        match effect {
            ContentEffect::Receive(from, key) => drop(self.asked.insert((from, key))),
            ContentEffect::ReceiveAgain(..) => self.again += 1,
            ContentEffect::StopReceiving(from, key) => drop(self.asked.remove(&(from, key))),
            ContentEffect::Begin(track, _) => drop(self.tracks.insert(name(track), Vec::new())),
            ContentEffect::Append(track, bytes) => {
                self.tracks.get_mut(&name(track)).expect("it was begun").extend_from_slice(&bytes);
            }
            ContentEffect::End(track) => drop(self.whole.insert(name(track))),
            ContentEffect::Drop(track) => {
                self.tracks.remove(&name(track));
                self.whole.remove(&name(track));
            }
        }
    }
}

impl Lesson {
    fn object(&mut self, from: u64, key: u32, place: (u64, u64), bytes: &[u8]) {
        let bytes = Bytes::copy_from_slice(bytes);
        self.apply(Input::Upload { from: id(from), key, place, bytes }).unwrap();
    }

    fn offer(&mut self, from: u64, key: u32, name: &str, size: usize) -> Value {
        let act = json!({ "kind": "offer", "key": key, "name": name, "size": size });
        self.ask(from, &json!({ "kind": "file", "act": act }))
    }

    fn file(&mut self, from: u64, act: &Value) -> Value {
        self.ask(from, &json!({ "kind": "file", "act": act }))
    }

    fn slides(&mut self, from: u64, act: &Value) -> Value {
        self.ask(from, &json!({ "kind": "slides", "act": act }))
    }

    fn open_deck(&mut self, from: u64, key: u32, length: u16) -> Value {
        self.slides(
            from,
            &json!({ "kind": "open", "key": key, "name": "Atome.pdf", "length": length }),
        )
    }

    fn page(&mut self, from: u64, key: u32, group: u64, (page, form): (u16, &str), bytes: &[u8]) {
        let pixels = if form == "text" { [0, 0] } else { [1_280, 720] };
        let head = json!({ "kind": "page", "page": page, "form": form, "size": bytes.len(), "pixels": pixels });
        self.object(from, key, (group, 0), head.to_string().as_bytes());
        self.object(from, key, (group, 1), bytes);
    }

    /// How the newest upload of someone ended: its refusal's code, null where it was taken.
    fn over(&self, of: u64) -> Option<Value> {
        let last = self.inboxes[&id(of)].iter().rfind(|object| object["kind"] == "uploadOver");
        last.map(|object| object["upload"]["refusal"]["code"].clone())
    }

    fn class(limits: Limits) -> Self {
        let mut lesson = Self::new(limits);
        lesson.join(1, 0);
        lesson.join(2, 1);
        lesson
    }
}

fn part(size: usize) -> Vec<u8> {
    json!({ "kind": "part", "size": size }).to_string().into_bytes()
}

#[test]
fn a_file_comes_in_parts_and_is_there_for_everyone_when_it_is_whole() {
    let mut lesson = Lesson::class(Limits::default());
    let first = usize::try_from(FILE_PART_BYTES).unwrap();
    let bytes: Vec<u8> = (0..first + 700).map(|at| u8::try_from(at % 251).unwrap()).collect();
    assert!(lesson.offer(0, 9, "../Arbeit: 3.txt", bytes.len()).is_null());
    for (group, part_bytes) in bytes.chunks(first).enumerate() {
        assert_eq!(lesson.snapshot("files"), json!([]), "half a file is none");
        let group = group as u64;
        lesson.object(0, 9, (group, 0), &part(part_bytes.len()));
        for (object, chunk) in part_bytes.chunks(UPLOAD_OBJECT_BYTES).enumerate() {
            lesson.object(0, 9, (group, object as u64 + 1), chunk);
        }
    }
    assert_eq!(lesson.over(0), Some(Value::Null));
    let files = lesson.snapshot("files");
    assert_eq!(files[0]["name"], "Arbeit_ 3.txt");
    assert_eq!(files[0]["size"], bytes.len());
    let whole = [&lesson.content.tracks["files/1/0"][..], &lesson.content.tracks["files/1/1"][..]];
    assert_eq!(whole.concat(), bytes);
    assert!(lesson.content.asked.is_empty());
    assert_eq!(lesson.file(1, &json!({ "kind": "remove", "id": 1 })), "notAllowed");
    assert!(lesson.file(0, &json!({ "kind": "remove", "id": 1 })).is_null());
    assert!(lesson.room.log.is_empty(), "what is one's own is nobody else's business");
    assert!(lesson.content.tracks.is_empty(), "its bytes are still there");
}

#[test]
fn what_is_not_what_it_says_is_refused_and_nothing_of_it_stays() {
    let html = b"<!doctype html><script>alert(1)</script>";
    let long = vec![b'x'; 600];
    let cases: [(&str, usize, Vec<Vec<u8>>); 6] = [
        ("Bild.png", html.len(), vec![part(html.len()), html.to_vec()]),
        ("Text.txt", html.len(), vec![part(html.len()), html.to_vec()]),
        ("Text.txt", 600, vec![part(500)]),
        ("Text.txt", 600, vec![part(600), long.clone(), long.clone()]),
        ("Text.txt", 700, vec![part(700), long[..100].to_vec()]),
        ("Text.txt", 600, vec![b"{\"kind\":\"part\",\"size\":600,\"name\":\"x\"}".to_vec()]),
    ];
    for (key, (name, size, objects)) in cases.into_iter().enumerate() {
        let mut lesson = Lesson::class(Limits::default());
        let key = u32::try_from(key).unwrap();
        assert!(lesson.offer(0, key, name, size).is_null());
        for (object, bytes) in objects.iter().enumerate() {
            lesson.object(0, key, (0, object as u64), bytes);
        }
        if key == 3 {
            // The file is whole before the rest comes, which goes nowhere.
            assert_eq!(lesson.content.tracks["files/1/0"].len(), 600);
            continue;
        }
        assert!(lesson.over(0).is_some_and(|code| code.is_string()), "{name} was taken");
        assert!(lesson.content.tracks.is_empty() && lesson.content.asked.is_empty());
        assert_eq!(lesson.snapshot("files"), json!([]));
    }
}

#[test]
fn a_room_keeps_no_more_than_its_bounds() {
    let content = ContentLimits {
        file_bytes: 1_000,
        bytes: 1_500,
        files_kept: 2,
        ..ContentLimits::default()
    };
    let limits = Limits { content, ..Limits::default() };
    let mut lesson = Lesson::class(limits);
    assert_eq!(lesson.offer(0, 1, "a.txt", 1_001), "tooLarge");
    assert_eq!(lesson.offer(0, 1, "a.txt", 0), "wrongContent");
    assert!(lesson.offer(0, 1, "a.txt", 1_000).is_null());
    assert_eq!(lesson.offer(0, 1, "b.txt", 10), "malformed", "the key is in use");
    assert_eq!(lesson.offer(0, 2, "b.txt", 600), "noSpace", "what was promised counts");
    assert!(lesson.file(0, &json!({ "kind": "cancel", "key": 1 })).is_null());
    assert!(lesson.offer(0, 2, "b.txt", 600).is_null());
    assert!(lesson.offer(0, 3, "c.txt", 600).is_null());
    assert_eq!(lesson.offer(0, 4, "d.txt", 1), "full");
    assert!(lesson.open_deck(0, 5, 1).is_null());
    lesson.page(0, 5, 0, (0, "small"), &[PNG, &[0; 400]].concat());
    assert_eq!(lesson.over(0), Some(json!("noSpace")));
}

#[test]
fn viewers_share_files_only_where_the_room_lets_them() {
    let mut lesson = Lesson::class(Limits::default());
    assert_eq!(lesson.offer(1, 1, "a.txt", 600), "locked");
    assert_eq!(lesson.open_deck(1, 1, 3), "notAllowed");
    let lock = |locked: bool| json!({ "kind": "lead", "act": { "kind": "setLock", "lock": "files", "locked": locked } });
    assert!(lesson.ask(0, &lock(false)).is_null());
    for key in [1, 2] {
        assert!(lesson.offer(1, key, "a.txt", 600).is_null());
        lesson.object(1, key, (0, 0), &part(600));
    }
    lesson.object(1, 2, (0, 1), &[b'x'; 600]);
    let remove = json!({ "kind": "remove", "id": lesson.snapshot("files")[0]["id"] });
    assert!(lesson.file(0, &remove).is_null());
    let told = lesson.room.log.back().map(|entry| (entry.act, entry.whom.clone().unwrap().id));
    assert_eq!(told, Some((LoggedAct::FileRemoved, id(1))));
    assert!(lesson.ask(0, &lock(true)).is_null());
    assert_eq!(lesson.over(1), Some(json!("locked")), "it goes on behind the lock");
    lesson.object(1, 1, (0, 1), &[b'x'; 600]);
    assert!(lesson.content.tracks.is_empty());
}

#[test]
fn a_deck_is_shown_from_its_first_page_on_and_turned() {
    let mut lesson = Lesson::class(Limits::default());
    let picture = [PNG, &[7; 900]].concat();
    assert!(lesson.open_deck(0, 4, 2).is_null());
    assert_eq!(lesson.snapshot("slides")["shown"]["page"], 0);
    let turn = |page: u16| json!({ "kind": "show", "deck": 1, "page": page });
    assert_eq!(lesson.slides(0, &turn(1)), "notThere");
    lesson.page(0, 4, 0, (0, "small"), &picture);
    lesson.page(0, 4, 1, (0, "text"), "Ein Atom hat eine Hülle.".as_bytes());
    lesson.page(0, 4, 2, (1, "small"), &picture);
    lesson.page(0, 4, 3, (0, "sharp"), &picture);
    assert!(lesson.slides(0, &turn(1)).is_null());
    assert_eq!(lesson.slides(1, &turn(0)), "notAllowed");
    lesson.object(0, 4, (4, 0), b"{\"kind\":\"end\"}");
    let slides = lesson.snapshot("slides");
    assert_eq!(slides["decks"][0]["pages"], json!([[1280, 720], [1280, 720]]));
    assert_eq!(slides["decks"][0]["isComing"], false);
    assert_eq!(slides["shown"], json!({ "deck": 1, "page": 1, "by": id(0) }));
    let whole: Vec<&str> = lesson.content.whole.iter().map(String::as_str).collect();
    assert_eq!(
        whole,
        ["slides/1/0-sharp", "slides/1/0-small", "slides/1/0-text", "slides/1/1-small"]
    );
    // Who showed them may go: they stay.
    assert!(lesson.ask(0, &json!({ "kind": "hand", "act": { "kind": "raise" } })).is_null());
    lesson.apply(Input::Disconnect { session: 1 }).unwrap();
    lesson.pass(Duration::from_secs(20));
    assert_eq!(lesson.snapshot("slides"), slides);
    assert_eq!(lesson.content.whole.len(), 4);
}

#[test]
fn only_pictures_that_run_nothing_become_slides() {
    for bad in [
        &b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"[..],
        b"GIF89a\x01\0",
        b"%PDF-1.4",
    ] {
        let mut lesson = Lesson::class(Limits::default());
        assert!(lesson.open_deck(0, 4, 1).is_null());
        lesson.page(0, 4, 0, (0, "small"), bad);
        assert_eq!(lesson.over(0), Some(json!("wrongContent")));
        assert!(lesson.content.tracks.is_empty());
        assert_eq!(lesson.snapshot("slides"), json!({ "decks": [], "shown": null }));
    }
    let mut lesson = Lesson::class(Limits::default());
    assert!(lesson.open_deck(0, 4, 1).is_null());
    lesson.page(0, 4, 0, (0, "sharp"), PNG);
    assert_eq!(lesson.over(0), Some(json!("malformed")), "the first form comes first");
}

#[test]
fn an_upload_goes_on_where_it_broke_off() {
    let mut lesson = Lesson::class(Limits::default());
    assert!(lesson.offer(0, 1, "a.txt", 2_000).is_null());
    lesson.object(0, 1, (0, 0), &part(2_000));
    lesson.object(0, 1, (0, 1), &[b'a'; 1_000]);
    lesson.object(0, 1, (0, 3), &[b'b'; 10]);
    assert_eq!(lesson.content.again, 1, "what is missing is asked for");
    lesson.apply(Input::Disconnect { session: 1 }).unwrap();
    lesson.pass(Duration::from_secs(10));
    lesson.join(3, 0);
    let uploads = &lesson.inboxes[&id(0)][0]["uploads"];
    assert_eq!(*uploads, json!([{ "key": 1, "next": { "group": 0, "object": 2 } }]));
    // What came before comes again and is no fault.
    lesson.object(0, 1, (0, 1), &[b'a'; 1_000]);
    lesson.object(0, 1, (0, 2), &[b'b'; 1_000]);
    assert_eq!(lesson.over(0), Some(Value::Null));
    let wanted = [[b'a'; 1_000], [b'b'; 1_000]].concat();
    assert_eq!(lesson.content.tracks["files/1/0"], wanted);
}

#[test]
fn an_upload_ends_with_its_participant_and_when_nothing_comes() {
    let mut lesson = Lesson::class(Limits::default());
    assert!(lesson.offer(0, 1, "a.txt", 600).is_null());
    lesson.pass(Duration::from_secs(59));
    assert_eq!(lesson.over(0), None);
    lesson.pass(Duration::from_secs(2));
    assert_eq!(lesson.over(0), Some(json!("notThere")));
    assert!(lesson.content.asked.is_empty());
    assert!(lesson.offer(0, 2, "a.txt", 600).is_null());
    lesson.command(0, command(3, "leave"));
    assert!(lesson.content.asked.is_empty(), "nobody is there to send it");
}
