//! The walls of ARCHITECTURE.md: which crate may use which, and what the pure ones never have.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// What each crate of the product may use of the others.
const EDGES: &[(&str, &[&str])] = &[
    ("mosaik-proto", &[]),
    ("mosaik-certs", &[]),
    ("mosaik-media", &["mosaik-proto"]),
    ("mosaik-classroom", &["mosaik-proto"]),
    ("mosaik-transport", &["mosaik-proto"]),
    (
        "mosaik-server",
        &["mosaik-certs", "mosaik-classroom", "mosaik-media", "mosaik-proto", "mosaik-transport"],
    ),
];

/// Crates that know neither time nor network nor chance, and what would give it to them.
const PURE: &[&str] = &["mosaik-proto", "mosaik-media", "mosaik-classroom"];
const IMPURE: &[&str] = &["tokio", "quinn", "rand", "getrandom", "tracing", "mio", "socket2"];

fn metadata() -> Value {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--manifest-path"])
        .arg(manifest)
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("cargo metadata has a list here")
}

fn text(value: &Value) -> String {
    value.as_str().expect("cargo metadata has a text here").to_owned()
}

/// Package ID to name, and to the IDs of its normal dependencies.
fn graph(metadata: &Value) -> (BTreeMap<String, String>, BTreeMap<String, BTreeSet<String>>) {
    let names = list(&metadata["packages"])
        .iter()
        .map(|package| (text(&package["id"]), text(&package["name"])))
        .collect();
    let is_normal =
        |dep: &&Value| list(&dep["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
    let resolve = metadata.get("resolve").expect("cargo metadata is resolved");
    let edges = list(&resolve["nodes"])
        .iter()
        .map(|node| {
            let deps = list(&node["deps"]).iter().filter(is_normal);
            (text(&node["id"]), deps.map(|dep| text(&dep["pkg"])).collect())
        })
        .collect();
    (names, edges)
}

#[test]
fn crates_use_each_other_as_the_map_says() {
    let (names, edges) = graph(&metadata());
    for (name, allowed) in EDGES {
        let (id, _) = names.iter().find(|(_, found)| found == name).expect("the crate is there");
        let used: BTreeSet<&str> = edges[id]
            .iter()
            .map(|dep| names[dep].as_str())
            .filter(|dep| dep.starts_with("mosaik-"))
            .collect();
        assert_eq!(used, allowed.iter().copied().collect(), "{name}");
    }
}

#[test]
fn pure_crates_have_no_clock_no_socket_and_no_chance() {
    let (names, edges) = graph(&metadata());
    for pure in PURE {
        let (start, _) = names.iter().find(|(_, name)| name == pure).expect("the crate is there");
        let mut seen = BTreeSet::new();
        let mut open = vec![start.clone()];
        while let Some(id) = open.pop() {
            if seen.insert(id.clone()) {
                open.extend(edges[&id].iter().cloned());
            }
        }
        let found: Vec<&str> =
            seen.iter().map(|id| names[id].as_str()).filter(|name| IMPURE.contains(name)).collect();
        assert!(found.is_empty(), "{pure} has {found:?}");
    }
}
