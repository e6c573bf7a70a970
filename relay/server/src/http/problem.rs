//! What a client is told when a request cannot be answered: a status and a code in JSON.

use std::time::Duration;

use axum::Json;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use mosaik_proto::room::ReceiptSecret;
use serde::Serialize;

use crate::rooms::{Refused, Shut};

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The request is not what docs/protocol.md says.
    Malformed,
    /// The body is larger than this path takes.
    TooLarge,
    /// Unknown room or wrong secret.
    LinkInvalid,
    /// The resume token is not good any more.
    ResumeExpired,
    /// The lesson that the resume token is of was ended; whoever led it gets the receipt by this.
    LessonEnded { receipt: Option<ReceiptSecret> },
    /// Nobody else has place.
    RoomFull,
    /// Nobody new may come in.
    RoomLocked,
    /// A moderator removed this participant.
    Removed,
    /// Only those who lead the room may do that.
    NotAllowed,
    /// The name is empty, too long, or has characters that names do not have.
    NameInvalid,
    /// Too many tries.
    TooMany { retry_after: Duration },
    /// There is nothing at this path.
    NotFound,
    /// The path takes other methods.
    MethodNotAllowed,
    /// The request did not arrive in time.
    TooSlow,
    /// There are as many sessions as there may be.
    Full,
    /// Somebody is in the room that is to be removed.
    InUse,
    /// One trace at a time, and there is one.
    TraceUnderWay,
    /// A fault of the server.
    Fault,
}

impl Problem {
    const fn status(&self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::LinkInvalid
            | Self::ResumeExpired
            | Self::LessonEnded { .. }
            | Self::RoomLocked
            | Self::Removed
            | Self::NotAllowed => StatusCode::FORBIDDEN,
            Self::RoomFull | Self::InUse | Self::TraceUnderWay => StatusCode::CONFLICT,
            Self::NameInvalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Full => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    const fn code(&self) -> &'static str {
        match self {
            Self::Malformed | Self::TooLarge => "malformed",
            Self::LinkInvalid => "linkInvalid",
            Self::ResumeExpired => "resumeExpired",
            Self::LessonEnded { .. } => "lessonEnded",
            Self::RoomFull => "roomFull",
            Self::RoomLocked => "roomLocked",
            Self::Removed => "removed",
            Self::NotAllowed => "notAllowed",
            Self::NameInvalid => "nameInvalid",
            Self::TooMany { .. } => "tooMany",
            Self::NotFound => "notFound",
            Self::MethodNotAllowed => "methodNotAllowed",
            Self::TooSlow => "tooSlow",
            Self::Full => "full",
            Self::InUse => "inUse",
            Self::TraceUnderWay => "traceUnderWay",
            Self::Fault => "fault",
        }
    }

    /// How long to wait, and by what the receipt is got.
    fn details(self) -> (Option<Duration>, Option<ReceiptSecret>) {
        if let Self::TooMany { retry_after } = self {
            return (Some(retry_after), None);
        }
        let receipt = if let Self::LessonEnded { receipt } = self { receipt } else { None };
        (None, receipt)
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::LinkInvalid => Self::LinkInvalid,
            Refused::TooMany { retry_after } => Self::TooMany { retry_after },
        }
    }
}

impl From<Shut> for Problem {
    fn from(shut: Shut) -> Self {
        match shut {
            Shut::Locked => Self::RoomLocked,
            Shut::Removed => Self::Removed,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    error: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<ReceiptSecret>,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, error) = (self.status(), self.code());
        let (retry_after, receipt) = self.details();
        // At least 1 ms, or a client tries again at once.
        let millis = retry_after.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        let retry_after_ms = millis.map(|millis| millis.max(1));
        let body = Json(Body { error, retry_after_ms, receipt });
        let mut response = (status, body).into_response();
        if let Some(millis) = retry_after_ms {
            let seconds = HeaderValue::from(millis.div_ceil(1000));
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        response
    }
}

pub(crate) async fn wrong_method() -> Problem {
    Problem::MethodNotAllowed
}
