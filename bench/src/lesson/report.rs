//! What was measured over one line, for files and for people.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::checks::{Check, checks, websocket_checks};
use super::figures::Figures;
use super::series::Series;

/// The figures of one way over one line, a lesson for each seed.
#[derive(Debug, Clone, Serialize)]
pub struct OfWay {
    /// Its name.
    pub name: &'static str,
    /// Of each lesson.
    pub runs: Vec<Figures>,
    /// How the first one went.
    #[serde(skip)]
    pub series: Option<Series>,
}

/// Everything over one line.
#[derive(Debug, Clone)]
pub struct Measured {
    /// The profile's name, or that of what happens on it.
    pub name: &'static str,
    /// What the line is.
    pub about: String,
    /// Ours first.
    pub ways: Vec<OfWay>,
    /// Ways that could not be measured, and why.
    pub skipped: Vec<(&'static str, String)>,
}

impl Measured {
    /// Nothing yet.
    pub fn new(name: &'static str, about: &str) -> Self {
        Self { name, about: about.to_owned(), ways: Vec::new(), skipped: Vec::new() }
    }

    /// Takes note of one lesson.
    pub fn add(&mut self, name: &'static str, figures: &Figures, series: Series) {
        if let Some(of) = self.ways.iter_mut().find(|of| of.name == name) {
            of.runs.push(*figures);
        } else {
            let (runs, series) = (vec![*figures], Some(series));
            self.ways.push(OfWay { name, runs, series });
        }
    }

    /// The medians of each way.
    pub fn medians(&self) -> Vec<(&'static str, Figures)> {
        self.ways.iter().map(|way| (way.name, Figures::median(&way.runs))).collect()
    }

    /// What must hold, with the way that it is about.
    pub fn checks(&self) -> Vec<(&'static str, Check)> {
        let of = |(way, figures): (&'static str, Figures)| {
            let checks = match way {
                "mosaik" => checks(self.name, &figures),
                "mosaik-websocket" => websocket_checks(self.name, &figures),
                _ => Vec::new(),
            };
            checks.into_iter().map(move |check| (way, check))
        };
        self.medians().into_iter().flat_map(of).collect()
    }

    /// For the file: our figures, with those of the peers inside.
    pub fn json(&self) -> Value {
        let object = |name: &str| {
            let way = self.ways.iter().find(|way| way.name == name)?;
            let named = Figures::median(&way.runs).named();
            let mut object: Map<String, Value> =
                named.into_iter().map(|(name, figure)| (name.to_owned(), json!(figure))).collect();
            object.insert("runs".to_owned(), json!(way.runs));
            Some(object)
        };
        let mut all = object("mosaik").unwrap_or_default();
        let others = self.ways.iter().map(|way| way.name).filter(|name| *name != "mosaik");
        let peers: Map<String, Value> = others
            .filter_map(|name| Some((name.to_owned(), Value::Object(object(name)?))))
            .chain(
                self.skipped
                    .iter()
                    .map(|(name, why)| ((*name).to_owned(), json!({ "skipped": why }))),
            )
            .collect();
        all.insert("peers".to_owned(), Value::Object(peers));
        let checks = self.checks().into_iter().map(|(way, check)| {
            json!({ "way": way, "what": check.what, "measured": check.measured, "passes": check.passes })
        });
        all.insert("checks".to_owned(), checks.collect());
        Value::Object(all)
    }
}

/// A figure in few characters; a dash for none.
pub(super) fn short(name: &str, figure: Option<f64>) -> String {
    match figure {
        None => "–".to_owned(),
        Some(figure) if name.ends_with("_share") => format!("{:.2} %", figure * 100.0),
        Some(figure) if name.ends_with("_s") && !name.ends_with("kbit_s") => format!("{figure:.2}"),
        Some(figure) => format!("{figure:.0}"),
    }
}

/// Prints a table with a line for each figure, and the bounds behind it.
///
/// # Errors
/// When it cannot be printed.
pub fn print(measured: &Measured, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n{}: {}", measured.name, measured.about)?;
    let medians = measured.medians();
    write!(out, "  {:<22}", "")?;
    for (name, _) in &medians {
        write!(out, "{name:>18}")?;
    }
    writeln!(out)?;
    for (index, (name, _)) in Figures::default().named().into_iter().enumerate() {
        let of = |figures: &Figures| figures.named().get(index).and_then(|(_, figure)| *figure);
        if medians.iter().all(|(_, figures)| of(figures).is_none()) {
            continue;
        }
        write!(out, "  {name:<22}")?;
        for (_, figures) in &medians {
            write!(out, "{:>18}", short(name, of(figures)))?;
        }
        writeln!(out)?;
    }
    for (way, why) in &measured.skipped {
        writeln!(out, "  SKIPPED {way}: {why}")?;
    }
    print_checks(measured.checks(), out)?;
    out.flush()
}

/// Prints whether bounds are held.
///
/// # Errors
/// When it cannot be printed.
pub fn print_checks(checks: Vec<(&'static str, Check)>, out: &mut impl Write) -> io::Result<()> {
    for (way, check) in checks {
        let verdict = if check.passes { "pass" } else { "NOT PASSED" };
        let measured = check.measured.map_or_else(|| "nothing".to_owned(), |it| format!("{it:.4}"));
        writeln!(out, "  {verdict:<10} {way}: {} (measured {measured})", check.what)?;
    }
    Ok(())
}
