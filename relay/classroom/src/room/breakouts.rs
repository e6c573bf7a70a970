//! Breakouts: opening and ending them, and who goes where.

use std::sync::Arc;
use std::time::{Duration, Instant};

use mosaik_proto::room::{
    BreakoutAct, BreakoutChange, BreakoutId, BreakoutNotice, Distribution, GROUPS_MAX, HelpCall,
    LoggedAct, ParticipantId, RawText, Refusal, Role, RoomEvent, TEXT_CHARS_MAX, UnixMillis,
};

use super::texts::refused;
use super::{Asked, Room};
use crate::effect::{Effect, Effects};

/// The longest that people are warned for before groups end.
const WARNING_MAX: Duration = Duration::from_mins(5);

impl Room {
    /// What is so already is done and told to nobody.
    pub(super) fn breakout(
        &mut self,
        asked: Asked,
        act: &BreakoutAct,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        match *act {
            BreakoutAct::Open { count, how, minutes } => {
                self.open_groups(asked, (count, how, minutes), effects)
            }
            BreakoutAct::Assign { id, breakout } => self.assign(id, breakout, effects),
            BreakoutAct::Rename { breakout, ref name } => self.rename(breakout, name, effects),
            BreakoutAct::Choose { breakout } => {
                let may = self.breakouts.how() == Some(Distribution::Choice)
                    && self.breakouts.aside(asked.from).is_none();
                if may {
                    self.go_to(asked.from, breakout, effects)
                } else {
                    Err(Refusal::NotAllowed)
                }
            }
            BreakoutAct::LookIn { breakout } => {
                self.go_to(asked.from, breakout, effects)?;
                self.answer_call(breakout, effects);
                Ok(())
            }
            BreakoutAct::Extend { minutes } => self.extend(asked, minutes, effects),
            BreakoutAct::Close { seconds } => self.end_groups(asked, seconds, effects),
            BreakoutAct::Tell { ref text } => self.tell_groups(asked, text, effects),
            BreakoutAct::Broadcast { on } => self.broadcast(asked.from, on, effects),
            BreakoutAct::CallHelp { wanted } => self.call_help(asked, wanted, effects),
            BreakoutAct::AnswerCall { breakout } => {
                self.answer_call(Some(breakout), effects);
                Ok(())
            }
            BreakoutAct::AskAside { wanted } => self.ask_aside(asked, wanted, effects),
            BreakoutAct::TurnDownAside { id } => {
                self.forget_wish(id, effects);
                Ok(())
            }
            BreakoutAct::TakeAside { id } => self.take_aside(asked.from, id, effects),
            BreakoutAct::EndAside {} => {
                let aside = self.breakouts.aside(asked.from).ok_or(Refusal::NotThere)?;
                self.end_aside(aside, effects);
                Ok(())
            }
        }
    }

    /// Those with whom someone is, in rising order; none where nobody is elsewhere.
    pub(super) fn company(&self, id: ParticipantId) -> Option<Arc<[ParticipantId]>> {
        let place = self.breakouts.place(id);
        let people = self.roster.people().map(|person| person.id);
        let company = || people.filter(|other| self.breakouts.place(*other) == place);
        self.breakouts.are_apart().then(|| {
            let mut company: Vec<ParticipantId> = company().collect();
            company.sort_unstable();
            company.into()
        })
    }

    fn open_groups(
        &mut self,
        asked: Asked,
        (count, how, minutes): (u32, Distribution, Option<u32>),
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let length = minutes.map(|minutes| Duration::from_mins(minutes.into()));
        let is_long =
            |length: Duration| length.is_zero() || length > self.limits.breakouts.time_max;
        if !(1..=GROUPS_MAX).contains(&count) || length.is_some_and(is_long) {
            return Err(Refusal::Malformed);
        }
        self.end_boards_of_groups(effects);
        let groups = self.breakouts.open(count, how);
        self.breakouts.set_end(length.map(|length| later(asked, length)));
        if how == Distribution::Random {
            let mut people = self.distributed();
            people.retain(|id| self.breakouts.aside(*id).is_none());
            for last in (1..people.len()).rev() {
                let other = self.chance.below(last.saturating_add(1));
                people.swap(last, other);
            }
            for (id, group) in people.into_iter().zip(groups.into_iter().cycle()) {
                self.breakouts.put(id, Some(group));
            }
        }
        self.note(LoggedAct::BreakoutsOpened, asked, None);
        self.tell_all_of_breakouts(effects);
        Ok(())
    }

    /// Those who are put into groups.
    fn distributed(&self) -> Vec<ParticipantId> {
        let people = self.roster.people().filter(|person| person.role != Role::Moderator);
        people.map(|person| person.id).collect()
    }

    fn tell_all_of_breakouts(&mut self, effects: &mut Effects) {
        let breakouts = self.breakouts.snapshot();
        self.breakout_event(BreakoutChange::Set { breakouts }, effects);
        effects.push(Effect::ReviewRights);
    }

    fn assign(
        &mut self,
        id: ParticipantId,
        breakout: Option<BreakoutId>,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        match self.roster.role(id).ok_or(Refusal::NotThere)? {
            // They go where they want to.
            Role::Moderator => Err(Refusal::NotAllowed),
            Role::Presenter | Role::Viewer => self.go_to(id, breakout, effects),
        }
    }

    /// Someone goes into a group or the main room; whoever talked aside ends that.
    fn go_to(
        &mut self,
        id: ParticipantId,
        breakout: Option<BreakoutId>,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        if breakout.is_some_and(|breakout| !self.breakouts.is_group(breakout)) {
            return Err(Refusal::NotThere);
        }
        if let Some(aside) = self.breakouts.aside(id) {
            self.end_aside(aside, effects);
        }
        self.put(id, breakout, effects);
        Ok(())
    }

    fn put(&mut self, id: ParticipantId, breakout: Option<BreakoutId>, effects: &mut Effects) {
        if self.breakouts.place(id) != breakout {
            self.breakouts.put(id, breakout);
            self.breakout_event(BreakoutChange::Moved { id, breakout }, effects);
            effects.push(Effect::ReviewRights);
        }
    }

    fn rename(
        &mut self,
        id: BreakoutId,
        name: &RawText,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let name = match name.as_str().trim() {
            "" => None,
            text => Some(text.parse().map_err(|_| Refusal::Malformed)?),
        };
        if !self.breakouts.is_group(id) {
            return Err(Refusal::NotThere);
        }
        if self.breakouts.rename(id, name.as_ref()) {
            self.breakout_event(BreakoutChange::Named { id, name }, effects);
        }
        Ok(())
    }

    fn extend(&mut self, asked: Asked, minutes: u32, effects: &mut Effects) -> Result<(), Refusal> {
        let most = self.limits.breakouts.time_max;
        let more = Duration::from_mins(minutes.into());
        if more.is_zero() || more > most {
            return Err(Refusal::Malformed);
        }
        let ends = self.breakouts.ends().ok_or(Refusal::NotThere)?;
        let left = ends.saturating_duration_since(asked.now);
        self.end_in(asked, left.saturating_add(more).min(most), effects);
        Ok(())
    }

    fn end_in(&mut self, asked: Asked, left: Duration, effects: &mut Effects) {
        let ends = later(asked, left);
        self.breakouts.set_end(Some(ends));
        self.breakout_event(BreakoutChange::Ends { ends_at: Some(ends.1) }, effects);
    }

    fn end_groups(
        &mut self,
        asked: Asked,
        seconds: u32,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let left = Duration::from_secs(seconds.into());
        if left > WARNING_MAX {
            return Err(Refusal::Malformed);
        }
        if self.breakouts.how().is_none() {
            return Ok(());
        }
        if left.is_zero() {
            self.note(LoggedAct::BreakoutsClosed, asked, None);
            self.bring_back(effects);
        } else if self.breakouts.ends().is_none_or(|ends| ends > asked.now + left) {
            self.end_in(asked, left, effects);
        }
        Ok(())
    }

    /// Everyone who is in a group comes back.
    fn bring_back(&mut self, effects: &mut Effects) {
        self.end_boards_of_groups(effects);
        self.breakouts.close();
        self.tell_all_of_breakouts(effects);
    }

    /// Ends groups whose time is over.
    pub(super) fn expire_breakouts(&mut self, now: Instant, effects: &mut Effects) {
        if !self.is_over && self.breakouts.ends().is_some_and(|at| at <= now) {
            self.bring_back(effects);
        }
    }

    fn tell_groups(
        &mut self,
        asked: Asked,
        text: &RawText,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let text = text.as_str().parse().map_err(|bad| refused(bad, TEXT_CHARS_MAX))?;
        if self.breakouts.how().is_none() {
            return Err(Refusal::NotThere);
        }
        let notice = BreakoutNotice { by: asked.from, text, at: asked.wall };
        self.breakouts.notice = Some(notice.clone());
        self.breakout_event(BreakoutChange::Told { notice }, effects);
        Ok(())
    }

    /// Who talks aside is heard by nobody else.
    fn broadcast(
        &mut self,
        from: ParticipantId,
        on: bool,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        if on && (self.breakouts.how().is_none() || self.breakouts.aside(from).is_some()) {
            return Err(Refusal::NotThere);
        }
        if on {
            self.set_voice(Some(from), effects);
        } else if self.breakouts.voice == Some(from) {
            self.set_voice(None, effects);
        }
        Ok(())
    }

    fn set_voice(&mut self, by: Option<ParticipantId>, effects: &mut Effects) {
        if self.breakouts.voice != by {
            self.breakouts.voice = by;
            self.breakout_event(BreakoutChange::Voice { by }, effects);
            effects.push(Effect::ReviewRights);
        }
    }

    fn call_help(
        &mut self,
        asked: Asked,
        wanted: bool,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let place = self.breakouts.place(asked.from);
        let breakout = place.filter(|place| self.breakouts.is_group(*place));
        let breakout = breakout.ok_or(Refusal::NotThere)?;
        let call = HelpCall { breakout, by: asked.from, since: asked.wall };
        if !wanted {
            self.answer_call(Some(breakout), effects);
        } else if self.breakouts.call(call) {
            self.breakout_event(BreakoutChange::Called { call }, effects);
        }
        Ok(())
    }

    fn answer_call(&mut self, breakout: Option<BreakoutId>, effects: &mut Effects) {
        if let Some(breakout) = breakout.filter(|breakout| self.breakouts.answer(*breakout)) {
            self.breakout_event(BreakoutChange::Answered { breakout }, effects);
        }
    }

    fn take_aside(
        &mut self,
        from: ParticipantId,
        with: ParticipantId,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        if from == with {
            return Err(Refusal::NotAllowed);
        }
        if !self.roster.has(with) {
            return Err(Refusal::NotThere);
        }
        let ends: Vec<BreakoutId> =
            [from, with].into_iter().filter_map(|id| self.breakouts.aside(id)).collect();
        if ends.len() == 2 && ends.first() == ends.last() {
            return Ok(());
        }
        let max = self.limits.breakouts.asides;
        if self.breakouts.asides().len() >= max {
            return Err(Refusal::Full { max });
        }
        for aside in ends {
            self.end_aside(aside, effects);
        }
        if self.breakouts.voice == Some(from) || self.breakouts.voice == Some(with) {
            self.set_voice(None, effects);
        }
        let breakout = self.breakouts.begin_aside();
        let aside = breakout.id;
        self.breakout_event(BreakoutChange::Begun { breakout }, effects);
        for id in [from, with] {
            self.put(id, Some(aside), effects);
        }
        Ok(())
    }

    fn end_aside(&mut self, aside: BreakoutId, effects: &mut Effects) {
        for (id, back) in self.breakouts.end_aside(aside) {
            let back = back.filter(|back| self.breakouts.is_group(*back));
            let to = back.or_else(|| self.starting_place(id));
            self.put(id, to, effects);
        }
        self.breakout_event(BreakoutChange::Gone { id: aside }, effects);
    }

    /// Where someone goes who has been in no group since they were opened.
    fn starting_place(&self, id: ParticipantId) -> Option<BreakoutId> {
        let people = self.distributed();
        let is_random = self.breakouts.how() == Some(Distribution::Random);
        (is_random && people.contains(&id)).then(|| self.breakouts.smallest(&people)).flatten()
    }

    /// Someone has come: where they were before, or where newcomers go.
    pub(super) fn enter_breakout(&mut self, id: ParticipantId, effects: &mut Effects) {
        let before = self.breakouts.take_away(id);
        let before = before.filter(|group| self.breakouts.is_group(*group));
        let to = before.or_else(|| self.starting_place(id));
        self.put(id, to, effects);
    }

    /// Someone with a seat has left; `left` says so.
    pub(super) fn leave_breakout(&mut self, id: ParticipantId, role: Role) {
        let most = self.limits.participants.saturating_mul(super::RECORDS_PER_SEAT);
        self.breakouts.leave(id, role != Role::Moderator, most);
    }

    /// After people left or have other roles: nobody talks aside alone or waits for what is not to
    /// come, and nobody is heard everywhere who does not lead.
    pub(super) fn settle_breakouts(&mut self, effects: &mut Effects) {
        for aside in self.breakouts.asides() {
            if self.breakouts.people(aside).len() < 2 {
                self.end_aside(aside, effects);
            }
        }
        let voice = self.breakouts.voice;
        if voice.is_some_and(|id| self.roster.role(id) != Some(Role::Moderator)) {
            self.set_voice(None, effects);
        }
        self.settle_wishes(effects);
    }

    fn breakout_event(&mut self, change: BreakoutChange, effects: &mut Effects) {
        self.event(RoomEvent::Breakout { change }, effects);
    }
}

/// A time from now on, for us and for people.
fn later(asked: Asked, length: Duration) -> (Instant, UnixMillis) {
    let millis = u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
    (asked.now + length, asked.wall.saturating_add(millis))
}
