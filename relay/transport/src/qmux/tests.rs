//! A session against records that are made by hand: order, credit, and what breaks the rules.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test ends where its ground is missing, and names what it expects"
)]

use bytes::{Bytes, BytesMut};
use proptest::prelude::*;

use super::frame::{self, Frame, put_stream_head, take_frame};
use super::parameters::MuxParameters;
use super::*;
use crate::error::TransportError;

const LIMITS: MuxLimits = MuxLimits {
    session_window: 64 << 10,
    stream_window: 16 << 10,
    streams_bidi: 4,
    streams_uni: 8,
    idle_timeout: 30_000,
};

/// What a generous peer says.
const GENEROUS: MuxParameters = MuxParameters {
    idle_timeout: 0,
    max_data: 1 << 30,
    max_stream_data_bidi_local: 1 << 20,
    max_stream_data_bidi_remote: 1 << 20,
    max_stream_data_uni: 1 << 20,
    max_streams_bidi: 16,
    max_streams_uni: 16,
    max_record_size: RECORD_BYTES as u64,
    max_datagram_frame_size: 1200,
};

/// A session whose peer said what it takes, and heard what we take.
fn with(parameters: MuxParameters) -> Mux {
    let mut mux = Mux::new(LIMITS);
    mux.take(frame::parameters(parameters));
    assert!(matches!(sent(&mut mux, 4096).as_slice(), [Frame::Parameters(_)]));
    mux
}

/// The frames of the next record.
fn sent(mux: &mut Mux, size: usize) -> Vec<Frame> {
    let mut record = mux.next(size, Leave::ALL).unwrap_or_default();
    std::iter::from_fn(|| take_frame(&mut record).unwrap()).collect()
}

fn stream(id: u64, offset: u64, data: &[u8], is_final: bool) -> Bytes {
    let mut record = BytesMut::new();
    put_stream_head(id, offset, data.len(), is_final, &mut record);
    record.extend_from_slice(data);
    record.freeze()
}

fn data_of(frame: &Frame) -> (u64, usize) {
    match frame {
        Frame::Stream { id, data, .. } => (*id, data.len()),
        other => panic!("{other:?} is no data"),
    }
}

#[test]
fn what_is_urgent_overtakes_what_waits_and_takes_no_turns_with_it() {
    let mut mux = with(GENEROUS);
    let video = mux.open_uni(10).unwrap().id;
    assert_eq!(mux.write(video, &mut [Bytes::from(vec![1; 40_000])]), Ok(40_000));
    assert_eq!(
        sent(&mut mux, 2_000).iter().map(data_of).map(|(id, _)| id).collect::<Vec<_>>(),
        [video]
    );
    let speech = mux.open_uni(20).unwrap().id;
    assert_eq!(mux.write(speech, &mut [Bytes::from(vec![2; 500])]), Ok(500));
    let frames: Vec<_> = sent(&mut mux, 2_000).iter().map(data_of).collect();
    assert_eq!(frames.first(), Some(&(speech, 500)));
    assert_eq!(frames.get(1).map(|(id, _)| *id), Some(video));
}

#[test]
fn while_the_rest_must_wait_what_is_urgent_goes_on() {
    let mut mux = with(GENEROUS);
    let video = mux.open_uni(-1 - (1 << 23 | 160 << 15)).unwrap().id;
    let chat = mux.open_uni(-1 - (2 << 23 | 48 << 15)).unwrap().id;
    for id in [video, chat] {
        assert_eq!(mux.write(id, &mut [Bytes::from(vec![1; 500])]), Ok(500));
    }
    let urgent = Leave { urgent: 1_000, bulk: 0 };
    let mut record = mux.next(4_096, urgent).unwrap();
    assert_eq!(take_frame(&mut record).unwrap().as_ref().map(data_of), Some((chat, 500)));
    assert!(record.is_empty() && mux.next(4_096, urgent).is_none());
    assert_eq!(sent(&mut mux, 4_096).iter().map(data_of).collect::<Vec<_>>(), [(video, 500)]);
}

#[test]
fn streams_of_one_order_take_turns() {
    let mut mux = with(GENEROUS);
    let ids = [mux.open_uni(10).unwrap().id, mux.open_uni(10).unwrap().id];
    for id in ids {
        mux.write(id, &mut [Bytes::from(vec![0; 5_000])]).unwrap();
    }
    let order: Vec<u64> = (0..4).map(|_| data_of(&sent(&mut mux, 1_000)[0]).0).collect();
    assert_eq!(order, [ids[0], ids[1], ids[0], ids[1]]);
}

#[test]
fn what_waits_is_bounded_and_takes_no_room_from_what_is_more_urgent() {
    let mut mux = with(GENEROUS);
    let video = mux.open_uni(10).unwrap().id;
    let taken = mux.write(video, &mut [Bytes::from(vec![0; 1 << 20])]).unwrap();
    assert!(taken < 64 << 10, "{taken} bytes wait");
    let same = mux.open_uni(10).unwrap().id;
    assert_eq!(mux.write(same, &mut [Bytes::from_static(b"late")]), Ok(0));
    let speech = mux.open_uni(20).unwrap().id;
    assert_eq!(mux.write(speech, &mut [Bytes::from_static(b"hello")]), Ok(5));
}

#[test]
fn speech_finds_room_behind_any_number_of_kinds_of_pictures() {
    let mut mux = with(GENEROUS);
    // Each kind is more urgent than those before, and fills what it may.
    for order in -9..-1 {
        let half = mux.open_uni(order).unwrap();
        mux.write(half.id, &mut [Bytes::from(vec![0; 200_000])]).unwrap();
    }
    let speech = mux.open_uni(-1).unwrap();
    assert_eq!(mux.write(speech.id, &mut [Bytes::from_static(&[1; 1_000])]), Ok(1_000));
    let mut taken = 0;
    while let Ok(more @ 1..) = mux.write(speech.id, &mut [Bytes::from(vec![1; 1_000])]) {
        taken += more;
    }
    assert!(taken < 16 << 10, "{taken} more bytes wait");
}

#[test]
fn what_is_reset_while_it_waits_never_leaves() {
    let mut mux = with(GENEROUS);
    let id = mux.open_uni(10).unwrap().id;
    mux.write(id, &mut [Bytes::from(vec![0; 10_000])]).unwrap();
    let (_, left) = data_of(&sent(&mut mux, 1_000)[0]);
    mux.reset(id, 2);
    let expected = Frame::Reset { id, code: 2, final_size: left as u64 };
    assert_eq!(sent(&mut mux, 16_000), [expected]);
    assert_eq!(mux.sending_ended(id), Some(Ended::Reset));
    assert_eq!(mux.write(id, &mut [Bytes::from_static(b"more")]), Err(Ended::Reset));
    assert!(mux.next(16_000, Leave::ALL).is_none());
}

#[test]
fn no_more_is_sent_than_the_peer_takes() {
    let mut mux = with(MuxParameters { max_data: 100, max_stream_data_uni: 70, ..GENEROUS });
    let ids = [mux.open_uni(10).unwrap().id, mux.open_uni(10).unwrap().id];
    for id in ids {
        // What the stream may not send is not even taken.
        assert_eq!(mux.write(id, &mut [Bytes::from(vec![0; 80])]), Ok(70));
    }
    let frames: Vec<_> = sent(&mut mux, 16_000).iter().map(data_of).collect();
    assert_eq!(frames, [(ids[0], 70), (ids[1], 30)]);
    assert!(mux.next(16_000, Leave::ALL).is_none());
    mux.take(frame::max_data(120));
    assert_eq!(sent(&mut mux, 16_000).iter().map(data_of).collect::<Vec<_>>(), [(ids[1], 20)]);
    mux.take([frame::max_data(1_000), frame::max_stream_data(ids[0], 80)].concat().into());
    assert_eq!(mux.write(ids[0], &mut [Bytes::from(vec![0; 80])]), Ok(10));
}

#[test]
fn no_more_streams_are_opened_than_the_peer_takes() {
    let mut mux = with(MuxParameters { max_streams_uni: 1, ..GENEROUS });
    assert!(mux.open_uni(0).is_some());
    assert!(mux.open_uni(0).is_none());
    assert!(mux.take(frame::max_streams(true, 2)).room);
    assert!(mux.open_uni(0).is_some());
}

#[test]
fn the_peer_may_send_more_when_what_came_was_read_and_not_before() {
    let mut mux = with(GENEROUS);
    assert!(mux.take(stream(2, 0, &[7; 12_000], false)).arrived);
    let id = mux.accept_uni().unwrap().id;
    assert!(mux.next(4096, Leave::ALL).is_none());
    assert_eq!(mux.read(id, 12_000), Some(Ok(Some(Bytes::from(vec![7; 12_000])))));
    assert_eq!(sent(&mut mux, 4096), [Frame::MaxStreamData { id, max: 12_000 + (16 << 10) }]);
    assert_eq!(mux.read(id, 10), None);
    mux.take(stream(2, 12_000, b"end", true));
    assert_eq!(mux.read(id, 2), Some(Ok(Some(Bytes::from_static(b"en")))));
    assert_eq!(mux.read(id, 2), Some(Ok(Some(Bytes::from_static(b"d")))));
    assert_eq!(mux.read(id, 2), Some(Ok(None)));
}

#[test]
fn tiny_pieces_come_out_as_one() {
    let mut mux = with(GENEROUS);
    for at in 0..1_000 {
        mux.take(stream(2, at, b"x", false));
    }
    let id = mux.accept_uni().unwrap().id;
    assert_eq!(mux.read(id, 4_000), Some(Ok(Some(Bytes::from(vec![b'x'; 1_000])))));
}

#[test]
fn the_peer_may_open_more_streams_when_others_are_over_on_both_sides() {
    let mut mux = with(GENEROUS);
    for index in 0..4_u64 {
        mux.take(stream(index * 4, 0, b"request", true));
        let (send, recv) = mux.accept_bi().unwrap();
        mux.finish(send.id);
        mux.forget_receiving(recv.id, 0);
        mux.let_go_sending(send.id, None);
    }
    // The ends of ours, and what follows from them.
    sent(&mut mux, 4096);
    let frames = sent(&mut mux, 4096);
    assert!(frames.contains(&Frame::MaxStreams { is_one_way: false, max: 6 }), "{frames:?}");
}

#[test]
fn a_stream_whose_halves_end_in_one_record_makes_room_for_one() {
    let mut mux = with(GENEROUS);
    let mut limits = Vec::new();
    for index in 0..2_u64 {
        mux.take(stream(index * 4, 0, b"request", false));
        let (send, recv) = mux.accept_bi().unwrap();
        mux.forget_receiving(recv.id, 1);
        // Its FIN was not asked for by the socket when the peer gives up both halves.
        mux.let_go_sending(send.id, None);
        mux.take([frame::stop(send.id, 2), frame::reset(recv.id, 2, 7)].concat().into());
        limits.extend(sent(&mut mux, 4096).into_iter().filter_map(|frame| match frame {
            Frame::MaxStreams { is_one_way: false, max } => Some(max),
            _ => None,
        }));
    }
    assert_eq!(limits, [6]);
}

#[test]
fn a_stream_that_nobody_reads_is_stopped_and_counted_until_it_ends() {
    let mut mux = with(GENEROUS);
    for index in 0..8_u64 {
        let id = index * 4 + 2;
        mux.take(stream(id, 0, &[0; 1_000], false));
        let half = mux.accept_uni().unwrap();
        mux.forget_receiving(half.id, 1);
        assert_eq!(sent(&mut mux, 4096), [Frame::Stop { id, code: 1 }]);
    }
    mux.take(stream(34, 0, b"one too many", false));
    assert!(matches!(mux.end(), Some(TransportError::Lost(_))));
}

#[test]
fn datagrams_are_bounded_in_both_directions() {
    let mut mux = with(GENEROUS);
    assert!(!mux.send_datagram(&[0; 1200], None));
    for _ in 0..1_000 {
        assert!(mux.send_datagram(&[0; 1000], None));
        mux.take(frame::datagram(&[]));
    }
    let waiting = std::iter::from_fn(|| mux.next(1_100, Leave::ALL)).count();
    assert!(waiting <= 64, "{waiting} wait");
    let came = std::iter::from_fn(|| mux.accept_datagram()).count();
    assert!(came <= 1_024, "{came} wait");
}

#[test]
fn whoever_breaks_a_rule_is_told_which_and_the_session_ends() {
    let parameters = || frame::parameters(GENEROUS);
    let all = |frames: &[Bytes]| Bytes::from(frames.concat());
    for (what, record, code) in [
        ("no parameters first", all(&[frame::ping(0)]), MuxCode::Protocol),
        ("parameters twice", all(&[parameters(), parameters()]), MuxCode::Protocol),
        (
            "a type nobody knows",
            all(&[parameters(), Bytes::from_static(&[0x3F])]),
            MuxCode::FrameEncoding,
        ),
        (
            "a cut field",
            all(&[parameters(), Bytes::from_static(&[0x0E, 2, 0, 9])]),
            MuxCode::FrameEncoding,
        ),
        ("a gap", all(&[parameters(), stream(2, 5, b"x", false)]), MuxCode::Protocol),
        (
            "too many streams",
            all(&[parameters(), stream(34, 0, b"x", false)]),
            MuxCode::StreamLimit,
        ),
        (
            "beyond the window",
            all(&[parameters(), frame::reset(2, 0, 1 << 20)]),
            MuxCode::FlowControl,
        ),
        ("our direction", all(&[parameters(), stream(3, 0, b"x", false)]), MuxCode::StreamState),
        (
            "a stream of ours that is not",
            all(&[parameters(), frame::stop(7, 0)]),
            MuxCode::StreamState,
        ),
        ("a stop of their own", all(&[parameters(), frame::stop(2, 0)]), MuxCode::StreamState),
        (
            "a ping that goes back",
            all(&[parameters(), frame::ping(1), frame::ping(1)]),
            MuxCode::Protocol,
        ),
        (
            "too many stream IDs",
            all(&[parameters(), frame::max_streams(true, 1 << 61)]),
            MuxCode::FrameEncoding,
        ),
        (
            "small records",
            frame::parameters(MuxParameters { max_record_size: 100, ..GENEROUS }),
            MuxCode::Parameter,
        ),
    ] {
        let mut mux = Mux::new(LIMITS);
        assert_eq!(mux.take(record), Changed { arrived: true, room: true }, "{what}");
        assert!(matches!(mux.end(), Some(TransportError::Lost(_))), "{what}: {:?}", mux.end());
        let told = sent(&mut mux, 4096).into_iter().find_map(|frame| match frame {
            Frame::Close { by_application: false, code, .. } => Some(code),
            _ => None,
        });
        assert_eq!(told, Some(code as u64), "{what}");
    }
}

#[test]
fn a_peer_that_makes_us_answer_and_does_not_read_is_ended() {
    let mut mux = with(GENEROUS);
    let pings = 10_000;
    let record: Vec<u8> = (0..pings).flat_map(frame::ping).collect();
    mux.take(record.into());
    assert_eq!(mux.end(), Some(&TransportError::Lost("our answers are not read")));
}

#[test]
fn last_words_go_in_both_directions() {
    let mut mux = with(GENEROUS);
    let id = mux.open_uni(0).unwrap().id;
    mux.write(id, &mut [Bytes::from_static(b"never sent")]).unwrap();
    mux.close(3, "that was wrong");
    let reason = Bytes::from_static(b"that was wrong");
    assert_eq!(sent(&mut mux, 4096), [Frame::Close { by_application: true, code: 3, reason }]);
    assert_eq!(mux.sending_ended(id), Some(Ended::Lost));

    let mut mux = with(GENEROUS);
    mux.take(frame::close_by_application(5, b"bye"));
    assert_eq!(mux.end(), Some(&TransportError::Closed { code: 5, reason: "bye".into() }));
}

proptest! {
    #[test]
    fn any_record_is_taken_or_ends_the_session(
        records in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 1..8),
        begins in any::<bool>(),
    ) {
        let mut mux = Mux::new(LIMITS);
        if begins {
            mux.take(frame::parameters(GENEROUS));
        }
        for record in records {
            mux.take(record.into());
            while mux.next(4096, Leave::ALL).is_some() {}
        }
    }

    #[test]
    fn what_is_written_arrives_whole_and_in_order(
        writes in prop::collection::vec((0..4_usize, 1..3_000_usize), 1..40),
        size in 100..16_000_usize,
    ) {
        let mut mux = with(GENEROUS);
        let ids: Vec<u64> = (0..4).map(|order| mux.open_uni(order).unwrap().id).collect();
        let mut written = [const { Vec::new() }; 4];
        let mut arrived = [const { Vec::new() }; 4];
        for (index, length) in writes {
            let bytes: Vec<u8> = (0..=250).cycle().take(length).collect();
            let taken = mux.write(ids[index], &mut [Bytes::from(bytes.clone())]).unwrap();
            written[index].extend_from_slice(&bytes[..taken]);
            for frame in sent(&mut mux, size) {
                let Frame::Stream { id, offset, data, .. } = frame else { continue };
                let at = ids.iter().position(|known| *known == id).unwrap();
                prop_assert_eq!(offset, Some(arrived[at].len() as u64));
                arrived[at].extend_from_slice(&data);
            }
        }
        while mux.next(size, Leave::ALL).is_some_and(|mut record| {
            while let Ok(Some(Frame::Stream { id, data, .. })) = take_frame(&mut record) {
                let at = ids.iter().position(|known| *known == id).unwrap();
                arrived[at].extend_from_slice(&data);
            }
            true
        }) {}
        prop_assert_eq!(written, arrived);
    }
}
