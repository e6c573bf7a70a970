//! One request stream, from the side that uses it.

use anyhow::{Context, bail};
use bytes::Bytes;
use mosaik_proto::moqt::{
    ControlDecoder, ControlMessage, Parameters, RequestCode, RequestError, RequestOk,
    RequestUpdate, ResetCode,
};
use mosaik_transport::TransportError;
use web_transport_trait::{RecvStream as _, SendStream as _};

use crate::client::Client;
use crate::socket::{RecvStream, SendStream};
use crate::wait::within;

/// A bidirectional stream with control messages on it.
pub struct Request {
    pub(crate) send: SendStream,
    recv: RecvStream,
    decoder: ControlDecoder,
}

impl Request {
    pub(crate) fn new(send: SendStream, recv: RecvStream) -> Self {
        Self { send, recv, decoder: ControlDecoder::default() }
    }

    /// Writes a message.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn say(&mut self, message: &ControlMessage) -> anyhow::Result<()> {
        self.write(message.encode()?).await
    }

    /// Writes bytes that are perhaps no message.
    ///
    /// # Errors
    /// When they cannot be written.
    pub async fn write(&mut self, bytes: Bytes) -> anyhow::Result<()> {
        Ok(self.send.write_chunk(bytes).await?)
    }

    /// REQUEST_UPDATE, whatever the answer will be.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn ask_to_update(
        &mut self,
        client: &Client,
        parameters: Parameters,
    ) -> anyhow::Result<()> {
        let update = RequestUpdate { request_id: client.next_id(), parameters };
        self.say(&ControlMessage::RequestUpdate(update)).await
    }

    /// The next message, `None` at the end of the stream or its reset.
    ///
    /// # Errors
    /// When none comes in time, or one that is none.
    pub async fn next(&mut self) -> anyhow::Result<Option<ControlMessage>> {
        within("an answer", self.next_at_leisure()).await?
    }

    /// As [`Request::next`], however long it takes.
    ///
    /// # Errors
    /// When what comes is no message, or the session ends.
    pub async fn next_at_leisure(&mut self) -> anyhow::Result<Option<ControlMessage>> {
        loop {
            if let Some(message) = self.decoder.take()? {
                return Ok(Some(message));
            }
            match self.recv.read_chunk(4096).await {
                Ok(Some(chunk)) => self.decoder.push(&chunk),
                Ok(None) | Err(TransportError::Reset(_)) => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The next message, which must come.
    ///
    /// # Errors
    /// As [`Request::next`], and when the stream ends instead.
    pub async fn answer(&mut self) -> anyhow::Result<ControlMessage> {
        self.next().await?.context("the stream ended without an answer")
    }

    /// REQUEST_OK, which must come next.
    ///
    /// # Errors
    /// When something else comes, or nothing.
    pub async fn accepted(&mut self) -> anyhow::Result<RequestOk> {
        match self.answer().await? {
            ControlMessage::RequestOk(ok) => Ok(ok),
            other => bail!("REQUEST_OK was expected: {other:?}"),
        }
    }

    /// REQUEST_ERROR, which must come next.
    ///
    /// # Errors
    /// When something else comes, or nothing.
    pub async fn refused(&mut self) -> anyhow::Result<(RequestCode, RequestError)> {
        match self.answer().await? {
            ControlMessage::RequestError(error) => {
                let code = RequestCode::from_wire(error.code);
                Ok((code.context("a code that the draft does not know")?, error))
            }
            other => bail!("REQUEST_ERROR was expected: {other:?}"),
        }
    }

    /// Says REQUEST_ERROR and nothing more. Letting go of it says STOP_SENDING, which may overtake the
    /// answer, so it is heard out first; the session may be ended for the answer.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn refuse(mut self, error: RequestError) -> anyhow::Result<()> {
        self.say(&ControlMessage::RequestError(error)).await?;
        self.finish()?;
        let _ = self.heard_out().await;
        Ok(())
    }

    /// Takes the request back.
    pub fn cancel(mut self) {
        self.send.reset(ResetCode::Cancelled.get());
        self.recv.stop(ResetCode::Cancelled.get());
    }

    /// Waits until the relay has all that was said, after [`Request::finish`].
    ///
    /// # Errors
    /// When it stopped listening instead.
    pub async fn heard_out(&mut self) -> anyhow::Result<()> {
        Ok(within("the request being heard out", self.send.closed()).await??)
    }

    /// Says nothing more.
    ///
    /// # Errors
    /// When the relay does not listen any more.
    pub fn finish(&mut self) -> anyhow::Result<()> {
        Ok(self.send.finish()?)
    }
}
