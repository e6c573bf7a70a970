//! Many shapes in few bytes, to look at until they come: strokes with the points that make them out, on a coarse
//! grid. What is alike stands together, so that it packs well.

use serde::Serialize;
use ts_rs::TS;

use super::shape::{Shape, write_number};

/// Steps of the grid, in units of a page: an eighth of a letter.
pub const SKETCH_GRID: i32 = 32;

/// A stroke may lie so far elsewhere, in units of a page: about four pixels of a screen.
const OFF_UNITS: i64 = 48;

/// Points that are looked at together: what a long stroke costs grows with its length and no faster.
const RUN_POINTS: usize = 32;

type Point = (i32, i32);

/// See the module. All numbers are written as in a [`Shape`]; places are counted in steps of [`SKETCH_GRID`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
pub struct Sketch {
    /// What each is, its colour and width: three characters. The lowest shape comes first.
    pub heads: String,
    /// How many points each has.
    pub counts: String,
    /// Where each begins: from where the one before began.
    pub starts: String,
    /// Its other points: each from the one before.
    pub steps: String,
    /// Texts, as they are.
    pub texts: Vec<String>,
}

impl Sketch {
    /// Of these shapes, the lowest first.
    pub fn of<'a>(shapes: impl IntoIterator<Item = &'a Shape>) -> Self {
        let mut sketch = Self::default();
        let mut before = (0, 0);
        for shape in shapes {
            if shape.as_str().starts_with('t') {
                sketch.texts.push(shape.as_str().to_owned());
            } else {
                before = sketch.add(shape, before);
            }
        }
        sketch
    }

    /// Gives back where it begins.
    fn add(&mut self, shape: &Shape, before: Point) -> Point {
        let on_grid = |(x, y)| (rounded(x), rounded(y));
        let points: Vec<Point> = made_out(&shape.points()).into_iter().map(on_grid).collect();
        let Some((start, others)) = points.split_first() else {
            return before;
        };
        // Pressure is left out.
        self.heads.extend(shape.as_str().chars().take(3).map(|c| if c == 'P' { 'p' } else { c }));
        write_number(&mut self.counts, i32::try_from(points.len()).unwrap_or(i32::MAX));
        write_step(&mut self.starts, before, *start);
        let mut from = *start;
        for point in others {
            write_step(&mut self.steps, from, *point);
            from = *point;
        }
        *start
    }
}

fn rounded(units: i32) -> i32 {
    (units + SKETCH_GRID / 2).div_euclid(SKETCH_GRID)
}

fn write_step(text: &mut String, from: Point, to: Point) {
    write_number(text, to.0 - from.0);
    write_number(text, to.1 - from.1);
}

/// The points without which it would lie elsewhere (Ramer, Douglas and Peucker), run by run.
fn made_out(points: &[Point]) -> Vec<Point> {
    let Some(last) = points.last() else {
        return Vec::new();
    };
    let mut kept = Vec::new();
    let mut from = 0;
    while from + 1 < points.len() {
        let to = (from + RUN_POINTS).min(points.len());
        let run = points.get(from..to).unwrap_or_default();
        keep(run, &mut kept);
        from = to - 1;
    }
    kept.push(*last);
    kept
}

/// Those of a run but its last.
fn keep(run: &[Point], kept: &mut Vec<Point>) {
    let mut open = vec![run];
    while let Some(run) = open.pop() {
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            continue;
        };
        let far =
            |(index, point): (usize, &Point)| (distance_squared(*point, *first, *last), index);
        let inner = run.get(1..run.len().saturating_sub(1)).unwrap_or_default();
        match inner.iter().enumerate().map(far).max() {
            Some((most, index)) if most > OFF_UNITS * OFF_UNITS => {
                open.extend(run.get(index + 1..));
                open.extend(run.get(..index + 2));
            }
            _ => kept.push(*first),
        }
    }
}

/// From a point to the line between two others, in units squared; as far as whole numbers go.
fn distance_squared(point: Point, from: Point, to: Point) -> i64 {
    let minus = |a: Point, b: Point| (i64::from(a.0 - b.0), i64::from(a.1 - b.1));
    let dot = |a: (i64, i64), b: (i64, i64)| a.0 * b.0 + a.1 * b.1;
    let (line, away) = (minus(to, from), minus(point, from));
    let (along, length) = (dot(away, line), dot(line, line));
    if along <= 0 || length == 0 {
        return dot(away, away);
    }
    if along >= length {
        let beyond = minus(point, to);
        return dot(beyond, beyond);
    }
    let across = i128::from(away.0 * line.1 - away.1 * line.0);
    i64::try_from(across * across / i128::from(length)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn straight_points_are_left_out_and_corners_are_not() {
        let line: Vec<Point> = (0..100).map(|x| (x * 10, 5)).collect();
        let corners = made_out(&line);
        assert!(corners.len() <= 5, "{corners:?}");
        assert_eq!((corners.first(), corners.last()), (line.first(), line.last()));
        assert_eq!(made_out(&[(0, 0), (500, 500), (1_000, 0)]), [(0, 0), (500, 500), (1_000, 0)]);
        assert_eq!(made_out(&[(7, 7)]), [(7, 7)], "a dot is a dot");
    }

    #[test]
    fn what_is_alike_stands_together_and_texts_are_whole() {
        let stroke = Shape::stroke((1_600, 160), &[(160, 0), (160, 160)]).unwrap();
        let text: Shape = "t10AA Größe".parse().unwrap();
        let line: Shape = "l21CAAgB".parse().unwrap();
        let sketch = Sketch::of([&stroke, &text, &line]);
        assert_eq!(sketch.heads, "p00l21");
        assert_eq!(sketch.texts, ["t10AA Größe"]);
        assert_eq!(sketch.counts, "GE");
        assert_eq!(sketch.starts, "kDKlDL", "50 and 5 steps; back to the corner");
        assert_eq!(sketch.steps, "KAKKAC");
    }

    proptest! {
        #[test]
        fn every_point_lies_near_what_is_left(
            steps in prop::collection::vec((-400..400_i16, -400..400_i16), 0..200),
        ) {
            let points = Shape::stroke((0, 0), &steps).unwrap().points();
            let left = made_out(&points);
            let near = |point: &Point| {
                let lines = left.windows(2).map(|ends| distance_squared(*point, ends[0], ends[1]));
                lines.min().unwrap_or_default() <= OFF_UNITS * OFF_UNITS
            };
            prop_assert!(points.iter().all(near));
        }

        #[test]
        fn any_shape_has_a_sketch(text in "[pPmlare][0-7][0-3][A-Za-z0-9_-]{0,60}") {
            if let Ok(shape) = text.parse::<Shape>() {
                let sketch = Sketch::of([&shape]);
                prop_assert_eq!(sketch.heads.len(), 3);
            }
        }
    }
}
