//! The figures as a page: tables and plots, self-contained, for light and dark.

use std::fmt::Write as _;

use super::checks::Check;
use super::crowd::Crowd;
use super::figures::Figures;
use super::report::{Measured, OfWay, short};
use super::series::Series;
use super::svg::{Curve, Mark, Plot, Strip};

const STYLE: &str = include_str!("page.css");

/// Delays beyond this are cut off in plots, in milliseconds.
const DELAY_MOST: f64 = 1_000.0;

/// The whole page. `about` says with what it was measured.
pub fn page(about: &str, lines: &[Measured], crowds: &[Crowd]) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>Lessons over weak lines</title><style>{STYLE}</style>\
         <h1>Lessons over weak lines</h1><p>{about}</p>{LEGEND}<nav>"
    );
    // Writing to a string does not fail.
    for line in lines {
        let _ = write!(html, "<a href=\"#{0}\">{0}</a> ", line.name);
    }
    html.push_str("</nav>");
    for line in lines {
        html.push_str(&section(line));
    }
    for crowd in crowds {
        let _ = write!(html, "<h2 id=\"{0}\">{0}</h2><p>{1}</p><table>", crowd.name, crowd.about);
        for (name, figure) in &crowd.figures {
            let _ = write!(html, "<tr><th>{name}<td>{figure:.3}");
        }
        html.push_str("</table>");
        html.push_str(&list(&crowd.checks));
    }
    html
}

const LEGEND: &str = "<p class=legend><b class=capacity>what the line carries</b> \
    <b class=used>what went over it</b> <b class=pictures>pictures that came</b> \
    <b class=queue>longest wait in the line's queue</b> <b class=ear>from mouth to ear</b> \
    <b class=low>low</b> <b class=mid>mid</b> <b class=upper>upper</b> \
    <b class=high>high</b> \
    <b class=gap>nothing heard, or a picture that stands still</b></p>";

fn section(line: &Measured) -> String {
    let mut html = format!("<h2 id=\"{0}\">{0}</h2><p>{1}</p>", line.name, line.about);
    html.push_str(&table(line));
    let ours: Vec<Check> = line
        .checks()
        .into_iter()
        .map(|(way, check)| Check { what: format!("{way}: {}", check.what), ..check })
        .collect();
    html.push_str(&list(&ours));
    for (index, way) in line.ways.iter().enumerate() {
        let open = if index == 0 { " open" } else { "" };
        let _ = write!(html, "<details{open}><summary>{}</summary>", way.name);
        html.push_str(&plots(line.name, way));
        html.push_str("</details>");
    }
    html
}

fn table(line: &Measured) -> String {
    let medians = line.medians();
    let mut html = String::from("<table><tr><th>");
    for (name, _) in &medians {
        let _ = write!(html, "<th>{name}");
    }
    for (index, (name, _)) in Figures::default().named().into_iter().enumerate() {
        let of = |figures: &Figures| figures.named().get(index).and_then(|(_, figure)| *figure);
        if medians.iter().any(|(_, figures)| of(figures).is_some()) {
            let _ = write!(html, "<tr><th>{name}");
            for (_, figures) in &medians {
                let _ = write!(html, "<td>{}", short(name, of(figures)));
            }
        }
    }
    html.push_str("</table>");
    for (way, why) in &line.skipped {
        let _ = write!(html, "<p class=skipped>{way} was not measured: {}</p>", escaped(why));
    }
    html
}

fn list(checks: &[Check]) -> String {
    if checks.is_empty() {
        return String::new();
    }
    let mut html = String::from("<ul>");
    for Check { what, measured, passes } in checks {
        let (class, verdict) = if *passes { ("pass", "pass") } else { ("fail", "not passed") };
        let measured = measured.map_or_else(|| "nothing".to_owned(), |it| format!("{it:.4}"));
        let _ = write!(html, "<li><b class={class}>{verdict}</b> {what}: {measured}");
    }
    html.push_str("</ul>");
    html
}

fn plots(line: &str, way: &OfWay) -> String {
    let Some(series) = &way.series else { return String::new() };
    let rates = Plot {
        title: format!("{line}, {}: rates and renditions over time", way.name),
        unit: "kbit/s",
        seconds: series.seconds,
        most: rate_most(series),
        curves: vec![
            Curve { name: "capacity", mark: Mark::Area, points: series.capacity.clone() },
            Curve { name: "used", mark: Mark::Line, points: series.used.clone() },
            Curve { name: "pictures", mark: Mark::Line, points: series.pictures.clone() },
        ],
        strips: vec![
            Strip { name: "rendition", spans: renditions(series) },
            Strip { name: "freezes", spans: spans(&series.freezes) },
        ],
    };
    let shown = rates.svg();
    let delays = Plot {
        title: format!("{line}, {}: delays over time", way.name),
        unit: "ms",
        most: DELAY_MOST,
        curves: vec![
            Curve { name: "queue", mark: Mark::Area, points: series.queue.clone() },
            Curve { name: "ear", mark: Mark::Line, points: series.mouth_to_ear.clone() },
        ],
        strips: vec![Strip { name: "gaps", spans: spans(&series.gaps) }],
        ..rates
    };
    shown + &delays.svg()
}

/// What is used is to be seen well, also where the line carries much more.
fn rate_most(series: &Series) -> f64 {
    let highest = |points: &[(f64, f64)]| points.iter().map(|(_, it)| *it).fold(0.0, f64::max);
    highest(&series.capacity).min((highest(&series.used) * 1.5).max(2_000.0))
}

fn renditions(series: &Series) -> Vec<(f64, f64, &'static str)> {
    let nexts = series.renditions.iter().skip(1).map(|(at, _)| *at).chain([series.seconds]);
    let class = |rank: f64| match rank {
        rank if rank < 1.5 => "low",
        rank if rank < 2.5 => "mid",
        rank if rank < 3.5 => "upper",
        _ => "high",
    };
    series
        .renditions
        .iter()
        .zip(nexts)
        .map(|((at, rank), next)| (*at, next - at, class(*rank)))
        .collect()
}

fn spans(points: &[(f64, f64)]) -> Vec<(f64, f64, &'static str)> {
    points.iter().map(|(at, length)| (*at, *length, "gap")).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
