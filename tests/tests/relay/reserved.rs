//! Namespaces that begin with a period: `.` is for nobody, `.session` for the session itself.

use mosaik_proto::moqt::{
    ControlMessage, FullTrackName, Namespace, Parameters, Publish, PublishNamespace, RequestCode,
    Subscribe, SubscribeNamespace, SubscribeTracks, TrackProperties, TrackStatus,
};
use mosaik_tests::{Client, Path, Relay, over_all};

over_all!(reserved_namespaces_are_refused_by_every_request, no_update_reaches_a_reserved_namespace);

/// Every request that names a namespace or a track.
fn requests(client: &Client, fields: &[&str]) -> Vec<ControlMessage> {
    let namespace = Namespace::of(fields);
    let name = FullTrackName::new(namespace.clone(), &b"t"[..]);
    let parameters = Parameters::default;
    vec![
        ControlMessage::Subscribe(Subscribe {
            request_id: client.next_id(),
            name: name.clone(),
            parameters: parameters(),
        }),
        ControlMessage::Publish(Publish {
            request_id: client.next_id(),
            name: name.clone(),
            track_alias: 1,
            parameters: parameters(),
            properties: TrackProperties::default(),
        }),
        ControlMessage::TrackStatus(TrackStatus {
            request_id: client.next_id(),
            name,
            parameters: parameters(),
        }),
        ControlMessage::PublishNamespace(PublishNamespace {
            request_id: client.next_id(),
            namespace: namespace.clone(),
            parameters: parameters(),
        }),
        ControlMessage::SubscribeNamespace(SubscribeNamespace {
            request_id: client.next_id(),
            prefix: namespace.clone(),
            parameters: parameters(),
        }),
        ControlMessage::SubscribeTracks(SubscribeTracks {
            request_id: client.next_id(),
            prefix: namespace,
            parameters: parameters(),
        }),
    ]
}

async fn reserved_namespaces_are_refused_by_every_request(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let client = relay.visit(path).await?;
    for (fields, code) in [
        (&["."][..], RequestCode::DoesNotExist),
        (&[".", "a"], RequestCode::DoesNotExist),
        (&[".session"], RequestCode::DoesNotExist),
        (&[".session", "a"], RequestCode::DoesNotExist),
        // Any other one is as any namespace: nobody has a right to it.
        (&[".later"], RequestCode::Unauthorized),
    ] {
        for message in requests(&client, fields) {
            let mut request = client.request(&message).await?;
            let (refused, error) = request.refused().await?;
            assert_eq!(refused, code, "{} {fields:?}", message.name());
            assert_eq!(error.retry_interval, 0, "it will never be there");
        }
    }
    Ok(())
}

async fn no_update_reaches_a_reserved_namespace(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let client = relay.visit(path).await?;
    let prefix = mosaik_tests::open(&[]);
    for fields in [&["."][..], &[".session"]] {
        let to =
            Parameters { namespace_prefix: Some(Namespace::of(fields)), ..Parameters::default() };
        for mut request in [
            client.listen(&prefix).await?,
            client.ask_for_tracks(&prefix, Parameters::default()).await?,
        ] {
            request.accepted().await?;
            request.ask_to_update(&client, to.clone()).await?;
            assert_eq!(request.refused().await?.0, RequestCode::DoesNotExist, "{fields:?}");
        }
    }
    Ok(())
}
