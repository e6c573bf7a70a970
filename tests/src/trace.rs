//! What a relay tells of the QUIC of its next session.

use anyhow::{Context, ensure};
use qlog::events::{Event, EventData};
use qlog::reader::{self, QlogSeqReader};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::relay::Relay;
use crate::wait::within;

/// What the system keeps of a trace that is not read: little, so that the rest is the relay's to keep.
const RECEIVE_BUFFER: u32 = 4 << 10;

/// A trace that was asked for, as far as the head of the answer.
pub struct Trace {
    /// HTTP's status.
    pub status: u16,
    /// The head of the answer.
    pub head: String,
    stream: TcpStream,
    body: Vec<u8>,
}

/// A trace as another implementation of qlog understands it.
pub struct Read {
    /// The first record.
    pub head: qlog::QlogSeq,
    /// All others.
    pub events: Vec<Event>,
}

impl Trace {
    /// Asks for a trace, as a program on this machine.
    ///
    /// # Errors
    /// When there is no answer in time.
    pub async fn ask(relay: &Relay) -> anyhow::Result<Self> {
        Self::ask_as(relay, "").await
    }

    /// The same with more lines in the head of the request, each with its end.
    ///
    /// # Errors
    /// As [`Trace::ask`].
    pub async fn ask_as(relay: &Relay, lines: &str) -> anyhow::Result<Self> {
        let address = relay.server().address();
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(RECEIVE_BUFFER)?;
        let mut stream = socket.connect(address).await?;
        let request = format!("GET /qlog HTTP/1.0\r\nHost: {address}\r\n{lines}\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(within("the answer", stream.read_u8()).await??);
        }
        let head = String::from_utf8(head)?;
        let status = head.split(' ').nth(1).context("no status")?.parse()?;
        Ok(Self { status, head, stream, body: Vec::new() })
    }

    /// Reads until `text` is in it.
    ///
    /// # Errors
    /// When it does not come in time.
    pub async fn until(&mut self, text: &str) -> anyhow::Result<()> {
        while !String::from_utf8_lossy(&self.body).contains(text) {
            let count = within(text, self.stream.read_buf(&mut self.body)).await??;
            ensure!(count > 0, "the trace ended without {text}");
        }
        Ok(())
    }

    /// All of it, once the relay has ended it.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn whole(mut self) -> anyhow::Result<Vec<u8>> {
        within("the end of the trace", self.stream.read_to_end(&mut self.body)).await??;
        Ok(self.body)
    }
}

impl Read {
    /// Reads a trace, every record of which must be understood.
    ///
    /// # Errors
    /// When one is not.
    pub fn of(text: &[u8]) -> anyhow::Result<Self> {
        let records = text.split(|byte| *byte == 0x1e).count() - 1;
        let read =
            QlogSeqReader::new(Box::new(text)).map_err(|error| anyhow::anyhow!("{error}"))?;
        let head = read.qlog.clone();
        let events: Vec<Event> = read
            .filter_map(|event| match event {
                reader::Event::Qlog(event) => Some(event),
                reader::Event::Json(_) => None,
            })
            .collect();
        ensure!(events.len() + 1 == records, "{} of {records} are understood", events.len() + 1);
        Ok(Self { head, events })
    }

    /// What the relay said in it.
    pub fn messages(&self) -> Vec<&str> {
        let said = self.events.iter().filter_map(|event| match &event.data {
            EventData::Message { message } => Some(message.as_str()),
            _ => None,
        });
        said.collect()
    }
}
