//! The publishing side: answers to the relay's SUBSCRIBE, subgroups and datagrams.

use anyhow::bail;
use bytes::{Bytes, BytesMut};
use mosaik_proto::moqt::{
    ControlMessage, Datagram, DoneCode, FullTrackName, GroupId, ObjectId, ObjectStatus,
    ObjectWriter, Parameters, Properties, Publish, PublishDone, RequestCode, RequestError,
    RequestOk, ResetCode, SubgroupHeader, SubgroupId, Subscribe, SubscribeOk, TrackProperties,
};
use web_transport_trait::SendStream as _;

use crate::client::Client;
use crate::request::Request;
use crate::socket::SendStream;
use crate::wait::within;
use crate::wire::Wire;

/// A SUBSCRIBE of the relay that is not answered yet.
pub struct Asked {
    /// What it asks for.
    pub subscribe: Subscribe,
    request: Request,
    wire: Wire,
}

impl Asked {
    pub(crate) const fn new(subscribe: Subscribe, request: Request, wire: Wire) -> Self {
        Self { subscribe, request, wire }
    }

    /// SUBSCRIBE_OK: the track's objects will carry `alias`.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn accept(
        self,
        alias: u64,
        properties: TrackProperties,
    ) -> anyhow::Result<PublishedTrack> {
        self.accept_with(alias, Parameters::default(), properties).await
    }

    /// SUBSCRIBE_OK with parameters.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn accept_with(
        mut self,
        alias: u64,
        parameters: Parameters,
        properties: TrackProperties,
    ) -> anyhow::Result<PublishedTrack> {
        let ok = SubscribeOk { track_alias: alias, parameters, properties };
        self.request.say(&ControlMessage::SubscribeOk(ok)).await?;
        Ok(PublishedTrack { alias, request: self.request, wire: self.wire })
    }

    /// The request's stream, which stays unanswered.
    pub fn into_request(self) -> Request {
        self.request
    }

    /// Says anything else in answer.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn answer(mut self, bytes: Bytes) -> anyhow::Result<Request> {
        self.request.write(bytes).await?;
        Ok(self.request)
    }

    /// DOES_NOT_EXIST.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn refuse(self) -> anyhow::Result<()> {
        let code = u64::from(RequestCode::DoesNotExist.get());
        self.refuse_with(RequestError { code, ..RequestError::default() }).await
    }

    /// REQUEST_ERROR.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn refuse_with(self, error: RequestError) -> anyhow::Result<()> {
        self.request.refuse(error).await
    }
}

/// A track that this client publishes to the relay.
pub struct PublishedTrack {
    /// Its number on data streams.
    pub alias: u64,
    /// The request that it was asked for, or offered, with.
    pub request: Request,
    wire: Wire,
}

impl PublishedTrack {
    /// PUBLISH: offers a track without being asked; the answer must be yes.
    ///
    /// # Errors
    /// When it is not.
    pub async fn offer(
        client: &Client,
        name: FullTrackName,
        alias: u64,
        properties: TrackProperties,
    ) -> anyhow::Result<Self> {
        let parameters = Parameters::default();
        Ok(Self::offer_with(client, name, alias, parameters, properties).await?.0)
    }

    /// PUBLISH with parameters, and those of the answer, which must be yes.
    ///
    /// # Errors
    /// When it is not.
    pub async fn offer_with(
        client: &Client,
        name: FullTrackName,
        alias: u64,
        parameters: Parameters,
        properties: TrackProperties,
    ) -> anyhow::Result<(Self, Parameters)> {
        let request_id = client.next_id();
        let publish = Publish { request_id, name, track_alias: alias, parameters, properties };
        let mut request = client.request(&ControlMessage::Publish(publish)).await?;
        let ok = request.accepted().await?;
        Ok((Self { alias, request, wire: client.wire.clone() }, ok.parameters))
    }

    /// The next REQUEST_UPDATE of the relay, which is answered with these parameters.
    ///
    /// # Errors
    /// When something else comes, or nothing.
    pub async fn updated(&mut self, answer: Parameters) -> anyhow::Result<Parameters> {
        match self.request.answer().await? {
            ControlMessage::RequestUpdate(update) => {
                let ok = RequestOk { parameters: answer, ..RequestOk::default() };
                self.request.say(&ControlMessage::RequestOk(ok)).await?;
                Ok(update.parameters)
            }
            other => bail!("REQUEST_UPDATE was expected: {other:?}"),
        }
    }

    /// The header of a subgroup of this track with default priority and without properties.
    pub const fn header(&self, group: GroupId, subgroup: SubgroupId) -> SubgroupHeader {
        SubgroupHeader::beginning(self.alias, group, subgroup)
    }

    /// Begins subgroup 0 of a group whose objects have properties.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn group(&self, group: GroupId) -> anyhow::Result<SubgroupWriter> {
        let header = SubgroupHeader { has_properties: true, ..self.header(group, 0) };
        self.subgroup(&header).await
    }

    /// Begins any subgroup.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn subgroup(&self, header: &SubgroupHeader) -> anyhow::Result<SubgroupWriter> {
        let mut stream = self.wire.open_uni().await?;
        let mut bytes = BytesMut::new();
        header.encode(&mut bytes);
        stream.write_chunk(bytes.freeze()).await?;
        Ok(SubgroupWriter { stream, writer: ObjectWriter::new(header.has_properties) })
    }

    /// A group of one object, finished.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn single(&self, group: GroupId, payload: &[u8]) -> anyhow::Result<()> {
        let mut writer = self.group(group).await?;
        writer.object(0, payload).await?;
        writer.finish()
    }

    /// Sends an object in a datagram.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn datagram(&self, datagram: &Datagram) -> anyhow::Result<()> {
        Ok(self.wire.send_datagram(datagram.encode(self.alias))?)
    }

    /// Waits until the relay does not want the track any more.
    ///
    /// # Errors
    /// When it says something else, or nothing.
    pub async fn cancelled(&mut self) -> anyhow::Result<()> {
        match self.request.next().await? {
            None => Ok(()),
            Some(other) => bail!("the request's end was expected: {other:?}"),
        }
    }

    /// PUBLISH_DONE.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn done(mut self, code: DoneCode) -> anyhow::Result<()> {
        let done =
            PublishDone { code: u64::from(code.get()), stream_count: 0, reason: Bytes::new() };
        self.request.say(&ControlMessage::PublishDone(done)).await?;
        self.request.finish()
    }
}

/// A subgroup that is being published.
pub struct SubgroupWriter {
    stream: SendStream,
    writer: ObjectWriter,
}

impl SubgroupWriter {
    /// Writes an object without properties.
    ///
    /// # Errors
    /// When the relay does not want it.
    pub async fn object(&mut self, id: ObjectId, payload: &[u8]) -> anyhow::Result<()> {
        self.object_with(id, &Properties::default(), payload).await
    }

    /// Writes an object.
    ///
    /// # Errors
    /// When the relay does not want it.
    pub async fn object_with(
        &mut self,
        id: ObjectId,
        properties: &Properties,
        payload: &[u8],
    ) -> anyhow::Result<()> {
        let bytes = self.writer.write(id, properties, payload);
        self.write(bytes).await
    }

    /// Writes a status.
    ///
    /// # Errors
    /// When the relay does not want it.
    pub async fn status(&mut self, id: ObjectId, status: ObjectStatus) -> anyhow::Result<()> {
        let bytes = self.writer.write_status(id, status);
        self.write(bytes).await
    }

    /// Writes bytes that are perhaps no object, or a part of one.
    ///
    /// # Errors
    /// When the relay does not want them.
    pub async fn write(&mut self, bytes: Bytes) -> anyhow::Result<()> {
        Ok(self.stream.write_chunk(bytes).await?)
    }

    /// FIN.
    ///
    /// # Errors
    /// When the relay does not want it.
    pub fn finish(mut self) -> anyhow::Result<()> {
        Ok(self.stream.finish()?)
    }

    /// FIN, and waits until the relay has everything.
    ///
    /// # Errors
    /// When the relay does not want it.
    pub async fn finish_and_wait(mut self) -> anyhow::Result<()> {
        self.stream.finish()?;
        within("the relay's receipt", self.stream.closed()).await??;
        Ok(())
    }

    /// Gives the subgroup up.
    pub fn reset(self, code: ResetCode) {
        self.reset_with(code.get());
    }

    /// Gives the subgroup up with any code.
    pub fn reset_with(mut self, code: u32) {
        self.stream.reset(code);
    }
}
