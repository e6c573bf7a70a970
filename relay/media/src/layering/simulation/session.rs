//! One session: a source, a sender, and the layering between them.

use std::time::Instant;

use slotmap::{DefaultKey, SlotMap};

use super::super::{Layering, Rank, Wish};
use super::line::{Line, Packet};
use super::report::Report;
use super::sender::{SPEECH_RATE, Sender};
use super::source::{Source, levels};
use super::window::Controller;
use crate::SubscriptionKey;

#[derive(Debug)]
pub(super) struct Session {
    /// When it joins.
    joins: u64,
    layering: Layering,
    wish: Wish,
    source: Source,
    sender: Sender,
    padding: u64,
    next: Option<Instant>,
    pub(super) report: Report,
}

impl Session {
    pub(super) fn new(
        joins: u64,
        phase: u64,
        controller: Controller,
        round_trip: u64,
        seed: u64,
    ) -> Self {
        let key = SubscriptionKey(SlotMap::<DefaultKey, ()>::new().insert(()));
        let rank = Rank::new(128, 160);
        Self {
            joins,
            layering: Layering::new(),
            wish: Wish { key, rank, levels: levels(), oldest_waiting: None },
            source: Source::new(phase, seed),
            sender: Sender::new(controller, round_trip),
            padding: 0,
            next: None,
            report: Report::default(),
        }
    }

    pub(super) fn passed(&mut self, now: u64, packet: Packet, is_lost: bool) {
        self.report.passed(now, packet.bytes);
        if let Some(arrived) = self.sender.passed(now, packet, is_lost) {
            self.report.arrived(now, &arrived);
        }
    }

    pub(super) fn step(&mut self, now: u64, instant: Instant, index: usize, line: &mut Line) {
        if now < self.joins {
            return;
        }
        if (now - self.joins).is_multiple_of(20) {
            self.sender.push(now, None);
        }
        let before = self.source.sent();
        for frame in self.source.step(now) {
            if before.is_some_and(|(rendition, _)| rendition != frame.rendition) {
                self.sender.keep_only(self.source.sent());
            }
            self.sender.push(now, Some(frame));
        }
        if self.next.is_none_or(|next| instant >= next) {
            self.decide(now, instant);
        }
        self.sender.step(now, index, self.padding, line);
    }

    fn decide(&mut self, now: u64, instant: Instant) {
        self.wish.oldest_waiting = self.sender.oldest(now);
        let link = self.sender.link(now);
        let wishes = std::slice::from_ref(&self.wish);
        let decision = self.layering.decide(instant, &link, SPEECH_RATE, wishes);
        let level = decision.grants[0].level;
        let granted = level.map(|level| self.wish.levels[usize::from(level)]);
        self.report.decided(now, granted);
        self.source.grant(granted.map(|level| (level.rendition, level.temporal)));
        self.sender.keep_only(self.source.sent());
        self.padding = decision.probe.unwrap_or(0);
        self.next = Some(decision.next);
    }
}
