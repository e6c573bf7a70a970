//! A class with open microphones: who is heard.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use mosaik_proto::loc::AUDIO_LEVEL;
use mosaik_proto::moqt::{
    Datagram, Location, ObjectStatus, Parameters, Properties, TrackProperties,
};
use mosaik_tests::{
    Client, Path, PublishedTrack, Relay, Subscription, TEACHER, metrics, over_all, room, track,
};
use tokio::time::interval;

over_all!(three_voices_are_heard_and_who_begins_to_speak_is_from_the_first_syllable);

const FRAME: Duration = Duration::from_millis(20);

/// Audio levels (RFC 6464): a voice, and a quiet room.
const SPEECH: u64 = 0x80 + 30;
const SILENCE: u64 = 80;

/// Frames of a voice that come before its first word with it.
const LEAD: u64 = 3;

/// Frames after which somebody of whom none came has no place.
const SILENT: u64 = 50;

/// Which of the class is heard whoever else speaks.
const PINNED: usize = 4;

/// Someone with an open microphone, and the teacher's subscription to it.
struct Pupil {
    _client: Client,
    mic: PublishedTrack,
    heard: Subscription,
    /// Frames that the teacher has got.
    came: Vec<u64>,
}

impl Pupil {
    async fn enter(
        (relay, path): (&Relay, Path),
        teacher: &Client,
        number: usize,
        priority: u8,
    ) -> anyhow::Result<Self> {
        let id = format!("{:016x}", 0xc0 + number);
        let mut client = relay.join(path, &id).await?;
        client.announce(&room(&id)).await?;
        let parameters =
            Parameters { subscriber_priority: Some(priority), ..Parameters::default() };
        let asked = teacher.ask_for(&track(&id, "mic"), parameters).await?;
        let properties = TrackProperties::default().with_priority(32);
        let mic = client.asked_for("mic").await?.accept(1, properties).await?;
        let heard = teacher.established(asked).await?;
        Ok(Self { _client: client, mic, heard, came: Vec::new() })
    }

    fn is_unheard_since(&self, number: u64) -> bool {
        number > SILENT && self.came.iter().all(|frame| frame + SILENT < number)
    }

    fn frame(&mut self, number: u64, level: u64) -> anyhow::Result<()> {
        let mut properties = BytesMut::new();
        Properties::default().with_integer(AUDIO_LEVEL, level).encode(&mut properties);
        self.mic.datagram(&Datagram {
            track_alias: 0,
            location: Location::new(1, number),
            priority: None,
            end_of_group: false,
            properties: properties.freeze(),
            status: ObjectStatus::Normal,
            payload: Bytes::from_static(&[0x5A; 80]),
        })?;
        while let Some(datagram) = self.heard.try_datagram() {
            self.came.push(datagram.location.object);
        }
        Ok(())
    }
}

async fn three_voices_are_heard_and_who_begins_to_speak_is_from_the_first_syllable(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let teacher = relay.join(path, TEACHER).await?;
    let mut class = Vec::new();
    for number in 0..5 {
        let priority = if number == PINNED { 31 } else { 32 };
        class.push(Pupil::enter((&relay, path), &teacher, number, priority).await?);
    }
    let mut pace = interval(FRAME);
    let mut number = 0;
    // Three have places, and one is heard beside them. Where this program stands still for a while, places change.
    let speaker = loop {
        pace.tick().await;
        for pupil in &mut class {
            pupil.frame(number, SILENCE)?;
        }
        number += 1;
        assert!(number < 3_000, "nobody is kept out");
        let silent = class.iter().enumerate().filter(|(_, pupil)| pupil.is_unheard_since(number));
        let silent: Vec<usize> = silent.map(|(index, _)| index).collect();
        if let [speaker] = silent[..] {
            break speaker;
        }
    };
    assert_ne!(speaker, PINNED);
    assert!(metrics(&relay).await?.sum("mosaik_datagrams_unheard_total") > 0.0);
    let first_word = number;
    let heard_from = loop {
        pace.tick().await;
        for (index, pupil) in class.iter_mut().enumerate() {
            pupil.frame(number, if index == speaker { SPEECH } else { SILENCE })?;
        }
        number += 1;
        assert!(number < first_word + 3_000, "nobody hears who speaks");
        let came = class.get(speaker).into_iter().flat_map(|pupil| &pupil.came).copied();
        let came: Vec<u64> = came.filter(|frame| frame + SILENT >= first_word).collect();
        if let Some(first) = came.iter().min().filter(|_| came.len() >= 20) {
            break *first;
        }
    };
    let from = first_word - LEAD..=first_word;
    assert!(from.contains(&heard_from), "from {heard_from}, not {first_word}");
    Ok(())
}
