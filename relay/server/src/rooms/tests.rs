//! Who comes in, who does not, and what a refusal tells.

use super::*;
use crate::config::{Sources, load};

const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));

fn demo(now: Instant) -> Rooms {
    Rooms::new(&load(Sources::default()).unwrap(), now)
}

fn secret(rooms: &Rooms, role: Role) -> String {
    rooms.find("demo").unwrap().secret(role).expose().clone()
}

#[test]
fn each_links_secret_gives_its_role() {
    let now = Instant::now();
    let rooms = demo(now);
    for role in [Role::Moderator, Role::Viewer] {
        let secret = secret(&rooms, role);
        assert_eq!(secret.len(), 22);
        assert_eq!(rooms.admit("demo", &secret, PEER, now).unwrap().1.role, role);
    }
    assert_ne!(secret(&rooms, Role::Moderator), secret(&rooms, Role::Viewer));
}

#[test]
fn an_unknown_room_and_a_wrong_secret_answer_alike() {
    let now = Instant::now();
    let rooms = demo(now);
    for _ in 0..5 {
        for room in ["demo", "other"] {
            let refused = rooms.admit(room, "wrong", PEER, now).unwrap_err();
            assert_eq!(refused, Refused::LinkInvalid, "{room}");
        }
    }
    let [wrong_secret, unknown_room] =
        ["demo", "other"].map(|room| rooms.admit(room, "wrong", PEER, now).unwrap_err());
    assert_eq!(wrong_secret, unknown_room);
    assert_eq!(wrong_secret, Refused::TooMany { retry_after: Duration::from_secs(12) });
}

#[test]
fn the_decoys_secret_opens_no_room() {
    let now = Instant::now();
    let rooms = demo(now);
    let decoy = rooms.decoy.text.expose();
    assert!(rooms.admit("other", decoy, PEER, now).is_err());
    assert!(rooms.admit("demo", decoy, PEER, now).is_err());
}

#[test]
fn wrong_secrets_lock_out_nobody_who_has_the_right_one() {
    let now = Instant::now();
    let rooms = demo(now);
    for _ in 0..100 {
        assert!(rooms.admit("demo", "wrong", PEER, now).is_err());
    }
    assert!(rooms.admit("demo", &secret(&rooms, Role::Viewer), PEER, now).is_ok());
    let other: IpAddr = "2001:db8::1".parse().unwrap();
    let refused = rooms.admit("demo", "wrong", other, now).unwrap_err();
    assert_eq!(refused, Refused::LinkInvalid);
}

#[test]
fn one_ipv6_customer_is_one_address_and_mapped_ipv4_is_ipv4() {
    let network = |text: &str| network(text.parse().unwrap());
    assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
    assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
    assert_eq!(network("::ffff:192.0.2.7"), network("192.0.2.7"));
}

#[test]
fn a_class_comes_at_once_and_the_next_ones_wait() {
    let now = Instant::now();
    let rooms = demo(now);
    let secret = secret(&rooms, Role::Viewer);
    for _ in 0..60 {
        assert!(rooms.admit("demo", &secret, PEER, now).is_ok());
    }
    let refused = rooms.admit("demo", &secret, PEER, now).unwrap_err();
    assert_eq!(refused, Refused::TooMany { retry_after: Duration::from_millis(200) });
    let later = now + Duration::from_millis(200);
    assert!(rooms.admit("demo", &secret, PEER, later).is_ok());
}

#[test]
fn there_is_a_demo_only_when_nothing_else_is_or_when_it_is_wanted() {
    let now = Instant::now();
    let mut config = load(Sources::default()).unwrap();
    config.rooms = vec![RoomSettings { id: "klasse-7b".to_owned(), ..RoomSettings::default() }];
    let rooms = Rooms::new(&config, now);
    assert!(rooms.find("demo").is_none());
    assert_eq!(rooms.find("klasse-7b").unwrap().title, "klasse-7b");
    config.settings.demo = Some(crate::config::Switch(true));
    assert_eq!(Rooms::new(&config, now).all().len(), 2);
    config.settings.demo = Some(crate::config::Switch(false));
    config.rooms.clear();
    assert_eq!(Rooms::new(&config, now).all().len(), 0);
}

#[test]
fn seats_are_full_when_the_room_says_so() {
    let seats = Seats::new(2);
    seats.set_taken(1);
    assert!(!seats.is_full_for(Role::Viewer));
    seats.set_taken(2);
    assert!(seats.is_full_for(Role::Viewer));
    assert!(!seats.is_full_for(Role::Moderator), "a class keeps its teacher out");
}
