//! What a session or one of its requests may do: what its tokens grant, as far as their rooms leave
//! it at this moment.

use std::rc::Rc;

use mosaik_proto::moqt::{FullTrackName, Namespace};
use mosaik_proto::token::{
    FetchGrant, Grants, InterestGrant, NamespaceGrant, NotGranted, PublishGrant, StatusGrant,
    SubscribeGrant,
};

use crate::lessons::Ceiling;

/// One token's part of the rights.
#[derive(Debug, Clone)]
struct Part {
    granted: Rc<Grants>,
    /// What the token's room leaves of it; none for what needs no token.
    ceiling: Option<Rc<Ceiling>>,
}

/// See the module. The room may change what it leaves: whoever does something for long looks again
/// whenever the session hears of a change.
#[derive(Debug, Clone, Default)]
pub(super) struct Rights(Vec<Part>);

/// What can be asked for, and the proof that it may be done.
macro_rules! asks {
    ($($(#[$doc:meta])* $ask:ident($name:ty) -> $grant:ty;)*) => {
        impl Rights {
            $(
                $(#[$doc])*
                pub(super) fn $ask(&self, name: $name) -> Result<$grant, Refused> {
                    let part = self.0.iter().find(|part| part.$ask(&name)).ok_or(Refused)?;
                    part.granted.$ask(name).map_err(Refused::from)
                }
            )*
        }

        impl Part {
            $(
                fn $ask(&self, name: &$name) -> bool {
                    let leaves = |ceiling: &Rc<Ceiling>| {
                        ceiling.grants().$ask(name.clone()).is_ok()
                    };
                    self.granted.$ask(name.clone()).is_ok()
                        && self.ceiling.as_ref().is_none_or(leaves)
                }
            )*
        }
    };
}

/// No token allows it, or the room does not now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused;

impl From<NotGranted> for Refused {
    fn from(_: NotGranted) -> Self {
        Self
    }
}

impl Rights {
    /// Those of whoever comes without a token.
    pub(super) fn of_visitor(granted: Grants) -> Self {
        Self(vec![Part { granted: Rc::new(granted), ceiling: None }])
    }

    /// Those of a token's holder.
    pub(super) fn of_holder(granted: Grants, ceiling: Rc<Ceiling>) -> Self {
        Self(vec![Part { granted: Rc::new(granted), ceiling: Some(ceiling) }])
    }

    /// These rights and others.
    pub(super) fn with(&self, others: Self) -> Self {
        Self(self.0.iter().cloned().chain(others.0).collect())
    }
}

asks! {
    /// Asks to publish a track.
    may_publish(FullTrackName) -> PublishGrant;
    /// Asks to subscribe to a track.
    may_subscribe(FullTrackName) -> SubscribeGrant;
    /// Asks where a track stands.
    may_ask(FullTrackName) -> StatusGrant;
    /// Asks to fetch from a track.
    may_fetch(FullTrackName) -> FetchGrant;
    /// Asks to announce a namespace.
    may_publish_namespace(Namespace) -> NamespaceGrant;
    /// Asks to learn what is announced below a prefix.
    may_subscribe_namespace(Namespace) -> InterestGrant;
}
