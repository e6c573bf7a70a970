//! A subscription: its streams, its datagrams and its end.

use anyhow::{Context, bail};
use mosaik_proto::moqt::{
    ControlMessage, Datagram, Parameters, PublishDone, RequestOk, SubscribeOk,
};
use tokio::sync::mpsc;

use crate::client::{Client, RouteEnds};
use crate::object::{Object, SubgroupReader};
use crate::request::Request;
use crate::wait::within;

/// What came of a subscription.
pub enum Came {
    /// A stream, whose header is here.
    Subgroup(Box<SubgroupReader>),
    /// An object.
    Datagram(Datagram),
}

/// A subscription that the relay accepted.
pub struct Subscription {
    /// How it was accepted.
    pub ok: SubscribeOk,
    /// Its request stream.
    pub request: Request,
    /// The subgroups whose streams began, in the order in which their headers came.
    pub subgroups: mpsc::Receiver<SubgroupReader>,
    datagrams: mpsc::Receiver<Datagram>,
}

impl Subscription {
    pub(crate) fn new(ok: SubscribeOk, request: Request, ends: RouteEnds) -> Self {
        Self { ok, request, subgroups: ends.subgroups, datagrams: ends.datagrams }
    }

    /// The next subgroup whose stream began.
    ///
    /// # Errors
    /// When none comes in time.
    pub async fn subgroup(&mut self) -> anyhow::Result<SubgroupReader> {
        within("a subgroup", self.subgroup_at_leisure()).await?
    }

    /// As [`Subscription::subgroup`], however long it takes.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn subgroup_at_leisure(&mut self) -> anyhow::Result<SubgroupReader> {
        self.subgroups.recv().await.context("the session ended")
    }

    /// A subgroup whose stream began, if one is here.
    pub fn try_subgroup(&mut self) -> Option<SubgroupReader> {
        self.subgroups.try_recv().ok()
    }

    /// The first object of the next subgroup.
    ///
    /// # Errors
    /// When none comes in time.
    pub async fn first_object(&mut self) -> anyhow::Result<Object> {
        self.subgroup().await?.object().await
    }

    /// The next object that came in a datagram.
    ///
    /// # Errors
    /// When none comes in time.
    pub async fn datagram(&mut self) -> anyhow::Result<Datagram> {
        within("a datagram", self.datagrams.recv()).await?.context("the session ended")
    }

    /// An object that came in a datagram, if one is here.
    pub fn try_datagram(&mut self) -> Option<Datagram> {
        self.datagrams.try_recv().ok()
    }

    /// The next subgroup or datagram, however long it takes.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn next_at_leisure(&mut self) -> anyhow::Result<Came> {
        let came = tokio::select! {
            subgroup = self.subgroups.recv() => subgroup.map(|subgroup| Came::Subgroup(Box::new(subgroup))),
            datagram = self.datagrams.recv() => datagram.map(Came::Datagram),
        };
        came.context("the session ended")
    }

    /// REQUEST_UPDATE, which must be answered with yes.
    ///
    /// # Errors
    /// When it is not.
    pub async fn update(
        &mut self,
        client: &Client,
        parameters: Parameters,
    ) -> anyhow::Result<RequestOk> {
        self.request.ask_to_update(client, parameters).await?;
        self.request.accepted().await
    }

    /// PUBLISH_DONE, which must come next.
    ///
    /// # Errors
    /// When something else comes, or nothing.
    pub async fn done(&mut self) -> anyhow::Result<PublishDone> {
        match self.request.answer().await? {
            ControlMessage::PublishDone(done) => Ok(done),
            other => bail!("PUBLISH_DONE was expected: {other:?}"),
        }
    }

    /// Does not want it any more.
    pub fn cancel(self) {
        self.request.cancel();
    }
}
