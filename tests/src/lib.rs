//! A MoQT client for tests, over QUIC, WebTransport and WebSocket, and a relay to use it on.
//!
//! Nothing here waits without a deadline, and nothing sleeps: a test waits for what it expects.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects, all else is wrong"
)]

mod camera;
mod canary;
mod client;
mod dial;
mod fetched;
mod lesson;
mod member;
mod metrics;
mod notes;
mod object;
mod offered;
mod pair;
mod process;
mod publisher;
mod relay;
mod request;
mod socket;
mod subscriber;
mod syscalls;
mod telltale;
mod trace;
mod tried;
mod wait;
mod wire;

pub use camera::{Camera, Filmed, RENDITIONS, Seen, Viewer};
pub use canary::{Mark, marks_in_memory};
pub use client::{Client, Going};
pub use dial::Dialer;
pub use fetched::{AskedFetch, FetchReader, FetchRequest, FetchSender, Fetched};
pub use lesson::{KINDS, Lesson};
pub use member::{Commands, Feed, Member};
pub use metrics::{metrics, metrics_at, scrape};
pub use notes::paragraph;
pub use object::{Object, Piece, SubgroupReader};
pub use offered::Offered;
pub use pair::{Pair, STUDENT, TEACHER};
pub use process::{Joined, Link, Process};
pub use publisher::{Asked, PublishedTrack, SubgroupWriter};
pub use relay::{LESSON, OTHER, PUBLIC, Relay, open, open_track, room, track};
pub use request::Request;
pub use socket::{RecvStream, SendStream};
pub use subscriber::{Came, Subscription};
pub use syscalls::{has_ended, traced, writings};
pub use telltale::telltales;
pub use trace::{Read, Trace};
pub use tried::by_token;
pub use wait::{PATIENCE, eventually, within};
pub use wire::{Path, Wire};

/// Makes of one behaviour, a function from [`Path`] to a result, a test over each transport.
#[macro_export]
macro_rules! over_all {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test]
            async fn over_quic() -> anyhow::Result<()> {
                super::$name($crate::Path::Quic).await
            }

            #[tokio::test]
            async fn over_webtransport() -> anyhow::Result<()> {
                super::$name($crate::Path::WebTransport).await
            }

            #[tokio::test]
            async fn over_websocket() -> anyhow::Result<()> {
                super::$name($crate::Path::WebSocket).await
            }
        }
    )+};
}
