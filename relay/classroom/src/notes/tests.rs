//! The notes against `yrs` and against what a page of ours sent, and against those who mean no good.

use mosaik_proto::room::{NotesLimits, ParticipantId, Refusal};
use proptest::prelude::*;
use yrs::block::ClientID;
use yrs::updates::decoder::Decode;
use yrs::{
    Doc, GetString, Options, ReadTxn, StateVector, Text, Transact, Update, XmlElementPrelim,
    XmlFragment, XmlFragmentRef, XmlOut, XmlTextPrelim, XmlTextRef,
};

use super::*;

const AYLA: ParticipantId = ParticipantId::new(1);
const BEN: ParticipantId = ParticipantId::new(2);

/// A page that writes.
struct Page {
    doc: Doc,
    root: XmlFragmentRef,
}

impl Page {
    fn new(client: u32) -> Self {
        let doc = Doc::with_options(Options::with_client_id(ClientID::new(u64::from(client))));
        let root = doc.get_or_insert_xml_fragment("notes");
        Self { doc, root }
    }

    fn read(&self, update: &[u8]) {
        self.doc.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
    }

    /// A paragraph at the end.
    fn paragraph(&self, text: &str) -> Vec<u8> {
        let mut transaction = self.doc.transact_mut();
        let paragraph = XmlElementPrelim::empty("paragraph");
        let paragraph = self.root.push_back(&mut transaction, paragraph);
        paragraph.push_back(&mut transaction, XmlTextPrelim::new(text));
        transaction.encode_update_v1()
    }

    fn first_text(&self) -> XmlTextRef {
        let transaction = self.doc.transact();
        let Some(XmlOut::Element(paragraph)) = self.root.get(&transaction, 0) else {
            panic!("there is no paragraph")
        };
        let Some(XmlOut::Text(text)) = paragraph.get(&transaction, 0) else {
            panic!("there is no text")
        };
        text
    }

    /// In the first paragraph.
    fn insert(&self, at: u32, text: &str) -> Vec<u8> {
        let first = self.first_text();
        let mut transaction = self.doc.transact_mut();
        first.insert(&mut transaction, at, text);
        transaction.encode_update_v1()
    }

    fn delete(&self, at: u32, len: u32) -> Vec<u8> {
        let first = self.first_text();
        let mut transaction = self.doc.transact_mut();
        first.remove_range(&mut transaction, at, len);
        transaction.encode_update_v1()
    }

    fn delete_block(&self, at: u32) -> Vec<u8> {
        let mut transaction = self.doc.transact_mut();
        self.root.remove_range(&mut transaction, at, 1);
        transaction.encode_update_v1()
    }

    fn text(&self) -> String {
        self.root.get_string(&self.doc.transact())
    }
}

fn begun() -> Notes {
    let mut notes = Notes::default();
    notes.begin(1);
    notes
}

fn write(notes: &mut Notes, from: ParticipantId, update: &[u8]) -> Result<(), Refusal> {
    notes.write(from, update, &NotesLimits::default())
}

/// What somebody sees who comes late.
fn seen(notes: &mut Notes) -> String {
    let page = Page::new(99);
    page.read(notes.merge().expect("the notes can be merged"));
    page.text()
}

/// What a page of ours sent, as `Y.Doc` of the page wrote it: a heading, a list with bold text, a check
/// item and that it is done, four letters less, and a text that came and went.
const OF_A_PAGE: [&[u8]; 6] = [
    b"\x01\x04M\x00\x07\x01\x05notes\x03\x07heading\x07\x00M\x00\x06\x04\x00M\x01\x0eDie Zelle \
      \xf0\x9f\xa7\xab\x28\x00M\x00\x05level\x01}\x01\x00",
    b"\x01\x08M\x0f\x87M\x00\x03\x0bbullet_list\x07\x00M\x0f\x03\x09list_item\x07\x00M\x10\x03\
      \x09paragraph\x07\x00M\x11\x06\x04\x00M\x12\x09Kern und \x86M\x1b\x06strong\x02{}\x84M\x1c\
      \x04Wand\x86M\x20\x06strong\x04null\x00",
    b"\x01\x02M\x22\x87M\x0f\x03\x0acheck_item\x28\x00M\x22\x07checked\x01y\x00",
    b"\x01\x01M\x24\xa8M\x23\x01x\x01M\x01\x23\x01",
    b"\x00\x01M\x01\x02\x04",
    b"\x01\x02M\x25\x01\x00M\x22\x01\x00\x03\x01M\x01\x25\x04",
];

#[test]
fn what_a_page_wrote_is_taken_and_a_late_joiner_sees_it() {
    let mut notes = begun();
    assert!(notes.is_empty());
    for update in OF_A_PAGE {
        assert_eq!(write(&mut notes, AYLA, update), Ok(()));
    }
    let text = seen(&mut notes);
    for part in
        ["Zelle 🧫</heading>", "Kern und <strong>Wand</strong>", "<check_item checked=\"true\">"]
    {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("Die") && !text.contains("weg"), "{text}");
    assert!(!notes.is_empty());
}

#[test]
fn half_an_update_is_none() {
    for update in OF_A_PAGE {
        for end in 0..update.len() {
            let half = update.get(..end).unwrap();
            assert!(reader::read(half).is_err(), "{half:?}");
        }
        let longer = [update, &[0]].concat();
        assert!(reader::read(&longer).is_err());
    }
}

#[test]
fn two_who_write_at_once_see_the_same_and_so_does_who_comes_late() {
    let mut notes = begun();
    let [ayla, ben] = [Page::new(11), Page::new(12)];
    let first = ayla.paragraph("Zelle");
    ben.read(&first);
    let of_ayla = ayla.insert(0, "Die ");
    let of_ben = ben.insert(5, "n");
    for (from, update) in [(AYLA, &first), (BEN, &of_ben), (AYLA, &of_ayla)] {
        assert_eq!(write(&mut notes, from, update), Ok(()));
    }
    ayla.read(&of_ben);
    ben.read(&of_ayla);
    assert_eq!(ayla.text(), "<paragraph>Die Zellen</paragraph>");
    assert_eq!(ben.text(), ayla.text());
    assert_eq!(seen(&mut notes), ayla.text());
    // And what is written after they were merged fits too.
    assert_eq!(write(&mut notes, BEN, &ben.insert(10, "!")), Ok(()));
    assert_eq!(seen(&mut notes), "<paragraph>Die Zellen!</paragraph>");
}

#[test]
fn nobody_writes_by_anothers_hand_twice_or_ahead() {
    let mut notes = begun();
    let page = Page::new(11);
    let first = page.paragraph("a");
    let second = page.paragraph("b");
    let third = page.paragraph("c");
    assert_eq!(write(&mut notes, AYLA, &first), Ok(()));
    assert_eq!(write(&mut notes, BEN, &second), Err(Refusal::NotAllowed));
    assert_eq!(write(&mut notes, AYLA, &first), Err(Refusal::Malformed), "it is there already");
    assert_eq!(write(&mut notes, AYLA, &third), Err(Refusal::Malformed), "one is missing before");
    assert_eq!(write(&mut notes, AYLA, &second), Ok(()));
    // Two hands in one update.
    let other = Page::new(12);
    other.read(&second);
    other.paragraph("d");
    let both = other.doc.transact().encode_state_as_update_v1(&StateVector::default());
    assert_eq!(write(&mut notes, BEN, &both), Err(Refusal::Malformed));
    assert_eq!(write(&mut notes, AYLA, &third), Ok(()));
    assert_eq!(seen(&mut notes), page.text());
}

#[test]
fn what_refers_to_nothing_is_refused_and_nothing_stays_of_it() {
    let mut notes = begun();
    assert_eq!(write(&mut notes, AYLA, OF_A_PAGE[0]), Ok(()));
    let bad: [(&[u8], &str); 6] = [
        (b"\x01\x01\x05\x00\x84M\x40\x01a\x00", "behind what is not there"),
        (b"\x01\x01\x05\x00\x44M\x40\x01a\x00", "before what is not there"),
        (b"\x01\x01\x05\x00\x04\x00M\x40\x01a\x00", "in what is not there"),
        (b"\x01\x01\x05\x00\x04\x00M\x02\x01a\x00", "in a letter"),
        (b"\x01\x01\x05\x00\x84\x05\x00\x01a\x00", "behind itself"),
        (b"\x00\x01M\x01\x40\x01", "takes away what is not there"),
    ];
    for (update, what) in bad {
        assert!(reader::read(update).is_ok(), "{what}");
        assert_eq!(write(&mut notes, BEN, update), Err(Refusal::Malformed), "{what}");
    }
    let foreign: [(&[u8], &str); 9] = [
        (b"\x01\x01\x05\x00\x07\x01\x05other\x06\x00", "another root"),
        (b"\x01\x01\x05\x00\x07\x01\x05notes\x03\x06script\x00", "an element that notes have not"),
        (b"\x01\x01\x05\x00\x07\x01\x05notes\x00\x00", "an array"),
        (b"\x01\x01\x05\x00\x84M\x02\x00\x00", "no text"),
        (b"\x01\x01\x05\x00\x84M\x02\x01\xff\x00", "no UTF-8"),
        (b"\x01\x01\x05\x00\x86M\x02\x01a\x01{\x00", "no JSON"),
        (b"\x01\x01\x05\x00\x85M\x02\x02{}\x00", "something embedded"),
        (b"\x01\x01\x05\x00\x0a\x05\x00", "a gap"),
        (b"\x00\x00", "nothing"),
    ];
    for (update, what) in foreign {
        assert_eq!(write(&mut notes, BEN, update), Err(Refusal::Malformed), "{what}");
    }
    assert_eq!(write(&mut notes, BEN, b"\x01\x01\x05\x00\x84M\x02\x01a\x00"), Ok(()));
    assert!(seen(&mut notes).contains("Daie Zelle"));
}

#[test]
fn merged_notes_have_nothing_of_what_was_deleted() {
    let mut notes = begun();
    let page = Page::new(11);
    assert_eq!(write(&mut notes, AYLA, &page.paragraph("bleibt")), Ok(()));
    for _ in 0..50 {
        assert_eq!(write(&mut notes, AYLA, &page.paragraph(&"geheim ".repeat(50))), Ok(()));
        assert_eq!(write(&mut notes, AYLA, &page.delete_block(1)), Ok(()));
    }
    let merged = notes.merge().unwrap();
    assert!(merged.len() < 1_000, "{} bytes", merged.len());
    assert!(!merged.windows(6).any(|bytes| bytes == b"geheim"));
    assert_eq!(seen(&mut notes), "<paragraph>bleibt</paragraph>");
}

#[test]
fn the_notes_have_a_bound_and_what_is_deleted_makes_room() {
    let limits = NotesLimits { bytes: 8_000, ..NotesLimits::default() };
    let mut notes = begun();
    let page = Page::new(11);
    let mut written = 0;
    let refusal = loop {
        let kept = page.doc.transact().state_vector();
        let update = page.paragraph(&"x".repeat(500));
        if let Err(refusal) = notes.write(AYLA, &update, &limits) {
            // As a page does that is refused: what was not taken is gone.
            assert_ne!(kept, StateVector::default());
            break refusal;
        }
        written += 1;
    };
    assert_eq!(refusal, Refusal::Full { max: 8_000 });
    assert!((10..16).contains(&written), "{written}");
    let other = Page::new(12);
    other.read(notes.merge().unwrap());
    for _ in 0..written {
        assert_eq!(notes.write(BEN, &other.delete_block(0), &limits), Ok(()), "one can delete");
    }
    notes.merge();
    assert_eq!(notes.write(BEN, &other.paragraph("wieder Platz"), &limits), Ok(()));
}

#[test]
fn many_small_pieces_are_bounded_too() {
    let limits = NotesLimits { structs: 100, ..NotesLimits::default() };
    let mut notes = begun();
    let page = Page::new(11);
    let taken = (0..200).take_while(|_| notes.write(AYLA, &page.paragraph("a"), &limits).is_ok());
    assert!((30..=50).contains(&taken.count()));
}

#[test]
fn a_participant_has_so_many_clients_and_no_more() {
    let limits = NotesLimits { clients: 3, ..NotesLimits::default() };
    let mut notes = begun();
    for client in 11..14 {
        assert_eq!(notes.write(AYLA, &Page::new(client).paragraph("a"), &limits), Ok(()));
    }
    let more = Page::new(14).paragraph("a");
    assert_eq!(notes.write(AYLA, &more, &limits), Err(Refusal::Full { max: 3 }));
    assert_eq!(notes.write(BEN, &more, &limits), Ok(()));
}

#[derive(Debug, Clone)]
enum Edit {
    Paragraph(String),
    Insert(u32, String),
    Delete(u32, u32),
    DeleteBlock(u32),
    Merge,
}

fn edit() -> impl Strategy<Value = Edit> {
    let text = "[a-zä 🧫]{1,8}";
    prop_oneof![
        2 => text.prop_map(Edit::Paragraph),
        5 => (0_u32..30, text).prop_map(|(at, text)| Edit::Insert(at, text)),
        3 => (0_u32..30, 1_u32..5).prop_map(|(at, len)| Edit::Delete(at, len)),
        1 => (0_u32..4).prop_map(Edit::DeleteBlock),
        1 => Just(Edit::Merge),
    ]
}

/// Places between whole letters, as an editor gives them, in bytes as `yrs` counts by itself.
fn place(text: &str, at: u32) -> u32 {
    let ends = text.char_indices().map(|(end, _)| end).chain([text.len()]);
    let ends: Vec<usize> = ends.collect();
    u32::try_from(ends[at as usize % ends.len()]).unwrap()
}

proptest! {
    #[test]
    fn whatever_pages_write_they_and_who_comes_late_see_the_same(
        edits in prop::collection::vec((0_usize..3, edit()), 1..60)
    ) {
        let mut notes = begun();
        let pages = [Page::new(11), Page::new(12), Page::new(13)];
        for (who, edit) in edits {
            let page = &pages[who];
            let blocks = page.root.len(&page.doc.transact());
            let update = match edit {
                Edit::Paragraph(text) => Some(page.paragraph(&text)),
                Edit::Merge => {
                    prop_assert!(notes.merge().is_some());
                    None
                }
                _ if blocks == 0 => None,
                Edit::DeleteBlock(at) => Some(page.delete_block(at % blocks)),
                Edit::Insert(at, text) => {
                    let first = page.first_text().get_string(&page.doc.transact());
                    Some(page.insert(place(&first, at), &text))
                }
                Edit::Delete(at, len) => {
                    let first = page.first_text().get_string(&page.doc.transact());
                    let from = place(&first, at);
                    let to = place(&first, at + len).max(from);
                    (to > from).then(|| page.delete(from, to - from))
                }
            };
            if let Some(update) = update {
                let from = ParticipantId::new(who as u64);
                prop_assert_eq!(write(&mut notes, from, &update), Ok(()));
                for other in &pages {
                    other.read(&update);
                }
            }
        }
        prop_assert_eq!(seen(&mut notes), pages[0].text());
        prop_assert_eq!(pages[0].text(), pages[2].text());
    }

    #[test]
    fn what_a_page_wrote_with_other_bytes_in_it_is_taken_or_refused_and_still_merges(
        changes in prop::collection::vec((0_usize..12, 0_usize..160, any::<u8>()), 0..12)
    ) {
        let mut notes = begun();
        for turn in 0..12 {
            let mut update = OF_A_PAGE[turn % 6].to_vec();
            for (_, at, byte) in changes.iter().filter(|(which, ..)| *which == turn) {
                let at = at % update.len();
                update[at] = *byte;
            }
            let _ = write(&mut notes, AYLA, &update);
        }
        prop_assert!(notes.merge().is_some());
        let page = Page::new(99);
        page.read(notes.merge().unwrap());
    }

    #[test]
    fn any_bytes_are_taken_or_refused_and_then_still_merge(
        updates in prop::collection::vec(any::<Vec<u8>>(), 1..20)
    ) {
        let mut notes = begun();
        for update in &updates {
            let _ = write(&mut notes, AYLA, update);
        }
        prop_assert!(notes.merge().is_some());
    }
}
