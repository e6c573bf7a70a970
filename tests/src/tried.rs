//! A track asked for in each way that there is.

use anyhow::{Context, bail};
use mosaik_proto::moqt::{
    AuthToken, ControlMessage, FullTrackName, Location, Parameters, RequestCode, TrackStatus,
};

use crate::client::Client;
use crate::request::Request;

impl Client {
    /// How SUBSCRIBE, FETCH and TRACK_STATUS of a track with this token, if any, are refused; none where it is not.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn try_all(
        &self,
        name: &FullTrackName,
        token: Option<&str>,
    ) -> anyhow::Result<[Option<RequestCode>; 3]> {
        let with = || token.map_or_else(Parameters::default, by_token);
        let mut subscribe = self.ask_for(name, with()).await?;
        let subscribe = refusal(&mut subscribe).await?;
        let all = (Location::START, Location::new(u64::from(u32::MAX), 0));
        let mut fetch = self.fetch_range(name, all, with()).await?;
        let fetch = refusal(&mut fetch.request).await?;
        let (request_id, name) = (self.next_id(), name.clone());
        let status = TrackStatus { request_id, name, parameters: with() };
        let mut status = self.request(&ControlMessage::TrackStatus(status)).await?;
        Ok([subscribe, fetch, refusal(&mut status).await?])
    }
}

/// What a request says that brings this token.
pub fn by_token(token: &str) -> Parameters {
    let token = AuthToken::value(token.as_bytes().to_vec());
    Parameters { tokens: vec![token], ..Parameters::default() }
}

async fn refusal(request: &mut Request) -> anyhow::Result<Option<RequestCode>> {
    match request.answer().await? {
        ControlMessage::SubscribeOk(_)
        | ControlMessage::FetchOk(_)
        | ControlMessage::RequestOk(_) => Ok(None),
        ControlMessage::RequestError(error) => {
            let code = RequestCode::from_wire(error.code);
            Ok(Some(code.context("a code that the draft does not know")?))
        }
        other => bail!("no answer: {other:?}"),
    }
}
