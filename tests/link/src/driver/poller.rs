//! Waiting for sockets, commands and the time of the next packet, to the tenth of a millisecond
//! and without turning in circles.

use std::io;
use std::num::NonZeroU64;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use rustix::buffer::spare_capacity;
use rustix::event::{EventfdFlags, Timespec, epoll, eventfd};
use rustix::io::Errno;

/// How much later than asked for the system may wake the thread, in nanoseconds. It would add 50 µs
/// by itself.
const TIMER_SLACK: NonZeroU64 = NonZeroU64::MIN;

/// The priority over all others.
const FOREMOST: i32 = -20;

/// Events that are taken at a time; the others stay for the next.
const EVENTS: usize = 256;

/// Wakes the thread for a command.
#[derive(Debug)]
pub(crate) struct Waker(OwnedFd);

impl Waker {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self(eventfd(0, EventfdFlags::NONBLOCK | EventfdFlags::CLOEXEC)?))
    }

    pub(crate) fn wake(&self) -> io::Result<()> {
        match rustix::io::write(&self.0, &1_u64.to_ne_bytes()) {
            // It is awake already.
            Ok(_) | Err(Errno::AGAIN) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// It may be woken again.
    pub(crate) fn sleep(&self) {
        // Nothing to read is as good.
        let _ = rustix::io::read(&self.0, &mut [0; 8]);
    }
}

/// What happened to a socket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ready {
    pub(crate) token: u64,
    pub(crate) may_read: bool,
    pub(crate) may_write: bool,
}

/// The sockets that are waited for. Each tells once that it has become ready, and again after it
/// has refused something.
#[derive(Debug)]
pub(crate) struct Poller {
    epoll: OwnedFd,
}

impl Poller {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { epoll: epoll::create(epoll::CreateFlags::CLOEXEC)? })
    }

    /// Waits for the waker too, which `token` stands for.
    pub(crate) fn add_waker(&self, waker: &Waker, token: u64) -> io::Result<()> {
        self.add_source(&waker.0, token)
    }

    /// Waits for what a socket has too, until it is closed.
    pub(crate) fn add_source(&self, socket: impl AsFd, token: u64) -> io::Result<()> {
        self.add(socket, token, epoll::EventFlags::IN)
    }

    /// The same, and for that it takes more.
    pub(crate) fn add_stream(&self, socket: impl AsFd, token: u64) -> io::Result<()> {
        self.add(socket, token, epoll::EventFlags::IN | epoll::EventFlags::OUT)
    }

    fn add(&self, socket: impl AsFd, token: u64, flags: epoll::EventFlags) -> io::Result<()> {
        let (data, flags) = (epoll::EventData::new_u64(token), flags | epoll::EventFlags::ET);
        Ok(epoll::add(&self.epoll, socket, data, flags)?)
    }

    /// No longer waits for a socket that stays open.
    pub(crate) fn forget(&self, socket: impl AsFd) -> io::Result<()> {
        Ok(epoll::delete(&self.epoll, socket)?)
    }

    /// Waits until something is ready or `patience` is over; without one for as long as it takes.
    pub(crate) fn wait(&self, patience: Option<Duration>) -> io::Result<Vec<Ready>> {
        let patience = patience
            .map(|time| Timespec::try_from(time).unwrap_or(Timespec { tv_sec: 1, tv_nsec: 0 }));
        let mut events = Vec::with_capacity(EVENTS);
        match epoll::wait(&self.epoll, spare_capacity(&mut events), patience.as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let readable = epoll::EventFlags::IN | epoll::EventFlags::HUP | epoll::EventFlags::ERR;
        let writable = epoll::EventFlags::OUT | epoll::EventFlags::HUP | epoll::EventFlags::ERR;
        let ready = events.iter().map(|event| {
            let flags = event.flags;
            let (may_read, may_write) = (flags.intersects(readable), flags.intersects(writable));
            Ready { token: event.data.u64(), may_read, may_write }
        });
        Ok(ready.collect())
    }
}

/// Lets the system wake this thread when it is time and not when it suits.
pub(crate) fn be_punctual() {
    // Without the one everything is up to 50 µs later.
    let _ = rustix::thread::set_current_timer_slack(Some(TIMER_SLACK));
    // No line waits for a busy processor. Of this thread alone; what may not be raised stays.
    let _ = rustix::process::setpriority_process(None, FOREMOST);
}
