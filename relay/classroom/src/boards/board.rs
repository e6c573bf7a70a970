//! One whiteboard: shapes from the lowest to the highest, and how large its track's group is.

use std::collections::BTreeMap;

use mosaik_proto::room::{
    BoardLimits, BoardObject, BoardOp, ParticipantId, Refusal, Revision, Shape, ShapeId,
};
use serde::Serialize;

use super::Drawn;
use crate::groups::GroupSize;

/// What an object costs in the log beside its bytes: with it a group of pieces of strokes stays below
/// what a group may have.
const OBJECT_COST: usize = 320;

/// Nobody: the author of what was copied.
const NOBODY: ParticipantId = ParticipantId::new(0);

#[derive(Debug, Default)]
pub(super) struct Board {
    /// By their places: the lowest first.
    shapes: BTreeMap<u64, (ShapeId, Shape)>,
    places: BTreeMap<ShapeId, u64>,
    next_place: u64,
    bytes: usize,
    revision: Revision,
    group: GroupSize,
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
        self.bytes = 0;
        self.revision = self.revision.saturating_add(1);
    }

    /// What is on it, as drawn by nobody.
    pub(super) fn without_authors(&self) -> Self {
        let mut copy = Self::default();
        for (number, (_, shape)) in (1..).zip(self.shapes.values()) {
            copy.put(ShapeId { by: NOBODY, number }, shape.clone());
        }
        copy
    }

    /// Begins a group with a snapshot.
    pub(super) fn begin(&mut self) -> Vec<u8> {
        let object = self.snapshot();
        self.group.begin(object.len());
        object
    }

    /// Bytes of a snapshot.
    pub(super) fn held(&self) -> usize {
        self.snapshot().len()
    }

    fn snapshot(&self) -> Vec<u8> {
        let mut authors: Vec<ParticipantId> = Vec::new();
        let mut places = BTreeMap::new();
        let shapes = self.shapes.values().map(|(id, shape)| {
            let author = *places.entry(id.by).or_insert_with(|| {
                authors.push(id.by);
                authors.len() - 1
            });
            (author, id.number, shape.as_str())
        });
        let shapes = shapes.collect();
        encode(&BoardObject::Snapshot { revision: self.revision, authors, shapes })
    }

    fn follow(&mut self, object: &BoardObject<'_>) -> Drawn {
        let object = encode(object);
        let is_outgrown = self.group.is_outgrown_by(object.len().saturating_add(OBJECT_COST));
        Drawn { object, is_outgrown }
    }

    /// False if what it is about is not there.
    fn change(&mut self, op: &BoardOp) -> bool {
        match op {
            BoardOp::Put { id, shape } => {
                self.put(*id, shape.clone());
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

    fn put(&mut self, id: ShapeId, shape: Shape) {
        let next = self.next_place;
        let place = *self.places.entry(id).or_insert(next);
        if place == next {
            self.next_place = next.saturating_add(1);
        }
        self.bytes = self.bytes.saturating_add(shape.bytes());
        if let Some((_, before)) = self.shapes.insert(place, (id, shape)) {
            self.bytes = self.bytes.saturating_sub(before.bytes());
        }
    }

    fn remove(&mut self, id: ShapeId) -> bool {
        let gone = self.places.remove(&id).and_then(|place| self.shapes.remove(&place));
        if let Some((_, shape)) = &gone {
            self.bytes = self.bytes.saturating_sub(shape.bytes());
        }
        gone.is_some()
    }

    fn change_one(&mut self, id: ShapeId, change: impl FnOnce(&mut Shape) -> bool) -> bool {
        let place = self.places.get(&id);
        let Some((_, shape)) = place.and_then(|place| self.shapes.get_mut(place)) else {
            return false;
        };
        let before = shape.bytes();
        let is_done = change(shape);
        self.bytes = self.bytes.saturating_sub(before).saturating_add(shape.bytes());
        is_done
    }
}

pub(super) fn encode(object: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(object).expect("objects of a board have text keys and whole numbers")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: ParticipantId = ParticipantId::new(1);

    fn id(number: u32) -> ShapeId {
        ShapeId { by: ME, number }
    }

    fn put(number: u32, shape: &str) -> BoardOp {
        BoardOp::Put { id: id(number), shape: shape.parse().unwrap() }
    }

    fn draw(board: &mut Board, ops: Vec<BoardOp>, limits: &BoardLimits) -> Result<bool, Refusal> {
        let bytes = ops.iter().map(Board::added_by).sum();
        board.draw(ME, ops, bytes, limits).map(|drawn| drawn.is_some())
    }

    fn shapes(board: &mut Board) -> serde_json::Value {
        let snapshot: serde_json::Value = serde_json::from_slice(&board.begin()).unwrap();
        snapshot["shapes"].clone()
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
