//! docs/conformance.md has a row for every section of the draft, and every test that it names exists.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// The sections of draft-ietf-moq-transport-18 that have a number, in their order.
const SECTIONS: &str = "
    1 1.1 1.1.1 1.1.2 1.1.3 1.1.4 1.2 1.3 1.4 1.4.1 1.4.2 1.4.3 1.4.4 1.5 1.5.1
    2 2.1 2.2 2.3 2.3.1 2.4 2.4.1 2.4.2 2.4.3 2.5 2.5.1
    3 3.1 3.1.1 3.1.2 3.1.3 3.1.4 3.1.5 3.2 3.2.1 3.2.2 3.3 3.3.1 3.3.2 3.3.3 3.4 3.5 3.6 3.7
    3.7.1 3.7.2 3.7.3
    4
    5 5.1 5.1.1 5.1.2 5.1.3 5.1.3.1 5.2
    6 6.1 6.2
    7 7.1 7.2 7.3
    8
    9 9.1 9.2 9.3 9.4 9.4.1 9.5 9.5.1 9.6 9.7
    10 10.1 10.2 10.2.1 10.2.2 10.2.3 10.2.4 10.2.5 10.2.6 10.2.7 10.2.8 10.2.9 10.2.10 10.2.11
    10.2.12 10.2.13 10.2.14 10.3 10.3.1 10.3.1.1 10.3.1.2 10.3.1.3 10.3.1.4 10.3.1.5 10.4 10.5
    10.6 10.6.1 10.6.2 10.7 10.8 10.9 10.9.1 10.9.2 10.10 10.11 10.12 10.12.1 10.12.2 10.12.2.1
    10.12.3 10.13 10.14 10.15 10.16 10.17 10.18 10.19 10.20
    11 11.1 11.2 11.2.1 11.2.1.1 11.2.1.2 11.3 11.3.1 11.4 11.4.1 11.4.2 11.4.3 11.4.4 11.4.4.1
    11.4.4.2 11.5 11.5.1 11.5.2 11.6
    12 12.1 12.2 12.3 12.4 12.5 12.6 12.7 12.8 12.9
    13 13.1 13.2 13.3 13.3.1 13.4 13.5 13.6 13.6.1 13.7 13.7.1 13.7.2 13.8
    14
    15 15.1 15.1.1 15.2 15.3 15.4 15.5 15.6 15.7 15.8 15.9 15.10 15.10.1 15.10.2 15.10.3 15.10.4
";

/// What the columns of the table are headed.
const HEAD: [&str; 4] = ["section", "title", "what is done", "test"];

/// Begins the last cell of a section that no test can show, before the reason.
const NONE: &str = "none: ";

/// Where tests are: Rust's, the page's, and those in browsers.
const FOLDERS: [&str; 6] = ["proto", "relay", "certs", "tests", "fuzz/src", "web/src"];

#[test]
fn every_section_of_the_draft_has_its_row_in_its_place() -> anyhow::Result<()> {
    let table = table()?;
    let sections: Vec<&str> = table.iter().filter_map(|row| row.first()).map(|s| &**s).collect();
    let expected: Vec<&str> = SECTIONS.split_whitespace().collect();
    let wrong = expected.iter().zip(&sections).find(|(expected, found)| expected != found);
    assert_eq!(wrong, None, "the first row that is not where it belongs");
    assert_eq!(sections.len(), expected.len());
    Ok(())
}

#[test]
fn every_row_says_what_is_done_and_what_shows_it_or_why_nothing_can() -> anyhow::Result<()> {
    for row in table()? {
        assert_eq!(row.len(), HEAD.len(), "{row:?}");
        assert!(row.iter().all(|cell| cell.chars().any(char::is_alphanumeric)), "{row:?}");
        let shown = row.last().map_or("", |cell| cell);
        match shown.strip_prefix(NONE) {
            Some(reason) => assert!(reason.len() > 10, "no reason in {row:?}"),
            None => assert!(quoted(shown).next().is_some(), "no test in {row:?}"),
        }
    }
    Ok(())
}

#[test]
fn every_test_that_a_row_names_exists() -> anyhow::Result<()> {
    let known = known_tests()?;
    let mut named = BTreeSet::new();
    for row in table()? {
        let shown = row.last().map_or("", |cell| cell);
        for test in quoted(shown).filter(|_| !shown.starts_with(NONE)) {
            let exists =
                if test.contains('/') { root().join(test).is_file() } else { known.contains(test) };
            assert!(exists, "no such test: {test}, in {row:?}");
            named.insert(test.to_owned());
        }
    }
    assert!(named.len() > 100, "only {} tests are named", named.len());
    Ok(())
}

/// What counts as a test is one: the three forms that there are, and nothing else.
#[test]
fn tests_are_found_in_rust_and_in_the_page() {
    let mut known = BTreeSet::new();
    let rust = "#[test]\nfn one() {}\nover_all!(two, three);\nfn not_a_test() {}\n\
        #[tokio::test]\n#[ignore]\nasync fn four() {}\n#[test]\nfn five(x in 0..3) {}\n";
    collect_rust(rust, &mut known);
    collect_script("test(\"six is even\", async () => {});\nlet seven = 7;\n", &mut known);
    let expected = ["five", "four", "one", "six is even", "three", "two"].map(str::to_owned);
    assert_eq!(known, BTreeSet::from(expected));
}

/// The cells of the rows below the head of the table.
fn table() -> anyhow::Result<Vec<Vec<String>>> {
    let text = std::fs::read_to_string(root().join("docs/conformance.md"))?;
    let mut lines = text.lines().map(cells).skip_while(|cells| *cells != HEAD);
    lines.next().context("no table with the columns of a section")?;
    Ok(lines.skip(1).take_while(|cells| !cells.is_empty()).collect())
}

/// The cells of a table's row; none in any other line.
fn cells(line: &str) -> Vec<String> {
    let row = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |"));
    row.map_or_else(Vec::new, |row| row.split(" | ").map(|cell| cell.trim().to_owned()).collect())
}

/// What stands in backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

fn known_tests() -> anyhow::Result<BTreeSet<String>> {
    let mut known = BTreeSet::new();
    for folder in FOLDERS {
        for path in sources(&root().join(folder))? {
            let text = std::fs::read_to_string(&path)?;
            if path.extension().is_some_and(|ending| ending == "rs") {
                collect_rust(&text, &mut known);
            } else {
                collect_script(&text, &mut known);
            }
        }
    }
    Ok(known)
}

/// The functions behind an attribute that makes them tests, and the names in `over_all!`.
fn collect_rust(text: &str, known: &mut BTreeSet<String>) {
    for list in text.split("over_all!(").skip(1) {
        let list = list.split(')').next().unwrap_or_default();
        known.extend(list.split(',').map(|name| name.trim().to_owned()));
    }
    for rest in ["#[test]", "#[tokio::test]"].iter().flat_map(|mark| text.split(mark).skip(1)) {
        let name = rest.split("fn ").nth(1).and_then(|rest| rest.split(['(', '<']).next());
        known.extend(name.map(str::to_owned));
    }
}

/// The titles of `test("...", ...)`.
fn collect_script(text: &str, known: &mut BTreeSet<String>) {
    for rest in text.split("test(\"").skip(1) {
        known.extend(rest.split('"').next().map(str::to_owned));
    }
}

/// The Rust and script files in a folder and below.
fn sources(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if path
            .extension()
            .is_some_and(|ending| ["rs", "ts", "mjs"].iter().any(|e| ending == *e))
        {
            found.push(path);
        }
    }
    Ok(found)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
