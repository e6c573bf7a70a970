//! Which parameters may be where, as far as a message's type does not say it: an answer or an update
//! of one request allows others than one of another (section 10.2.1).

use super::parameter::{
    AUTHORIZATION_TOKEN, EXPIRES, FILL_TIMEOUT, FORWARD, GROUP_ORDER, LARGEST_OBJECT,
    NEW_GROUP_REQUEST, OBJECT_DELIVERY_TIMEOUT, PICTURE_HEIGHT_MAX, RENDEZVOUS_TIMEOUT,
    SUBGROUP_DELIVERY_TIMEOUT, SUBSCRIBER_PRIORITY, SUBSCRIPTION_FILTER, TRACK_NAMESPACE_PREFIX,
};
use super::{Parameters, Violation};

/// A message, by what it answers or changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterPlace {
    /// REQUEST_OK in answer to PUBLISH.
    PublishOk,
    /// REQUEST_OK in answer to a REQUEST_UPDATE.
    UpdateOk,
    /// REQUEST_UPDATE of a subscription.
    SubscriptionUpdate,
    /// REQUEST_UPDATE of a FETCH.
    FetchUpdate,
    /// REQUEST_UPDATE of a SUBSCRIBE_NAMESPACE or SUBSCRIBE_TRACKS.
    PrefixUpdate,
    /// REQUEST_UPDATE of a PUBLISH_NAMESPACE.
    NamespaceUpdate,
}

impl ParameterPlace {
    /// The draft says of delivery timeouts that they may be in any REQUEST_UPDATE.
    const fn allowed(self) -> &'static [u64] {
        match self {
            Self::PublishOk => &[
                OBJECT_DELIVERY_TIMEOUT,
                SUBGROUP_DELIVERY_TIMEOUT,
                EXPIRES,
                FORWARD,
                SUBSCRIBER_PRIORITY,
                SUBSCRIPTION_FILTER,
                GROUP_ORDER,
                NEW_GROUP_REQUEST,
            ],
            Self::UpdateOk => &[EXPIRES, LARGEST_OBJECT],
            Self::SubscriptionUpdate => &[
                OBJECT_DELIVERY_TIMEOUT,
                AUTHORIZATION_TOKEN,
                SUBGROUP_DELIVERY_TIMEOUT,
                FORWARD,
                SUBSCRIBER_PRIORITY,
                SUBSCRIPTION_FILTER,
                NEW_GROUP_REQUEST,
                PICTURE_HEIGHT_MAX,
            ],
            Self::FetchUpdate => &[
                OBJECT_DELIVERY_TIMEOUT,
                AUTHORIZATION_TOKEN,
                SUBGROUP_DELIVERY_TIMEOUT,
                SUBSCRIBER_PRIORITY,
            ],
            Self::PrefixUpdate => &[
                OBJECT_DELIVERY_TIMEOUT,
                AUTHORIZATION_TOKEN,
                SUBGROUP_DELIVERY_TIMEOUT,
                TRACK_NAMESPACE_PREFIX,
            ],
            Self::NamespaceUpdate => {
                &[OBJECT_DELIVERY_TIMEOUT, AUTHORIZATION_TOKEN, SUBGROUP_DELIVERY_TIMEOUT]
            }
        }
    }
}

impl Parameters {
    /// Whether all of them may be there.
    ///
    /// # Errors
    /// [`Violation::Parameter`] for the first that may not.
    pub fn check(&self, place: ParameterPlace) -> Result<(), Violation> {
        let allowed = place.allowed();
        match self.types().find(|kind| !allowed.contains(kind)) {
            Some(kind) => Err(Violation::Parameter(kind)),
            None => Ok(()),
        }
    }

    /// The types of those that are there.
    fn types(&self) -> impl Iterator<Item = u64> {
        let all = [
            (OBJECT_DELIVERY_TIMEOUT, self.object_delivery_timeout.is_some()),
            (AUTHORIZATION_TOKEN, !self.tokens.is_empty()),
            (RENDEZVOUS_TIMEOUT, self.rendezvous_timeout.is_some()),
            (SUBGROUP_DELIVERY_TIMEOUT, self.subgroup_delivery_timeout.is_some()),
            (EXPIRES, self.expires.is_some()),
            (LARGEST_OBJECT, self.largest.is_some()),
            (FILL_TIMEOUT, self.fill_timeout.is_some()),
            (FORWARD, self.forward.is_some()),
            (SUBSCRIBER_PRIORITY, self.subscriber_priority.is_some()),
            (SUBSCRIPTION_FILTER, self.filter.is_some()),
            (GROUP_ORDER, self.group_order.is_some()),
            (NEW_GROUP_REQUEST, self.new_group_request.is_some()),
            (TRACK_NAMESPACE_PREFIX, self.namespace_prefix.is_some()),
            (PICTURE_HEIGHT_MAX, self.picture_height_max.is_some()),
        ];
        all.into_iter().filter(|(_, is_there)| *is_there).map(|(kind, _)| kind)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AuthToken, Filter, GroupOrder, Location, Namespace};
    use super::*;

    /// All of them at once, so that a new one is missed here.
    fn all() -> Parameters {
        Parameters {
            object_delivery_timeout: Some(1),
            subgroup_delivery_timeout: Some(1),
            rendezvous_timeout: Some(1),
            expires: Some(1),
            fill_timeout: Some(1),
            largest: Some(Location::START),
            forward: Some(true),
            subscriber_priority: Some(1),
            filter: Some(Filter::LargestObject),
            group_order: Some(GroupOrder::Ascending),
            new_group_request: Some(1),
            namespace_prefix: Some(Namespace::default()),
            tokens: vec![AuthToken::UseAlias { alias: 1 }],
            picture_height_max: Some(1),
        }
    }

    #[test]
    fn nothing_may_be_where_the_draft_does_not_have_it() {
        assert_eq!(all().types().count(), 14);
        for (place, refused) in [
            (ParameterPlace::PublishOk, AUTHORIZATION_TOKEN),
            (ParameterPlace::UpdateOk, OBJECT_DELIVERY_TIMEOUT),
            (ParameterPlace::SubscriptionUpdate, RENDEZVOUS_TIMEOUT),
            (ParameterPlace::FetchUpdate, RENDEZVOUS_TIMEOUT),
            (ParameterPlace::PrefixUpdate, RENDEZVOUS_TIMEOUT),
            (ParameterPlace::NamespaceUpdate, RENDEZVOUS_TIMEOUT),
        ] {
            assert_eq!(all().check(place), Err(Violation::Parameter(refused)), "{place:?}");
            assert_eq!(Parameters::default().check(place), Ok(()));
        }
    }

    #[test]
    fn what_the_draft_has_somewhere_is_allowed_there() {
        let largest = Parameters { largest: Some(Location::START), ..Parameters::default() };
        let prefix =
            Parameters { namespace_prefix: Some(Namespace::default()), ..Parameters::default() };
        let forward = Parameters { forward: Some(false), ..Parameters::default() };
        let is_allowed = |parameters: &Parameters, place| parameters.check(place).is_ok();
        for (parameters, places) in [
            (largest, [false, true, false, false, false, false]),
            (prefix, [false, false, false, false, true, false]),
            (forward, [true, false, true, false, false, false]),
        ] {
            let found = [
                ParameterPlace::PublishOk,
                ParameterPlace::UpdateOk,
                ParameterPlace::SubscriptionUpdate,
                ParameterPlace::FetchUpdate,
                ParameterPlace::PrefixUpdate,
                ParameterPlace::NamespaceUpdate,
            ]
            .map(|place| is_allowed(&parameters, place));
            assert_eq!(found, places, "{parameters:?}");
        }
    }
}
