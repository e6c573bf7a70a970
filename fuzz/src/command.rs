//! Commands: JSON that participants say to their room, and the names and texts in it.

use mosaik_proto::room::{COMMAND_BYTES_MAX, ChatText, Command, DisplayName, NumberedCommand};

/// What is let in survives; a text that can be said once can be said again.
pub fn check(input: &[u8]) {
    if let Ok(text) = str::from_utf8(input) {
        texts(text);
    }
    let Ok(command) = NumberedCommand::decode(input) else {
        return;
    };
    if let Command::Say { text, .. } = &command.command {
        texts(text.as_str());
    }
    let again = serde_json::to_vec(&command).expect("a command is JSON");
    // Escapes that were written short may come out long.
    if again.len() <= COMMAND_BYTES_MAX {
        assert_eq!(NumberedCommand::decode(&again), Ok(command));
    }
}

fn texts(text: &str) {
    if let Ok(said) = text.parse::<ChatText>() {
        assert_eq!(said.as_str().parse(), Ok(said.clone()));
    }
    if let Ok(name) = text.parse::<DisplayName>() {
        assert_eq!(name.as_str().parse(), Ok(name.clone()));
        assert!(!name.as_str().contains(char::is_control), "a name of several lines");
    }
}
