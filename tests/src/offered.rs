//! A track that the relay offers with PUBLISH.

use mosaik_proto::moqt::{
    ControlMessage, Parameters, Publish, RequestCode, RequestError, RequestOk, SubscribeOk,
    TrackProperties,
};

use crate::client::Client;
use crate::request::Request;
use crate::subscriber::Subscription;

/// A PUBLISH of the relay that is not answered yet.
pub struct Offered {
    /// What it offers.
    pub publish: Publish,
    request: Request,
}

impl Offered {
    pub(crate) const fn new(publish: Publish, request: Request) -> Self {
        Self { publish, request }
    }

    /// The track's name in its namespace, as text.
    pub fn track(&self) -> String {
        String::from_utf8_lossy(&self.publish.name.track).into_owned()
    }

    /// PUBLISH_OK with these parameters.
    ///
    /// # Errors
    /// When the session is over, or the alias stands for another track already.
    pub async fn accept(
        mut self,
        client: &Client,
        parameters: Parameters,
    ) -> anyhow::Result<Subscription> {
        let ok = RequestOk { parameters, properties: TrackProperties::default() };
        self.request.say(&ControlMessage::RequestOk(ok)).await?;
        let Publish { track_alias, parameters, properties, .. } = self.publish;
        client.adopt(SubscribeOk { track_alias, parameters, properties }, self.request)
    }

    /// UNINTERESTED.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn refuse(self) -> anyhow::Result<()> {
        let code = u64::from(RequestCode::Uninterested.get());
        self.request.refuse(RequestError { code, ..RequestError::default() }).await
    }

    /// Answers nothing, and gives the stream away.
    pub fn into_request(self) -> Request {
        self.request
    }
}
