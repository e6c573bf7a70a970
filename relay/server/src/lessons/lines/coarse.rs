//! A line as people are told of it: in steps, and slow to say that something is wrong, so that nothing
//! flickers on a line that goes up and down.

use mosaik_media::Speech;
use mosaik_media::layering::{Link, Reason};
use mosaik_proto::room::{LineLoss, LinePath, LinePicture, LineQuality, LineReason, LineSpeech};

use super::Sent;

/// Percent of packets from which on some, or many, are lost, and below which they are not any more.
/// Speech is sent twice from 0.6 % on and three times from 3.5 % on (`relay/media/src/packing.rs`);
/// of 5 % in bursts something is heard all the same.
const SOME: Band = Band { from: 1.0, until: 0.5 };
const MUCH: Band = Band { from: 5.0, until: 3.0 };

/// A queue from which on what waits is told as the reason, in milliseconds: where a line is full, the
/// relay holds it at about 60.
const QUEUE_LONG: u128 = 150;

/// Where something begins and where it ends.
struct Band {
    from: f64,
    until: f64,
}

impl Band {
    fn holds(&self, percent: f64, did_hold: bool) -> bool {
        percent >= if did_hold { self.until } else { self.from }
    }
}

/// A value of which something worse is told when two looks in a row say so.
#[derive(Debug, Clone, Copy)]
struct Settled<T> {
    told: T,
    is_doubted: bool,
}

impl<T: Copy + PartialEq> Settled<T> {
    const fn new(told: T) -> Self {
        Self { told, is_doubted: false }
    }

    fn look(&mut self, seen: T, is_good: bool) -> T {
        let is_other = seen != self.told;
        if is_other && (is_good || self.is_doubted) {
            *self = Self::new(seen);
        } else {
            self.is_doubted = is_other;
        }
        self.told
    }
}

/// What was told of one session's line.
#[derive(Debug)]
pub(super) struct Coarse {
    told: Option<LineQuality>,
    picture: Settled<(LinePicture, LineReason)>,
    speech: Settled<LineSpeech>,
}

impl Default for Coarse {
    fn default() -> Self {
        Self {
            told: None,
            picture: Settled::new((LinePicture::NotWanted, LineReason::None)),
            speech: Settled::new(LineSpeech::NotWanted),
        }
    }
}

impl Coarse {
    /// Takes a look; gives what is to be told, if it is anything new.
    pub(super) fn look(
        &mut self,
        path: LinePath,
        link: &Link,
        sent: Option<Sent>,
        speech: Speech,
    ) -> Option<LineQuality> {
        let loss = loss(link.loss, self.told.map(|told| told.loss));
        let seen = picture(link, sent, loss);
        let told = self.picture.told;
        let seen = settled(told, seen);
        // A rise that goes on does not excuse the congestion that was seen before it.
        let rises = seen == told && seen.1 == LineReason::Rising;
        let (picture, reason) =
            if rises { told } else { self.picture.look(seen, seen.1 == LineReason::None) };
        let speech = match speech {
            Speech::NotWanted => LineSpeech::NotWanted,
            Speech::Arrives => LineSpeech::Arrives,
            Speech::Missing => LineSpeech::Missing,
        };
        let speech = self.speech.look(speech, speech != LineSpeech::Missing);
        let delay_ms = delay(link.round_trip.as_millis(), self.told.map(|told| told.delay_ms));
        let line = LineQuality { path, delay_ms, loss, picture, reason, speech };
        (self.told.replace(line) != Some(line)).then_some(line)
    }
}

/// What is sent of the pictures, and why it is less than wished.
fn picture(link: &Link, sent: Option<Sent>, loss: LineLoss) -> (LinePicture, LineReason) {
    let silent = |usual| if link.is_silent { LineReason::Silent } else { usual };
    let Some(Sent { reason, .. }) = sent.filter(|sent| sent.is_wished) else {
        return (LinePicture::NotWanted, silent(LineReason::None));
    };
    let picture = match reason {
        Reason::Satisfied => LinePicture::Full,
        Reason::Rising | Reason::Line | Reason::Congested | Reason::Paused => LinePicture::Reduced,
        Reason::SpeechOnly => LinePicture::None,
    };
    let told = match reason {
        Reason::Satisfied => LineReason::None,
        Reason::Rising => LineReason::Rising,
        Reason::Congested | Reason::Paused | Reason::SpeechOnly if loss == LineLoss::Much => {
            LineReason::Loss
        }
        Reason::Congested | Reason::SpeechOnly if link.queue.as_millis() >= QUEUE_LONG => {
            LineReason::Delay
        }
        // Where it was tried what fits, it is not the losses.
        Reason::Line | Reason::Congested | Reason::SpeechOnly => LineReason::LineFull,
        Reason::Paused => LineReason::TooManyPictures,
    };
    (picture, silent(told))
}

/// While more is tried again and again, what was the reason is the reason still.
fn settled(
    told: (LinePicture, LineReason),
    seen: (LinePicture, LineReason),
) -> (LinePicture, LineReason) {
    let is_tried = seen.1 == LineReason::Rising && told.1 != LineReason::Silent;
    if is_tried && told.0 == seen.0 { told } else { seen }
}

fn loss(share: f64, told: Option<LineLoss>) -> LineLoss {
    let percent = share * 100.0;
    if MUCH.holds(percent, told == Some(LineLoss::Much)) {
        LineLoss::Much
    } else if SOME.holds(percent, matches!(told, Some(LineLoss::Some | LineLoss::Much))) {
        LineLoss::Some
    } else {
        LineLoss::None
    }
}

/// A round trip in steps that are larger where it is longer. What was told stays as long as it is no
/// more than a step, or a quarter, away.
fn delay(millis: u128, told: Option<u32>) -> u32 {
    let millis = u32::try_from(millis).unwrap_or(u32::MAX);
    let step = step(millis);
    let far = |told: u32| told.abs_diff(millis) > step.max(told / 4);
    match told {
        Some(told) if !far(told) => told,
        Some(_) | None => (millis.saturating_add(step / 2) / step).saturating_mul(step),
    }
}

const fn step(millis: u32) -> u32 {
    match millis {
        0..100 => 10,
        100..500 => 50,
        500.. => 100,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn link(round_trip: u64, loss: f64) -> Link {
        Link { round_trip: Duration::from_millis(round_trip), loss, ..Link::default() }
    }

    const fn sent(reason: Reason) -> Sent {
        Sent { is_wished: true, reason }
    }

    fn told(looks: &[(Link, Option<Sent>, Speech)]) -> Vec<Option<LineQuality>> {
        let mut coarse = Coarse::default();
        let look = |(link, sent, speech): &(Link, Option<Sent>, Speech)| {
            coarse.look(LinePath::WebTransport, link, *sent, *speech)
        };
        looks.iter().map(look).collect()
    }

    #[test]
    fn a_line_that_wavers_is_told_once() {
        let wavers = [40, 49, 35, 48, 31, 50, 30];
        let looks = wavers.map(|millis| (link(millis, 0.004), None, Speech::NotWanted));
        let told = told(&looks);
        let first = told[0].unwrap();
        assert_eq!((first.delay_ms, first.loss), (40, LineLoss::None));
        assert_eq!(first.picture, LinePicture::NotWanted);
        assert_eq!(told[1..], [None; 6]);
    }

    #[test]
    fn delays_are_told_in_steps_and_again_when_they_are_another_step() {
        for (millis, wanted) in
            [(0, 0), (4, 0), (5, 10), (94, 90), (99, 100), (130, 150), (480, 500), (1_249, 1_200)]
        {
            assert_eq!(delay(millis, None), wanted, "{millis}");
        }
        assert_eq!(delay(51, Some(40)), 50);
        assert_eq!(delay(249, Some(200)), 200);
        assert_eq!(delay(251, Some(200)), 250);
        assert_eq!(delay(70, Some(1_000)), 70);
        assert_eq!(delay(u128::MAX, None), u32::MAX / 100 * 100);
    }

    #[test]
    fn losses_begin_higher_than_they_end() {
        let mut told = None;
        let mut look = |percent: f64| {
            let next = loss(percent / 100.0, told);
            told = Some(next);
            next
        };
        assert_eq!(look(0.9), LineLoss::None);
        assert_eq!(look(1.1), LineLoss::Some);
        assert_eq!(look(0.6), LineLoss::Some);
        assert_eq!(look(4.9), LineLoss::Some);
        assert_eq!(look(5.1), LineLoss::Much);
        assert_eq!(look(3.1), LineLoss::Much);
        assert_eq!(look(2.9), LineLoss::Some);
        assert_eq!(look(0.4), LineLoss::None);
    }

    #[test]
    fn what_is_bad_is_told_at_the_second_look_and_what_is_good_at_once() {
        let (good, bad) = (sent(Reason::Satisfied), sent(Reason::Congested));
        let looks = [good, bad, good, bad, bad, good];
        let told = told(&looks.map(|sent| (link(20, 0.0), Some(sent), Speech::Arrives)));
        let pictures: Vec<_> =
            told.iter().map(|line| line.map(|line| (line.picture, line.reason))).collect();
        let full = Some((LinePicture::Full, LineReason::None));
        let reduced = Some((LinePicture::Reduced, LineReason::LineFull));
        assert_eq!(pictures, [full, None, None, None, reduced, full]);
    }

    #[test]
    fn what_was_the_reason_stays_it_while_more_is_tried() {
        let (full, rising) = (sent(Reason::Congested), sent(Reason::Rising));
        let looks = [rising, rising, full, full, rising, rising, sent(Reason::Satisfied)];
        let told = told(&looks.map(|sent| (link(20, 0.0), Some(sent), Speech::Arrives)));
        let reasons: Vec<_> = told.iter().map(|line| line.map(|line| line.reason)).collect();
        let (first, later) = (Some(LineReason::None), Some(LineReason::LineFull));
        let wanted = [first, Some(LineReason::Rising), None, later, None, None, first];
        assert_eq!(reasons, wanted);
    }

    #[test]
    fn a_rise_that_is_stopped_twice_is_a_full_line() {
        let (full, rising) = (sent(Reason::Congested), sent(Reason::Rising));
        let looks = [rising, rising, full, rising, rising, full];
        let told = told(&looks.map(|sent| (link(20, 0.0), Some(sent), Speech::Arrives)));
        let reasons: Vec<_> = told.iter().map(|line| line.map(|line| line.reason)).collect();
        let (rises, full) = (Some(LineReason::Rising), Some(LineReason::LineFull));
        assert_eq!(reasons[1..], [rises, None, None, None, full]);
    }

    #[test]
    fn each_reason_has_its_words() {
        let reason =
            |link: &Link, reason: Reason, loss: LineLoss| picture(link, Some(sent(reason)), loss);
        let fine = link(20, 0.0);
        let queued = Link { queue: Duration::from_millis(200), ..fine };
        let silent = Link { is_silent: true, ..fine };
        for (link, why, loss, wanted) in [
            (&fine, Reason::Satisfied, LineLoss::Much, (LinePicture::Full, LineReason::None)),
            (&fine, Reason::Rising, LineLoss::None, (LinePicture::Reduced, LineReason::Rising)),
            (&fine, Reason::Line, LineLoss::Much, (LinePicture::Reduced, LineReason::LineFull)),
            (
                &fine,
                Reason::Congested,
                LineLoss::Some,
                (LinePicture::Reduced, LineReason::LineFull),
            ),
            (&fine, Reason::Congested, LineLoss::Much, (LinePicture::Reduced, LineReason::Loss)),
            (&queued, Reason::Congested, LineLoss::None, (LinePicture::Reduced, LineReason::Delay)),
            (
                &queued,
                Reason::Paused,
                LineLoss::None,
                (LinePicture::Reduced, LineReason::TooManyPictures),
            ),
            (&fine, Reason::SpeechOnly, LineLoss::None, (LinePicture::None, LineReason::LineFull)),
            (&silent, Reason::SpeechOnly, LineLoss::None, (LinePicture::None, LineReason::Silent)),
        ] {
            assert_eq!(reason(link, why, loss), wanted, "{why:?}, {loss:?}");
        }
        let nothing = Some(Sent { is_wished: false, reason: Reason::Satisfied });
        for sent in [None, nothing] {
            assert_eq!(
                picture(&fine, sent, LineLoss::None),
                (LinePicture::NotWanted, LineReason::None)
            );
        }
        assert_eq!(
            picture(&silent, None, LineLoss::None),
            (LinePicture::NotWanted, LineReason::Silent)
        );
    }

    #[test]
    fn speech_is_missed_at_the_second_look() {
        let looks = [Speech::Arrives, Speech::Missing, Speech::Missing, Speech::NotWanted];
        let told = told(&looks.map(|speech| (link(20, 0.0), None, speech)));
        let speech: Vec<_> = told.iter().map(|line| line.map(|line| line.speech)).collect();
        let wanted = [
            Some(LineSpeech::Arrives),
            None,
            Some(LineSpeech::Missing),
            Some(LineSpeech::NotWanted),
        ];
        assert_eq!(speech, wanted);
    }
}
