//! A large image and a picture on one line.

use super::world::{MID, World, name};
use super::*;
use crate::published::Stream;
use crate::{RequestKey, SubscribeRequest};

const SLIDES: &str = "slides";

/// A camera's base layer and the one above, and an image that goes before them.
struct Slides {
    world: World,
    layers: [Stream; 2],
    image: Stream,
}

impl Slides {
    /// With so many objects of 1,000 bytes of each.
    fn new(base: u64, enhancement: u64, image: u64) -> Self {
        let (mut world, _) = World::watching(&[MID, SLIDES], 1);
        let request = RequestKey { session: world.subscriber, id: 4 };
        let wish =
            SubscribeRequest { priority: 96, ..SubscribeRequest::new(request, name(SLIDES)) };
        world.tracks.subscribe(world.now, &wish);
        world.settle();
        let layers = [0, 1].map(|subgroup| world.open(MID, 10, subgroup));
        let image_of = world.open(SLIDES, 1, 0);
        let mut slides = Self { world, layers, image: image_of };
        for object in 0..base {
            slides.world.write(&mut slides.layers[0], object);
        }
        for object in 0..enhancement {
            slides.world.write(&mut slides.layers[1], 1_000 + object);
        }
        for object in 0..image {
            slides.world.write(&mut slides.image, object);
        }
        slides
    }

    /// Thousands of bytes of base layer, enhancement and image that went out.
    fn sent(&self) -> [usize; 3] {
        let of = |group, subgroup| {
            let streams = self.world.streams.values();
            let of = streams.filter(|it| (it.group, it.subgroup) == (group, subgroup));
            of.map(|stream| stream.bytes / 1_000).sum()
        };
        [of(10, 0), of(10, 1), of(1, 0)]
    }

    fn flush(&mut self, times: usize, window: usize) {
        for _ in 0..times {
            self.world.flush(window);
        }
    }
}

#[test]
fn an_image_does_not_stop_the_base_layer_and_the_rest_of_the_picture_waits() {
    let mut slides = Slides::new(4, 4, 60);
    slides.flush(30, 700);
    let [base, enhancement, image] = slides.sent();
    assert_eq!((base, enhancement), (4, 0));
    assert!(image >= 15, "{image}");
    slides.flush(2, 60_000);
    assert_eq!(slides.sent()[1], 4, "it comes behind the image");
}

#[test]
fn an_image_has_never_less_than_half_of_a_line_that_does_not_carry_both() {
    let mut slides = Slides::new(200, 0, 60);
    for part in 1..=5 {
        slides.flush(30, 700);
        let [base, _, image] = slides.sent();
        assert!(image + 4 >= base, "{base} and {image} after {part}");
        assert!(base + 4 >= image, "{base} and {image} after {part}");
    }
}

#[test]
fn a_base_layer_that_had_little_catches_up_before_an_image_goes_on() {
    let mut slides = Slides::new(1, 0, 60);
    slides.flush(20, 700);
    assert_eq!(slides.sent()[0], 1);
    // A key frame comes.
    for object in 1..8 {
        slides.world.write(&mut slides.layers[0], object);
    }
    slides.flush(11, 700);
    assert_eq!(slides.sent()[0], 8);
}

#[test]
fn on_a_line_with_room_everything_goes_out_at_once() {
    let mut slides = Slides::new(9, 5, 60);
    slides.flush(1, usize::MAX);
    assert_eq!(slides.sent(), [9, 5, 60]);
}

#[test]
fn what_stands_behind_an_image_does_not_wait_for_the_line() {
    let mut slides = Slides::new(40, 4, 10);
    let waiting = |slides: &Slides| {
        let wishes = slides.world.tracks.wishes(slides.world.now, slides.world.subscriber);
        wishes[0].oldest_waiting
    };
    for _ in 0..10 {
        slides.world.now += Duration::from_millis(50);
        slides.flush(1, 1_000);
    }
    assert_eq!(waiting(&slides), Some(Duration::ZERO));
    slides.flush(15, 1_000);
    assert_eq!(slides.sent()[2], 10, "the image is there");
    slides.world.now += Duration::from_millis(300);
    slides.flush(1, 1_000);
    assert_eq!(waiting(&slides), Some(Duration::from_millis(300)));
}
