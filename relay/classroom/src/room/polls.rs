//! Polls: asking, voting, counting, showing.

use std::time::Instant;

use mosaik_proto::room::{
    ANSWER_CHARS_MAX, AnswerText, Ballot, BallotKey, CheckedBallot, InboxObject, LETTERS_MAX,
    LoggedAct, OPTIONS_MAX, PollAct, PollChange, PollDraft, PollForm, PollId, QUESTION_CHARS_MAX,
    RawBallot, RawText, Refusal, Role, RoomEvent,
};

use super::texts::refused;
use super::{Asked, Room};
use crate::effect::Effects;
use crate::polls::Voter;

impl Room {
    pub(super) fn poll(
        &mut self,
        asked: Asked,
        act: PollAct,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        match act {
            PollAct::Open { poll } => self.open_poll(&poll, effects)?,
            PollAct::Vote { id, ballot, key } => self.vote(asked, id, (&ballot, key), effects)?,
            PollAct::Close { id } => {
                if self.polls.close(id)? {
                    let votes = self.polls.votes(id);
                    self.poll_changed(PollChange::Closed { id, votes }, effects);
                    self.tell_count(id, effects);
                }
            }
            PollAct::Publish { id } => {
                let results = self.polls.publish(id, self.limits.anonymous_votes_min)?;
                self.poll_changed(PollChange::Published { id, results }, effects);
            }
            PollAct::Remove { id } => {
                self.polls.remove(id)?;
                self.note(LoggedAct::PollRemoved, asked, None);
                self.poll_changed(PollChange::Removed { id }, effects);
            }
        }
        Ok(())
    }

    /// Tells the counts that are due.
    pub(super) fn tell_counts(&mut self, now: Instant, effects: &mut Effects) {
        for (id, votes) in self.polls.take_untold(now) {
            self.poll_changed(PollChange::Votes { id, votes }, effects);
            self.tell_count(id, effects);
        }
    }

    fn open_poll(&mut self, draft: &PollDraft, effects: &mut Effects) -> Result<(), Refusal> {
        let question = parse(&draft.question, QUESTION_CHARS_MAX)?;
        let form = form(&draft.form)?;
        let most = self.limits.polls_kept;
        let (poll, gone) = self.polls.open(question, form, draft.anonymous, most)?;
        if let Some(id) = gone {
            self.poll_changed(PollChange::Removed { id }, effects);
        }
        self.poll_changed(PollChange::Opened { poll }, effects);
        Ok(())
    }

    fn vote(
        &mut self,
        asked: Asked,
        id: PollId,
        (ballot, key): (&RawBallot, Option<BallotKey>),
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let ballot = fit(self.polls.form(id)?, ballot)?;
        let seat = self.roster.seat(asked.from).ok_or(Refusal::NotAllowed)?;
        let voter = Voter { id: asked.from, name: seat.participant.name.clone(), key };
        let vote = self.polls.vote(asked.now, id, voter, ballot, &self.limits)?;
        self.tell(asked.from, &InboxObject::Voted { vote }, effects);
        Ok(())
    }

    fn poll_changed(&mut self, change: PollChange, effects: &mut Effects) {
        self.event(RoomEvent::Poll { change }, effects);
    }

    /// Only moderators see what was answered before it is published.
    fn tell_count(&mut self, id: PollId, effects: &mut Effects) {
        let Some(count) = self.polls.count(id, self.limits.anonymous_votes_min) else {
            return;
        };
        let people = self.roster.participants().into_iter();
        for moderator in people.filter(|person| person.role == Role::Moderator) {
            self.tell(moderator.id, &InboxObject::Counted { count: count.clone() }, effects);
        }
    }
}

/// The form of a question, if it is one that can be answered.
fn form(raw: &PollForm<RawText>) -> Result<PollForm<AnswerText>, Refusal> {
    Ok(match raw {
        PollForm::YesNo {} => PollForm::YesNo {},
        PollForm::TrueFalse {} => PollForm::TrueFalse {},
        PollForm::Letters { count } if (2..=LETTERS_MAX).contains(count) => {
            PollForm::Letters { count: *count }
        }
        PollForm::Choice { options, several } if (2..=OPTIONS_MAX).contains(&options.len()) => {
            let options = options.iter().map(|option| parse(option, ANSWER_CHARS_MAX));
            let options = options.collect::<Result<Vec<AnswerText>, Refusal>>()?;
            PollForm::Choice { options, several: *several }
        }
        PollForm::Text {} => PollForm::Text {},
        PollForm::Number {} => PollForm::Number {},
        PollForm::Letters { .. } | PollForm::Choice { .. } => return Err(Refusal::Malformed),
    })
}

/// The ballot, if it answers a question of this form.
fn fit(form: &PollForm<AnswerText>, raw: &RawBallot) -> Result<CheckedBallot, Refusal> {
    match (form, raw) {
        (PollForm::Text {}, Ballot::Text { text }) => {
            Ok(Ballot::Text { text: parse(text, ANSWER_CHARS_MAX)? })
        }
        (PollForm::Number {}, Ballot::Number { number }) => {
            let number = number.as_str().parse().map_err(|_| Refusal::Malformed)?;
            Ok(Ballot::Number { number })
        }
        (_, Ballot::Choices { chosen }) => {
            let several = matches!(form, PollForm::Choice { several: true, .. });
            let is_one = chosen.len() == 1;
            let rises = chosen.is_sorted_by(|one, next| one < next);
            let fits = chosen.iter().all(|place| usize::from(*place) < form.choices());
            if !chosen.is_empty() && (several || is_one) && rises && fits {
                Ok(Ballot::Choices { chosen: chosen.clone() })
            } else {
                Err(Refusal::Malformed)
            }
        }
        (_, Ballot::Text { .. } | Ballot::Number { .. }) => Err(Refusal::Malformed),
    }
}

fn parse(text: &RawText, max: usize) -> Result<AnswerText, Refusal> {
    AnswerText::parse(text.as_str(), max).map_err(|bad| refused(bad, max))
}
