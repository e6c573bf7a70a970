//! The congestion window of a TCP sender: CUBIC (RFC 9438), in segments.

use std::time::Duration;

/// How fast the window grows with the cube of time, in segments per cubed second (RFC 9438,
/// section 5).
const C: f64 = 0.4;

/// What is left of the window after a loss (RFC 9438, section 4.6).
const BETA: f64 = 0.7;

/// Growth for each window of acknowledged segments that gives Reno's share with [`BETA`] (RFC 9438,
/// section 4.3).
const ALPHA: f64 = 3.0 * (1.0 - BETA) / (1.0 + BETA);

/// The initial window (RFC 6928).
const INITIAL: f64 = 10.0;

/// Of a window that was made small (RFC 9438, section 4.6).
const SMALLEST: f64 = 2.0;

/// A congestion window.
#[derive(Debug, Clone)]
pub struct Cubic {
    window: f64,
    slow_start_until: f64,
    /// The window before the last loss, or less where it did not get that far again.
    w_max: f64,
    /// The window at the last loss.
    prior: f64,
    epoch: Option<Epoch>,
}

/// Since when the window grows without loss.
#[derive(Debug, Clone)]
struct Epoch {
    began: Duration,
    /// Seconds until the window is `w_max` again.
    k: f64,
    /// What Reno would have.
    reno: f64,
}

impl Default for Cubic {
    fn default() -> Self {
        Self {
            window: INITIAL,
            slow_start_until: f64::INFINITY,
            w_max: 0.0,
            prior: 0.0,
            epoch: None,
        }
    }
}

impl Cubic {
    /// Segments that may be on their way.
    pub const fn window(&self) -> f64 {
        self.window
    }

    /// `segments` were acknowledged while the window was in use.
    pub fn acknowledged(&mut self, now: Duration, segments: f64, rtt: Duration) {
        if self.window < self.slow_start_until {
            self.window += segments;
            return;
        }
        let (window, w_max) = (self.window, self.w_max.max(self.window));
        let epoch = self.epoch.get_or_insert_with(|| {
            let k = ((w_max - window) / C).cbrt();
            Epoch { began: now, k, reno: window }
        });
        self.w_max = w_max;
        let alpha = if epoch.reno < self.prior { ALPHA } else { 1.0 };
        epoch.reno += alpha * segments / self.window;
        let time = now.saturating_sub(epoch.began).as_secs_f64();
        let cubic = |time: f64| C * (time - epoch.k).powi(3) + self.w_max;
        if cubic(time) < epoch.reno {
            self.window = self.window.max(epoch.reno);
        } else {
            let target = cubic(time + rtt.as_secs_f64()).clamp(self.window, 1.5 * self.window);
            self.window += (target - self.window) / self.window * segments;
        }
    }

    /// A segment of this window was lost; further ones of the same window count as one.
    pub fn lost(&mut self) {
        self.prior = self.window;
        // Fast convergence (RFC 9438, section 4.7): a flow that got less than before makes room.
        let got_less = self.window < self.w_max;
        self.w_max = if got_less { self.window * f64::midpoint(1.0, BETA) } else { self.window };
        self.window = (self.window * BETA).max(SMALLEST);
        self.slow_start_until = self.window;
        self.epoch = None;
    }

    /// Nothing was acknowledged for a retransmission timeout (RFC 9438, section 4.8).
    pub fn timed_out(&mut self) {
        self.lost();
        self.window = 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RTT: Duration = Duration::from_millis(100);

    /// Acknowledges a window in each round trip from `from` for this many.
    fn rounds(cubic: &mut Cubic, from: u32, count: u32) -> Vec<f64> {
        let rounds = (from..from + count).map(|round| {
            cubic.acknowledged(RTT * round, cubic.window(), RTT);
            cubic.window()
        });
        rounds.collect()
    }

    #[test]
    fn it_begins_with_ten_segments_and_doubles() {
        assert_eq!(rounds(&mut Cubic::default(), 0, 3), [20.0, 40.0, 80.0]);
    }

    #[test]
    fn after_a_loss_it_is_back_after_k_with_a_plateau_there() {
        let mut cubic = Cubic::default();
        rounds(&mut cubic, 0, 5);
        let before = cubic.window();
        cubic.lost();
        assert!((cubic.window() - 0.7 * before).abs() < 1e-9);
        let windows = rounds(&mut cubic, 0, 120);
        // K is the cube root of 320 * 0.3 / 0.4 seconds.
        let k = (before * 0.3 / 0.4).cbrt();
        let near = windows.iter().position(|window| *window > 0.99 * before).expect("back");
        let seconds = RTT.as_secs_f64() * f64::from(u32::try_from(near).expect("small"));
        assert!((seconds - k).abs() < 2.5, "back after {seconds} s, K is {k}");
        assert!(windows.is_sorted());
        let growth = |round: usize| windows[round + 1] - windows[round];
        assert!(growth(60) < growth(1) / 5.0, "no plateau");
        assert!(growth(115) > 5.0 * growth(60), "no growth beyond it");
    }

    #[test]
    fn on_a_short_and_slow_path_it_is_as_fast_as_reno() {
        let mut cubic = Cubic::default();
        cubic.lost();
        let began = cubic.window();
        let rtt = Duration::from_millis(5);
        for round in 0..5 {
            cubic.acknowledged(rtt * round, cubic.window(), rtt);
        }
        assert!((cubic.window() - began - 5.0 * ALPHA).abs() < 0.2, "{}", cubic.window());
    }

    #[test]
    fn after_a_timeout_it_begins_with_one() {
        let mut cubic = Cubic::default();
        rounds(&mut cubic, 0, 5);
        cubic.timed_out();
        assert!((cubic.window() - 1.0).abs() < f64::EPSILON);
        assert!((rounds(&mut cubic, 0, 1)[0] - 2.0).abs() < f64::EPSILON, "no slow start");
    }
}
