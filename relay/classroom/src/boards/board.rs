//! One whiteboard: shapes from the lowest to the highest, and how large its track's group is.

use std::collections::BTreeMap;

use mosaik_proto::room::{
    BoardLimits, BoardObject, BoardOp, BoardPart, ParticipantId, Refusal, Revision, Shape, ShapeId,
    Sketch, pack,
};
use serde::Serialize;

use super::Drawn;
use crate::groups::GroupSize;

/// Places of two neighbours are so far apart: there is room to put something between them again and again.
const STEP: u128 = 1 << 80;

/// Shapes that are packed together: about 6 kB, which is a moment on a weak line.
const PART_SHAPES: u128 = 256;

/// Shapes of a part into whose middle things were put.
const PART_SHAPES_MAX: usize = 512;

/// So many parts come before anything else: what the lesson is about. Of a page that has more, sketches of all others are
/// next.
const PARTS_FIRST: usize = 2;

/// Nobody: the author of what was copied.
const NOBODY: ParticipantId = ParticipantId::new(0);

#[derive(Debug, Default)]
pub(super) struct Board {
    /// By their places: the lowest first.
    shapes: BTreeMap<u128, (ShapeId, Shape)>,
    places: BTreeMap<ShapeId, u128>,
    /// Who drew what was copied as drawn by nobody: for the room alone, should they take it back.
    copied: BTreeMap<ShapeId, ParticipantId>,
    /// Parts of a snapshot that hold still.
    packed: BTreeMap<u64, Packed>,
    bytes: usize,
    revision: Revision,
    group: GroupSize,
}

/// A part of a snapshot as it is sent.
#[derive(Debug)]
struct Packed {
    /// In which it was packed.
    revision: Revision,
    whole: Vec<u8>,
    /// Once it was not among the first.
    sketch: Option<Vec<u8>>,
}

impl Board {
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Bytes by which a change makes a board larger at most.
    pub(super) fn added_by(op: &BoardOp) -> usize {
        match op {
            BoardOp::Put { shape, .. } => shape.bytes(),
            BoardOp::Extend { points, .. } => points.as_str().len(),
            BoardOp::Place { .. } | BoardOp::Remove { .. } => 0,
        }
    }

    pub(super) fn draw(
        &mut self,
        by: ParticipantId,
        ops: Vec<BoardOp>,
        bytes: usize,
        limits: &BoardLimits,
    ) -> Result<Option<Drawn>, Refusal> {
        let is_new = |op: &&BoardOp| {
            matches!(op, BoardOp::Put { .. }) && !self.places.contains_key(&op.id())
        };
        let shapes = self.places.len().saturating_add(ops.iter().filter(is_new).count());
        if shapes > limits.shapes {
            return Err(Refusal::Full { max: limits.shapes });
        }
        if bytes > 0 && self.bytes.saturating_add(bytes) > limits.bytes {
            return Err(Refusal::Full { max: limits.bytes });
        }
        let done: Vec<BoardOp> = ops.into_iter().filter(|op| self.change(op)).collect();
        if done.is_empty() {
            return Ok(None);
        }
        self.revision = self.revision.saturating_add(1);
        let revision = self.revision;
        Ok(Some(self.follow(&BoardObject::Ops { revision, by, ops: &done })))
    }

    pub(super) fn point(&mut self, by: ParticipantId, at: Option<(i16, i16)>) -> Drawn {
        self.follow(&BoardObject::Pointed { by, at })
    }

    pub(super) fn clear(&mut self) {
        self.shapes.clear();
        self.places.clear();
        self.copied.clear();
        self.packed.clear();
        self.bytes = 0;
        self.revision = self.revision.saturating_add(1);
    }

    fn author(&self, id: ShapeId) -> ParticipantId {
        self.copied.get(&id).copied().unwrap_or(id.by)
    }

    /// What somebody drew, under whatever name.
    pub(super) fn drawn_by(&self, author: ParticipantId) -> Vec<ShapeId> {
        self.places.keys().copied().filter(|id| self.author(*id) == author).collect()
    }

    /// What is on it, as drawn by nobody.
    pub(super) fn without_authors(&self) -> Self {
        let mut copy = Self::default();
        for (number, (id, shape)) in (1..).zip(self.shapes.values()) {
            let copied = ShapeId { by: NOBODY, number };
            copy.put(copied, shape.clone(), None);
            copy.copied.insert(copied, self.author(*id));
        }
        copy
    }

    /// The objects with which a group begins: what the snapshot has, and its parts from the highest on, with sketches
    /// of those that take long to come.
    pub(super) fn begin(&mut self) -> Vec<Vec<u8>> {
        if self.is_scattered() {
            self.spread();
        }
        self.pack();
        let newest_first = || self.packed.iter().rev();
        let parts = newest_first().map(|(part, packed)| (*part, packed.revision)).collect();
        let head = BoardObject::Snapshot { revision: self.revision, parts };
        let whole = || newest_first().map(|(_, packed)| &packed.whole);
        let mut objects = vec![encode(&head)];
        objects.extend(whole().take(PARTS_FIRST).cloned());
        objects.extend(
            newest_first().skip(PARTS_FIRST).filter_map(|(_, packed)| packed.sketch.clone()),
        );
        objects.extend(whole().skip(PARTS_FIRST).cloned());
        self.group.begin(objects.iter().map(Vec::len).sum());
        objects
    }

    /// Packs what has changed.
    fn pack(&mut self) {
        let mut parts: BTreeMap<u64, Vec<(ShapeId, &Shape)>> = BTreeMap::new();
        for (place, (id, shape)) in &self.shapes {
            parts.entry(part_of(*place)).or_default().push((*id, shape));
        }
        let sketched = parts.len().saturating_sub(PARTS_FIRST);
        for (index, (part, shapes)) in parts.into_iter().enumerate() {
            let packed = self.packed.entry(part).or_insert_with(|| {
                let whole = pack(&encode_part((part, self.revision), &shapes));
                Packed { revision: self.revision, whole, sketch: None }
            });
            if index < sketched && packed.sketch.is_none() {
                let sketch = Sketch::of(shapes.iter().map(|(_, shape)| *shape));
                let object = BoardObject::Sketch { part: (part, packed.revision), sketch };
                packed.sketch = Some(pack(&encode(&object)));
            }
        }
    }

    /// Whether a late joiner would be better off with a new snapshot.
    pub(super) const fn is_worth_a_snapshot(&self) -> bool {
        self.group.is_worth_a_snapshot()
    }

    /// Bytes of what is drawn, before it is packed.
    pub(super) fn held(&self) -> usize {
        let shapes: Vec<_> = self.shapes.values().map(|(id, shape)| (*id, shape)).collect();
        encode_part((0, self.revision), &shapes).len()
    }

    /// Whether parts have become too large or too many.
    fn is_scattered(&self) -> bool {
        let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
        for place in self.shapes.keys() {
            *counts.entry(part_of(*place)).or_default() += 1;
        }
        let most = 8 + self.shapes.len() / PART_SHAPES_MAX * 4;
        counts.len() > most || counts.values().any(|count| *count > PART_SHAPES_MAX)
    }

    /// Gives every shape a place anew, in the same order and evenly.
    fn spread(&mut self) {
        self.packed.clear();
        let shapes = std::mem::take(&mut self.shapes);
        self.shapes = (1_u128..).map(|number| number * STEP).zip(shapes.into_values()).collect();
        self.places = self.shapes.iter().map(|(place, (id, _))| (*id, *place)).collect();
    }

    fn follow(&mut self, object: &BoardObject<'_>) -> Drawn {
        let object = encode(object);
        let is_outgrown = self.group.is_board_outgrown_by(object.len());
        Drawn { object, is_outgrown }
    }

    /// False if what it is about is not there.
    fn change(&mut self, op: &BoardOp) -> bool {
        match op {
            BoardOp::Put { id, shape, below } => {
                self.put(*id, shape.clone(), *below);
                true
            }
            BoardOp::Remove { id } => self.remove(*id),
            BoardOp::Extend { id, at, points } => {
                self.change_one(*id, |shape| shape.extend(*at, points))
            }
            BoardOp::Place { id, x, y } => self.change_one(*id, |shape| {
                shape.place(*x, *y);
                true
            }),
        }
    }

    fn put(&mut self, id: ShapeId, shape: Shape, below: Option<ShapeId>) {
        let place = self.places.get(&id).copied();
        let place = place.unwrap_or_else(|| self.place_below(below).unwrap_or_else(|| self.top()));
        self.places.insert(id, place);
        self.packed.remove(&part_of(place));
        self.bytes = self.bytes.saturating_add(shape.bytes());
        if let Some((_, before)) = self.shapes.insert(place, (id, shape)) {
            self.bytes = self.bytes.saturating_sub(before.bytes());
        }
    }

    /// A place above all others.
    fn top(&self) -> u128 {
        self.shapes.last_key_value().map_or(0, |(place, _)| *place) / STEP * STEP + STEP
    }

    /// A place right below a shape, if it is there.
    fn place_below(&mut self, other: Option<ShapeId>) -> Option<u128> {
        let other = other?;
        for _ in 0..2 {
            let above = *self.places.get(&other)?;
            let next = self.shapes.range(..above).next_back().map_or(0, |(place, _)| *place);
            let middle = next + (above - next) / 2;
            if middle > next {
                return Some(middle);
            }
            self.spread();
        }
        None
    }

    fn remove(&mut self, id: ShapeId) -> bool {
        let place = self.places.remove(&id);
        let gone = place.and_then(|place| {
            self.packed.remove(&part_of(place));
            self.shapes.remove(&place)
        });
        if let Some((_, shape)) = &gone {
            self.bytes = self.bytes.saturating_sub(shape.bytes());
        }
        gone.is_some()
    }

    fn change_one(&mut self, id: ShapeId, change: impl FnOnce(&mut Shape) -> bool) -> bool {
        let place = self.places.get(&id).copied();
        let Some((_, shape)) = place.and_then(|place| self.shapes.get_mut(&place)) else {
            return false;
        };
        self.packed.remove(&place.map_or(0, part_of));
        let before = shape.bytes();
        let is_done = change(shape);
        self.bytes = self.bytes.saturating_sub(before).saturating_add(shape.bytes());
        is_done
    }
}

/// The part of a snapshot in which a place is.
fn part_of(place: u128) -> u64 {
    u64::try_from(place / (STEP * PART_SHAPES)).unwrap_or(u64::MAX)
}

fn encode_part(part: BoardPart, shapes: &[(ShapeId, &Shape)]) -> Vec<u8> {
    let mut authors: Vec<ParticipantId> = Vec::new();
    let mut places = BTreeMap::new();
    let kept = shapes.iter().map(|(id, shape)| {
        let author = *places.entry(id.by).or_insert_with(|| {
            authors.push(id.by);
            authors.len() - 1
        });
        (author, id.number, shape.as_str())
    });
    let shapes = kept.collect();
    encode(&BoardObject::Shapes { part, authors, shapes })
}

pub(super) fn encode(object: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(object).expect("objects of a board have text keys and whole numbers")
}

#[cfg(test)]
mod tests {
    use mosaik_proto::room::unpack;
    use serde_json::Value;

    use super::*;

    const ME: ParticipantId = ParticipantId::new(1);

    fn id(number: u32) -> ShapeId {
        ShapeId { by: ME, number }
    }

    fn put(number: u32, shape: &str) -> BoardOp {
        BoardOp::Put { id: id(number), shape: shape.parse().unwrap(), below: None }
    }

    fn draw(board: &mut Board, ops: Vec<BoardOp>, limits: &BoardLimits) -> Result<bool, Refusal> {
        let bytes = ops.iter().map(Board::added_by).sum();
        board.draw(ME, ops, bytes, limits).map(|drawn| drawn.is_some())
    }

    fn json(object: &[u8]) -> Value {
        serde_json::from_slice(&unpack(object).unwrap()).unwrap()
    }

    /// What a late joiner sees, the lowest first.
    fn shapes(board: &mut Board) -> Value {
        let objects = board.begin();
        let all = objects[1..].iter().rev().map(|object| json(object));
        let parts =
            all.filter(|object| object["kind"] == "shapes").map(|object| object["shapes"].clone());
        parts.flat_map(|part| part.as_array().unwrap().clone()).collect()
    }

    fn numbers(board: &mut Board) -> Vec<u64> {
        let shapes = shapes(board);
        shapes.as_array().unwrap().iter().map(|shape| shape[1].as_u64().unwrap()).collect()
    }

    fn put_below(number: u32, below: u32) -> BoardOp {
        let shape = "p00AA".parse().unwrap();
        BoardOp::Put { id: id(number), shape, below: Some(id(below)) }
    }

    #[test]
    fn what_comes_back_lies_where_it_lay() {
        let limits = BoardLimits::default();
        let mut board = Board::default();
        let all = (1..=4).map(|number| put(number, "p00AA")).collect();
        draw(&mut board, all, &limits).unwrap();
        draw(&mut board, vec![BoardOp::Remove { id: id(2) }], &limits).unwrap();
        draw(&mut board, vec![put_below(2, 3)], &limits).unwrap();
        assert_eq!(numbers(&mut board), [1, 2, 3, 4]);
        draw(&mut board, vec![put_below(5, 1), put_below(6, 9), put_below(2, 1)], &limits).unwrap();
        let told = [5, 1, 2, 3, 4, 6];
        assert_eq!(
            numbers(&mut board),
            told,
            "below what is gone is on top, and what is there stays"
        );
    }

    #[test]
    fn however_often_something_is_put_between_there_is_room() {
        let limits = BoardLimits::default();
        let mut board = Board::default();
        draw(&mut board, vec![put(1, "p00AA")], &limits).unwrap();
        for number in 2..=1_500 {
            draw(&mut board, vec![put_below(number, 1)], &limits).unwrap();
        }
        let parts = board.begin().len() - 1;
        assert!((3..=12).contains(&parts), "{parts} parts");
        let expected: Vec<u64> = (2..=1_500).chain([1]).collect();
        assert_eq!(numbers(&mut board), expected);
    }

    #[test]
    fn a_part_that_holds_still_is_packed_once_and_each_name_has_one_content() {
        let limits = BoardLimits::default();
        let mut board = Board::default();
        for number in 1..=600 {
            draw(&mut board, vec![put(number, "p00AA")], &limits).unwrap();
        }
        let named = |object: &[u8]| json(object)["parts"].clone();
        let is_sketch = |object: &Vec<u8>| json(object)["kind"] == "sketch";
        let begin = |board: &mut Board| {
            board.begin().into_iter().filter(|object| !is_sketch(object)).collect::<Vec<_>>()
        };
        let before = begin(&mut board);
        assert_eq!(before.len(), 4);
        draw(&mut board, vec![BoardOp::Remove { id: id(600) }], &limits).unwrap();
        let after = begin(&mut board);
        assert_eq!(before[2..], after[2..]);
        assert_ne!(before[1], after[1]);
        for objects in [&before, &after] {
            let parts = objects[1..].iter().map(|object| json(object)["part"].clone());
            assert_eq!(named(&objects[0]), parts.collect::<Value>());
        }
        assert_ne!(named(&before[0])[0], named(&after[0])[0]);
        let erased = (1..=590).map(|number| BoardOp::Remove { id: id(number) }).collect();
        draw(&mut board, erased, &limits).unwrap();
        assert_eq!(numbers(&mut board), (591..=599).collect::<Vec<u64>>());
    }

    #[test]
    fn handwriting_takes_less_than_30_bytes_a_stroke_and_8_of_a_sketch() {
        let limits = BoardLimits::default();
        let mut board = Board::default();
        let mut chance = 7_u32;
        let mut below = |most: u32| {
            chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (chance >> 8) % most
        };
        // Ten points, each up to 16 steps of four units from the one before.
        let mut step = || i16::try_from(below(32)).unwrap() * 4 - 64;
        for number in 1..=10_000 {
            let steps: Vec<(i16, i16)> = (0..9).map(|_| (step(), step())).collect();
            let from = (8_000 + 100 * step(), 5_000 + 60 * step());
            let shape = Shape::stroke(from, &steps).unwrap();
            draw(&mut board, vec![put(number, shape.as_str())], &limits).unwrap();
        }
        board.begin();
        let whole = board.packed.values().map(|part| part.whole.len()).sum::<usize>() / 10_000;
        assert!(whole < 30, "{whole}");
        // The newest two parts have none: 273 strokes.
        let sketches = board.packed.values().filter_map(|part| part.sketch.as_ref());
        assert_eq!(sketches.clone().count(), board.packed.len() - 2);
        let sketch = sketches.map(Vec::len).sum::<usize>() / (10_000 - 273);
        assert!(sketch < 8, "{sketch}");
    }

    #[test]
    fn a_large_page_is_seen_in_sketches_before_all_of_it_is_there() {
        let limits = BoardLimits::default();
        let mut board = Board::default();
        for number in 1..=2_000 {
            draw(&mut board, vec![put(number, "p00AAgEAAgE")], &limits).unwrap();
        }
        let objects: Vec<Value> = board.begin()[1..].iter().map(|object| json(object)).collect();
        let told: Vec<_> = objects
            .iter()
            .map(|object| (object["kind"].clone(), object["part"][0].clone()))
            .collect();
        let expected = [7, 6].map(|part| ("shapes", part));
        let later = ["sketch", "shapes"].map(|kind| [5, 4, 3, 2, 1, 0].map(|part| (kind, part)));
        let all = expected.into_iter().chain(later.into_iter().flatten());
        assert_eq!(
            told,
            all.map(|(kind, part)| (kind.into(), part.into())).collect::<Vec<(Value, Value)>>()
        );
        assert_eq!(objects[2]["part"], objects[8]["part"], "a sketch has the name of its part");
        assert_eq!(objects[2]["heads"].as_str().unwrap().len(), 3 * 256);
    }

    #[test]
    fn who_writes_last_is_right_and_what_is_gone_stays_gone() {
        let limits = BoardLimits::default();
        let mut board = Board::default();
        assert_eq!(draw(&mut board, vec![put(1, "p00AA"), put(2, "p00CC")], &limits), Ok(true));
        assert_eq!(draw(&mut board, vec![put(1, "p10AA")], &limits), Ok(true));
        let more = |at| BoardOp::Extend { id: id(1), at, points: "EE".parse().unwrap() };
        assert_eq!(draw(&mut board, vec![more(4), more(5)], &limits), Ok(true));
        assert_eq!(
            shapes(&mut board),
            serde_json::json!([[0, 1, "p10AAEE"], [0, 2, "p00CC"]]),
            "a shape that is there keeps its place"
        );
        let gone = vec![BoardOp::Remove { id: id(1) }, more(7)];
        assert_eq!(draw(&mut board, gone, &limits), Ok(true));
        let placed = BoardOp::Place { id: id(1), x: 1, y: 1 };
        assert_eq!(draw(&mut board, vec![placed, more(7)], &limits), Ok(false));
        assert_eq!(shapes(&mut board), serde_json::json!([[0, 2, "p00CC"]]));
    }

    #[test]
    fn a_full_board_takes_no_more_and_can_be_emptied() {
        let limits = BoardLimits { shapes: 3, bytes: 200, ..BoardLimits::default() };
        let mut board = Board::default();
        for number in 1..=3 {
            assert_eq!(draw(&mut board, vec![put(number, "p00AA")], &limits), Ok(true));
        }
        let full = Err(Refusal::Full { max: 3 });
        assert_eq!(draw(&mut board, vec![put(4, "p00AA")], &limits), full);
        let long = put(3, &format!("p00{}", "AA".repeat(60)));
        assert_eq!(draw(&mut board, vec![long], &limits), Err(Refusal::Full { max: 200 }));
        for number in 1..=3 {
            let remove = BoardOp::Remove { id: id(number) };
            assert_eq!(draw(&mut board, vec![remove], &limits), Ok(true));
        }
        assert_eq!(board.bytes(), 0);
        assert_eq!(draw(&mut board, vec![put(4, "p00AA")], &limits), Ok(true));
    }
}
