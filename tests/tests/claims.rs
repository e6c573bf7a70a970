//! What the documents say is tested, is tested in a file that exists, and nothing is left open.

use std::path::Path;

use anyhow::Context;

/// Documents whose tables end with the tests of each row, and how many rows they have at least. What
/// docs/conformance.md says is held by `conformance.rs`.
const DOCUMENTS: [(&str, usize); 1] = [("docs/abuse.md", 30)];

/// The cells of each row of the tables whose last column is headed `test`.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let mut rows = Vec::new();
    let mut is_ours = false;
    for line in text.lines() {
        let Some(row) = line.strip_prefix('|').and_then(|line| line.strip_suffix('|')) else {
            is_ours = false;
            continue;
        };
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        if cells.last() == Some(&"test") {
            is_ours = true;
        } else if is_ours && !row.starts_with("---") {
            rows.push(cells);
        }
    }
    rows
}

/// The paths in backticks; `file::test` names a function of that file.
fn claims(cell: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let quoted = cell.split('`').skip(1).step_by(2).filter(|claim| claim.contains('/'));
    quoted.map(|claim| match claim.split_once("::") {
        Some((file, test)) => (file, Some(test)),
        None => (claim, None),
    })
}

#[test]
fn every_row_says_what_is_done_and_names_tests_that_exist() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (document, least) in DOCUMENTS {
        let text = std::fs::read_to_string(root.join(document))?;
        let rows = rows(&text);
        assert!(rows.len() >= least, "{document}: {} rows", rows.len());
        for row in rows {
            assert!(row.iter().all(|cell| !cell.is_empty()), "{document}: {row:?}");
            let tests = row.last().copied().unwrap_or_default();
            assert!(claims(tests).next().is_some(), "{document}: no test in {row:?}");
            for (file, test) in claims(tests) {
                let source = std::fs::read_to_string(root.join(file))
                    .with_context(|| format!("{document} names {file}"))?;
                if let Some(test) = test {
                    assert!(source.contains(test), "{document}: {file} has no {test}");
                }
            }
        }
    }
    Ok(())
}
