//! Everyone's status.

use std::collections::BTreeMap;

use mosaik_proto::room::{ParticipantId, Status, StatusOf};

#[derive(Debug, Default)]
pub(crate) struct Statuses(BTreeMap<ParticipantId, Status>);

impl Statuses {
    /// Sets or clears one; false if it was so.
    pub(crate) fn set(&mut self, id: ParticipantId, status: Option<Status>) -> bool {
        let before = match status {
            Some(status) => self.0.insert(id, status),
            None => self.0.remove(&id),
        };
        before != status
    }

    /// Clears all; false if there was none.
    pub(crate) fn clear(&mut self) -> bool {
        !std::mem::take(&mut self.0).is_empty()
    }

    pub(crate) fn snapshot(&self) -> Vec<StatusOf> {
        self.0.iter().map(|(id, status)| StatusOf { id: *id, status: *status }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_one_status_and_changes_are_told_once() {
        let (mut statuses, id) = (Statuses::default(), ParticipantId::new(1));
        assert!(statuses.set(id, Some(Status::NeedHelp)));
        assert!(!statuses.set(id, Some(Status::NeedHelp)));
        assert!(statuses.set(id, Some(Status::Finished)));
        assert_eq!(statuses.snapshot(), [StatusOf { id, status: Status::Finished }]);
        assert!(statuses.set(id, None) && !statuses.set(id, None));
        assert!(!statuses.clear());
    }
}
