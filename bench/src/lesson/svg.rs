//! Plots as SVG, in the colours of the page around them.

use std::fmt::Write as _;

use super::series::Points;

/// Pixels, of which the page shows as many as fit.
const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 200.0;

/// Room for numbers at the left, and for seconds below and the half of the last of them.
const LEFT: f64 = 56.0;
const RIGHT: f64 = 20.0;
const BELOW: f64 = 22.0;
const ABOVE: f64 = 10.0;

/// How high a strip of spans is.
const STRIP: f64 = 12.0;

/// How something is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A line from point to point.
    Line,
    /// The same with steps, filled down to zero.
    Area,
}

/// One row of values over time.
#[derive(Debug, Clone)]
pub(super) struct Curve {
    /// A class of the page's style, and what the legend says.
    pub(super) name: &'static str,
    pub(super) mark: Mark,
    pub(super) points: Points,
}

/// Times in which something was the case, in a strip below the curves: from, how long, which class.
#[derive(Debug, Clone)]
pub(super) struct Strip {
    pub(super) name: &'static str,
    pub(super) spans: Vec<(f64, f64, &'static str)>,
}

/// Values over the seconds of a lesson.
#[derive(Debug, Clone)]
pub(super) struct Plot {
    /// What it shows, for those who do not see it.
    pub(super) title: String,
    pub(super) unit: &'static str,
    pub(super) seconds: f64,
    /// What is higher is cut off.
    pub(super) most: f64,
    pub(super) curves: Vec<Curve>,
    pub(super) strips: Vec<Strip>,
}

impl Plot {
    /// As an element of a page.
    pub(super) fn svg(&self) -> String {
        let strips = f64::from(u32::try_from(self.strips.len()).unwrap_or(0)) * (STRIP + 4.0);
        let (bottom, height) = (ABOVE + HEIGHT, ABOVE + HEIGHT + BELOW + strips);
        let width = LEFT + WIDTH + RIGHT;
        let mut svg = format!(
            "<svg viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\"><title>{}</title>",
            self.title
        );
        for step in 0..=4_u32 {
            let share = f64::from(step) / 4.0;
            let y = bottom - share * HEIGHT;
            // Writing to a string does not fail.
            let _ = write!(
                svg,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{:.0}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
                 <text class=\"axis end\" x=\"{:.0}\" y=\"{:.1}\">{:.0}</text>",
                LEFT + WIDTH,
                LEFT - 6.0,
                y + 4.0,
                share * self.most,
            );
        }
        for curve in &self.curves {
            svg.push_str(&self.curve(curve, bottom));
        }
        let mut y = bottom + 4.0;
        for strip in &self.strips {
            svg.push_str(&self.strip(strip, y));
            y += STRIP + 4.0;
        }
        let mut second = 0.0;
        while second <= self.seconds {
            let x = self.x(second);
            let _ = write!(
                svg,
                "<text class=\"axis middle\" x=\"{x:.1}\" y=\"{:.1}\">{second:.0} s</text>",
                height - 6.0
            );
            second += 10.0;
        }
        let _ = write!(
            svg,
            "<text class=\"axis\" x=\"{:.0}\" y=\"{:.0}\">{}</text>",
            LEFT + 4.0,
            ABOVE + 12.0,
            self.unit
        );
        svg.push_str("</svg>");
        svg
    }

    fn x(&self, second: f64) -> f64 {
        LEFT + WIDTH * (second / self.seconds.max(1.0)).min(1.0)
    }

    fn curve(&self, curve: &Curve, bottom: f64) -> String {
        let y = |value: f64| bottom - HEIGHT * (value / self.most.max(1e-9)).clamp(0.0, 1.0);
        let mut path = String::new();
        let mut before: Option<f64> = None;
        for (second, value) in &curve.points {
            let (x, y) = (self.x(*second), y(*value));
            let _ = match (before, curve.mark) {
                (None, Mark::Line) => write!(path, "M{x:.1} {y:.1}"),
                (None, Mark::Area) => write!(path, "M{x:.1} {bottom:.1}L{x:.1} {y:.1}"),
                (Some(_), Mark::Line) => write!(path, "L{x:.1} {y:.1}"),
                (Some(before), Mark::Area) => write!(path, "L{x:.1} {before:.1}L{x:.1} {y:.1}"),
            };
            before = Some(y);
        }
        if let Some(before) = before.filter(|_| curve.mark == Mark::Area) {
            let end = self.x(self.seconds);
            let _ = write!(path, "L{end:.1} {before:.1}L{end:.1} {bottom:.1}Z");
        }
        format!("<path class=\"{}\" d=\"{path}\"/>", curve.name)
    }

    fn strip(&self, strip: &Strip, y: f64) -> String {
        let mut svg = format!(
            "<text class=\"axis end\" x=\"{:.0}\" y=\"{:.1}\">{}</text>",
            LEFT - 6.0,
            y + STRIP - 2.0,
            strip.name
        );
        for (from, length, class) in &strip.spans {
            let x = self.x(*from);
            // What is short is still to be seen.
            let width = (self.x(from + length) - x).max(1.5);
            let _ = write!(
                svg,
                "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" \
                 height=\"{STRIP}\"><title>{from:.1} s, {length:.2} s</title></rect>"
            );
        }
        svg
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_stays_within_its_plot_and_a_short_span_is_seen() {
        let curve = Curve {
            name: "queue",
            mark: Mark::Area,
            points: vec![(0.0, 50.0), (5.0, 900.0), (10.0, -3.0)],
        };
        let spans = vec![(9.999, 0.02, "gap")];
        let plot = Plot {
            title: "a line".to_owned(),
            unit: "ms",
            seconds: 10.0,
            most: 100.0,
            curves: vec![curve],
            strips: vec![Strip { name: "speech", spans }],
        };
        let svg = plot.svg();
        let path = "M56.0 210.0L56.0 110.0L486.0 110.0L486.0 10.0L916.0 10.0L916.0 210.0\
                    L916.0 210.0L916.0 210.0Z";
        assert!(svg.contains(path), "{svg}");
        assert!(svg.contains("width=\"1.5\""), "{svg}");
        assert_eq!(svg.matches("<svg").count(), svg.matches("</svg>").count());
    }
}
