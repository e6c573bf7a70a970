//! Tracks and what each subscriber gets of them: the cache, subscriptions as cursors, priorities.
//!
//! Sans-IO: time is an argument, effects are values. No socket, no room, no payload byte is looked
//! at. The log of a track is the queue of all its subscribers: a subscription is a cursor into it,
//! so a slow subscriber costs no memory and skips to the newest group it may start at.
//!
//! The walk of one object here: [`Tracks::append`] puts its wire bytes into the log and marks the
//! subscribers' sessions as due; [`Egress::next`] takes them out again for one session, the most
//! urgent first.

mod announce;
mod behind;
mod cached;
mod counts;
mod datagrams;
mod due;
mod effect;
mod egress;
mod expire;
mod fetch;
mod group;
mod ingest;
mod keys;
mod lane;
pub mod layering;
mod limits;
mod local;
mod meter;
mod offer;
mod pacing;
mod packing;
#[cfg(test)]
mod published;
mod subscription;
mod switching;
mod track;
mod tracks;
mod turns;
mod upstream;
mod voices;

pub use announce::AnnounceRefusal;
pub use counts::Counts;
pub use effect::{Effect, Refused};
pub use egress::{Due, Egress};
pub use fetch::{FetchTerms, FillAnswer, FillKey, Filled, JoinStart};
pub use group::SubgroupEnd;
pub use keys::{LaneId, RequestKey, SessionKey, SubgroupKey, SubscriptionKey, TrackKey};
pub use limits::{Limits, cost_of};
pub use local::LocalObject;
pub use offer::Offer;
pub use packing::{Packer, Packing};
pub use subscription::{Change, SubscribeRequest};
pub use track::Rejected;
pub use tracks::{Speech, SubgroupStart, Tracks};
