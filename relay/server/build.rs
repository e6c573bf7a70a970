//! Puts the built page (`web/dist`) into the binary, as a table of paths and bytes.
//!
//! Without a built page the table is empty and the server says so: the server can be checked and
//! tested on a machine without Node.

use std::fmt::Write as _;
use std::io::{self, Error};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Files of `web/dist` that are for people who build, not for browsers.
const NOT_SERVED: [&str; 1] = ["sizes.json"];

fn main() -> io::Result<()> {
    let variable = |name| env::var_os(name).map(PathBuf::from).ok_or_else(|| Error::other(name));
    let page = variable("CARGO_MANIFEST_DIR")?.join("../../web/dist");
    println!("cargo::rerun-if-changed={}", page.display());

    let mut files = Vec::new();
    if page.join("index.html").is_file() {
        collect(&page, &page, &mut files)?;
        files.sort();
    } else {
        println!("cargo::warning=the page is not built: run `make web` to serve it");
    }
    let mut table = String::from("&[\n");
    for (path, file) in &files {
        let gzip = if Path::new(&format!("{file}.gz")).is_file() {
            format!("Some(include_bytes!({:?}))", format!("{file}.gz"))
        } else {
            "None".to_owned()
        };
        writeln!(
            table,
            "Asset {{ path: {path:?}, plain: include_bytes!({file:?}), gzip: {gzip} }},"
        )
        .map_err(Error::other)?;
    }
    table.push_str("]\n");
    fs::write(variable("OUT_DIR")?.join("page.rs"), table)
}

/// Every file below `directory` with its path below `root`, without the compressed siblings.
fn collect(root: &Path, directory: &Path, files: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let file = entry?.path();
        if file.is_dir() {
            collect(root, &file, files)?;
            continue;
        }
        if file.extension().is_some_and(|extension| extension == "gz") {
            continue;
        }
        let path = text(file.strip_prefix(root).map_err(Error::other)?)?;
        if !NOT_SERVED.contains(&path) {
            let path = format!("/{}", path.replace('\\', "/"));
            files.push((path, text(&fs::canonicalize(&file)?)?.to_owned()));
        }
    }
    Ok(())
}

fn text(path: &Path) -> io::Result<&str> {
    path.to_str().ok_or_else(|| Error::other("the page is in a place whose name is not UTF-8"))
}
