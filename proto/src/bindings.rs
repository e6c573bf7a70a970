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
        let mut add = |declaration: String| {
            // A comment stands before what it is about, on the same line.
            let declaration = declaration.replace("/**\n * ", "/** ").replace("\n */\n", " */ ");
            writeln!(text, "\nexport {declaration}").unwrap();
        };
        add(room::Role::decl(&config));
        add(room::ParticipantId::decl(&config));
        add(room::DisplayName::decl(&config));
        add(room::ChatText::decl(&config));
        add(room::RawText::decl(&config));
        add(room::Participant::decl(&config));
        add(room::Reaction::decl(&config));
        add(room::ReactionOf::decl(&config));
        add(room::Audience::decl(&config));
        add(room::ChatMessage::decl(&config));
        add(room::ChatChange::decl(&config));
        add(room::PrivateChat::decl(&config));
        add(room::Settings::decl(&config));
        add(room::AnswerText::decl(&config));
        add(room::Estimate::decl(&config));
        add(room::BallotKey::decl(&config));
        add(room::PollForm::<room::RawText>::decl(&config));
        add(room::Ballot::<room::RawText, room::RawText>::decl(&config));
        add(room::PollDraft::decl(&config));
        add(room::PollStage::decl(&config));
        add(room::Tally::decl(&config));
        add(room::Poll::decl(&config));
        add(room::NamedBallot::decl(&config));
        add(room::PollCount::decl(&config));
        add(room::OwnVote::decl(&config));
        add(room::PollChange::decl(&config));
        add(room::RaisedHand::decl(&config));
        add(room::CalledOn::decl(&config));
        add(room::HandsSnapshot::decl(&config));
        add(room::HandChange::decl(&config));
        add(room::Status::decl(&config));
        add(room::StatusOf::decl(&config));
        add(room::SignChange::decl(&config));
        add(room::TimerForm::decl(&config));
        add(room::TimerClock::decl(&config));
        add(room::Timer::decl(&config));
        add(room::RoomSnapshot::decl(&config));
        add(room::EndReason::decl(&config));
        add(room::RoomEvent::decl(&config));
        add(room::StateObject::decl(&config));
        add(room::Refusal::decl(&config));
        add(room::RefusedCommand::decl(&config));
        add(room::CloseReason::decl(&config));
        add(room::Attendee::decl(&config));
        add(room::LoggedAct::decl(&config));
        add(room::LoggedPerson::decl(&config));
        add(room::LogEntry::decl(&config));
        add(room::InboxObject::decl(&config));
        add(room::ChatAct::decl(&config));
        add(room::PollAct::decl(&config));
        add(room::HandAct::decl(&config));
        add(room::SignAct::decl(&config));
        add(room::TimerAct::decl(&config));
        add(room::Report::decl(&config));
        add(room::Command::decl(&config));
        add(room::NumberedCommand::decl(&config));
        text
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
