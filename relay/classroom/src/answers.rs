//! Answers by number: a command acts once, however often it is sent.

use std::collections::VecDeque;

use mosaik_proto::room::{CommandNumber, Refusal, RefusedCommand};

/// What a number means to a participant's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// The next one: do it.
    Next,
    /// Done before, with this outcome.
    Repeated(Result<(), Refusal>),
    /// One is missing before it.
    TooEarly { expected: CommandNumber },
}

/// One participant's record. It outlives the seat, so that a command that is sent again after a
/// long absence still acts once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answers {
    /// Every command up to this one has its answer; none has before the first.
    answered: Option<CommandNumber>,
    /// The newest refusals, oldest first.
    refused: VecDeque<RefusedCommand>,
}

impl Answers {
    /// Where `number` stands. The first command ever may have any number: a room that was begun
    /// anew does not know what a participant has counted up to.
    pub(crate) fn turn(&self, number: CommandNumber) -> Turn {
        let Some(answered) = self.answered else {
            return Turn::Next;
        };
        if number <= answered {
            let refused = self.refused.iter().find(|refused| refused.number == number);
            return Turn::Repeated(refused.map_or(Ok(()), |refused| Err(refused.refusal)));
        }
        let expected = answered.saturating_add(1);
        if number == expected { Turn::Next } else { Turn::TooEarly { expected } }
    }

    /// Notes the answer to the next command.
    pub(crate) fn note(
        &mut self,
        number: CommandNumber,
        outcome: Result<(), Refusal>,
        refusals_kept: usize,
    ) {
        self.answered = Some(number);
        if let Err(refusal) = outcome {
            if self.refused.len() >= refusals_kept {
                self.refused.pop_front();
            }
            self.refused.push_back(RefusedCommand { number, refusal });
        }
    }

    pub(crate) fn acknowledged(&self) -> CommandNumber {
        self.answered.unwrap_or(0)
    }

    pub(crate) fn refused(&self) -> Vec<RefusedCommand> {
        self.refused.iter().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_number_gets_its_old_answer_and_a_gap_is_told() {
        let mut answers = Answers::default();
        assert_eq!(answers.turn(5), Turn::Next);
        answers.note(5, Ok(()), 2);
        answers.note(6, Err(Refusal::TextEmpty), 2);
        assert_eq!(answers.turn(5), Turn::Repeated(Ok(())));
        assert_eq!(answers.turn(6), Turn::Repeated(Err(Refusal::TextEmpty)));
        assert_eq!(answers.turn(7), Turn::Next);
        assert_eq!(answers.turn(9), Turn::TooEarly { expected: 7 });
    }

    #[test]
    fn only_the_newest_refusals_are_kept() {
        let mut answers = Answers::default();
        for number in 1..=4 {
            answers.note(number, Err(Refusal::Malformed), 2);
        }
        let kept: Vec<u64> = answers.refused().iter().map(|refused| refused.number).collect();
        assert_eq!(kept, [3, 4]);
    }
}
