//! What a lesson over each line must show.

use serde::Serialize;

use super::figures::Figures;

/// One bound and whether it is held.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// What must hold, in words.
    pub what: String,
    /// What was measured; `None` when nothing was.
    pub measured: Option<f64>,
    /// Whether it holds.
    pub passes: bool,
}

/// A bound of one figure.
enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

use Bound::{AtLeast, AtMost};

impl Check {
    /// A figure that is at most `most`.
    pub fn at_most(what: &str, measured: Option<f64>, most: f64) -> Self {
        Self::of(what, measured, &AtMost(most))
    }

    /// A figure that is at least `least`.
    pub fn at_least(what: &str, measured: Option<f64>, least: f64) -> Self {
        Self::of(what, measured, &AtLeast(least))
    }

    fn of(name: &str, measured: Option<f64>, bound: &Bound) -> Self {
        let (sign, limit, passes) = match bound {
            AtMost(most) => ("at most", most, measured.is_some_and(|it| it <= *most)),
            AtLeast(least) => ("at least", least, measured.is_some_and(|it| it >= *least)),
        };
        Self { what: format!("{name} {sign} {limit}"), measured, passes }
    }
}

/// What must hold for ours over QUIC on the line with this name.
pub fn checks(profile: &str, figures: &Figures) -> Vec<Check> {
    let bounds: &[(&str, Bound)] = match profile {
        "dsl-1m" => &[
            ("speech_gap_share", AtMost(0.005)),
            ("mouth_to_ear_p95_ms", AtMost(300.0)),
            ("fps_p50", AtLeast(15.0)),
            ("freeze_max_ms", AtMost(500.0)),
            ("queue_delay_p95_ms", AtMost(60.0)),
            ("line_used_share", AtLeast(0.85)),
        ],
        "floor-200k" => &[
            ("speech_gap_share", AtMost(0.02)),
            ("slide_s", AtMost(3.0)),
            ("chat_p95_ms", AtMost(1_000.0)),
        ],
        "step-3m-400k-3m" => &[
            ("step_gap_max_ms", AtMost(200.0)),
            ("settle_down_s", AtMost(2.0)),
            ("settle_up_s", AtMost(8.0)),
            ("switches_per_minute", AtMost(2.0)),
        ],
        "outage-10s" | "rebind" => &[
            ("resume_s", AtMost(1.0)),
            ("live_edge_s", AtMost(2.0)),
            ("chat_missing", AtMost(0.0)),
        ],
        _ => &[],
    };
    checked(figures, bounds)
}

/// What must hold for ours over a WebSocket.
pub(super) fn websocket_checks(profile: &str, figures: &Figures) -> Vec<Check> {
    let bounds: &[(&str, Bound)] = match profile {
        "dsl-1m" | "step-3m-400k-3m" => {
            &[("speech_gap_share", AtMost(0.01)), ("mouth_to_ear_p95_ms", AtMost(500.0))]
        }
        _ => &[],
    };
    checked(figures, bounds)
}

fn checked(figures: &Figures, bounds: &[(&str, Bound)]) -> Vec<Check> {
    let named = figures.named();
    let measured = |name: &str| named.iter().find(|(it, _)| *it == name).and_then(|(_, it)| *it);
    bounds.iter().map(|(name, bound)| Check::of(name, measured(name), bound)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_that_is_missing_or_out_of_bounds_does_not_pass() {
        let figures = Figures {
            speech_gap_share: Some(0.02),
            slide_s: Some(3.1),
            chat_p95_ms: None,
            ..Figures::default()
        };
        let passes: Vec<bool> =
            checks("floor-200k", &figures).iter().map(|check| check.passes).collect();
        assert_eq!(passes, [true, false, false]);
        assert_eq!(checks("floor-200k", &figures)[0].what, "speech_gap_share at most 0.02");
        assert!(checks("satellite", &figures).is_empty());
    }

    #[test]
    fn every_bound_is_of_a_figure_that_there_is() {
        let all = Figures::default().named();
        for profile in mosaik_link::Profile::NAMES {
            for check in checks(profile, &Figures::default()) {
                let name = check.what.split(' ').next();
                assert!(all.iter().any(|(it, _)| Some(*it) == name), "{}", check.what);
            }
        }
    }
}
