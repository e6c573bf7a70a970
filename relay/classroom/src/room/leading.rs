//! Leading: roles and locks, and what follows from them for everyone's rights.

use std::sync::Arc;

use mosaik_proto::rights::{Inside, Rights};
use mosaik_proto::room::{
    LeadAct, LeadChange, Lock, Locks, LoggedAct, Participant, ParticipantId, PersonLock, Preset,
    Refusal, Role, RoomEvent, RoomSettings,
};

use super::seats::Sending;
use super::telling::Known;
use super::{Asked, Room};
use crate::chat::Chat;
use crate::effect::{Effect, Effects};

impl Room {
    /// Whether someone is in or waits.
    pub fn knows(&self, id: ParticipantId) -> bool {
        self.roster.participant(id).or_else(|| self.door.waiting.participant(id)).is_some()
    }

    /// What someone may do with tracks now. Whoever has no seat is outside.
    pub fn rights_of(&self, id: ParticipantId) -> Rights {
        let Some(locks) = self.locks_on(id) else {
            return Rights::Outside;
        };
        let agreed = self.agreed(id);
        let sees_all = !locks.has(Lock::OthersCameras) && !locks.has(Lock::OthersNames);
        Rights::Inside(Inside {
            microphone: agreed.heard && !locks.has(Lock::Microphone),
            camera: agreed.seen && !locks.has(Lock::Camera),
            screen: !locks.has(Lock::Screen),
            upload: self.roster.role(id) != Some(Role::Viewer) || !locks.has(Lock::Files),
            names: !locks.has(Lock::OthersNames),
            cameras: (!sees_all).then(|| self.leaders()),
            company: self.company(id),
            announcer: self.breakouts.voice.filter(|_| self.breakouts.are_apart()),
            group: self.breakouts.group(id),
            own_boards: self.roster.role(id) == Some(Role::Moderator),
        })
    }

    /// Those who lead.
    pub fn moderators(&self) -> impl Iterator<Item = ParticipantId> {
        let leads = |person: &&Participant| person.role == Role::Moderator;
        self.roster.people().filter(leads).map(|person| person.id)
    }

    /// The locks that hold for someone who is in.
    pub(super) fn locks_on(&self, id: ParticipantId) -> Option<Locks> {
        let participant = self.roster.participant(id)?;
        Some(participant.locks(self.settings.locks))
    }

    /// Moderators and presenters, whom everyone sees.
    fn leaders(&self) -> Arc<[ParticipantId]> {
        let leads = |role| matches!(role, Role::Moderator | Role::Presenter);
        self.roster.people().filter(|person| leads(person.role)).map(|person| person.id).collect()
    }

    /// What is so already is done and told to nobody.
    pub(super) fn lead(
        &mut self,
        asked: Asked,
        act: &LeadAct,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let before = self.revision;
        self.do_lead(act, effects)?;
        if before != self.revision {
            match *act {
                LeadAct::SetRole { id, .. } => self.note(LoggedAct::RoleGiven, asked, Some(id)),
                LeadAct::SetPersonLock { id, .. } => {
                    self.note(LoggedAct::PersonLocksSet, asked, Some(id));
                }
                LeadAct::SetLock { .. } | LeadAct::UsePreset { .. } => {
                    self.note(LoggedAct::LocksSet, asked, None);
                }
                LeadAct::SetLayout { .. } => self.note(LoggedAct::LayoutSet, asked, None),
            }
        }
        Ok(())
    }

    fn do_lead(&mut self, act: &LeadAct, effects: &mut Effects) -> Result<(), Refusal> {
        match *act {
            LeadAct::SetRole { id, role } => self.set_role(id, role, effects),
            LeadAct::SetLock { lock, locked } => {
                let locks = self.settings.locks;
                let locks = if locked { locks.with(lock) } else { locks.without(lock) };
                if locked && lock == Lock::Microphone {
                    self.take_floors(effects);
                }
                let preset = self.settings.preset.filter(|preset| preset.locks() == locks);
                self.change_settings(RoomSettings { preset, locks, ..self.settings }, effects);
                Ok(())
            }
            LeadAct::SetPersonLock { id, lock, state } => {
                if lock == Lock::Microphone {
                    // From here on it is as was said now.
                    self.hands.floor.remove(&id);
                }
                self.set_person_lock(id, (lock, state), effects)
            }
            LeadAct::UsePreset { preset } => {
                self.use_preset(preset, effects);
                Ok(())
            }
            LeadAct::SetLayout { layout } => {
                self.change_settings(RoomSettings { layout, ..self.settings }, effects);
                Ok(())
            }
        }
    }

    fn use_preset(&mut self, preset: Preset, effects: &mut Effects) {
        let entry = preset.entry().unwrap_or(self.settings.entry);
        let locks = preset.locks();
        if locks.has(Lock::Microphone) {
            self.take_floors(effects);
        }
        let settings = RoomSettings { preset: Some(preset), locks, entry, ..self.settings };
        self.change_settings(settings, effects);
    }

    pub(super) fn change_settings(&mut self, settings: RoomSettings, effects: &mut Effects) {
        if settings == self.settings {
            return;
        }
        let before = self.nameless();
        self.settings = settings;
        self.lead_event(LeadChange::Settings { settings }, effects);
        self.locks_changed(&before, effects);
    }

    fn set_role(
        &mut self,
        id: ParticipantId,
        role: Role,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let leads = |person: &Participant| person.role == Role::Moderator && person.id != id;
        let is_led = role == Role::Moderator || self.roster.people().any(leads);
        let before = self.nameless();
        let seat = self.roster.seat(id).ok_or(Refusal::NotThere)?;
        if !is_led {
            return Err(Refusal::LastModerator);
        }
        let was = std::mem::replace(&mut seat.participant.role, role);
        if was == role {
            return Ok(());
        }
        self.lead_event(LeadChange::Role { id, role }, effects);
        if was == Role::Moderator || role == Role::Moderator {
            // Who waits is for moderators to know.
            self.begin_inbox(id, effects);
        }
        self.locks_changed(&before, effects);
        // Names of presenters are told, those of viewers are not.
        self.begin_nameless(Known::NotAll, effects);
        let has_theirs = |chat: &Chat| chat.messages().iter().any(|message| message.author == id);
        for reader in self.nameless() {
            if self.private.of(reader).is_some_and(has_theirs) {
                self.begin_inbox(reader, effects);
            }
        }
        Ok(())
    }

    pub(super) fn set_person_lock(
        &mut self,
        id: ParticipantId,
        (lock, state): (Lock, PersonLock),
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let before = self.nameless();
        let seat = self.roster.seat(id).ok_or(Refusal::NotThere)?;
        let person = &mut seat.participant;
        let (locked, freed) = (person.locked.without(lock), person.freed.without(lock));
        let (locked, freed) = match state {
            PersonLock::AsRoom => (locked, freed),
            PersonLock::Locked => (locked.with(lock), freed),
            PersonLock::Free => (locked, freed.with(lock)),
        };
        if (person.locked, person.freed) == (locked, freed) {
            return Ok(());
        }
        (person.locked, person.freed) = (locked, freed);
        self.lead_event(LeadChange::PersonLocks { id, locked, freed }, effects);
        self.locks_changed(&before, effects);
        Ok(())
    }

    fn lead_event(&mut self, change: LeadChange, effects: &mut Effects) {
        self.event(RoomEvent::Lead { change }, effects);
    }

    /// As `rights_changed`; `before` are those who did not know the names of viewers.
    fn locks_changed(&mut self, before: &[ParticipantId], effects: &mut Effects) {
        self.rights_changed(effects);
        let after = self.nameless();
        if after.iter().any(|id| !before.contains(id)) {
            self.begin_nameless(Known::NotAll, effects);
        }
        if before.iter().any(|id| !after.contains(id)) {
            // With the names that someone did not know before.
            self.begin_state(Known::NotAll, effects);
        }
        let known_so_far = before.iter().filter(|id| !after.contains(id));
        let withheld_now = after.iter().filter(|id| !before.contains(id));
        for reader in known_so_far.chain(withheld_now) {
            // Private messages have names too.
            if self.private.of(*reader).is_some() {
                self.begin_inbox(*reader, effects);
            }
        }
    }

    /// What somebody may not do from here on is off, and who may do something else is looked at
    /// again.
    pub(super) fn rights_changed(&mut self, effects: &mut Effects) {
        let sending = |person: &Participant| {
            let (locks, agreed) = (self.locks_on(person.id)?, self.agreed(person.id));
            let mic = person.mic && agreed.heard && !locks.has(Lock::Microphone);
            let cam = person.cam && agreed.seen && !locks.has(Lock::Camera);
            let shares = self.screens.has(person.id);
            let screen = shares && !locks.has(Lock::Screen);
            let is_off = (person.mic, person.cam, shares) != (mic, cam, screen);
            is_off.then_some((person.id, Sending { mic, cam, screen }))
        };
        let silenced: Vec<_> = self.roster.people().filter_map(sending).collect();
        for (id, sending) in silenced {
            self.note_sources(id, sending, effects);
        }
        self.review_uploads(effects);
        effects.push(Effect::ReviewRights);
    }

    /// Those who may not know the names of viewers.
    pub(super) fn nameless(&self) -> Vec<ParticipantId> {
        let locked = self.settings.locks;
        let is_one = |locks: Locks| locks.has(Lock::OthersNames);
        let people = self.roster.people().filter(|person| is_one(person.locks(locked)));
        people.map(|person| person.id).collect()
    }
}
