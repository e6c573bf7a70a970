//! Objects in datagrams.

use bytes::{Bytes, BytesMut};
use mosaik_proto::moqt::{Datagram, Location, ObjectStatus, Properties};
use mosaik_tests::{Pair, Path, Relay, over_all};

over_all!(datagrams_go_through_with_their_properties_and_status);

async fn datagrams_go_through_with_their_properties_and_status(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let mut properties = BytesMut::new();
    Properties::default().with_integer(0x10, 1_795_000_000_000_000).encode(&mut properties);
    let normal = Datagram {
        track_alias: pair.track.alias,
        location: Location::new(3, 9),
        priority: Some(32),
        end_of_group: false,
        properties: properties.freeze(),
        status: ObjectStatus::Normal,
        payload: Bytes::from_static(&[0x5A; 900]),
    };
    let end = Datagram {
        location: Location::new(3, 10),
        priority: None,
        properties: Bytes::new(),
        status: ObjectStatus::EndOfGroup,
        payload: Bytes::new(),
        ..normal.clone()
    };
    let alias = pair.subscription.ok.track_alias;
    for sent in [normal, end] {
        // A datagram may be lost even on loopback: others follow until one is there, each in a group
        // of its own since none is forwarded twice.
        let mut sent = sent;
        let received = loop {
            sent.location.group += 1;
            pair.track.datagram(&sent)?;
            let patience = std::time::Duration::from_millis(500);
            let received = tokio::time::timeout(patience, pair.subscription.datagram()).await;
            if let Ok(received) = received {
                let received = received?;
                if received.location == sent.location {
                    break received;
                }
            }
        };
        assert_eq!(received, Datagram { track_alias: alias, ..sent });
    }
    Ok(())
}
