//! What a reader would trip over: long files, missing heads, leftovers, dead paths in documents.

use std::path::{Path, PathBuf};
use std::process::Command;

const RUST_LINES_MAX: usize = 500;
const SCRIPT_LINES_MAX: usize = 400;
const FILE_BYTES_MAX: usize = 200_000;

/// Parts of type names that say nothing.
const EMPTY_NAMES: &[&str] = &["Manager", "Handler", "Helper", "Util", "Wrapper"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file that git knows, as a path from the root.
fn files() -> Vec<String> {
    let listed = Command::new("git").arg("-C").arg(root()).args(["ls-files", "-z"]).output();
    let listed = listed.expect("git runs").stdout;
    let files: Vec<String> = String::from_utf8(listed)
        .expect("paths are text")
        .split('\0')
        .filter(|path| !path.is_empty() && root().join(path).is_file())
        .map(str::to_owned)
        .collect();
    assert!(files.len() > 100, "git lists only {} files", files.len());
    files
}

fn ends(path: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| path.ends_with(ending))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).expect("a text file")
}

/// Collects what `check` says of each file of these endings; none may say anything.
fn each_file(endings: &[&str], check: impl Fn(&str, &str) -> Option<String>) {
    let found: Vec<String> = files()
        .iter()
        .filter(|path| ends(path, endings))
        .filter_map(|path| check(path, &read(path)).map(|what| format!("{path}: {what}")))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn files_hold_one_idea_and_say_which() {
    each_file(&[".rs"], |_, text| {
        let lines = text.lines().count();
        if lines > RUST_LINES_MAX {
            return Some(format!("{lines} lines, {RUST_LINES_MAX} at most"));
        }
        (!text.starts_with("//!")).then(|| "no head that says what the file is".to_owned())
    });
    each_file(&[".ts", ".tsx", ".mjs"], |_, text| {
        let lines = text.lines().count();
        if lines > SCRIPT_LINES_MAX {
            return Some(format!("{lines} lines, {SCRIPT_LINES_MAX} at most"));
        }
        (!text.starts_with("/**")).then(|| "no head that says what the file is".to_owned())
    });
}

#[test]
fn nothing_is_left_behind() {
    // Put together here, so that this file does not find itself.
    let leftovers = ["TO", "FIX", "XX", "HA"].iter().zip(["DO", "ME", "X", "CK"]);
    let leftovers: Vec<String> = leftovers.map(|(a, b)| format!("{a}{b}")).collect();
    each_file(&[".rs", ".ts", ".tsx", ".mjs", ".css", ".sh", ".toml", "Makefile"], |_, text| {
        let words = |line: &str| -> Vec<String> {
            line.split(|c: char| !c.is_ascii_alphabetic()).map(str::to_owned).collect()
        };
        let found = text.lines().flat_map(words).find(|word| leftovers.contains(word));
        found.map(|word| format!("a leftover {word}"))
    });
}

#[test]
fn type_names_say_something() {
    each_file(&[".rs", ".ts", ".tsx"], |_, text| {
        let kinds = ["struct ", "enum ", "trait ", "interface ", "class ", "type "];
        let named = |line: &str| -> Option<String> {
            let line = line.trim_start().trim_start_matches("export ").trim_start_matches("pub ");
            let rest = kinds.iter().find_map(|kind| line.strip_prefix(kind))?;
            Some(rest.split(|c: char| !c.is_alphanumeric()).next()?.to_owned())
        };
        let empty = |name: &String| EMPTY_NAMES.iter().any(|part| name.contains(part));
        text.lines().filter_map(named).find(empty).map(|name| format!("the name {name}"))
    });
}

#[test]
fn files_are_small_and_know_no_machine() {
    for path in files() {
        let bytes = std::fs::metadata(root().join(&path)).expect("the file is there").len();
        let may_be_large = ends(&path, &[".png", ".lock", "package-lock.json"]);
        let is_small = usize::try_from(bytes).is_ok_and(|bytes| bytes <= FILE_BYTES_MAX);
        assert!(may_be_large || is_small, "{path} has {bytes} bytes");
    }
    let places = ["/ro", "/wo", "/ho"].iter().zip(["ot/", "rk/", "me/"]);
    let places: Vec<String> = places.map(|(a, b)| format!("{a}{b}")).collect();
    let endings = [".rs", ".ts", ".tsx", ".mjs", ".sh", ".md", ".toml", ".json", "Makefile"];
    each_file(&endings, |_, text| {
        places.iter().find(|place| text.contains(place.as_str())).map(|p| format!("names {p}"))
    });
}

#[test]
fn what_the_documents_point_to_is_there() {
    let folders = ["proto/", "relay/", "certs/", "web/", "tests/", "bench/", "docs/"];
    each_file(&[".md"], |path, text| {
        let base = Path::new(path).parent().expect("a file is in a folder");
        let linked = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let linked = linked.filter(|link| !link.contains("://") && !link.starts_with('#'));
        let quoted = text.split('`').skip(1).step_by(2).filter(|code| {
            folders.iter().any(|folder| code.starts_with(folder))
                && code.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c))
        });
        // What is built is not there in a fresh clone.
        let is_built = |name: &&str| !name.contains("dist") && !name.contains("node_modules");
        let missing =
            |name: &&str| !root().join(base).join(name).exists() && !root().join(name).exists();
        let mut names = linked.chain(quoted).filter(is_built);
        names.find(missing).map(|name| format!("points to {name}, which is not there"))
    });
}
