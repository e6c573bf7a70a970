//! What a room knows of its notes without reading them: who made what, and what others can be in. By
//! it an update is checked before anybody else sees it.
//!
//! A page applies what it gets. So an update may speak for its writer alone, refer to nothing that
//! is not there, and leave nothing out: else pages would wait for what never comes, or one could
//! write in another's place.

use std::collections::{BTreeMap, BTreeSet};

use mosaik_proto::room::{ParticipantId, Refusal};

use super::reader::{Broken, Id, Said, Struct};

/// Of one Yjs client, which is one page while it is open.
#[derive(Debug, Clone, Copy)]
struct Client {
    /// Whose page it is.
    owner: ParticipantId,
    /// The clock that comes next.
    next: u32,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    clients: BTreeMap<u32, Client>,
    /// What others can be in.
    types: BTreeSet<Id>,
}

impl Known {
    /// Checks what `from` says, and knows it from then on.
    ///
    /// # Errors
    /// [`Refusal::Malformed`], [`Refusal::NotAllowed`] for what speaks for somebody else, and
    /// [`Refusal::Full`] for more clients than `clients_max`.
    pub(super) fn take(
        &mut self,
        from: ParticipantId,
        said: &Said,
        clients_max: usize,
    ) -> Result<(), Refusal> {
        let malformed = |_: Broken| Refusal::Malformed;
        let Some(first) = said.structs.first() else {
            return self.check_deletions(said, &Own::default()).map_err(malformed);
        };
        let client = first.id.client;
        let next = self.next_of(from, client, clients_max)?;
        let mut own = Own { client, next, types: BTreeSet::new() };
        for read in &said.structs {
            self.check(read, &own).map_err(malformed)?;
            own.next = read.id.clock.saturating_add(read.len);
            own.types.extend(read.is_type.then_some(read.id));
        }
        self.check_deletions(said, &own).map_err(malformed)?;
        self.clients.insert(client, Client { owner: from, next: own.next });
        self.types.append(&mut own.types);
        Ok(())
    }

    /// Forgets what is not in the document any more, which is all that is `said` now. False, and
    /// nothing is forgotten, if not everything that was taken is in it.
    pub(super) fn keep(&mut self, said: &Said) -> bool {
        let mut ends: BTreeMap<u32, u32> = BTreeMap::new();
        for read in &said.structs {
            let end = ends.entry(read.id.client).or_default();
            *end = read.id.clock.saturating_add(read.len).max(*end);
        }
        let nexts = self.clients.iter().map(|(client, known)| (*client, known.next));
        let is_whole = ends == nexts.collect();
        if is_whole {
            let types = said.structs.iter().filter(|read| read.is_type);
            self.types = types.map(|read| read.id).collect();
        }
        is_whole
    }

    fn next_of(
        &self,
        from: ParticipantId,
        client: u32,
        clients_max: usize,
    ) -> Result<u32, Refusal> {
        match self.clients.get(&client) {
            Some(known) if known.owner == from => Ok(known.next),
            Some(_) => Err(Refusal::NotAllowed),
            None => {
                let owned = self.clients.values().filter(|known| known.owner == from).count();
                if owned < clients_max { Ok(0) } else { Err(Refusal::Full { max: clients_max }) }
            }
        }
    }

    fn check(&self, read: &Struct, own: &Own) -> Result<(), Broken> {
        let follows = read.id == Id { client: own.client, clock: own.next };
        let mut beside = [read.origin, read.right_origin].into_iter().flatten();
        let is_in = |parent: &Id| self.types.contains(parent) || own.types.contains(parent);
        if follows && beside.all(|id| self.has(id, own)) && read.parent.iter().all(is_in) {
            Ok(())
        } else {
            Err(Broken)
        }
    }

    fn check_deletions(&self, said: &Said, own: &Own) -> Result<(), Broken> {
        let is_something = !said.structs.is_empty() || !said.deletions.is_empty();
        let is_there = said.deletions.iter().all(|deletion| {
            let last = deletion.from.clock.saturating_add(deletion.len - 1);
            self.has(Id { client: deletion.from.client, clock: last }, own)
        });
        if is_something && is_there { Ok(()) } else { Err(Broken) }
    }

    fn has(&self, id: Id, own: &Own) -> bool {
        let known = self.clients.get(&id.client).map_or(0, |known| known.next);
        let next = if id.client == own.client { own.next.max(known) } else { known };
        id.clock < next
    }
}

/// What is new in an update, as far as it was read.
#[derive(Debug, Default)]
struct Own {
    client: u32,
    next: u32,
    types: BTreeSet<Id>,
}
