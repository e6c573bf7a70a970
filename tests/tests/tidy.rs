//! What a reader would trip over: long files, missing heads, leftovers, dead paths in documents.

use std::path::{Path, PathBuf};
use std::process::Command;

const FILE_BYTES_MAX: u64 = 200_000;

/// Endings of files that hold no text.
const PICTURES: &[&str] = &[".webp", ".png"];

/// Most lines of a file by its ending, and how its head begins.
const SHAPES: &[(&str, usize, &str)] = &[
    (".rs", 500, "//!"),
    (".ts", 400, "/**"),
    (".tsx", 400, "/**"),
    (".mjs", 400, "/**"),
    (".css", 500, ""),
    (".sh", 200, "#!"),
];

/// Words of type names that say nothing.
const EMPTY_WORDS: &[&str] = &[
    "Manager", "Handler", "Helper", "Helpers", "Util", "Utils", "Common", "Data", "Info",
    "Context", "Service", "Wrapper",
];

/// What may stand before the name of a type, and what names it.
const BEFORE_TYPES: &[&str] = &["export ", "declare ", "abstract ", "pub ", "pub(crate) "];
const TYPES: &[&str] = &["struct ", "enum ", "trait ", "union ", "interface ", "class ", "type "];

/// Where crates and packages may come from.
const REGISTRIES: &[&str] =
    &["registry+https://github.com/rust-lang/crates.io-index", "https://registry.npmjs.org/"];

/// Where paths of this repository begin, in documents.
const FOLDERS: &[&str] = &[
    ".ci/", ".config/", "bench/", "certs/", "docs/", "fuzz/", "proto/", "relay/", "tests/", "web/",
];

#[test]
fn files_hold_one_idea_and_say_which() {
    each_file(|path, text| {
        let (_, most, head) = SHAPES.iter().find(|(ending, ..)| path.ends_with(ending))?;
        let lines = text.lines().count();
        // What is generated is read where it comes from.
        if lines > *most && !path.contains("/generated/") {
            return Some(format!("{lines} lines, {most} at most"));
        }
        (!text.starts_with(head)).then(|| "no head that says what the file is".to_owned())
    });
}

#[test]
fn nothing_is_left_behind() {
    // Put together here, so that this file does not find itself. Macros are left to Clippy.
    let leftovers = ["TO-DO", "FIX-ME", "XX-X", "HA-CK"].map(|halves| halves.replace('-', ""));
    each_file(|path, text| {
        // A locked package may be called anything.
        if is_locked(path) {
            return None;
        }
        let mut words = text.split(|c: char| !c.is_ascii_alphabetic());
        words.find(|word| leftovers.iter().any(|it| it == word)).map(|word| format!("a {word}"))
    });
}

#[test]
fn type_names_say_something() {
    each_file(|path, text| {
        let is_code = ends(path, &[".rs", ".ts", ".tsx"]);
        let mut names = text.lines().filter(|_| is_code).filter_map(type_name);
        let is_empty = |name: &&str| words(name).any(|word| EMPTY_WORDS.contains(&word));
        names.find(is_empty).map(|name| format!("the name {name}"))
    });
}

#[test]
fn words_of_a_name_are_seen() {
    assert_eq!(type_name("pub(crate) struct RoomContext<'a> {"), Some("RoomContext"));
    assert_eq!(type_name("export type AudioInfo = number;"), Some("AudioInfo"));
    assert_eq!(type_name("let kind = 3;"), None);
    assert_eq!(words("RoomContext").collect::<Vec<_>>(), ["Room", "Context"]);
    assert_eq!(words("Datagram").collect::<Vec<_>>(), ["Datagram"]);
}

#[test]
fn files_are_small() {
    for path in files() {
        let bytes = std::fs::metadata(root().join(&path)).expect("the file is there").len();
        let may_be_large = ends(&path, PICTURES) || is_locked(&path);
        assert!(may_be_large || bytes <= FILE_BYTES_MAX, "{path} has {bytes} bytes");
    }
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    // Put together here, so that this file does not find itself.
    let places = ["/ro-ot/", "/wo-rk/", "/ho-me/"].map(|place| place.replace('-', ""));
    each_file(|_, text| {
        places.iter().find(|place| text.contains(*place)).map(|place| format!("names {place}"))
    });
}

#[test]
fn packages_come_from_the_public_registries() {
    each_file(|path, text| {
        let keys = ["source = \"", "\"resolved\": \""];
        let lines = text.lines().filter(|_| is_locked(path)).map(str::trim_start);
        let mut sources =
            lines.filter_map(|line| keys.iter().find_map(|key| line.strip_prefix(key)));
        let is_foreign = |source: &&str| !REGISTRIES.iter().any(|known| source.starts_with(known));
        sources.find(is_foreign).map(|source| format!("comes from {source}"))
    });
}

#[test]
fn what_the_documents_point_to_is_there() {
    each_file(|path, text| {
        if !ends(path, &[".md"]) {
            return None;
        }
        let beside = root().join(path).parent().map(Path::to_path_buf).unwrap_or_default();
        let mut names = links(text).chain(quoted_paths(text));
        let is_missing = |name: &&str| !beside.join(name).exists() && !root().join(name).exists();
        names.find(is_missing).map(|name| format!("points to {name}, which is not there"))
    });
}

/// The files that Markdown links to, without their anchors.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    targets.filter(|target| !target.is_empty() && !target.contains(':'))
}

/// The paths of this repository that stand in backticks; what is built is not there in a clone.
fn quoted_paths(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2).filter(|code| {
        FOLDERS.iter().any(|folder| code.starts_with(folder))
            && code.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c))
            && !["dist", "node_modules"].iter().any(|built| code.contains(built))
    })
}

/// The name of the type that a line of Rust or TypeScript begins.
fn type_name(line: &str) -> Option<&str> {
    let mut line = line.trim_start();
    while let Some(rest) = BEFORE_TYPES.iter().find_map(|before| line.strip_prefix(before)) {
        line = rest;
    }
    let rest = TYPES.iter().find_map(|kind| line.strip_prefix(kind))?;
    rest.split(|c: char| !c.is_alphanumeric()).next()
}

/// The words of a name in camel case.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let starts = name.char_indices().filter(|(_, c)| c.is_uppercase()).map(|(at, _)| at);
    let ends = starts.clone().skip(1).chain([name.len()]);
    starts.zip(ends).filter_map(|(start, end)| name.get(start..end))
}

/// Collects what `check` says of each text file of the repository; none may say anything.
fn each_file(check: impl Fn(&str, &str) -> Option<String>) {
    let found: Vec<String> = files()
        .iter()
        .filter(|path| !ends(path, PICTURES))
        .filter_map(|path| {
            let text = std::fs::read_to_string(root().join(path)).expect("a text file");
            check(path, &text).map(|what| format!("{path}: {what}"))
        })
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Every file that git knows, as a path from the root.
fn files() -> Vec<String> {
    // Whoever checked the tree out may be someone else than who tests it.
    let arguments = ["-c", "safe.directory=*", "ls-files", "-z"];
    let listed = Command::new("git").current_dir(root()).args(arguments).output();
    let listed = listed.expect("git runs");
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    String::from_utf8(listed.stdout)
        .expect("paths are text")
        .split_terminator('\0')
        .filter(|path| root().join(path).is_file())
        .map(str::to_owned)
        .collect()
}

fn is_locked(path: &str) -> bool {
    ends(path, &["Cargo.lock", "package-lock.json"])
}

fn ends(path: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| path.ends_with(ending))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
