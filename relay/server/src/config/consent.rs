//! What people read before they agree to be seen, heard and read: a school's own texts, or ours.

use std::path::Path;

use mosaik_proto::room::TextsVersion;
use serde::Serialize;
use toml::de::{DeTable, DeValue};

use super::ConfigError;
use super::file::File;

/// Most characters of one text: two sentences and a place where to read more.
const TEXT_CHARS_MAX: usize = 600;

/// The keys of the file beside the version.
const LANGUAGES: [&str; 2] = ["de", "en"];

/// The texts in one language, plain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConsentWords {
    /// What is said before the three.
    pub intro: String,
    /// What being seen means.
    pub seen: String,
    /// What being heard means.
    pub heard: String,
    /// What being read means.
    pub read: String,
}

/// The texts, and by which version a statement names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConsentTexts {
    /// The version.
    pub version: TextsVersion,
    /// German.
    pub de: ConsentWords,
    /// English.
    pub en: ConsentWords,
}

impl Default for ConsentTexts {
    fn default() -> Self {
        let words = |[intro, seen, heard, read]: [&str; 4]| ConsentWords {
            intro: intro.to_owned(),
            seen: seen.to_owned(),
            heard: heard.to_owned(),
            read: read.to_owned(),
        };
        Self {
            version: "mosaik-2".parse().expect("our own version is one"),
            de: words([
                "Du entscheidest, und du kannst es jederzeit ändern. Auch ohne Zustimmung bist du \
                 ganz dabei: Du siehst und hörst den Unterricht, meldest dich und stimmst ab.",
                "Die anderen dürfen mich sehen, wenn ich meine Kamera einschalte. Meinen Bildschirm \
                 sehen sie nur, wenn ich ihn teile: Das entscheide ich jedes Mal neu.",
                "Die anderen dürfen mich hören, wenn ich mein Mikrofon einschalte.",
                "Alle dürfen lesen, was ich an alle schreibe.",
            ]),
            en: words([
                "You decide, and you can change it at any time. You take part fully without \
                 agreeing too: you see and hear the lesson, raise your hand and vote.",
                "Others may see me when I turn on my camera. They see my screen only when I share it: \
                 I decide that anew each time.",
                "Others may hear me when I turn on my microphone.",
                "Everyone may read what I write to everyone.",
            ]),
        }
    }
}

/// Reads `text`, the contents of `path`.
pub(super) fn parse(text: &str, path: &Path) -> Result<ConsentTexts, ConfigError> {
    let file = File { text, path };
    let table = file.table()?;
    let table = table.get_ref();
    file.check_keys(table, &["version", "de", "en"])?;
    let [de, en] = LANGUAGES.map(|language| file.words(table, language));
    Ok(ConsentTexts { version: file.version(table)?, de: de?, en: en? })
}

impl File<'_> {
    fn missing(self, what: &str) -> ConfigError {
        ConfigError::Missing { place: self.place(0..0), what: format!("{what:?}") }
    }

    fn check_keys(self, table: &DeTable<'_>, known: &[&str]) -> Result<(), ConfigError> {
        let strange = table.iter().find(|(key, _)| !known.contains(&&**key.get_ref()));
        strange.map_or(Ok(()), |(key, _)| Err(self.unknown(key, known.iter().copied())))
    }

    fn version(self, table: &DeTable<'_>) -> Result<TextsVersion, ConfigError> {
        let value = table.get("version").ok_or_else(|| self.missing("version"))?;
        let text = value.get_ref().as_str();
        text.and_then(|text| text.parse().ok()).ok_or_else(|| ConfigError::Value {
            place: self.place(value.span()),
            key: "version".to_owned(),
            value: text.unwrap_or_else(|| value.get_ref().type_str()).to_owned(),
            allowed: "1 to 32 characters a-z, A-Z, 0-9, '.', '_' and '-', in quotes".to_owned(),
        })
    }

    fn words(self, table: &DeTable<'_>, language: &str) -> Result<ConsentWords, ConfigError> {
        let value = table.get(language).ok_or_else(|| self.missing(&format!("[{language}]")))?;
        let DeValue::Table(words) = value.get_ref() else {
            return Err(ConfigError::Value {
                place: self.place(value.span()),
                key: language.to_owned(),
                value: value.get_ref().type_str().to_owned(),
                allowed: format!("a table that begins with [{language}]"),
            });
        };
        self.check_keys(words, &["intro", "seen", "heard", "read"])?;
        Ok(ConsentWords {
            intro: self.one(words, language, "intro")?,
            seen: self.one(words, language, "seen")?,
            heard: self.one(words, language, "heard")?,
            read: self.one(words, language, "read")?,
        })
    }

    fn one(self, words: &DeTable<'_>, language: &str, key: &str) -> Result<String, ConfigError> {
        let missing = || self.missing(&format!("{key} in [{language}]"));
        let value = words.get(key).ok_or_else(missing)?;
        let text = value.get_ref().as_str().map(str::trim);
        let is_fine = |text: &&str| {
            (1..=TEXT_CHARS_MAX).contains(&text.chars().count())
                && !text.chars().any(|one| one.is_control() || crate::redacted::is_invisible(one))
        };
        text.filter(is_fine).map(str::to_owned).ok_or_else(|| ConfigError::Value {
            place: self.place(value.span()),
            key: format!("{language}.{key}"),
            value: text.unwrap_or_else(|| value.get_ref().type_str()).to_owned(),
            allowed: format!("1 to {TEXT_CHARS_MAX} characters of plain text on one line"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: &str = "version = \"2026-09\"\n\n[de]\nintro = \"a\"\nseen = \"b\"\nheard = \"c\"\nread = \"d\"\n\n[en]\nintro = \"e\"\nseen = \"f\"\nheard = \"g\"\nread = \"h\"\n";

    fn read(text: &str) -> Result<ConsentTexts, String> {
        parse(text, Path::new("consent.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn a_schools_texts_take_the_place_of_ours() {
        let texts = read(FINE).unwrap();
        assert_eq!(texts.version.as_str(), "2026-09");
        assert_eq!((texts.de.seen.as_str(), texts.en.read.as_str()), ("b", "h"));
        assert_ne!(texts, ConsentTexts::default());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let long = "x".repeat(TEXT_CHARS_MAX + 1);
        for (from, to, told) in [
            ("2026-09", "September 2026", "consent.toml:1: version cannot be"),
            ("version = \"2026-09\"\n", "", "\"version\" is missing"),
            ("heard = \"c\"\n", "", "\"heard in [de]\" is missing"),
            ("\"c\"", "\"c\\nd\"", "consent.toml:6: de.heard cannot be"),
            ("\"c\"", "\"\\u202ec\"", "consent.toml:6: de.heard cannot be"),
            ("\"c\"", "7", "consent.toml:6: de.heard cannot be"),
            ("\"c\"", &format!("\"{long}\""), "consent.toml:6: de.heard cannot be"),
            ("heard", "herd", "Did you mean \"heard\"?"),
            ("[en]", "[fr]", "there is no setting \"fr\""),
            ("[en]", "[en", "consent.toml:9:"),
        ] {
            let error = read(&FINE.replacen(from, to, 1)).unwrap_err();
            assert!(error.contains(told), "{told:?} is not in {error:?}");
        }
    }
}
