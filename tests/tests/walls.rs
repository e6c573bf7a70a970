//! The walls of ARCHITECTURE.md: which crate may use which, and what the pure ones never have.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// What each crate of the product uses of the others, in its tests and build script too.
const EDGES: &[(&str, &[&str])] = &[
    ("mosaik-certs", &[]),
    ("mosaik-classroom", &["mosaik-proto"]),
    ("mosaik-link", &[]),
    ("mosaik-media", &["mosaik-proto"]),
    ("mosaik-proto", &[]),
    (
        "mosaik-server",
        &["mosaik-certs", "mosaik-classroom", "mosaik-media", "mosaik-proto", "mosaik-transport"],
    ),
    ("mosaik-transport", &["mosaik-proto"]),
];

/// One that the product is built for: what a crate needs elsewhere, in a browser say, is not in it.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Crates that look at the product from outside and may use all of it.
const OUTSIDE: &[&str] = &["mosaik-bench", "mosaik-tests"];

/// Crates that know neither time nor network nor chance, and what would give it to them.
const PURE: &[&str] = &["mosaik-proto", "mosaik-media", "mosaik-classroom"];
const IMPURE: &[&str] = &["tokio", "quinn", "rand", "getrandom", "tracing", "mio", "socket2"];

#[test]
fn crates_use_each_other_as_the_map_says() {
    let metadata = metadata();
    let ours: BTreeMap<&str, &Value> = list(&metadata["packages"])
        .iter()
        .filter(|package| package["source"].is_null())
        .map(|package| (text(&package["name"]), package))
        .collect();
    let found: BTreeMap<&str, BTreeSet<&str>> = ours
        .iter()
        .filter(|(name, _)| !OUTSIDE.contains(name))
        .map(|(name, package)| {
            let used = list(&package["dependencies"]).iter().map(|used| text(&used["name"]));
            (*name, used.filter(|used| ours.contains_key(used)).collect())
        })
        .collect();
    let drawn: BTreeMap<&str, BTreeSet<&str>> =
        EDGES.iter().map(|(name, used)| (*name, used.iter().copied().collect())).collect();
    assert_eq!(found, drawn);
}

#[test]
fn pure_crates_have_no_clock_no_socket_and_no_chance() {
    let metadata = metadata();
    let names: BTreeMap<&str, &str> = list(&metadata["packages"])
        .iter()
        .map(|package| (text(&package["id"]), text(&package["name"])))
        .collect();
    let edges = normal_edges(&metadata);
    for pure in PURE {
        let (start, _) = names.iter().find(|(_, name)| *name == pure).expect("the crate is there");
        let mut seen = BTreeSet::new();
        let mut open = vec![*start];
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(&edges[id]);
            }
        }
        assert!(seen.len() > 1, "{pure} is seen to use nothing");
        let found: Vec<&str> =
            seen.iter().map(|id| names[id]).filter(|name| IMPURE.contains(name)).collect();
        assert!(found.is_empty(), "{pure} has {found:?}");
    }
}

/// Package to the packages it is built with, its tests and build script aside.
fn normal_edges(metadata: &Value) -> BTreeMap<&str, Vec<&str>> {
    let is_normal =
        |used: &&Value| list(&used["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
    let resolve = &metadata["resolve"];
    list(&resolve["nodes"])
        .iter()
        .map(|node| {
            let used = list(&node["deps"]).iter().filter(is_normal);
            (text(&node["id"]), used.map(|used| text(&used["pkg"])).collect())
        })
        .collect()
}

fn metadata() -> Value {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", TARGET])
        .arg("--manifest-path")
        .arg(manifest)
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("cargo metadata has a list here")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("cargo metadata has a text here")
}
