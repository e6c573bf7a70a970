//! Whiteboards: drawing, pages, and a board for everyone.

use std::time::Instant;

use mosaik_proto::room::{
    BoardAct, BoardId, BoardOp, Breakout, DeckId, Lock, LoggedAct, OPS_PER_DRAW_MAX, OwnBoards,
    ParticipantId, Refusal, Role, RoomEvent,
};

use super::telling::Known;
use super::{Asked, Room};
use crate::boards::Drawn;
use crate::effect::{Effect, Effects};

impl Room {
    pub(super) fn board(
        &mut self,
        asked: Asked,
        act: BoardAct,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        match act {
            BoardAct::Draw { board, ops } => self.draw(asked, board, ops, effects)?,
            BoardAct::Point { board, at } => {
                self.may_draw(asked.from, board)?;
                let drawn = self.boards.point((board, asked.from), at)?;
                self.tell_board(board, drawn, effects);
            }
            BoardAct::AddPage {} => {
                let page = self.boards.add_page(None, &self.limits.boards)?;
                self.begin_board(page, Known::NotAll, effects);
                self.boards_changed(effects);
                self.content_shown(true, effects);
            }
            BoardAct::RemovePage { page } => {
                self.boards.remove_page(page)?;
                effects.push(Effect::EndBoard(page));
                self.boards_changed(effects);
            }
            BoardAct::Clear { board } => {
                self.may_draw(asked.from, board)?;
                self.boards.clear(board)?;
                self.note(LoggedAct::BoardCleared, asked, None);
                self.begin_board(board, Known::NotAll, effects);
            }
            BoardAct::Show { board } => {
                if self.boards.show(board)? {
                    self.boards_changed(effects);
                }
                self.content_shown(board.is_some(), effects);
            }
            BoardAct::ShowGroup { shown } => {
                let group = self.breakouts.group(asked.from).ok_or(Refusal::NotThere)?;
                if shown {
                    self.open_board(BoardId::Group(group), effects);
                }
                if self.boards.show_group(group, shown) {
                    self.boards_changed(effects);
                }
            }
            BoardAct::SetOwn { open } => self.set_own_boards(open, effects),
            BoardAct::ShowOwn { of, named } => {
                let name = named
                    .then(|| self.roster.participant(of).map(|person| person.name.clone()))
                    .flatten();
                let page = self.boards.add_copy(of, name, &self.limits.boards)?;
                self.begin_board(page, Known::NotAll, effects);
                self.boards_changed(effects);
                self.content_shown(true, effects);
            }
        }
        Ok(())
    }

    /// Opens a board that is no page, if it is not open.
    pub(super) fn open_board(&mut self, board: BoardId, effects: &mut Effects) {
        if self.boards.has(board) {
            return;
        }
        let is_needed = |id| match id {
            BoardId::Own(of) => id == board || self.roster.has(of),
            BoardId::Page(_) | BoardId::Slide { .. } | BoardId::Group(_) => true,
        };
        let gone = self.boards.open(board, &self.limits.boards, is_needed);
        effects.extend(gone.map(Effect::EndBoard));
        self.begin_board(board, Known::NotAll, effects);
    }

    /// The slides are gone, and what was drawn over them.
    pub(super) fn end_boards_of(&mut self, deck: DeckId, effects: &mut Effects) {
        effects.extend(self.boards.close_deck(deck).into_iter().map(Effect::EndBoard));
    }

    /// Groups end: what was drawn in them are pages from here on.
    pub(super) fn end_boards_of_groups(&mut self, effects: &mut Effects) {
        let ended: Vec<Breakout> = self.breakouts.groups().cloned().collect();
        let (gone, pages) = self.boards.close_groups(&ended, &self.limits.boards);
        let has_changed = !gone.is_empty();
        effects.extend(gone.into_iter().map(Effect::EndBoard));
        for page in pages {
            self.begin_board(page, Known::NotAll, effects);
        }
        if has_changed {
            self.boards_changed(effects);
        }
    }

    /// Somebody came in: where everyone has a board, they have one too.
    pub(super) fn give_board(&mut self, to: ParticipantId, effects: &mut Effects) {
        let is_viewer = self.roster.role(to) == Some(Role::Viewer);
        if is_viewer && self.boards.own() == OwnBoards::Open {
            self.open_board(BoardId::Own(to), effects);
        }
    }

    fn set_own_boards(&mut self, open: bool, effects: &mut Effects) {
        if !self.boards.set_own(open) {
            return;
        }
        let people: Vec<ParticipantId> = self.roster.people().map(|person| person.id).collect();
        for id in people {
            self.give_board(id, effects);
        }
        self.boards_changed(effects);
    }

    fn draw(
        &mut self,
        asked: Asked,
        board: BoardId,
        ops: Vec<BoardOp>,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        if !(1..=OPS_PER_DRAW_MAX).contains(&ops.len()) {
            return Err(Refusal::Malformed);
        }
        self.may_draw(asked.from, board)?;
        let leads = self.leads_boards(asked.from);
        if !leads && ops.iter().any(|op| op.id().by != asked.from) {
            return Err(Refusal::NotAllowed);
        }
        if matches!(board, BoardId::Own(of) if of == asked.from) {
            self.open_board(board, effects);
        }
        // Who leads may put back what others drew, but not what these took back.
        let is_fine = |op: &BoardOp| match op {
            BoardOp::Put { id, .. } => matches!(board, BoardId::Own(_)) || self.is_read(id.by),
            BoardOp::Extend { .. } | BoardOp::Place { .. } | BoardOp::Remove { .. } => true,
        };
        let ops = ops.into_iter().filter(is_fine).collect();
        let drawn = self.boards.draw((board, asked.from), ops, &self.limits.boards)?;
        if let Some(drawn) = drawn {
            self.tell_board(board, drawn, effects);
        }
        Ok(())
    }

    /// What somebody drew goes, but for what those who lead alone can see.
    pub(super) fn withdraw_drawings(&mut self, author: ParticipantId, effects: &mut Effects) {
        for (board, shapes) in self.boards.drawn_by(author) {
            for some in shapes.chunks(OPS_PER_DRAW_MAX) {
                let ops = some.iter().map(|id| BoardOp::Remove { id: *id }).collect();
                let drawn = self.boards.draw((board, author), ops, &self.limits.boards);
                if let Ok(Some(drawn)) = drawn {
                    self.tell_board(board, drawn, effects);
                }
            }
            // Who comes late is not sent what was drawn either.
            self.begin_board(board, Known::All, effects);
        }
    }

    /// The room's lock is looked at for the boards of all and of groups, and in a group draws who is
    /// there; an own board is its owner's while they are open, and moderators'.
    fn may_draw(&self, who: ParticipantId, board: BoardId) -> Result<(), Refusal> {
        let of = match board {
            BoardId::Own(of) => of,
            BoardId::Group(group) if self.breakouts.group(who) != Some(group) => {
                return Err(Refusal::NotAllowed);
            }
            BoardId::Page(_) | BoardId::Slide { .. } | BoardId::Group(_) => return Ok(()),
        };
        match self.roster.role(who) {
            Some(Role::Moderator) => Ok(()),
            _ if of != who => Err(Refusal::NotAllowed),
            _ if self.boards.own() == OwnBoards::Open => Ok(()),
            _ => Err(Refusal::Locked { lock: Lock::Whiteboard }),
        }
    }

    /// Whether somebody changes what others drew.
    fn leads_boards(&self, who: ParticipantId) -> bool {
        matches!(self.roster.role(who), Some(Role::Moderator | Role::Presenter))
    }

    fn tell_board(&mut self, board: BoardId, drawn: Drawn, effects: &mut Effects) {
        // Even the object that ends a group is told as one: not all of it is in a snapshot.
        effects.push(Effect::Board(board, drawn.object));
        if drawn.is_outgrown {
            self.begin_board(board, Known::All, effects);
        } else {
            self.boards.note_drawing(self.clock.0, board);
        }
    }

    /// Boards that have rested get a new snapshot.
    pub(super) fn renew_boards(&mut self, now: Instant, effects: &mut Effects) {
        for board in self.boards.rested(now) {
            self.begin_board(board, Known::All, effects);
        }
    }

    fn begin_board(&mut self, board: BoardId, known: Known, effects: &mut Effects) {
        let mut objects = self.boards.begin(board).into_iter();
        let known = known.of(u64::try_from(objects.len()).unwrap_or(u64::MAX));
        effects.extend(objects.next().map(|head| Effect::BeginBoard(board, head, known)));
        effects.extend(objects.map(|part| Effect::Board(board, part)));
    }

    fn boards_changed(&mut self, effects: &mut Effects) {
        let boards = self.boards.snapshot();
        self.event(RoomEvent::Boards { boards }, effects);
    }
}
