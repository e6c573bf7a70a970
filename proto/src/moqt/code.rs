//! The draft's code points (section 15.10), one enum a registry.

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $value:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// The number on the wire.
            pub const fn get(self) -> u32 {
                match self { $(Self::$variant => $value,)* }
            }

            /// The code that `value` stands for, if the draft assigns it.
            pub const fn from_wire(value: u64) -> Option<Self> {
                match value { $($value => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

codes! {
    /// Why a session ends (section 3.5).
    SessionCode {
        /// Nothing went wrong.
        NoError = 0x0,
        /// A fault of this endpoint.
        InternalError = 0x1,
        /// The client may not have a session.
        Unauthorized = 0x2,
        /// The peer broke the protocol.
        ProtocolViolation = 0x3,
        /// A request ID of the wrong parity, or used twice.
        InvalidRequestId = 0x4,
        /// One alias for two tracks.
        DuplicateTrackAlias = 0x5,
        /// A key-value pair that does not fit its type.
        KeyValueFormattingError = 0x6,
        /// A path where none may be, or one that is not served.
        InvalidPath = 0x8,
        /// A path that breaks the rules of URIs.
        MalformedPath = 0x9,
        /// The peer stayed after GOAWAY.
        GoawayTimeout = 0x10,
        /// A control message did not come in time.
        ControlMessageTimeout = 0x11,
        /// Data expected on an open stream did not come in time.
        DataStreamTimeout = 0x12,
        /// More registered tokens than allowed.
        AuthTokenCacheOverflow = 0x13,
        /// A token alias registered twice.
        DuplicateAuthTokenAlias = 0x14,
        /// No version in common.
        VersionNegotiationFailed = 0x15,
        /// A token that cannot be read.
        MalformedAuthToken = 0x16,
        /// A token alias that was never registered.
        UnknownAuthTokenAlias = 0x17,
        /// The token's time is over.
        ExpiredAuthToken = 0x18,
        /// An authority that is not ours.
        InvalidAuthority = 0x19,
        /// An authority that breaks the rules of URIs.
        MalformedAuthority = 0x1A,
    }
}

codes! {
    /// Why a request failed (section 10.6).
    RequestCode {
        /// A fault of this endpoint.
        InternalError = 0x0,
        /// The token does not allow it.
        Unauthorized = 0x1,
        /// It took too long.
        Timeout = 0x2,
        /// This endpoint does not serve such requests.
        NotSupported = 0x3,
        /// A token that cannot be read.
        MalformedAuthToken = 0x4,
        /// The token's time is over.
        ExpiredAuthToken = 0x5,
        /// The session is about to end.
        GoingAway = 0x6,
        /// Too much at once; the retry interval says when to come back.
        ExcessiveLoad = 0x9,
        /// No such track or namespace here.
        DoesNotExist = 0x10,
        /// A range that cannot be served.
        InvalidRange = 0x11,
        /// The track broke the rules of tracks.
        MalformedTrack = 0x12,
        /// The second subscription of one session to one track.
        DuplicateSubscription = 0x19,
        /// Nobody wants this track.
        Uninterested = 0x20,
        /// Two namespace subscriptions overlap.
        PrefixOverlap = 0x30,
        /// More namespaces than this relay lists.
        NamespaceTooLarge = 0x31,
        /// A joining fetch without its subscription.
        InvalidJoiningRequestId = 0x32,
        /// A mandatory track property that this endpoint does not know.
        UnsupportedExtension = 0x33,
        /// Ask elsewhere.
        Redirect = 0x34,
    }
}

codes! {
    /// Why a publisher ended a subscription (section 10.11).
    DoneCode {
        /// A fault of the publisher.
        InternalError = 0x0,
        /// The subscriber may no longer have the track.
        Unauthorized = 0x1,
        /// The track is over.
        TrackEnded = 0x2,
        /// The subscription's range is over.
        SubscriptionEnded = 0x3,
        /// The session is about to end.
        GoingAway = 0x4,
        /// The subscriber could not keep up.
        TooFarBehind = 0x5,
        /// The subscription's time is over.
        Expired = 0x6,
        /// An update could not be done.
        UpdateFailed = 0x8,
        /// Too much at once.
        ExcessiveLoad = 0x9,
        /// The track broke the rules of tracks.
        MalformedTrack = 0x12,
    }
}

codes! {
    /// Why a stream was reset or stopped (section 3.3.3).
    ResetCode {
        /// A fault of this endpoint.
        InternalError = 0x0,
        /// No longer wanted.
        Cancelled = 0x1,
        /// Too late to be of use.
        DeliveryTimeout = 0x2,
        /// The session is being closed.
        SessionClosed = 0x3,
        /// The session is about to end.
        GoingAway = 0x4,
        /// The subscriber could not keep up.
        TooFarBehind = 0x5,
        /// A fetch met an object of unknown state.
        UnknownObjectStatus = 0x6,
        /// The token's time is over.
        ExpiredAuthToken = 0x7,
        /// Too much at once.
        ExcessiveLoad = 0x9,
        /// The track broke the rules of tracks.
        MalformedTrack = 0x12,
    }
}

#[cfg(test)]
mod tests {
    use moqtap_codec::draft18::error_codes as oracle;

    use super::*;

    #[test]
    fn every_code_is_the_registrys() {
        for code in oracle::SessionErrorCode::ALL {
            let ours = SessionCode::from_wire(code.as_u64());
            assert_eq!(ours.map(|ours| u64::from(ours.get())), Some(code.as_u64()));
        }
        for code in oracle::RequestErrorCode::ALL {
            let ours = RequestCode::from_wire(code.as_u64());
            assert_eq!(ours.map(|ours| u64::from(ours.get())), Some(code.as_u64()));
        }
        for code in oracle::PublishDoneStatusCode::ALL {
            let ours = DoneCode::from_wire(code.as_u64());
            assert_eq!(ours.map(|ours| u64::from(ours.get())), Some(code.as_u64()));
        }
        for code in oracle::StreamResetErrorCode::ALL {
            let ours = ResetCode::from_wire(code.as_u64());
            assert_eq!(ours.map(|ours| u64::from(ours.get())), Some(code.as_u64()));
        }
    }
}
