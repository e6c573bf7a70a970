//! Fetches: asked for and read by a subscriber, answered by a publisher.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::Ordering;

use anyhow::{Context, bail};
use bytes::Bytes;
use mosaik_proto::moqt::{
    ControlMessage, Fetch, FetchDecoder, FetchHead, FetchOk, FetchPart, FetchRange, FetchWriter,
    FullTrackName, Gap, GroupOrder, Location, Parameters, RequestCode, RequestError, ResetCode,
    TrackProperties,
};
use mosaik_transport::TransportError;
use tokio::sync::oneshot;
use web_transport_trait::{RecvStream as _, SendStream as _};

use crate::client::Client;
use crate::request::Request;
use crate::socket::{RecvStream, SendStream};
use crate::wait::within;
use crate::wire::Wire;

/// Bytes asked for in one read.
const READ_BYTES: usize = 64 << 10;

/// What a fetch's stream brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// A whole object.
    Object(FetchHead, Bytes),
    /// Objects up to here are missing.
    Gap(Gap, Location),
    /// FIN: that was all.
    End,
    /// The stream was reset, with this code.
    Reset(Option<u32>),
}

/// A fetch that was asked for.
pub struct FetchRequest {
    /// Its request ID.
    pub id: u64,
    /// Its request stream.
    pub request: Request,
    order: GroupOrder,
    stream: oneshot::Receiver<FetchStream>,
}

/// A fetch's stream behind its header, as it was accepted.
pub(crate) type FetchStream = (RecvStream, Bytes);

/// Where the streams of fetches go, by request ID: made by whoever comes first.
#[derive(Default)]
pub(crate) struct FetchRoutes(HashMap<u64, (Option<Sender>, Option<Receiver>)>);

type Sender = oneshot::Sender<FetchStream>;
type Receiver = oneshot::Receiver<FetchStream>;

impl FetchRoutes {
    fn ends(&mut self, id: u64) -> &mut (Option<Sender>, Option<Receiver>) {
        self.0.entry(id).or_insert_with(|| {
            let (sender, receiver) = oneshot::channel();
            (Some(sender), Some(receiver))
        })
    }

    /// The stream of this fetch came.
    pub(crate) fn came(&mut self, id: u64, stream: FetchStream) {
        if let Some(sender) = self.ends(id).0.take() {
            // Whoever asked for it may be gone.
            let _ = sender.send(stream);
        }
    }
}

impl Client {
    /// FETCH, whatever the answer will be.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn fetch(
        &self,
        what: FetchRange,
        parameters: Parameters,
    ) -> anyhow::Result<FetchRequest> {
        let id = self.next_id();
        let order = parameters.group_order.unwrap_or_default();
        let stream = self.shared.with_fetches(|routes| routes.ends(id).1.take());
        let stream = stream.context("the request ID is in use")?;
        let request = self
            .request(&ControlMessage::Fetch(Fetch { request_id: id, what, parameters }))
            .await?;
        Ok(FetchRequest { id, request, order, stream })
    }

    /// FETCH of a range of a track.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn fetch_range(
        &self,
        name: &FullTrackName,
        (start, last): (Location, Location),
        parameters: Parameters,
    ) -> anyhow::Result<FetchRequest> {
        let what = FetchRange::Standalone { name: name.clone(), start, last };
        self.fetch(what, parameters).await
    }

    /// From here on the test answers the relay's FETCH, which is refused before.
    pub fn answer_fetches(&self) {
        self.shared.has_past.store(true, Ordering::Relaxed);
    }

    /// The next FETCH from the relay, after [`Client::answer_fetches`].
    ///
    /// # Errors
    /// When none comes in time.
    pub async fn asked_to_fetch(&mut self) -> anyhow::Result<AskedFetch> {
        let asked = within("a FETCH from the relay", self.asked_fetches.recv()).await?;
        asked.context("the session ended")
    }
}

impl FetchRequest {
    /// FETCH_OK, which must come next.
    ///
    /// # Errors
    /// When something else comes, or nothing.
    pub async fn accepted(&mut self) -> anyhow::Result<FetchOk> {
        match self.request.answer().await? {
            ControlMessage::FetchOk(ok) => Ok(ok),
            other => bail!("FETCH_OK was expected: {other:?}"),
        }
    }

    /// The stream of its objects, which must come.
    ///
    /// # Errors
    /// When it does not.
    pub async fn objects(&mut self) -> anyhow::Result<FetchReader> {
        let (stream, ahead) = within("a fetch's stream", &mut self.stream).await??;
        let mut reader = FetchReader {
            stream,
            decoder: FetchDecoder::new(self.order),
            ready: VecDeque::new(),
            under_way: None,
            end: None,
        };
        reader.push(ahead)?;
        Ok(reader)
    }

    /// FETCH_OK and everything on the stream up to its end.
    ///
    /// # Errors
    /// When one of them does not come.
    pub async fn all(&mut self) -> anyhow::Result<(FetchOk, Vec<Fetched>)> {
        let ok = self.accepted().await?;
        let all = self.objects().await?.all().await?;
        Ok((ok, all))
    }
}

/// A fetch's stream. Nothing is read before it is asked for.
pub struct FetchReader {
    stream: RecvStream,
    decoder: FetchDecoder,
    ready: VecDeque<Fetched>,
    /// An object whose payload is still coming.
    under_way: Option<(FetchHead, Vec<u8>)>,
    end: Option<Fetched>,
}

impl FetchReader {
    /// What comes next.
    ///
    /// # Errors
    /// When nothing comes in time, or what is no fetch's stream.
    pub async fn next(&mut self) -> anyhow::Result<Fetched> {
        within("the next of a fetch", self.next_at_leisure()).await?
    }

    /// As [`FetchReader::next`], however long it takes.
    ///
    /// # Errors
    /// When what comes is no fetch's stream, or the session ends.
    pub async fn next_at_leisure(&mut self) -> anyhow::Result<Fetched> {
        loop {
            if let Some(fetched) = self.ready.pop_front() {
                return Ok(fetched);
            }
            if let Some(end) = &self.end {
                return Ok(end.clone());
            }
            match self.stream.read_chunk(READ_BYTES).await {
                Ok(Some(chunk)) => self.push(chunk)?,
                Ok(None) => {
                    self.decoder.finish().context("FIN inside an object")?;
                    self.end = Some(Fetched::End);
                }
                Err(TransportError::Reset(code)) => self.end = Some(Fetched::Reset(code)),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Everything up to the end, which is the last.
    ///
    /// # Errors
    /// As [`FetchReader::next`].
    pub async fn all(&mut self) -> anyhow::Result<Vec<Fetched>> {
        let mut all = Vec::new();
        loop {
            let next = self.next().await?;
            let is_end = matches!(next, Fetched::End | Fetched::Reset(_));
            all.push(next);
            if is_end {
                return Ok(all);
            }
        }
    }

    /// Waits until the relay gave the stream up, reading nothing on the way.
    ///
    /// # Errors
    /// When it does not in time, or finishes it.
    pub async fn given_up(&mut self) -> anyhow::Result<Option<u32>> {
        match within("a reset", self.stream.closed()).await? {
            Err(TransportError::Reset(code)) => Ok(code),
            other => bail!("a reset was expected: {other:?}"),
        }
    }

    /// Does not want the rest.
    pub fn stop(mut self, code: u32) {
        self.stream.stop(code);
    }

    fn push(&mut self, chunk: Bytes) -> anyhow::Result<()> {
        for part in self.decoder.push(chunk)? {
            match part {
                FetchPart::Gap(gap, last) => self.ready.push_back(Fetched::Gap(gap, last)),
                FetchPart::Head(head) => self.under_way = Some((head, Vec::new())),
                FetchPart::Payload(bytes) => {
                    let (_, payload) = self.under_way.as_mut().context("a payload of nothing")?;
                    payload.extend_from_slice(&bytes);
                }
            }
            let is_whole = self.under_way.as_ref().is_some_and(|(head, payload)| {
                u64::try_from(payload.len()).is_ok_and(|len| len == head.payload_len)
            });
            if let Some((head, payload)) = self.under_way.take_if(|_| is_whole) {
                self.ready.push_back(Fetched::Object(head, payload.into()));
            }
        }
        Ok(())
    }
}

/// A FETCH of the relay that is not answered yet.
pub struct AskedFetch {
    /// What it asks for.
    pub fetch: Fetch,
    /// Its request stream.
    pub request: Request,
    wire: Wire,
}

impl AskedFetch {
    pub(crate) const fn new(fetch: Fetch, request: Request, wire: Wire) -> Self {
        Self { fetch, request, wire }
    }

    /// The range of the track that it asks for.
    ///
    /// # Errors
    /// When it is a joining one.
    pub fn range(&self) -> anyhow::Result<(Location, Location)> {
        match &self.fetch.what {
            FetchRange::Standalone { start, last, .. } => Ok((*start, *last)),
            other => bail!("a standalone FETCH was expected: {other:?}"),
        }
    }

    /// FETCH_OK: what is answered ends at `last`.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn accept(
        &mut self,
        last: Location,
        properties: TrackProperties,
    ) -> anyhow::Result<()> {
        let parameters = Parameters::default();
        let ok = FetchOk { is_end_of_track: false, last, parameters, properties };
        self.request.say(&ControlMessage::FetchOk(ok)).await
    }

    /// REQUEST_ERROR.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn refuse(self, code: RequestCode) -> anyhow::Result<()> {
        let error = RequestError { code: u64::from(code.get()), ..RequestError::default() };
        self.request.refuse(error).await
    }

    /// Opens the stream of its objects.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn stream(&self) -> anyhow::Result<FetchSender> {
        let mut stream = self.wire.open_uni().await?;
        stream.write_chunk(FetchWriter::header(self.fetch.request_id)).await?;
        Ok(FetchSender { stream, writer: FetchWriter::default() })
    }
}

/// The stream of a fetch that is being answered.
pub struct FetchSender {
    stream: SendStream,
    writer: FetchWriter,
}

impl FetchSender {
    /// An object of subgroup 0 with priority 128 and no properties.
    ///
    /// # Errors
    /// When the relay does not want it.
    pub async fn object(&mut self, location: Location, payload: &[u8]) -> anyhow::Result<()> {
        let payload_len = u64::try_from(payload.len())?;
        self.begin(location, payload_len).await?;
        self.write(Bytes::copy_from_slice(payload)).await
    }

    /// The head of an object whose payload is written later.
    ///
    /// # Errors
    /// When the relay does not want it.
    pub async fn begin(&mut self, location: Location, payload_len: u64) -> anyhow::Result<()> {
        let properties = Bytes::new();
        let head =
            FetchHead { location, subgroup: Some(0), priority: 128, properties, payload_len };
        let bytes = self.writer.head(&head);
        self.write(bytes).await
    }

    /// An end of range.
    ///
    /// # Errors
    /// When the relay does not want it.
    pub async fn gap(&mut self, gap: Gap, last: Location) -> anyhow::Result<()> {
        let bytes = self.writer.gap(gap, last);
        self.write(bytes).await
    }

    /// Any bytes.
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

    /// Gives the answer up.
    pub fn reset(mut self, code: ResetCode) {
        self.stream.reset(code.get());
    }

    /// Waits until the relay does not want the rest.
    ///
    /// # Errors
    /// When it takes everything instead.
    pub async fn stopped(mut self) -> anyhow::Result<()> {
        match within("a stop", self.stream.closed()).await? {
            Err(TransportError::Stopped(_)) => Ok(()),
            other => bail!("a stop was expected: {other:?}"),
        }
    }
}
