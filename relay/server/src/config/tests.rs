//! Four places, one meaning: precedence, mistakes with their place, and the document.

use std::path::PathBuf;

use super::*;

fn in_file(text: &str) -> Result<(Settings, Vec<RoomSettings>), ConfigError> {
    let (written, rooms) = file::parse(text, Path::new("mosaik.toml"))?;
    Ok((Settings::from_written(&written)?, rooms))
}

fn message(text: &str) -> String {
    in_file(text).unwrap_err().to_string()
}

#[test]
fn without_anything_written_every_default_is_allowed() {
    let config = load(Sources::default()).unwrap();
    assert_eq!(config.settings.listen.0.to_string(), "[::]:4433");
    assert_eq!(config.settings.participants.get(), 60);
    assert_eq!(config.settings.demo, None);
    assert!(config.rooms.is_empty());
}

/// A configuration file for one test, removed by its end.
struct Written(PathBuf);

impl Written {
    fn new(test: &str, text: &str) -> Self {
        let name = format!("mosaik-config-{}-{test}.toml", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).unwrap();
        Self(path)
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn a_flag_wins_over_the_environment_over_the_file_over_the_default() {
    let file =
        Written::new("order", "listen = \"127.0.0.1:1\"\nparticipants = 10\nsessions = 20\n");
    let sources = Sources {
        file: Some(file.0.clone()),
        flags: vec![("listen", "127.0.0.1:3".to_owned())],
        environment: Vec::new(),
    };
    let sources = sources.with_environment(|name| match name {
        "MOSAIK_LISTEN" => Some("127.0.0.1:2".to_owned()),
        "MOSAIK_PARTICIPANTS" => Some("11".to_owned()),
        _ => None,
    });
    let settings = load(sources).unwrap().settings;
    assert_eq!(settings.listen.0.port(), 3);
    assert_eq!(settings.participants.get(), 11);
    assert_eq!(settings.sessions.get(), 20);
    assert_eq!(settings.connections.get(), 1024);
}

#[test]
fn a_wrong_value_is_told_with_its_place_and_what_is_allowed() {
    let flags = vec![("participants", "many".to_owned())];
    let error = load(Sources { flags, ..Sources::default() }).unwrap_err();
    assert_eq!(
        error.to_string(),
        "--participants: participants cannot be \"many\". \
         Allowed: a whole number from 2 to 500."
    );
    let sources = Sources::default()
        .with_environment(|name| (name == "MOSAIK_LOG").then(|| "loud".to_owned()));
    assert!(load(sources).unwrap_err().to_string().starts_with("MOSAIK_LOG: "));
    assert_eq!(
        message("# rooms\nidle_timeout = 1"),
        "mosaik.toml:2: idle_timeout cannot be \"1\". Allowed: whole seconds from 5 to 600."
    );
    assert!(message("\n\nlisten = { }").starts_with("mosaik.toml:3: listen cannot be"));
    assert!(message("listen = 1979-05-27").contains("Allowed: an address"));
    assert!(message("demo = \"on\"\nlog = ").starts_with("mosaik.toml:2: "));
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_one() {
    assert_eq!(
        message("lisen = \"[::]:1\""),
        "mosaik.toml:1: there is no setting \"lisen\". Did you mean \"listen\"?"
    );
    assert!(message("banana = 1").contains("There are: listen, public_url"));
    assert_eq!(
        message("[[room]]\nid = \"a\"\ntitel = \"A\""),
        "mosaik.toml:3: there is no setting \"titel\". Did you mean \"title\"?"
    );
}

#[test]
fn rooms_are_read_and_their_mistakes_told_without_their_secrets() {
    let (settings, rooms) = in_file(
        "demo = false\nhost_names = [\"a.example\", \"192.0.2.7\"]\n\
         [[room]]\nid = \"klasse-7b\"\ntitle = \"Klasse 7b\"\nparticipants = 32\n\
         moderator_secret = \"0123456789abcdefghijklmn\"\n[[room]]\nid = \"b\"\n",
    )
    .unwrap();
    assert_eq!(settings.demo, Some(Switch(false)));
    assert_eq!(settings.host_names.0.len(), 2);
    assert_eq!(rooms[0].participants, Some(32));
    assert_eq!(rooms[1].id, "b");
    assert!(!format!("{rooms:?}").contains("0123456789"));

    let short = message("[[room]]\nid = \"a\"\nviewer_secret = \"hunter2\"");
    assert!(short.starts_with("mosaik.toml:3: viewer_secret cannot be"), "{short}");
    assert!(!short.contains("hunter2"));
    assert!(message("[[room]]\ntitle = \"A\"").contains("id is missing"));
    assert!(message("[[room]]\nid = \"A B\"").contains("a-z, 0-9 and -"));
    assert!(message("[[room]]\nid = \"a\"\n[[room]]\nid = \"a\"").starts_with("mosaik.toml:3"));
    assert!(message("room = 3").contains("[[room]]"));
    let secret = "s".repeat(22);
    let twice = format!(
        "[[room]]\nid = \"a\"\nmoderator_secret = \"{secret}\"\nviewer_secret = \"{secret}\""
    );
    assert!(message(&twice).contains("twice"));
}

#[test]
fn a_certificate_needs_its_key() {
    let flags = vec![("certificate", "chain.pem".to_owned())];
    let error = load(Sources { flags, ..Sources::default() }).unwrap_err();
    assert_eq!(error, ConfigError::HalfCertificate);
}

#[test]
fn a_room_is_never_public() {
    let public = |text: &str| {
        let file = Written::new("public", "[[room]]\nid = \"klasse-7b\"\n");
        let flags = vec![("public_namespace", text.to_owned())];
        load(Sources { file: Some(file.0.clone()), flags, ..Sources::default() })
    };
    for (text, id) in
        [("open,klasse-7b", "klasse-7b"), ("klasse-7b/x", "klasse-7b"), ("demo", "demo")]
    {
        assert_eq!(
            public(text).unwrap_err(),
            ConfigError::PublicRoom { id: id.to_owned() },
            "{text}"
        );
    }
    assert_eq!(public("open/klasse-7b,klasse").unwrap().settings.public_namespace.0.len(), 2);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let file = Some(PathBuf::from("/nowhere/mosaik.toml"));
    let error = load(Sources { file, ..Sources::default() }).unwrap_err();
    assert!(error.to_string().contains("/nowhere/mosaik.toml"), "{error}");
}

/// The tables of docs/configuration.md.
fn tables() -> String {
    use std::fmt::Write;
    let mut text = String::from("| key | flag | environment | default | allowed |\n");
    text.push_str("|---|---|---|---|---|\n");
    for setting in SETTINGS {
        let default = if setting.default.is_empty() {
            "not set".to_owned()
        } else {
            format!("`{}`", setting.default)
        };
        writeln!(
            text,
            "| `{}` | `--{}` | `{}` | {default} | {} |",
            setting.key,
            setting.flag(),
            setting.environment(),
            (setting.allowed)()
        )
        .unwrap();
    }
    text.push('\n');
    for setting in SETTINGS {
        writeln!(text, "- `{}`: {}", setting.key, setting.help.trim()).unwrap();
    }
    text.push_str("\n### Rooms: `[[room]]`\n\n| key | meaning | allowed |\n|---|---|---|\n");
    for known in ROOM_KEYS {
        writeln!(text, "| `{}` | {} | {} |", known.key, known.help, known.allowed).unwrap();
    }
    text
}

#[test]
fn the_document_says_what_the_code_does() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/configuration.md");
    let document = std::fs::read_to_string(path).unwrap();
    let tables = tables();
    assert!(document.contains(&tables), "docs/configuration.md must contain:\n\n{tables}");
}
