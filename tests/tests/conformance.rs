//! The table of docs/conformance.md has a row for every section of the draft, and every test that
//! it names exists.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Number, title, what is done, what shows it.
const COLUMNS: usize = 4;

/// How many sections each part of the draft has, itself included.
const SECTIONS: [usize; 15] = [15, 11, 21, 1, 7, 3, 4, 1, 10, 49, 19, 10, 13, 1, 16];

/// Where tests are.
const FOLDERS: [&str; 3] = ["proto", "relay", "tests"];

#[test]
fn every_section_of_the_draft_has_one_row_without_an_empty_cell() {
    let rows = rows();
    let mut seen = BTreeSet::new();
    let mut counts = [0; SECTIONS.len()];
    for row in &rows {
        assert_eq!(row.len(), COLUMNS, "{row:?}");
        assert!(row.iter().all(|cell| !cell.is_empty()), "an empty cell in {row:?}");
        assert!(seen.insert(row[0].clone()), "section {} twice", row[0]);
        let part: usize = row[0].split('.').next().unwrap().parse().unwrap();
        counts[part - 1] += 1;
    }
    assert_eq!(counts, SECTIONS, "sections are missing, or there are some too many");
}

#[test]
fn every_section_says_what_shows_it_or_why_nothing_can() {
    for row in rows() {
        let shown = &row[3];
        let is_shown = tests_in(shown).next().is_some();
        assert!(is_shown || shown.starts_with("none:"), "{}: {shown}", row[0]);
    }
}

#[test]
fn every_test_that_is_named_exists() {
    let known = known_tests();
    let named: BTreeSet<String> = rows()
        .iter()
        .flat_map(|row| tests_in(&row[3]).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert!(named.len() > 100, "only {} tests are named", named.len());
    let missing: Vec<_> = named.difference(&known).collect();
    assert!(missing.is_empty(), "no such tests: {missing:?}");
}

/// The cells of the rows that begin with a section's number.
fn rows() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(root().join("docs/conformance.md")).expect("the table");
    text.lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
        .map(|line| line.split(" | ").map(|cell| cell.trim().to_owned()).collect::<Vec<_>>())
        .filter(|row| {
            let number = row.first().map_or("", String::as_str);
            !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.')
        })
        .collect()
}

/// What stands in backticks and has the form of a test's name.
fn tests_in(cell: &str) -> impl Iterator<Item = &str> {
    let quoted = cell.split('`').skip(1).step_by(2);
    quoted.filter(|name| {
        name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    })
}

fn known_tests() -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for folder in FOLDERS {
        for path in rust_files(&root().join(folder)) {
            let text = std::fs::read_to_string(&path).expect("a source file");
            collect(&text, &mut known);
        }
    }
    known
}

/// The functions behind `#[test]`, and the names in `over_both!`.
fn collect(text: &str, known: &mut BTreeSet<String>) {
    for list in text.split("over_both!(").skip(1) {
        let list = list.split(");").next().unwrap_or_default();
        known.extend(list.split(',').map(|name| name.trim().to_owned()));
    }
    for rest in ["#[test]", "#[tokio::test]"].iter().flat_map(|mark| text.split(mark).skip(1)) {
        let name = rest.split("fn ").nth(1).and_then(|rest| rest.split(['(', '<']).next());
        known.extend(name.map(str::to_owned));
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
