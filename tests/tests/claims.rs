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

/// What a unit would have to say for a service to keep files.
const KEEPING: [&str; 8] = [
    "StateDirectory",
    "CacheDirectory",
    "LogsDirectory",
    "ReadWritePaths",
    "BindPaths",
    "/var/lib",
    "/var/cache",
    "/var/log",
];

/// The blocks of code of a document in which a service is described.
fn units(text: &str) -> impl Iterator<Item = &str> {
    text.split("```").skip(1).step_by(2).filter(|block| block.contains("[Service]"))
}

fn keeps_files(unit: &str) -> bool {
    KEEPING.iter().any(|word| unit.contains(word))
}

#[test]
fn no_unit_of_the_guides_gives_the_service_a_place_to_keep_anything() -> anyhow::Result<()> {
    let guides = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guides");
    for language in ["de", "en"] {
        let guide = guides.join(format!("administrator.{language}.md"));
        let text = std::fs::read_to_string(&guide)?;
        let found: Vec<&str> = units(&text).collect();
        assert_eq!(found.len(), 1, "{} describes the service", guide.display());
        assert!(found.iter().all(|unit| !keeps_files(unit)), "{found:?}");
        // Were it in there, it would be found.
        let keeping = text.replace("[Service]", "[Service]\nStateDirectory=mosaik");
        assert!(units(&keeping).any(keeps_files));
    }
    Ok(())
}
