//! What is known to be attackable in what we build on is not what we build on.

use std::path::Path;

use anyhow::Context;

/// The first versions without the faults that docs/abuse.md names.
const LEAST: [(&str, [u64; 3]); 3] =
    [("quinn-proto", [0, 11, 19]), ("rustls", [0, 23, 46]), ("rustls-webpki", [0, 103, 16])];

#[test]
fn libraries_are_as_new_as_their_known_faults_ask_for() -> anyhow::Result<()> {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    let lock = std::fs::read_to_string(lock)?;
    for (name, least) in LEAST {
        let mut versions = lock.split("[[package]]").filter_map(|package| {
            let field = |key: &str| {
                let line = package.lines().find_map(|line| line.strip_prefix(key));
                line.map(|value| value.trim_matches('"'))
            };
            (field("name = ")? == name).then(|| field("version = ")).flatten()
        });
        let first = versions.next().with_context(|| format!("{name} is not built"))?;
        for version in std::iter::once(first).chain(versions) {
            let parts = version.split('.').map(str::parse::<u64>);
            let parts =
                parts.collect::<Result<Vec<_>, _>>().context("a version is three numbers")?;
            assert!(parts >= least.to_vec(), "{name} {version}");
        }
    }
    Ok(())
}
