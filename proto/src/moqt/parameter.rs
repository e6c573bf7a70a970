//! Parameters of control messages (section 10.2); the codec has refused those that may not be
//! where they are.

use moqtap_codec::kvp::{KeyValuePair, KvpValue};
use moqtap_codec::subscription_filter::{FilterEnd, SubscriptionFilter};
use moqtap_codec::types::{FilterType, Location as WireLocation, TrackNamespace};
use moqtap_codec::varint::{Moqt18, VarInt};

pub(super) use super::auth_token::AUTHORIZATION_TOKEN;
use super::auth_token::AuthToken;
use super::varint::{decode_varint, encode_varint};
use super::{GroupId, GroupOrder, Location, Namespace, Violation};

pub(super) const OBJECT_DELIVERY_TIMEOUT: u64 = 0x02;
pub(super) const RENDEZVOUS_TIMEOUT: u64 = 0x04;
pub(super) const SUBGROUP_DELIVERY_TIMEOUT: u64 = 0x06;
pub(super) const EXPIRES: u64 = 0x08;
pub(super) const LARGEST_OBJECT: u64 = 0x09;
pub(super) const FILL_TIMEOUT: u64 = 0x0A;
pub(super) const FORWARD: u64 = 0x10;
pub(super) const SUBSCRIBER_PRIORITY: u64 = 0x20;
pub(super) const SUBSCRIPTION_FILTER: u64 = 0x21;
pub(super) const GROUP_ORDER: u64 = 0x22;
pub(super) const NEW_GROUP_REQUEST: u64 = 0x32;
pub(super) const TRACK_NAMESPACE_PREFIX: u64 = 0x34;
/// Ours, negotiated with [`super::Setup::offers_switching`].
pub(super) const PICTURE_HEIGHT_MAX: u64 = 0x4D53_0002;

/// Which objects of a track a subscription passes (section 5.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// From the start of the group after the largest one.
    NextGroupStart,
    /// From the object after the largest one.
    LargestObject,
    /// From a location on.
    From(Location),
    /// From a location to the end of a group.
    Range(Location, GroupId),
}

/// The parameters of one message; absent ones are `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parameters {
    /// OBJECT_DELIVERY_TIMEOUT in ms.
    pub object_delivery_timeout: Option<u64>,
    /// SUBGROUP_DELIVERY_TIMEOUT in ms.
    pub subgroup_delivery_timeout: Option<u64>,
    /// RENDEZVOUS_TIMEOUT in ms.
    pub rendezvous_timeout: Option<u64>,
    /// EXPIRES in ms.
    pub expires: Option<u64>,
    /// FILL_TIMEOUT in ms.
    pub fill_timeout: Option<u64>,
    /// LARGEST_OBJECT.
    pub largest: Option<Location>,
    /// FORWARD.
    pub forward: Option<bool>,
    /// SUBSCRIBER_PRIORITY, lower is more urgent.
    pub subscriber_priority: Option<u8>,
    /// SUBSCRIPTION_FILTER.
    pub filter: Option<Filter>,
    /// GROUP_ORDER.
    pub group_order: Option<GroupOrder>,
    /// NEW_GROUP_REQUEST.
    pub new_group_request: Option<u64>,
    /// TRACK_NAMESPACE_PREFIX.
    pub namespace_prefix: Option<Namespace>,
    /// AUTHORIZATION_TOKEN, in the order in which they count.
    pub tokens: Vec<AuthToken>,
    /// PICTURE_HEIGHT_MAX: the height in pixels at which a picture is shown at most, 0 if it is not
    /// shown. Ours: in SUBSCRIBE and REQUEST_UPDATE, and only to a relay whose SETUP offers
    /// switching tracks (docs/protocol.md).
    pub picture_height_max: Option<u16>,
}

impl Parameters {
    pub(super) fn from_wire(pairs: &[KeyValuePair]) -> Result<Self, Violation> {
        let mut parameters = Self::default();
        for pair in pairs {
            let kind = pair.key.into_inner();
            match &pair.value {
                KvpValue::Varint(value) => parameters.take_integer(kind, value.into_inner()),
                KvpValue::Bytes(value) => parameters.take_bytes(kind, value)?,
            }
        }
        Ok(parameters)
    }

    fn take_integer(&mut self, kind: u64, value: u64) {
        match kind {
            OBJECT_DELIVERY_TIMEOUT => self.object_delivery_timeout = Some(value),
            SUBGROUP_DELIVERY_TIMEOUT => self.subgroup_delivery_timeout = Some(value),
            RENDEZVOUS_TIMEOUT => self.rendezvous_timeout = Some(value),
            EXPIRES => self.expires = Some(value),
            FILL_TIMEOUT => self.fill_timeout = Some(value),
            FORWARD => self.forward = Some(value == 1),
            SUBSCRIBER_PRIORITY => self.subscriber_priority = u8::try_from(value).ok(),
            GROUP_ORDER => {
                let descending = value == 2;
                self.group_order =
                    Some(if descending { GroupOrder::Descending } else { GroupOrder::Ascending });
            }
            // The codec refused every other type before it came here.
            _ => self.new_group_request = Some(value),
        }
    }

    fn take_bytes(&mut self, kind: u64, value: &[u8]) -> Result<(), Violation> {
        match kind {
            LARGEST_OBJECT => {
                let mut buf = value;
                let group = decode_varint(&mut buf);
                let object = decode_varint(&mut buf);
                self.largest = group.zip(object).map(|(g, o)| Location::new(g, o));
            }
            SUBSCRIPTION_FILTER => self.filter = Some(filter_from_wire(value)?),
            TRACK_NAMESPACE_PREFIX => {
                let namespace = TrackNamespace::decode_allow_empty_moqt::<Moqt18>(&mut &value[..])?;
                self.namespace_prefix = Some(namespace.into());
            }
            _ => self.tokens.push(AuthToken::from_wire(value)?),
        }
        Ok(())
    }

    pub(super) fn to_wire(&self) -> Vec<KeyValuePair> {
        let order = self.group_order.map(|order| match order {
            GroupOrder::Ascending => 1,
            GroupOrder::Descending => 2,
        });
        let integers = [
            (OBJECT_DELIVERY_TIMEOUT, self.object_delivery_timeout),
            (RENDEZVOUS_TIMEOUT, self.rendezvous_timeout),
            (SUBGROUP_DELIVERY_TIMEOUT, self.subgroup_delivery_timeout),
            (EXPIRES, self.expires),
            (FILL_TIMEOUT, self.fill_timeout),
            (FORWARD, self.forward.map(u64::from)),
            (SUBSCRIBER_PRIORITY, self.subscriber_priority.map(u64::from)),
            (GROUP_ORDER, order),
            (NEW_GROUP_REQUEST, self.new_group_request),
            (PICTURE_HEIGHT_MAX, self.picture_height_max.map(u64::from)),
        ];
        let mut pairs: Vec<KeyValuePair> = integers
            .into_iter()
            .filter_map(|(kind, value)| Some(pair(kind, KvpValue::Varint(wire(value?)))))
            .collect();
        pairs.extend(self.tokens.iter().map(|token| pair(AUTHORIZATION_TOKEN, token.to_wire())));
        if let Some(largest) = self.largest {
            let mut bytes = Vec::new();
            encode_varint(largest.group, &mut bytes);
            encode_varint(largest.object, &mut bytes);
            pairs.push(pair(LARGEST_OBJECT, KvpValue::Bytes(bytes)));
        }
        if let Some(filter) = self.filter {
            pairs.push(pair(SUBSCRIPTION_FILTER, KvpValue::Bytes(filter_to_wire(filter))));
        }
        if let Some(prefix) = &self.namespace_prefix {
            let mut bytes = Vec::new();
            TrackNamespace::from(prefix).encode_moqt::<Moqt18>(&mut bytes);
            pairs.push(pair(TRACK_NAMESPACE_PREFIX, KvpValue::Bytes(bytes)));
        }
        pairs.sort_by_key(|pair| pair.key.into_inner());
        pairs
    }
}

fn filter_from_wire(value: &[u8]) -> Result<Filter, Violation> {
    let filter = SubscriptionFilter::decode_moqt::<Moqt18>(value)?;
    let start = filter.start_location.as_ref().map_or(Location::START, |start| {
        Location::new(start.group.into_inner(), start.object.into_inner())
    });
    Ok(match filter.filter_type {
        FilterType::NextGroupStart => Filter::NextGroupStart,
        FilterType::LargestObject => Filter::LargestObject,
        FilterType::AbsoluteStart => Filter::From(start),
        FilterType::AbsoluteRange => {
            let end = filter.last_group()?.ok_or(Violation::Value { what: "filter" })?;
            Filter::Range(start, end)
        }
    })
}

fn filter_to_wire(filter: Filter) -> Vec<u8> {
    let (filter_type, start, end) = match filter {
        Filter::NextGroupStart => (FilterType::NextGroupStart, None, None),
        Filter::LargestObject => (FilterType::LargestObject, None, None),
        Filter::From(start) => (FilterType::AbsoluteStart, Some(start), None),
        Filter::Range(start, end) => {
            let delta = end.saturating_sub(start.group);
            (FilterType::AbsoluteRange, Some(start), Some(FilterEnd::GroupDelta(delta)))
        }
    };
    let start_location =
        start.map(|start| WireLocation { group: wire(start.group), object: wire(start.object) });
    let mut bytes = Vec::new();
    let wire_filter = SubscriptionFilter { filter_type, start_location, end_group: end };
    wire_filter.encode_moqt::<Moqt18>(&mut bytes).expect("the filter's fields fit its type");
    bytes
}

pub(super) fn pair(kind: u64, value: KvpValue) -> KeyValuePair {
    KeyValuePair { key: wire(kind), value }
}

pub(super) fn wire(value: u64) -> VarInt {
    VarInt::from_u64_moqt(value)
}
