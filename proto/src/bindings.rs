//! The TypeScript types of what is said on control tracks, for the page.
//!
//! `web/src/generated/room.ts` is made from the Rust types; a test compares the two, and writes the
//! file when `UPDATE=1` is set.

#[cfg(test)]
mod tests {
    use std::fmt::Write;
    use std::path::Path;

    use ts_rs::{Config, TS};

    use crate::room;

    const HEAD: &str =
        "/** Generated from the Rust crate mosaik-proto; `UPDATE=1 make test` renews it. */\n";

    fn declarations() -> String {
        let config = Config::new();
        let mut text = String::from(HEAD);
        let parts = [people, signs, boards, content, said, asked];
        for declaration in parts.into_iter().flat_map(|part| part(&config)) {
            // A comment stands before what it is about, on the same line.
            let declaration = declaration.replace("/**\n * ", "/** ").replace("\n */\n", " */ ");
            writeln!(text, "\nexport {declaration}").unwrap();
        }
        text
    }

    /// People, what they may do, what they say and what is asked.
    fn people(config: &Config) -> Vec<String> {
        vec![
            room::Role::decl(config),
            room::ParticipantId::decl(config),
            room::DisplayName::decl(config),
            room::ChatText::decl(config),
            room::CaptionText::decl(config),
            room::RawText::decl(config),
            room::Lock::decl(config),
            room::Locks::decl(config),
            room::PersonLock::decl(config),
            room::Entry::decl(config),
            room::Preset::decl(config),
            room::Layout::decl(config),
            room::RoomSettings::decl(config),
            room::Medium::decl(config),
            room::Agreed::decl(config),
            room::TextsVersion::decl(config),
            room::Consent::decl(config),
            room::ConsentOf::decl(config),
            room::Participant::decl(config),
            room::Reaction::decl(config),
            room::ReactionOf::decl(config),
            room::Audience::decl(config),
            room::ChatMessage::decl(config),
            room::ChatChange::decl(config),
            room::AnswerText::decl(config),
            room::Estimate::decl(config),
            room::BallotKey::decl(config),
            room::PollForm::<room::RawText>::decl(config),
            room::Ballot::<room::RawText, room::RawText>::decl(config),
            room::PollDraft::decl(config),
            room::PollStage::decl(config),
            room::Tally::decl(config),
            room::Poll::decl(config),
            room::NamedBallot::decl(config),
            room::PollCount::decl(config),
            room::OwnVote::decl(config),
            room::PollChange::decl(config),
            room::NotesCursor::decl(config),
            room::NotesAct::decl(config),
            room::NotesObject::decl(config),
        ]
    }

    /// Signs, leading, the door, breakouts, the timer.
    fn signs(config: &Config) -> Vec<String> {
        vec![
            room::RaisedHand::decl(config),
            room::CalledOn::decl(config),
            room::HandsSnapshot::decl(config),
            room::HandChange::decl(config),
            room::Status::decl(config),
            room::StatusOf::decl(config),
            room::SignChange::decl(config),
            room::LeadAct::decl(config),
            room::LeadChange::decl(config),
            room::WaitingPerson::decl(config),
            room::Place::decl(config),
            room::DoorAct::decl(config),
            room::DoorNews::decl(config),
            room::DoorSnapshot::decl(config),
            room::Distribution::decl(config),
            room::AsideWish::decl(config),
            room::AsideChange::decl(config),
            room::Breakout::decl(config),
            room::BreakoutPlace::decl(config),
            room::HelpCall::decl(config),
            room::BreakoutNotice::decl(config),
            room::Breakouts::decl(config),
            room::BreakoutAct::decl(config),
            room::BreakoutChange::decl(config),
            room::TimerForm::decl(config),
            room::TimerClock::decl(config),
            room::Timer::decl(config),
        ]
    }

    /// Whiteboards.
    fn boards(config: &Config) -> Vec<String> {
        vec![
            room::BoardId::decl(config),
            room::ShapeId::decl(config),
            room::Shape::decl(config),
            room::Points::decl(config),
            room::BoardOp::decl(config),
            room::BoardAct::decl(config),
            room::OwnBoards::decl(config),
            room::BoardPage::decl(config),
            room::BoardsSnapshot::decl(config),
            room::Sketch::decl(config),
            room::BoardObject::decl(config),
        ]
    }

    /// Slides and files.
    fn content(config: &Config) -> Vec<String> {
        vec![
            room::FileName::decl(config),
            room::ContentKind::decl(config),
            room::ContentHead::decl(config),
            room::SharedFile::decl(config),
            room::FileAct::decl(config),
            room::FileChange::decl(config),
            room::SlideForm::decl(config),
            room::Deck::decl(config),
            room::ShownSlide::decl(config),
            room::SlidesSnapshot::decl(config),
            room::SlidesAct::decl(config),
            room::SlidesChange::decl(config),
            room::PieceHead::decl(config),
            room::UploadPlace::decl(config),
            room::UploadProgress::decl(config),
            room::UploadOver::decl(config),
        ]
    }

    /// What the room says.
    fn said(config: &Config) -> Vec<String> {
        vec![
            room::Sharing::decl(config),
            room::RoomSnapshot::decl(config),
            room::EndReason::decl(config),
            room::RoomEvent::decl(config),
            room::StateObject::decl(config),
            room::Refusal::decl(config),
            room::RefusedCommand::decl(config),
            room::CloseReason::decl(config),
            room::ReceiptSecret::decl(config),
            room::HeldKind::decl(config),
            room::HeldPart::decl(config),
            room::Receipt::decl(config),
            room::Attendee::decl(config),
            room::EarlierLesson::decl(config),
            room::LoggedAct::decl(config),
            room::LoggedPerson::decl(config),
            room::LogEntry::decl(config),
            room::LinePath::decl(config),
            room::LineLoss::decl(config),
            room::LinePicture::decl(config),
            room::LineReason::decl(config),
            room::LineSpeech::decl(config),
            room::LineQuality::decl(config),
            room::LineOf::decl(config),
            room::InboxObject::decl(config),
        ]
    }

    /// What is asked of it.
    fn asked(config: &Config) -> Vec<String> {
        vec![
            room::ChatAct::decl(config),
            room::PollAct::decl(config),
            room::HandAct::decl(config),
            room::SignAct::decl(config),
            room::TimerAct::decl(config),
            room::AttendanceAct::decl(config),
            room::Report::decl(config),
            room::Command::decl(config),
            room::NumberedCommand::decl(config),
        ]
    }

    #[test]
    fn the_pages_types_are_those_of_the_room() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/src/generated/room.ts");
        let wanted = declarations();
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &wanted).unwrap();
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == wanted, "web/src/generated/room.ts is old: UPDATE=1 renews it");
    }
}
