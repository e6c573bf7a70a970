//! A bounded queue between two tasks of one thread, which costs nothing while it is empty.
//!
//! A session has several that are hardly ever used; tokio's channels reserve room for 32 items
//! each, which for our items is more memory than all the rest of a session.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use tokio::sync::Notify;

/// The item is not taken: the queue is full, or nobody reads it any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotTaken;

#[derive(Debug)]
struct Shared<T> {
    items: RefCell<VecDeque<T>>,
    max: usize,
    is_closed: Cell<bool>,
    changed: Notify,
}

/// Puts items in. Dropping it ends the queue behind what is in it.
#[derive(Debug)]
pub(crate) struct Sender<T>(Rc<Shared<T>>);

/// Takes items out.
#[derive(Debug)]
pub(crate) struct Receiver<T>(Rc<Shared<T>>);

/// A queue of at most `max` items.
pub(crate) fn queue<T>(max: usize) -> (Sender<T>, Receiver<T>) {
    let shared = Rc::new(Shared {
        items: RefCell::default(),
        max,
        is_closed: Cell::new(false),
        changed: Notify::new(),
    });
    (Sender(Rc::clone(&shared)), Receiver(shared))
}

impl<T> Sender<T> {
    /// Puts an item at the end.
    ///
    /// # Errors
    /// [`NotTaken`], and the item is dropped.
    pub(crate) fn try_send(&self, item: T) -> Result<(), NotTaken> {
        let mut items = self.0.items.borrow_mut();
        if self.0.is_closed.get() || items.len() >= self.0.max {
            return Err(NotTaken);
        }
        items.push_back(item);
        self.0.changed.notify_one();
        Ok(())
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.is_closed.set(true);
        self.0.changed.notify_one();
    }
}

impl<T> Receiver<T> {
    /// The next item, if one is here.
    pub(crate) fn try_recv(&self) -> Option<T> {
        self.0.items.borrow_mut().pop_front()
    }

    /// The next item, or `None` when there will be no more. Safe to give up.
    pub(crate) async fn recv(&self) -> Option<T> {
        loop {
            if let Some(item) = self.try_recv() {
                return Some(item);
            }
            if self.0.is_closed.get() {
                return None;
            }
            self.0.changed.notified().await;
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.0.is_closed.set(true);
        self.0.items.borrow_mut().clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn items_come_in_order_up_to_the_bound_and_then_the_end() {
        let (sender, receiver) = queue(2);
        assert_eq!(sender.try_send(1), Ok(()));
        assert_eq!(sender.try_send(2), Ok(()));
        assert_eq!(sender.try_send(3), Err(NotTaken));
        assert_eq!(receiver.recv().await, Some(1));
        drop(sender);
        assert_eq!((receiver.recv().await, receiver.recv().await), (Some(2), None));
    }

    #[tokio::test]
    async fn who_waits_is_woken_by_an_item_and_by_the_end() {
        let (sender, receiver) = queue(1);
        let waiting = async {
            let first = receiver.recv().await;
            (first, receiver.recv().await)
        };
        let sending = async {
            tokio::task::yield_now().await;
            assert_eq!(sender.try_send("hello"), Ok(()));
            tokio::task::yield_now().await;
            drop(sender);
        };
        let (received, ()) = tokio::join!(waiting, sending);
        assert_eq!(received, (Some("hello"), None));
    }

    #[test]
    fn nothing_is_taken_when_nobody_reads() {
        let (sender, receiver) = queue(1);
        drop(receiver);
        assert_eq!(sender.try_send(1), Err(NotTaken));
    }
}
