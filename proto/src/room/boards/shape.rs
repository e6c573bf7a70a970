//! A shape as text: what it is, its colour, its width, its points, and for a text the words.
//!
//! `<kind><colour><width><points>`, and for texts a space and the words. Points are numbers in pairs,
//! with the pen's pressure in threes: the first ones from the page's corner, all others from the point
//! before. Numbers are written as in source maps: five bits a character, the sixth says that more
//! follow, the lowest bit of all is the sign. So a stroke grows at its end, and moves with its head.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ts_rs::TS;

/// Points of one stroke: half a minute of drawing without a stop.
pub const SHAPE_POINTS_MAX: usize = 2_000;

/// Characters of one text.
pub const SHAPE_TEXT_CHARS_MAX: usize = 500;

/// Characters of one number: the page is 16,384 wide, and twice that away nobody draws.
const NUMBER_CHARS_MAX: usize = 4;

/// Units from the page's corner: there is nothing to see.
const FAR_OUTSIDE: i32 = 1 << 17;

const HEAD: usize = 3;
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const GOES_ON: u32 = 32;

/// What a shape costs in a snapshot beside its text: its author's place, its number, what is between.
const ENTRY_BYTES: usize = 24;

/// A shape that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no shape")]
pub struct BadShape;

/// More points of a stroke.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
#[ts(type = "string")]
pub struct Points(String);

impl Points {
    /// As they are written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Points {
    type Err = BadShape;

    fn from_str(text: &str) -> Result<Self, BadShape> {
        let numbers = numbers(text.as_bytes())?;
        let is_some = (1..=3 * SHAPE_POINTS_MAX).contains(&numbers);
        if is_some { Ok(Self(text.to_owned())) } else { Err(BadShape) }
    }
}

/// What people draw stays out of logs.
impl fmt::Debug for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Points({} bytes)", self.0.len())
    }
}

/// See the module.
#[derive(Clone, PartialEq, Eq, TS)]
#[ts(type = "string")]
pub struct Shape {
    text: String,
    points: usize,
}

/// How many numbers a point has, and how many points a shape of this kind.
const fn form(kind: u8) -> Option<(usize, usize, usize)> {
    match kind {
        b'p' | b'm' => Some((2, 1, SHAPE_POINTS_MAX)),
        b'P' => Some((3, 1, SHAPE_POINTS_MAX)),
        b'l' | b'a' | b'r' | b'e' => Some((2, 2, 2)),
        b't' => Some((2, 1, 1)),
        _ => None,
    }
}

impl Shape {
    /// A stroke of a thin pen, in ink: a place, and from it step by step.
    ///
    /// # Errors
    /// [`BadShape`] for too many steps.
    pub fn stroke(from: (i16, i16), steps: &[(i16, i16)]) -> Result<Self, BadShape> {
        let mut text = "p00".to_owned();
        for (x, y) in [from].iter().chain(steps) {
            write_number(&mut text, i32::from(*x));
            write_number(&mut text, i32::from(*y));
        }
        text.parse()
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where its points are, in units of the page from its corner; pressure is left out, and what is far outside is
    /// not so far.
    pub(super) fn points(&self) -> Vec<(i32, i32)> {
        let written = self.text.split(' ').next().and_then(|text| text.get(HEAD..));
        let numbers: Vec<i32> = read_numbers(written.unwrap_or_default().as_bytes()).collect();
        let each = if self.text.starts_with('P') { 3 } else { 2 };
        let steps = numbers.chunks_exact(each).filter_map(|step| step.first_chunk::<2>());
        let mut place = (0_i32, 0_i32);
        let reach = |[x, y]: &[i32; 2]| {
            place = (place.0.saturating_add(*x), place.1.saturating_add(*y));
            (place.0.clamp(-FAR_OUTSIDE, FAR_OUTSIDE), place.1.clamp(-FAR_OUTSIDE, FAR_OUTSIDE))
        };
        steps.map(reach).collect()
    }

    /// Bytes that it takes in a snapshot at most.
    pub fn bytes(&self) -> usize {
        // Line breaks and quotation marks of a text take two.
        let escaped = if self.text.starts_with('t') { 2 } else { 1 };
        ENTRY_BYTES + escaped * self.text.len()
    }

    /// A stroke goes on; false if it is not as long as its author thinks, or would be too long.
    pub fn extend(&mut self, at: u32, more: &Points) -> bool {
        let kind = self.text.bytes().next().unwrap_or_default();
        let Some((each, _, most)) = form(kind).filter(|_| matches!(kind, b'p' | b'P' | b'm'))
        else {
            return false;
        };
        let count = numbers(more.as_str().as_bytes()).unwrap_or_default();
        let points = self.points.saturating_add(count / each);
        let fits = count.is_multiple_of(each) && points <= most;
        if usize::try_from(at) != Ok(self.text.len()) || !fits {
            return false;
        }
        self.text.push_str(more.as_str());
        self.points = points;
        true
    }

    /// Its first point is here from now on.
    pub fn place(&mut self, x: i16, y: i16) {
        let bytes = self.text.as_bytes();
        let mut end = HEAD;
        for _ in 0..2 {
            let rest = bytes.get(end..).unwrap_or_default();
            end += number_len(rest).unwrap_or_default();
        }
        let mut head = self.text.get(..HEAD).unwrap_or_default().to_owned();
        write_number(&mut head, i32::from(x));
        write_number(&mut head, i32::from(y));
        head.push_str(self.text.get(end..).unwrap_or_default());
        self.text = head;
    }
}

impl FromStr for Shape {
    type Err = BadShape;

    fn from_str(text: &str) -> Result<Self, BadShape> {
        let bytes = text.as_bytes();
        let [kind, b'0'..=b'7', b'0'..=b'3', rest @ ..] = bytes else {
            return Err(BadShape);
        };
        let (each, least, most) = form(*kind).ok_or(BadShape)?;
        let end = rest.iter().position(|byte| *byte == b' ').unwrap_or(rest.len());
        let (written, words) = rest.split_at(end);
        let count = numbers(written)?;
        let points = count / each;
        let fits = count.is_multiple_of(each) && (least..=most).contains(&points);
        let is_right =
            if *kind == b't' { are_words(text, HEAD + end + 1) } else { words.is_empty() };
        if fits && is_right { Ok(Self { text: text.to_owned(), points }) } else { Err(BadShape) }
    }
}

/// What people draw stays out of logs.
impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shape({} bytes)", self.text.len())
    }
}

impl Serialize for Shape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

fn are_words(text: &str, from: usize) -> bool {
    let Some(words) = text.get(from..) else {
        return false;
    };
    let is_bad = |c: char| c.is_control() && c != '\n';
    (1..=SHAPE_TEXT_CHARS_MAX).contains(&words.chars().count()) && !words.chars().any(is_bad)
}

fn digit(byte: u8) -> Option<u32> {
    let place = DIGITS.iter().position(|digit| *digit == byte)?;
    u32::try_from(place).ok()
}

/// How many characters the first number has.
fn number_len(bytes: &[u8]) -> Result<usize, BadShape> {
    for (index, byte) in bytes.iter().take(NUMBER_CHARS_MAX).enumerate() {
        if digit(*byte).ok_or(BadShape)? < GOES_ON {
            return Ok(index + 1);
        }
    }
    Err(BadShape)
}

/// Each number as it is written; an error ends them.
fn written(bytes: &[u8]) -> impl Iterator<Item = Result<&[u8], BadShape>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let len = number_len(rest).inspect_err(|_| rest = &[]);
        Some(len.and_then(|len| {
            let (number, after) = rest.split_at_checked(len).ok_or(BadShape)?;
            rest = after;
            Ok(number)
        }))
    })
}

/// How many numbers there are.
fn numbers(bytes: &[u8]) -> Result<usize, BadShape> {
    written(bytes).try_fold(0, |count, number| number.map(|_| count + 1))
}

/// What the numbers are, up to what is none.
fn read_numbers(bytes: &[u8]) -> impl Iterator<Item = i32> {
    let value = |number: &[u8]| {
        let place =
            |bits: u32, byte: &u8| digit(*byte).map(|digit| (bits << 5) | (digit % GOES_ON));
        let bits = number.iter().rev().try_fold(0, place)?;
        let size = i32::try_from(bits >> 1).ok()?;
        Some(if bits & 1 == 1 { -size } else { size })
    };
    written(bytes).map_while(move |number| value(number.ok()?))
}

pub(super) fn write_number(text: &mut String, number: i32) {
    let mut bits = (number.unsigned_abs() << 1) | u32::from(number < 0);
    loop {
        let more = bits >> 5;
        let place = (bits % GOES_ON) | if more == 0 { 0 } else { GOES_ON };
        let digit = usize::try_from(place).ok().and_then(|place| DIGITS.get(place));
        text.push(char::from(*digit.unwrap_or(&b'A')));
        if more == 0 {
            return;
        }
        bits = more;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(points: &[(i16, i16)]) -> String {
        let mut text = String::new();
        for (x, y) in points {
            write_number(&mut text, i32::from(*x));
            write_number(&mut text, i32::from(*y));
        }
        text
    }

    fn shape(text: &str) -> Shape {
        text.parse().unwrap()
    }

    #[test]
    fn only_shapes_are_shapes() {
        let two = written(&[(100, 200), (-5, 16)]);
        let three = format!("{two}{}", written(&[(1, 1)]));
        for good in ["p00", "m71", "l13", "a20", "r30", "e41"] {
            assert!(format!("{good}{two}").parse::<Shape>().is_ok(), "{good}");
        }
        assert!(format!("P00{three}").parse::<Shape>().is_ok(), "two points with pressure");
        assert!(format!("t02{} Grüße\n\"x\"", written(&[(1, 2)])).parse::<Shape>().is_ok());
        let long = "AA".repeat(SHAPE_POINTS_MAX);
        assert!(format!("p00{long}").parse::<Shape>().is_ok());
        for bad in [
            String::new(),
            "p00".into(),
            format!("x00{two}"),
            format!("p80{two}"),
            format!("p04{two}"),
            format!("p00{two}A"),
            format!("P00{two}"),
            format!("l00{three}"),
            format!("p00{two} Wort"),
            format!("p00{two}_"),
            format!("p00{two}_____A"),
            format!("p00{two}ä"),
            format!("p00{long}AA"),
            format!("t00{two} zwei Punkte"),
            "t00AA".into(),
            "t00AA ".into(),
            "t00AA \u{7}".into(),
            format!("t00AA {}", "x".repeat(SHAPE_TEXT_CHARS_MAX + 1)),
        ] {
            assert_eq!(bad.parse::<Shape>(), Err(BadShape), "{bad:?}");
        }
    }

    #[test]
    fn a_stroke_goes_on_at_its_end_and_nothing_comes_twice() {
        let mut stroke = shape(&format!("p00{}", written(&[(100, 200)])));
        let len = |stroke: &Shape| u32::try_from(stroke.as_str().len()).unwrap();
        let more: Points = written(&[(3, 4), (5, 6)]).parse().unwrap();
        let at = len(&stroke);
        assert!(stroke.extend(at, &more));
        assert!(!stroke.extend(at, &more), "again");
        assert_eq!(stroke.as_str(), format!("p00{}", written(&[(100, 200), (3, 4), (5, 6)])));
        assert!(!stroke.extend(len(&stroke), &"A".parse().unwrap()), "half a point");
        let full: Points = "AA".repeat(SHAPE_POINTS_MAX - 2).parse().unwrap();
        assert!(!stroke.extend(len(&stroke), &full), "too long");
        let mut line = shape(&format!("l00{}", written(&[(1, 1), (2, 2)])));
        assert!(!line.extend(len(&line), &more), "a line has two points");
    }

    #[test]
    fn points_are_where_they_were_put_with_pressure_and_without() {
        let steps = [(-300, 5), (0, -1), (32_000, 16)];
        let stroke = Shape::stroke((100, 200), &steps).unwrap();
        let there = [(100, 200), (-200, 205), (-200, 204), (31_800, 220)];
        assert_eq!(stroke.points(), there);
        assert_eq!(shape(&format!("t12{} 3 x", written(&[(7, 8)]))).points(), [(7, 8)]);
        let mut pressed = "P00".to_owned();
        for (x, y, pressure) in [(100, 200, 9), (-300, 5, -2)] {
            for number in [x, y, pressure] {
                write_number(&mut pressed, number);
            }
        }
        assert_eq!(shape(&pressed).points(), [(100, 200), (-200, 205)]);
    }

    proptest! {
        #[test]
        fn what_is_placed_moves_as_a_whole(x: i16, y: i16, to: (i16, i16), rest in "[A-Z]{0,40}") {
            let rest = &rest[..rest.len() / 2 * 2];
            let mut placed = shape(&format!("p12{}{rest}", written(&[(x, y)])));
            placed.place(to.0, to.1);
            let there = shape(&format!("p12{}{rest}", written(&[to])));
            prop_assert_eq!(placed, there);
        }

        #[test]
        fn any_text_is_a_shape_or_is_refused(text: String, more: String) {
            if let (Ok(mut shape), Ok(points)) = (text.parse::<Shape>(), more.parse()) {
                shape.extend(0, &points);
                shape.place(0, 0);
                prop_assert!(shape.as_str().parse::<Shape>().is_ok());
            }
        }
    }
}
