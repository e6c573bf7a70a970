//! Sessions that have not said SETUP.
//!
//! Anybody may open one, so they hold no place that others need: while there is room each has its
//! five seconds, and when there is none, the one that waits longest goes. Who means to come in says
//! SETUP with the first packets.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use tokio::sync::Notify;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Lobby(RefCell<VecDeque<Rc<Notify>>>);

impl Lobby {
    /// A session begins, and waits here until its place is dropped.
    pub(crate) fn enter(self: &Rc<Self>) -> Place {
        let sent_away = Rc::new(Notify::new());
        self.0.borrow_mut().push_back(Rc::clone(&sent_away));
        Place { lobby: Rc::clone(self), sent_away }
    }

    /// Sends the one away that waits longest; false if nobody waits.
    pub(crate) fn make_room(&self) -> bool {
        let longest = self.0.borrow_mut().pop_front();
        longest.inspect(|place| place.notify_one()).is_some()
    }
}

/// One session's place in the lobby.
#[derive(Debug)]
pub(crate) struct Place {
    lobby: Rc<Lobby>,
    sent_away: Rc<Notify>,
}

impl Place {
    /// Waits until somebody else needs the place.
    pub(crate) async fn sent_away(&self) {
        self.sent_away.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.lobby.0.borrow_mut().retain(|place| !Rc::ptr_eq(place, &self.sent_away));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_longest_goes_and_who_came_in_stays() {
        let lobby = Rc::new(Lobby::default());
        let (first, second, third) = (lobby.enter(), lobby.enter(), lobby.enter());
        drop(first);
        assert!(lobby.make_room());
        second.sent_away().await;
        drop((second, third));
        assert!(!lobby.make_room(), "nobody waits");
    }
}
