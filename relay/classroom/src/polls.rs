//! Polls and their ballots.
//!
//! Of an anonymous poll the room keeps who has voted and what was voted, and nothing that links the
//! two: a ballot is known by a key that the voter's page has made up.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use mosaik_proto::room::{
    AnswerText, BallotKey, CheckedBallot, DisplayName, Limits, NamedBallot, OwnVote, ParticipantId,
    Poll, PollCount, PollForm, PollId, PollStage, Refusal, Tally,
};

/// Counts are told this long after the first vote that changed them: a class that votes at once
/// costs a few objects, and who watches cannot tell one vote from the next.
const TOLD_AFTER: Duration = Duration::from_millis(500);

/// Who votes: the name is kept with a ballot that has one.
pub(crate) struct Voter {
    pub(crate) id: ParticipantId,
    pub(crate) name: DisplayName,
    /// For an anonymous poll.
    pub(crate) key: Option<BallotKey>,
}

/// One poll. `poll.votes` is what was told last.
#[derive(Debug)]
struct PollBox {
    poll: Poll,
    voted: BTreeSet<ParticipantId>,
    /// Ballots of a poll that is not anonymous.
    named: BTreeMap<ParticipantId, (DisplayName, CheckedBallot)>,
    /// Ballots of an anonymous one.
    secret: BTreeMap<BallotKey, CheckedBallot>,
    is_told: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Polls {
    boxes: Vec<PollBox>,
    opened: PollId,
    tell_at: Option<Instant>,
}

impl Polls {
    /// Opens a poll; the oldest closed one goes if there are as many as are kept. Gives the poll
    /// that went, if one did.
    pub(crate) fn open(
        &mut self,
        question: AnswerText,
        form: PollForm<AnswerText>,
        anonymous: bool,
        most: usize,
    ) -> Result<(Poll, Option<PollId>), Refusal> {
        let mut gone = None;
        if self.boxes.len() >= most {
            let is_closed = |other: &PollBox| other.poll.stage == PollStage::Closed;
            let oldest =
                self.boxes.iter().position(is_closed).ok_or(Refusal::Full { max: most })?;
            gone = Some(self.boxes.remove(oldest).poll.id);
        }
        self.opened = self.opened.saturating_add(1);
        let poll = Poll {
            id: self.opened,
            question,
            form,
            anonymous,
            stage: PollStage::Open,
            votes: 0,
            results: None,
        };
        self.boxes.push(PollBox {
            poll: poll.clone(),
            voted: BTreeSet::new(),
            named: BTreeMap::new(),
            secret: BTreeMap::new(),
            is_told: true,
        });
        Ok((poll, gone))
    }

    /// The form of a poll that takes answers.
    pub(crate) fn form(&self, id: PollId) -> Result<&PollForm<AnswerText>, Refusal> {
        let found = self.find(id)?;
        if found.poll.stage == PollStage::Open {
            Ok(&found.poll.form)
        } else {
            Err(Refusal::PollClosed)
        }
    }

    /// Takes a ballot that fits the form, or another one for the same person.
    pub(crate) fn vote(
        &mut self,
        now: Instant,
        id: PollId,
        voter: Voter,
        ballot: CheckedBallot,
        limits: &Limits,
    ) -> Result<OwnVote, Refusal> {
        let bytes: usize = self.boxes.iter().map(PollBox::bytes).sum();
        if bytes.saturating_add(bytes_of(&ballot)) > limits.poll_bytes_kept {
            return Err(Refusal::Full { max: limits.poll_bytes_kept });
        }
        let found = self.find_mut(id)?;
        let own = found.take(voter, ballot)?;
        found.is_told = false;
        self.tell_at = self.tell_at.or(Some(now + TOLD_AFTER));
        Ok(own)
    }

    /// Ends a poll; false if it was.
    pub(crate) fn close(&mut self, id: PollId) -> Result<bool, Refusal> {
        let found = self.find_mut(id)?;
        let was_open = found.poll.stage == PollStage::Open;
        found.poll.stage = PollStage::Closed;
        found.tell();
        Ok(was_open)
    }

    /// What everyone is shown of a poll from now on.
    pub(crate) fn publish(&mut self, id: PollId, fewest: usize) -> Result<Tally, Refusal> {
        let found = self.find_mut(id)?;
        let tally = found.shown(fewest).ok_or(Refusal::TooFew { min: fewest })?;
        found.poll.results = Some(tally.clone());
        Ok(tally)
    }

    pub(crate) fn remove(&mut self, id: PollId) -> Result<(), Refusal> {
        self.find(id)?;
        self.boxes.retain(|other| other.poll.id != id);
        Ok(())
    }

    /// When `take_untold` has something.
    pub(crate) const fn deadline(&self) -> Option<Instant> {
        self.tell_at
    }

    /// Polls whose counts are to be told now, with how many have answered.
    pub(crate) fn take_untold(&mut self, now: Instant) -> Vec<(PollId, u32)> {
        if self.tell_at.is_none_or(|at| at > now) {
            return Vec::new();
        }
        self.tell_at = None;
        let untold = self.boxes.iter_mut().filter(|found| !found.is_told);
        untold.map(|found| (found.poll.id, found.tell())).collect()
    }

    /// How many have answered, as it was told last.
    pub(crate) fn votes(&self, id: PollId) -> u32 {
        self.find(id).map_or(0, |found| found.poll.votes)
    }

    /// What moderators see of a poll.
    pub(crate) fn count(&self, id: PollId, fewest: usize) -> Option<PollCount> {
        self.find(id).ok().map(|found| found.count(fewest))
    }

    pub(crate) fn counts(&self, fewest: usize) -> Vec<PollCount> {
        self.boxes.iter().map(|found| found.count(fewest)).collect()
    }

    /// How someone has voted.
    pub(crate) fn own(&self, voter: ParticipantId) -> Vec<OwnVote> {
        let voted = self.boxes.iter().filter(|found| found.voted.contains(&voter));
        voted
            .map(|found| OwnVote {
                id: found.poll.id,
                ballot: found.named.get(&voter).map(|(_, ballot)| ballot.clone()),
            })
            .collect()
    }

    pub(crate) fn snapshot(&self) -> Vec<Poll> {
        self.boxes.iter().map(|found| found.poll.clone()).collect()
    }

    fn find(&self, id: PollId) -> Result<&PollBox, Refusal> {
        self.boxes.iter().find(|found| found.poll.id == id).ok_or(Refusal::NotThere)
    }

    fn find_mut(&mut self, id: PollId) -> Result<&mut PollBox, Refusal> {
        self.boxes.iter_mut().find(|found| found.poll.id == id).ok_or(Refusal::NotThere)
    }
}

impl PollBox {
    /// A person has one ballot. Of an anonymous poll it is changed by whoever knows its key, and a
    /// key is good for nobody who has not voted: so there are as many ballots as voters.
    fn take(&mut self, voter: Voter, ballot: CheckedBallot) -> Result<OwnVote, Refusal> {
        let id = self.poll.id;
        match voter.key.filter(|_| self.poll.anonymous) {
            Some(key) => {
                if self.voted.contains(&voter.id) != self.secret.contains_key(&key) {
                    return Err(Refusal::VotedAlready);
                }
                self.voted.insert(voter.id);
                self.secret.insert(key, ballot);
                Ok(OwnVote { id, ballot: None })
            }
            None if self.poll.anonymous => Err(Refusal::Malformed),
            None => {
                self.voted.insert(voter.id);
                self.named.insert(voter.id, (voter.name, ballot.clone()));
                Ok(OwnVote { id, ballot: Some(ballot) })
            }
        }
    }

    /// The number that is told from now on.
    fn tell(&mut self) -> u32 {
        self.is_told = true;
        self.poll.votes = number(self.voted.len());
        self.poll.votes
    }

    /// What may be shown: of an anonymous poll nothing while so few have voted that it names them.
    fn shown(&self, fewest: usize) -> Option<Tally> {
        let is_hidden = self.poll.anonymous && self.secret.len() < fewest;
        (!is_hidden).then(|| self.tally())
    }

    fn tally(&self) -> Tally {
        let mut tally = Tally { counts: vec![0; self.poll.form.choices()], ..Tally::default() };
        let named = self.named.values().map(|(_, ballot)| ballot);
        for ballot in named.chain(self.secret.values()) {
            tally.votes = tally.votes.saturating_add(1);
            match ballot {
                CheckedBallot::Choices { chosen } => {
                    let is_chosen = |place: usize| chosen.iter().any(|c| usize::from(*c) == place);
                    let counts = tally.counts.iter_mut().enumerate();
                    counts
                        .filter(|(place, _)| is_chosen(*place))
                        .for_each(|(_, count)| *count += 1);
                }
                CheckedBallot::Text { text } => tally.texts.push(text.clone()),
                CheckedBallot::Number { number } => tally.numbers.push(*number),
            }
        }
        tally.texts.sort_unstable();
        tally.numbers.sort_unstable();
        tally
    }

    fn count(&self, fewest: usize) -> PollCount {
        let ballots = self.named.iter().map(|(id, (name, ballot))| NamedBallot {
            id: *id,
            name: name.clone(),
            ballot: ballot.clone(),
        });
        PollCount { id: self.poll.id, tally: self.shown(fewest), ballots: ballots.collect() }
    }

    fn bytes(&self) -> usize {
        let named = self.named.values().map(|(_, ballot)| ballot);
        named.chain(self.secret.values()).map(bytes_of).sum()
    }
}

/// About the size of its JSON.
fn bytes_of(ballot: &CheckedBallot) -> usize {
    const BESIDE: usize = 64;
    BESIDE
        + match ballot {
            CheckedBallot::Choices { chosen } => chosen.len().saturating_mul(2),
            CheckedBallot::Text { text } => text.as_str().len(),
            CheckedBallot::Number { .. } => 0,
        }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
