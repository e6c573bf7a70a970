//! The whiteboards of a room: their shapes, the pages and what is shown.

mod board;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use mosaik_proto::room::{
    BoardId, BoardLimits, BoardOp, BoardPage, BoardsSnapshot, Breakout, BreakoutId, DeckId,
    DisplayName, OwnBoards, ParticipantId, Refusal, ShapeId,
};

use board::Board;

/// When nobody has drawn on a board for so long, it gets a new snapshot: who comes then has what was drawn last as early
/// as all the rest.
const REST: Duration = Duration::from_secs(2);

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Boards {
    all: BTreeMap<BoardId, Board>,
    /// Own boards and those of slides and groups, the oldest first.
    others: Vec<BoardId>,
    told: BoardsSnapshot,
    last_page: u16,
    /// Boards on which enough was drawn for a new snapshot, and when they have rested.
    restless: BTreeMap<BoardId, Instant>,
}

/// What a drawing leads to.
#[derive(Debug)]
pub(crate) struct Drawn {
    /// For everyone who reads the board's track.
    pub(crate) object: Vec<u8>,
    /// The track had better begin anew.
    pub(crate) is_outgrown: bool,
}

impl Boards {
    /// What everyone knows of them.
    pub(crate) fn snapshot(&self) -> BoardsSnapshot {
        self.told.clone()
    }

    /// Bytes of all that is drawn and of whose pages these are, as they would be told.
    pub(crate) fn held(&self) -> usize {
        let pages: usize = self.told.pages.iter().map(|page| board::encode(page).len()).sum();
        let drawn = self.all.values().map(Board::held).fold(0, usize::saturating_add);
        pages.saturating_add(drawn)
    }

    pub(crate) const fn own(&self) -> OwnBoards {
        self.told.own
    }

    pub(crate) fn has(&self, id: BoardId) -> bool {
        self.all.contains_key(&id)
    }

    /// Somebody has drawn.
    pub(crate) fn note_drawing(&mut self, now: Instant, id: BoardId) {
        if self.all.get(&id).is_some_and(Board::is_worth_a_snapshot) {
            self.restless.insert(id, now + REST);
        }
    }

    /// When a board has rested next.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.restless.values().min().copied()
    }

    /// Those that have rested.
    pub(crate) fn rested(&mut self, now: Instant) -> Vec<BoardId> {
        let rested: Vec<BoardId> =
            self.restless.iter().filter(|(_, at)| **at <= now).map(|(id, _)| *id).collect();
        self.restless.retain(|id, _| !rested.contains(id));
        rested
    }

    /// Whether it stands on the stage by itself: what is drawn over a slide is shown with it.
    fn is_for_stage(&self, id: BoardId) -> bool {
        self.has(id) && matches!(id, BoardId::Page(_))
    }

    /// A board's snapshot, with which a group of its track begins: one object and its parts.
    pub(crate) fn begin(&mut self, id: BoardId) -> Vec<Vec<u8>> {
        self.restless.remove(&id);
        self.all.get_mut(&id).map(Board::begin).unwrap_or_default()
    }

    /// Adds an empty page.
    ///
    /// # Errors
    /// [`Refusal::Full`] when there are as many as there may be.
    pub(crate) fn add_page(
        &mut self,
        from: Option<DisplayName>,
        limits: &BoardLimits,
    ) -> Result<BoardId, Refusal> {
        let max = limits.pages;
        let number = self.last_page.checked_add(1).ok_or(Refusal::Full { max })?;
        if self.told.pages.len() >= max {
            return Err(Refusal::Full { max });
        }
        self.last_page = number;
        let id = BoardId::Page(number);
        self.all.insert(id, Board::default());
        self.told.pages.push(BoardPage { id, from, group: None });
        self.told.shown = Some(id);
        Ok(id)
    }

    /// Adds a page with what is on somebody's own board; nobody sees who drew what.
    ///
    /// # Errors
    /// [`Refusal::NotThere`] without such a board, [`Refusal::Full`].
    pub(crate) fn add_copy(
        &mut self,
        of: ParticipantId,
        from: Option<DisplayName>,
        limits: &BoardLimits,
    ) -> Result<BoardId, Refusal> {
        let board = self.all.get(&BoardId::Own(of)).ok_or(Refusal::NotThere)?;
        self.room_for(board.bytes(), limits)?;
        let copy = board.without_authors();
        let id = self.add_page(from, limits)?;
        self.all.insert(id, copy);
        Ok(id)
    }

    /// Opens a board that is no page, if it is not open; gives the board that had to go for it.
    pub(crate) fn open(
        &mut self,
        id: BoardId,
        limits: &BoardLimits,
        is_needed: impl Fn(BoardId) -> bool,
    ) -> Option<BoardId> {
        if self.has(id) || matches!(id, BoardId::Page(_)) {
            return None;
        }
        self.all.insert(id, Board::default());
        self.others.push(id);
        if self.others.len() <= limits.others {
            return None;
        }
        let oldest = self.others.iter().position(|other| !is_needed(*other)).unwrap_or_default();
        let gone = self.others.remove(oldest);
        self.all.remove(&gone);
        Some(gone)
    }

    /// Removes the boards over the slides of a deck, and gives their names.
    pub(crate) fn close_deck(&mut self, gone: DeckId) -> Vec<BoardId> {
        let is_over = |id: &BoardId| matches!(id, BoardId::Slide { deck, .. } if *deck == gone);
        let (over, others) = self.others.iter().partition(|id| is_over(id));
        self.others = others;
        self.all.retain(|id, _| !is_over(id));
        over
    }

    /// Puts the board of a group on its stage, or takes it away; false if it was so.
    pub(crate) fn show_group(&mut self, group: BreakoutId, shown: bool) -> bool {
        let is_new = self.told.groups.contains(&group) != shown;
        if is_new {
            self.told.groups.retain(|other| *other != group);
            self.told.groups.extend(shown.then_some(group));
        }
        is_new
    }

    /// Groups have ended: their boards go, and what was drawn on them stays as pages while there is
    /// place, drawn by nobody. Gives the boards that went and the pages.
    pub(crate) fn close_groups(
        &mut self,
        groups: &[Breakout],
        limits: &BoardLimits,
    ) -> (Vec<BoardId>, Vec<BoardId>) {
        let (mut gone, mut pages) = (Vec::new(), Vec::new());
        self.told.groups.clear();
        for group in groups {
            let id = BoardId::Group(group.id);
            let Some(board) = self.all.remove(&id) else {
                continue;
            };
            self.others.retain(|other| *other != id);
            gone.push(id);
            if board.bytes() == 0 {
                continue;
            }
            let shown = self.told.shown;
            if let Ok(page) = self.add_page(group.name.clone(), limits) {
                self.told.shown = shown;
                if let Some(told) = self.told.pages.last_mut() {
                    told.group = Some(group.number);
                }
                self.all.insert(page, board.without_authors());
                pages.push(page);
            }
        }
        (gone, pages)
    }

    /// Removes a page; another one takes its place on the stage.
    ///
    /// # Errors
    /// [`Refusal::NotThere`] if there is none of this name.
    pub(crate) fn remove_page(&mut self, id: BoardId) -> Result<(), Refusal> {
        let pages = &mut self.told.pages;
        let place = pages.iter().position(|page| page.id == id).ok_or(Refusal::NotThere)?;
        pages.remove(place);
        self.all.remove(&id);
        if self.told.shown == Some(id) {
            let next = pages.get(place).or_else(|| pages.last());
            self.told.shown = next.map(|page| page.id);
        }
        Ok(())
    }

    /// Shows a board to everyone, or none; false if it was so.
    ///
    /// # Errors
    /// [`Refusal::NotThere`] for one that is no page.
    pub(crate) fn show(&mut self, shown: Option<BoardId>) -> Result<bool, Refusal> {
        if shown.is_some_and(|id| !self.is_for_stage(id)) {
            return Err(Refusal::NotThere);
        }
        let before = std::mem::replace(&mut self.told.shown, shown);
        Ok(before != shown)
    }

    /// False if it was so. Boards that were never open do not become closed ones.
    pub(crate) fn set_own(&mut self, open: bool) -> bool {
        let own = match (open, self.told.own) {
            (true, _) => OwnBoards::Open,
            (false, OwnBoards::None) => OwnBoards::None,
            (false, OwnBoards::Open | OwnBoards::Closed) => OwnBoards::Closed,
        };
        std::mem::replace(&mut self.told.own, own) != own
    }

    /// Takes everything off a board; its track begins anew.
    ///
    /// # Errors
    /// [`Refusal::NotThere`].
    pub(crate) fn clear(&mut self, id: BoardId) -> Result<(), Refusal> {
        self.all.get_mut(&id).map(Board::clear).ok_or(Refusal::NotThere)
    }

    /// Draws; what is about shapes that are gone is left out. `None` if nothing is left.
    ///
    /// # Errors
    /// [`Refusal::NotThere`] without such a board, [`Refusal::Full`] for more than it or the room holds.
    pub(crate) fn draw(
        &mut self,
        (id, by): (BoardId, ParticipantId),
        ops: Vec<BoardOp>,
        limits: &BoardLimits,
    ) -> Result<Option<Drawn>, Refusal> {
        let bytes = ops.iter().map(Board::added_by).sum();
        self.room_for(bytes, limits)?;
        let board = self.all.get_mut(&id).ok_or(Refusal::NotThere)?;
        board.draw(by, ops, bytes, limits)
    }

    /// What somebody drew where more than those who lead see it.
    pub(crate) fn drawn_by(&self, author: ParticipantId) -> Vec<(BoardId, Vec<ShapeId>)> {
        let shared = self.all.iter().filter(|(id, _)| !matches!(id, BoardId::Own(_)));
        let drawn = shared.map(|(id, board)| (*id, board.drawn_by(author)));
        drawn.filter(|(_, shapes)| !shapes.is_empty()).collect()
    }

    /// Something that is told to those who read a board's track, and kept nowhere.
    ///
    /// # Errors
    /// [`Refusal::NotThere`] without such a board.
    pub(crate) fn point(
        &mut self,
        (id, by): (BoardId, ParticipantId),
        at: Option<(i16, i16)>,
    ) -> Result<Drawn, Refusal> {
        self.all.get_mut(&id).map(|board| board.point(by, at)).ok_or(Refusal::NotThere)
    }

    fn room_for(&self, more: usize, limits: &BoardLimits) -> Result<(), Refusal> {
        let bytes: usize = self.all.values().map(Board::bytes).sum();
        if more > 0 && bytes.saturating_add(more) > limits.bytes_in_all {
            return Err(Refusal::Full { max: limits.bytes_in_all });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: fn(BoardId) -> bool = |_| false;

    #[test]
    fn a_page_that_goes_leaves_its_neighbour_on_the_stage() {
        let limits = BoardLimits { pages: 3, ..BoardLimits::default() };
        let mut boards = Boards::default();
        let pages = [(); 3].map(|()| boards.add_page(None, &limits).unwrap());
        assert_eq!(boards.add_page(None, &limits), Err(Refusal::Full { max: 3 }));
        assert_eq!(boards.show(Some(pages[1])), Ok(true));
        assert_eq!(boards.show(Some(pages[1])), Ok(false));
        boards.remove_page(pages[1]).unwrap();
        assert_eq!(boards.snapshot().shown, Some(pages[2]));
        boards.remove_page(pages[2]).unwrap();
        assert_eq!(boards.snapshot().shown, Some(pages[0]));
        boards.remove_page(pages[0]).unwrap();
        assert_eq!(boards.snapshot().shown, None);
        assert_eq!(boards.remove_page(pages[0]), Err(Refusal::NotThere));
        assert_eq!(boards.add_page(None, &limits), Ok(BoardId::Page(4)), "no name comes twice");
    }

    #[test]
    fn own_boards_are_shown_to_nobody_and_those_of_the_gone_make_room() {
        let limits = BoardLimits { others: 2, ..BoardLimits::default() };
        let mut boards = Boards::default();
        let own = |number| BoardId::Own(ParticipantId::new(number));
        assert_eq!(boards.open(own(1), &limits, NOBODY), None);
        assert_eq!(boards.open(own(2), &limits, NOBODY), None);
        assert_eq!(boards.open(own(2), &limits, NOBODY), None);
        assert_eq!(boards.show(Some(own(1))), Err(Refusal::NotThere));
        assert_eq!(boards.open(own(3), &limits, |id| id == own(1)), Some(own(2)));
        assert!(boards.has(own(1)) && boards.has(own(3)) && !boards.has(own(2)));
        assert!(!boards.set_own(false));
        assert_eq!(boards.own(), OwnBoards::None);
        assert!(boards.set_own(true) && boards.set_own(false));
        assert_eq!(boards.own(), OwnBoards::Closed);
    }

    #[test]
    fn a_deck_takes_its_boards_along_and_leaves_their_places() {
        let limits = BoardLimits { others: 3, ..BoardLimits::default() };
        let mut boards = Boards::default();
        let over = |deck, page| BoardId::Slide { deck, page };
        for id in [over(1, 0), over(2, 0), over(1, 4)] {
            assert_eq!(boards.open(id, &limits, NOBODY), None);
        }
        assert_eq!(boards.show(Some(over(1, 0))), Err(Refusal::NotThere));
        assert_eq!(boards.close_deck(1), [over(1, 0), over(1, 4)]);
        assert!(!boards.has(over(1, 4)) && boards.has(over(2, 0)));
        assert_eq!(boards.close_deck(1), []);
        assert_eq!(boards.open(over(3, 0), &limits, NOBODY), None);
        assert_eq!(boards.open(over(3, 1), &limits, NOBODY), None);
        assert_eq!(boards.open(over(3, 2), &limits, NOBODY), Some(over(2, 0)));
    }
}
