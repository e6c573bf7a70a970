//! What is due for a session goes out on its lanes.

use std::collections::HashMap;

use bytes::Bytes;
use mosaik_media::{Due, Egress, LaneId};
use mosaik_proto::moqt::ResetCode;
use mosaik_transport::{Lane, LaneError, Outgoing};

use crate::shard::Outlet;

/// The open streams of a session.
pub(crate) struct Lanes<S: Outgoing> {
    session: S,
    open: HashMap<LaneId, S::Lane>,
}

impl<S: Outgoing> Lanes<S> {
    pub(crate) fn new(session: S) -> Self {
        Self { session, open: HashMap::new() }
    }

    fn write(&mut self, egress: &mut Egress<'_>, lane: LaneId, slices: &mut [Bytes]) {
        let Some(stream) = self.open.get_mut(&lane) else {
            egress.stopped();
            return;
        };
        match stream.write(slices) {
            Ok(bytes) => egress.wrote(bytes),
            Err(LaneError::Stopped | LaneError::Lost) => {
                self.open.remove(&lane);
                egress.stopped();
            }
        }
    }
}

impl<S: Outgoing> Outlet for Lanes<S> {
    fn flush(&mut self, egress: &mut Egress<'_>) -> bool {
        while let Some(due) = egress.next() {
            match due {
                Due::Open { lane, order, header } => {
                    match self.session.open_lane(order, header.clone()) {
                        Some(stream) => {
                            self.open.insert(lane, stream);
                        }
                        None => egress.blocked(header),
                    }
                }
                Due::More { lane, mut slices } => self.write(egress, lane, &mut slices),
                Due::Finish { lane } => {
                    if let Some(mut stream) = self.open.remove(&lane) {
                        stream.finish();
                    }
                }
                Due::Reset { lane, code } => {
                    if let Some(mut stream) = self.open.remove(&lane) {
                        stream.reset(code);
                    }
                }
                // What does not fit is lost, as datagrams are.
                Due::Datagram(datagram) => drop(self.session.send_datagram(datagram)),
            }
        }
        egress.is_blocked()
    }

    fn reset(&mut self, lanes: &[LaneId]) {
        for lane in lanes {
            if let Some(mut stream) = self.open.remove(lane) {
                stream.reset(ResetCode::Cancelled);
            }
        }
    }
}
