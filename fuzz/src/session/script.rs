//! An input as a script: which peer does what next. Any bytes are a script.

use std::time::Duration;

/// How long a peer may be told to wait: on both sides of every deadline that sessions have.
const WAITS: [Duration; 8] = [
    Duration::from_millis(1),
    Duration::from_millis(4),
    Duration::from_millis(600),
    Duration::from_millis(2_100),
    Duration::from_millis(5_100),
    Duration::from_millis(10_100),
    Duration::from_millis(15_100),
    Duration::from_millis(30_100),
];

/// How often the longer ones may be chosen in one script.
const LONG_WAITS_MAX: usize = 8;

/// The rest of an input.
#[derive(Debug)]
pub(crate) struct Script<'a> {
    rest: &'a [u8],
    long_waits: usize,
}

/// What a peer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Opens a stream, of both directions or one, with any bytes.
    OpenBi,
    OpenUni,
    /// Writes any bytes on a stream.
    Write,
    Finish,
    Reset,
    Stop,
    /// A datagram of any bytes.
    Datagram,
    Wait,
    /// Takes only so many bytes from here on, or any number.
    Choke,
    /// Allows so many streams at once.
    AllowStreams,
    /// Closes the connection, or loses it.
    Leave,
    /// SETUP, with one of some tokens.
    SetUp,
    /// A request that decodes, on a stream of its own.
    Ask,
    /// A message that decodes, on any stream.
    Say,
    /// A subgroup stream with some objects.
    Subgroup,
    /// The answer to a fetch of the relay's.
    Fetched,
    /// An object in a datagram.
    ObjectDatagram,
    /// The relay asks all to leave.
    Drain,
}

const STEPS: [Step; 18] = [
    Step::OpenBi,
    Step::OpenUni,
    Step::Write,
    Step::Finish,
    Step::Reset,
    Step::Stop,
    Step::Datagram,
    Step::Wait,
    Step::Choke,
    Step::AllowStreams,
    Step::Leave,
    Step::SetUp,
    Step::Ask,
    Step::Say,
    Step::Subgroup,
    Step::Fetched,
    Step::ObjectDatagram,
    Step::Drain,
];

impl<'a> Script<'a> {
    pub(crate) const fn new(input: &'a [u8]) -> Self {
        Self { rest: input, long_waits: 0 }
    }

    /// The peer that acts next and what it does; `None` at the script's end.
    pub(crate) fn step(&mut self) -> Option<(usize, Step)> {
        let (what, rest) = self.rest.split_first_chunk::<2>()?;
        self.rest = rest;
        let [peer, step] = what.map(usize::from);
        Some((peer, STEPS[step % STEPS.len()]))
    }

    pub(crate) const fn is_over(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next byte; 0 behind the end.
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((byte, rest)) = self.rest.split_first() else {
            return 0;
        };
        self.rest = rest;
        *byte
    }

    /// One of `choices`.
    pub(crate) fn choice<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::from(self.byte()) % choices.len()]
    }

    /// A small number, or with the highest bit of the byte set a large one.
    pub(crate) fn number(&mut self) -> u64 {
        match self.byte() {
            byte @ 0..=0x7F => byte.into(),
            byte => u64::MAX >> (byte & 0x3F),
        }
    }

    /// As many bytes as the next one says, or what is left.
    pub(crate) fn bytes(&mut self) -> &'a [u8] {
        let len = usize::from(self.byte()).min(self.rest.len());
        let (bytes, rest) = self.rest.split_at(len);
        self.rest = rest;
        bytes
    }

    /// How long to wait. Most inputs are to end soon, so it is not long often.
    pub(crate) fn wait(&mut self) -> Duration {
        let wait = self.choice(&WAITS);
        if wait < Duration::from_secs(1) {
            return wait;
        }
        self.long_waits += 1;
        if self.long_waits > LONG_WAITS_MAX { WAITS[0] } else { wait }
    }
}
