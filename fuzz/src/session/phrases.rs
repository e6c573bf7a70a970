//! Messages that decode, chosen by a script: what random bytes would seldom be.

use mosaik_proto::moqt::{
    AuthToken, ControlMessage, Fetch, FetchOk, FetchRange, Filter, FullTrackName, GoAway,
    GroupOrder, Location, Namespace, NamespaceSuffix, ObjectId, Parameters, Publish,
    PublishBlocked, PublishDone, PublishNamespace, Redirect, RequestError, RequestOk,
    RequestUpdate, Setup, Subscribe, SubscribeNamespace, SubscribeOk, SubscribeTracks, TokenValue,
    TrackProperties, TrackStatus,
};

use super::entrance::{ROOM, TOKENS, VISITORS};
use super::script::Script;

/// SETUP of one of the peers that there are.
pub(crate) fn set_up(script: &mut Script<'_>) -> ControlMessage {
    let token = script.choice(&TOKENS);
    let path = [None, None, None, Some("/moqt")];
    ControlMessage::Setup(Setup {
        path: script.choice(&path).map(Into::into),
        tokens: token.map(AuthToken::value).into_iter().collect(),
        ..Setup::default()
    })
}

/// Begins a request with this ID.
pub(crate) fn ask(script: &mut Script<'_>, request_id: u64) -> ControlMessage {
    match script.byte() % 9 {
        0 => {
            let (name, parameters) = (name(script), parameters(script));
            ControlMessage::Subscribe(Subscribe { request_id, name, parameters })
        }
        1 => ControlMessage::Publish(Publish {
            request_id,
            name: name(script),
            track_alias: script.number(),
            parameters: Parameters { largest: largest(script), ..Parameters::default() },
            properties: properties(script),
        }),
        2 => {
            let (namespace, parameters) = (namespace(script), tokens_only(script));
            ControlMessage::PublishNamespace(PublishNamespace { request_id, namespace, parameters })
        }
        3 => {
            let (prefix, parameters) = (namespace(script), tokens_only(script));
            ControlMessage::SubscribeNamespace(SubscribeNamespace {
                request_id,
                prefix,
                parameters,
            })
        }
        4 => {
            let (prefix, parameters) = (namespace(script), tokens_only(script));
            ControlMessage::SubscribeTracks(SubscribeTracks { request_id, prefix, parameters })
        }
        5 => {
            let (name, parameters) = (name(script), tokens_only(script));
            ControlMessage::TrackStatus(TrackStatus { request_id, name, parameters })
        }
        kind => fetch(script, request_id, kind),
    }
}

fn fetch(script: &mut Script<'_>, request_id: u64, kind: u8) -> ControlMessage {
    let what = match kind {
        6 => {
            let (name, start, mut last) = (name(script), location(script), location(script));
            if last < start {
                last = Location::new(start.group, ObjectId::MAX);
            }
            FetchRange::Standalone { name, start, last }
        }
        7 => FetchRange::Relative { subscription: script.number(), groups: script.number() },
        _ => FetchRange::Absolute { subscription: script.number(), group: script.number() },
    };
    let parameters = Parameters {
        group_order: order(script),
        fill_timeout: maybe(script),
        ..Parameters::default()
    };
    ControlMessage::Fetch(Fetch { request_id, what, parameters })
}

/// Says something on a stream that is open; an update has this request ID.
pub(crate) fn say(script: &mut Script<'_>, request_id: u64) -> ControlMessage {
    match script.byte() % 9 {
        0 => ControlMessage::RequestOk(RequestOk {
            parameters: Parameters { expires: maybe(script), ..Parameters::default() },
            properties: TrackProperties::default(),
        }),
        1 => ControlMessage::SubscribeOk(SubscribeOk {
            track_alias: script.number(),
            parameters: Parameters {
                largest: largest(script),
                expires: maybe(script),
                ..Parameters::default()
            },
            properties: properties(script),
        }),
        2 => ControlMessage::RequestError(request_error(script)),
        3 => ControlMessage::PublishDone(PublishDone {
            code: script.number(),
            stream_count: script.number(),
            reason: "over".into(),
        }),
        4 => ControlMessage::FetchOk(FetchOk {
            is_end_of_track: script.byte() % 2 == 1,
            last: location(script),
            parameters: Parameters::default(),
            properties: properties(script),
        }),
        5 => {
            let mut parameters = parameters(script);
            parameters.rendezvous_timeout = None;
            ControlMessage::RequestUpdate(RequestUpdate { request_id, parameters })
        }
        6 => ControlMessage::GoAway(GoAway { request_id: maybe(script), ..GoAway::default() }),
        7 => ControlMessage::PublishBlocked(PublishBlocked {
            suffix: namespace(script),
            track: "mic".into(),
        }),
        _ => ControlMessage::Namespace(NamespaceSuffix(namespace(script))),
    }
}

fn request_error(script: &mut Script<'_>) -> RequestError {
    let code = script.number();
    let redirect =
        (code == 0x34).then(|| Redirect { connect_uri: bytes::Bytes::new(), name: name(script) });
    RequestError { code, retry_interval: 1, reason: "no".into(), redirect }
}

fn namespace(script: &mut Script<'_>) -> Namespace {
    const NAMESPACES: [&[&str]; 8] = [
        &[VISITORS],
        &[VISITORS, "a"],
        &[VISITORS, "a", "b"],
        &[ROOM],
        &[ROOM, "00000000000000a1"],
        &[ROOM, "00000000000000a2"],
        &[],
        &["."],
    ];
    Namespace::of(script.choice(&NAMESPACES))
}

fn name(script: &mut Script<'_>) -> FullTrackName {
    const TRACKS: [&str; 8] = [
        "cam/low",
        "mic",
        "cam",
        "commands",
        "state",
        "inbox/00000000000000a1",
        "inbox/00000000000000a2",
        "",
    ];
    let namespace = namespace(script);
    FullTrackName::new(namespace, script.choice(&TRACKS))
}

fn location(script: &mut Script<'_>) -> Location {
    Location::new(script.number(), script.number())
}

fn maybe(script: &mut Script<'_>) -> Option<u64> {
    (script.byte() % 2 == 1).then(|| script.number())
}

fn largest(script: &mut Script<'_>) -> Option<Location> {
    (script.byte() % 2 == 1).then(|| location(script))
}

fn order(script: &mut Script<'_>) -> Option<GroupOrder> {
    script.choice(&[None, Some(GroupOrder::Ascending), Some(GroupOrder::Descending)])
}

fn properties(script: &mut Script<'_>) -> TrackProperties {
    let none = TrackProperties::default();
    match script.byte() % 8 {
        1 => none.with_priority(script.byte()),
        2 => none.with_dynamic_groups(),
        3 => none.with_object_delivery_timeout_ms(script.number()),
        4 => none.with_subgroup_delivery_timeout_ms(script.number()),
        5 => none.with_max_cache_duration_ms(script.number()),
        // A mandatory property that nobody knows.
        6 => none.with_integer(0x4000, 1),
        _ => none,
    }
}

/// What SUBSCRIBE and REQUEST_UPDATE may say, each by a bit of a byte.
fn parameters(script: &mut Script<'_>) -> Parameters {
    let flags = script.byte();
    let mut is_set = {
        let mut bit = 0;
        move || {
            bit += 1;
            flags >> (bit - 1) & 1 == 1
        }
    };
    Parameters {
        forward: is_set().then(|| script.byte() % 2 == 1),
        subscriber_priority: is_set().then(|| script.byte()),
        filter: is_set().then(|| filter(script)),
        group_order: is_set().then(|| order(script)).flatten(),
        object_delivery_timeout: is_set().then(|| script.number()),
        subgroup_delivery_timeout: is_set().then(|| script.number()),
        rendezvous_timeout: is_set().then(|| script.number()),
        new_group_request: is_set().then(|| script.number()),
        picture_height_max: picture_height(flags),
        ..Parameters::default()
    }
}

/// Heights of a picture: nobody sees it, a tile, and one that no rendition has. They go with flags that
/// others mean too, so that inputs keep their meaning.
fn picture_height(flags: u8) -> Option<u16> {
    match flags & 0b11 {
        0b01 => Some(0),
        0b10 => Some(180),
        0b11 => Some(u16::MAX),
        _ => None,
    }
}

fn filter(script: &mut Script<'_>) -> Filter {
    match script.byte() % 4 {
        0 => Filter::NextGroupStart,
        1 => Filter::LargestObject,
        2 => Filter::From(location(script)),
        _ => {
            let start = location(script);
            Filter::Range(start, start.group.saturating_add(script.number()))
        }
    }
}

fn tokens_only(script: &mut Script<'_>) -> Parameters {
    let token = |bytes: &'static [u8]| TokenValue::new(bytes);
    let alias = u64::from(script.byte() % 4);
    let tokens = match script.byte() % 8 {
        1 => script.choice(&TOKENS).map(AuthToken::value).into_iter().collect(),
        2 => script
            .choice(&TOKENS)
            .map(|bytes| AuthToken::Register { alias, token: token(bytes) })
            .into_iter()
            .collect(),
        3 => vec![AuthToken::UseAlias { alias }],
        4 => vec![AuthToken::Delete { alias }],
        _ => Vec::new(),
    };
    Parameters { tokens, ..Parameters::default() }
}
