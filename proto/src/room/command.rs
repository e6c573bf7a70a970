//! What a participant asks of the room: one object of the `commands` track each.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::limits::COMMAND_BYTES_MAX;
use super::{
    Agreed, AttendanceAct, Audience, BoardAct, BreakoutAct, ChatAct, DoorAct, FileAct, HandAct,
    LeadAct, MessageId, NotesAct, PollAct, RawText, Report, SignAct, SlidesAct, TextsVersion,
    TimerAct,
};

/// Counts a participant's commands from 1 on.
pub type CommandNumber = u64;

/// What a participant asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Command {
    /// Say something.
    #[serde(rename_all = "camelCase")]
    Say {
        /// What is said.
        text: RawText,
        /// To whom; to everyone if it is left out.
        #[serde(default)]
        to: Audience,
        /// The message that it answers.
        #[serde(default)]
        #[ts(type = "number | null")]
        reply_to: Option<MessageId>,
    },
    /// Say what this participant sends now.
    SetSources {
        /// Whether the microphone is on.
        mic: bool,
        /// Whether the camera is on.
        cam: bool,
        /// Whether the screen is shared; it is not if that is left out.
        #[serde(default)]
        screen: bool,
    },
    /// Say what one agrees to from here on.
    Consent {
        /// What.
        agreed: Agreed,
        /// The texts that one had before them.
        texts: Option<TextsVersion>,
    },
    /// Leave for good.
    Leave {},
    /// End the room for all.
    EndRoom {},
    /// Something about messages.
    Chat {
        /// What.
        act: ChatAct,
    },
    /// Type captions of what is said: the line as it is by now.
    Caption {
        /// The whole line.
        text: RawText,
        /// Whether it is complete: the next one begins another.
        done: bool,
    },
    /// Something about polls.
    Poll {
        /// What.
        act: PollAct,
    },
    /// Something about hands.
    Hand {
        /// What.
        act: HandAct,
    },
    /// Something about statuses and reactions.
    Sign {
        /// What.
        act: SignAct,
    },
    /// Something about roles and locks.
    Lead {
        /// What.
        act: LeadAct,
    },
    /// Something about who is in.
    Door {
        /// What.
        act: DoorAct,
    },
    /// Something about the timer.
    Timer {
        /// What.
        act: TimerAct,
    },
    /// Something about breakouts.
    Breakout {
        /// What.
        act: BreakoutAct,
    },
    /// Something about whiteboards.
    Board {
        /// What.
        act: BoardAct,
    },
    /// Something about the notes.
    Notes {
        /// What.
        act: NotesAct,
    },
    /// Something about slides.
    Slides {
        /// What.
        act: SlidesAct,
    },
    /// Something about files.
    File {
        /// What.
        act: FileAct,
    },
    /// Something about attendance that is kept.
    Attendance {
        /// What.
        act: AttendanceAct,
    },
    /// Be told something once.
    Report {
        /// What.
        of: Report,
    },
}

/// A command and its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NumberedCommand {
    /// Its number.
    #[ts(type = "number")]
    pub number: CommandNumber,
    /// What is asked for.
    pub command: Command,
}

/// An object that is no command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Its number can be read: the participant is told.
    #[error("command {0} is malformed")]
    Numbered(CommandNumber),
    /// Nothing of it can be read, or it is too large.
    #[error("the object is no command")]
    Unreadable,
}

impl NumberedCommand {
    /// Reads one object.
    ///
    /// # Errors
    /// [`Malformed`], with the number where there is one.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        #[derive(Deserialize)]
        struct OnlyNumber {
            number: CommandNumber,
        }
        if bytes.len() > COMMAND_BYTES_MAX {
            return Err(Malformed::Unreadable);
        }
        serde_json::from_slice(bytes).map_err(|_| {
            serde_json::from_slice::<OnlyNumber>(bytes)
                .map_or(Malformed::Unreadable, |only| Malformed::Numbered(only.number))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::room::{
        BoardId, BoardOp, Distribution, Layout, ParticipantId, Preset, ShapeId, Status, TimerForm,
    };

    #[track_caller]
    fn decode_all(commands: impl IntoIterator<Item = (&'static str, Command)>) {
        for (json, command) in commands {
            let object = format!(r#"{{"number":7,"command":{json}}}"#);
            let decoded = NumberedCommand::decode(object.as_bytes());
            assert_eq!(decoded, Ok(NumberedCommand { number: 7, command }));
        }
    }

    #[test]
    fn the_documented_commands_of_people_decode() {
        decode_all([
            (
                r#"{"kind":"say","text":"Guten Morgen"}"#,
                Command::Say {
                    text: "Guten Morgen".into(),
                    to: Audience::Everyone {},
                    reply_to: None,
                },
            ),
            (
                r#"{"kind":"say","text":"Hilfe","to":{"kind":"moderators"},"replyTo":5}"#,
                Command::Say {
                    text: "Hilfe".into(),
                    to: Audience::Moderators {},
                    reply_to: Some(5),
                },
            ),
            (
                r#"{"kind":"chat","act":{"kind":"delete","id":5,"private":true}}"#,
                Command::Chat { act: ChatAct::Delete { id: 5, private: true } },
            ),
            (
                r#"{"kind":"setSources","mic":true,"cam":false}"#,
                Command::SetSources { mic: true, cam: false, screen: false },
            ),
            (
                r#"{"kind":"setSources","mic":false,"cam":true,"screen":true}"#,
                Command::SetSources { mic: false, cam: true, screen: true },
            ),
            (
                r#"{"kind":"consent","agreed":{"seen":true,"heard":false,"read":true},"texts":"1"}"#,
                Command::Consent {
                    agreed: Agreed { seen: true, heard: false, read: true },
                    texts: Some("1".parse().unwrap()),
                },
            ),
            (r#"{"kind":"leave"}"#, Command::Leave {}),
            (r#"{"kind":"endRoom"}"#, Command::EndRoom {}),
        ]);
    }

    #[test]
    fn the_documented_commands_of_a_lesson_decode() {
        decode_all([
            (
                r#"{"kind":"hand","act":{"kind":"callOn","id":"00000000000000ff"}}"#,
                Command::Hand { act: HandAct::CallOn { id: ParticipantId::new(255) } },
            ),
            (
                r#"{"kind":"sign","act":{"kind":"status","status":"needHelp"}}"#,
                Command::Sign { act: SignAct::Status { status: Some(Status::NeedHelp) } },
            ),
            (
                r#"{"kind":"lead","act":{"kind":"usePreset","preset":"lecture"}}"#,
                Command::Lead { act: LeadAct::UsePreset { preset: Preset::Lecture } },
            ),
            (
                r#"{"kind":"lead","act":{"kind":"setLayout","layout":"gallery"}}"#,
                Command::Lead { act: LeadAct::SetLayout { layout: Some(Layout::Gallery) } },
            ),
            (
                r#"{"kind":"door","act":{"kind":"remove","id":"00000000000000ff","ban":true}}"#,
                Command::Door { act: DoorAct::Remove { id: ParticipantId::new(255), ban: true } },
            ),
            (
                r#"{"kind":"breakout","act":{"kind":"open","count":4,"how":"random","minutes":10}}"#,
                Command::Breakout {
                    act: BreakoutAct::Open {
                        count: 4,
                        how: Distribution::Random,
                        minutes: Some(10),
                    },
                },
            ),
            (
                r#"{"kind":"board","act":{"kind":"draw","board":"page/1","ops":[{"kind":"put","id":"00000000000000ff.4","shape":"p01CACA"}]}}"#,
                Command::Board {
                    act: BoardAct::Draw {
                        board: BoardId::Page(1),
                        ops: vec![BoardOp::Put {
                            id: ShapeId { by: ParticipantId::new(255), number: 4 },
                            shape: "p01CACA".parse().unwrap(),
                            below: None,
                        }],
                    },
                },
            ),
            (r#"{"kind":"report","of":"attendance"}"#, Command::Report { of: Report::Attendance }),
            (
                r#"{"kind":"attendance","act":{"kind":"forget","openedAt":5}}"#,
                Command::Attendance { act: AttendanceAct::Forget { opened_at: 5 } },
            ),
            (
                r#"{"kind":"slides","act":{"kind":"open","key":7,"name":"Atome.pdf","length":12}}"#,
                Command::Slides {
                    act: SlidesAct::Open { key: 7, name: "Atome.pdf".into(), length: 12 },
                },
            ),
            (
                r#"{"kind":"file","act":{"kind":"offer","key":7,"name":"a.txt","size":12}}"#,
                Command::File { act: FileAct::Offer { key: 7, name: "a.txt".into(), size: 12 } },
            ),
            (
                r#"{"kind":"timer","act":{"kind":"start","form":{"kind":"countdown","seconds":300}}}"#,
                Command::Timer {
                    act: TimerAct::Start { form: TimerForm::Countdown { seconds: 300 } },
                },
            ),
        ]);
    }

    #[test]
    fn a_malformed_command_keeps_its_number_where_it_has_one() {
        for unknown in [
            r#"{"kind":"fly"}"#,
            r#"{"kind":"leave","for":"good"}"#,
            r#"{"kind":"consent","agreed":{"seen":true},"texts":null}"#,
            r#"{"kind":"say","text":"a","to":{"kind":"everyone","id":"00000000000000ff"}}"#,
            r#"{"kind":"hand","act":{"kind":"raise","id":"00000000000000ff"}}"#,
            r#"{"kind":"attendance","act":{"kind":"forget"}}"#,
            r#"{"kind":"poll","act":{"kind":"close","id":-1}}"#,
            r#"{"kind":"board","act":{"kind":"show","board":"wall/1"}}"#,
            r#"{"kind":"board","act":{"kind":"draw","board":"page/1","ops":[{"kind":"put","id":"00000000000000ff.4","shape":"p01C"}]}}"#,
            r#"{"kind":"file","act":{"kind":"offer","key":7,"name":"a.txt","size":-1}}"#,
            r#"{"kind":"slides","act":{"kind":"show","deck":1,"page":65536}}"#,
            r#"{"kind":"timer","act":{"kind":"start","form":{"kind":"countdown","seconds":-5}}}"#,
            r#"{"kind":"breakout","act":{"kind":"open","count":4,"how":"byAge","minutes":null}}"#,
        ] {
            let object = format!(r#"{{"number":3,"command":{unknown}}}"#);
            let decoded = NumberedCommand::decode(object.as_bytes());
            assert_eq!(decoded, Err(Malformed::Numbered(3)), "{unknown}");
        }
        assert_eq!(NumberedCommand::decode(b"{"), Err(Malformed::Unreadable));
        let large = format!(r#"{{"number":3,"text":"{}"}}"#, "x".repeat(COMMAND_BYTES_MAX));
        assert_eq!(NumberedCommand::decode(large.as_bytes()), Err(Malformed::Unreadable));
    }

    proptest! {
        #[test]
        fn any_bytes_decode_or_are_refused(bytes: Vec<u8>) {
            let _ = NumberedCommand::decode(&bytes);
        }
    }
}
