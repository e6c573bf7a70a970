//! SETUP: where a client says that it goes, and options that nobody knows.

use bytes::{BufMut, Bytes, BytesMut};
use mosaik_proto::moqt::{SessionCode, Setup, encode_varint, stream_type};
use mosaik_tests::{Client, Path, Relay, over_all, within};
use web_transport_trait::{RecvStream as _, SendStream as _};

over_all!(
    a_path_is_served_or_refused_by_its_rules,
    an_authority_is_refused_by_its_rules,
    options_that_nobody_knows_are_ignored
);

fn path_option(text: &'static str) -> Setup {
    Setup { path: Some(Bytes::from_static(text.as_bytes())), ..Setup::default() }
}

fn authority(text: &'static str) -> Setup {
    Setup { authority: Some(Bytes::from_static(text.as_bytes())), ..Setup::default() }
}

/// How the relay ends a session with this SETUP; `None` if it does not.
async fn fate(relay: &Relay, path: Path, setup: Setup) -> anyhow::Result<Option<SessionCode>> {
    let client = Client::begin(relay.dialer().dial(path).await?, setup).await?;
    let mut going = client.going();
    tokio::select! {
        code = client.closed() => code.map(Some),
        heard = within("SETUP", going.wait_for(|going| going.setup.is_some())) => {
            heard??;
            Ok(None)
        }
    }
}

async fn a_path_is_served_or_refused_by_its_rules(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    for (text, native) in [
        ("/moqt", None),
        ("/", None),
        ("/moqt?a=b", None),
        ("/else", Some(SessionCode::InvalidPath)),
        ("moqt", Some(SessionCode::MalformedPath)),
        ("/mo qt", Some(SessionCode::MalformedPath)),
        ("/%zz", Some(SessionCode::MalformedPath)),
    ] {
        let expected = match path {
            Path::Quic => native,
            Path::WebTransport | Path::WebSocket => Some(SessionCode::InvalidPath),
        };
        assert_eq!(fate(&relay, path, path_option(text)).await?, expected, "{text}");
    }
    Ok(())
}

async fn an_authority_is_refused_by_its_rules(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    for (text, native) in [
        ("localhost:4433", None),
        ("[::1]:4433", None),
        ("", Some(SessionCode::MalformedAuthority)),
        (":4433", Some(SessionCode::MalformedAuthority)),
        ("a b", Some(SessionCode::MalformedAuthority)),
    ] {
        let expected = match path {
            Path::Quic => native,
            Path::WebTransport | Path::WebSocket => Some(SessionCode::InvalidAuthority),
        };
        assert_eq!(fate(&relay, path, authority(text)).await?, expected, "{text}");
    }
    Ok(())
}

async fn options_that_nobody_knows_are_ignored(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let wire = relay.dialer().dial(path).await?;
    let mut options = BytesMut::new();
    // Reserved types: one with bytes, the same again, and one with an integer.
    for (delta, value) in [(0x9D_u64, &b"\x03abc"[..]), (0, &b"\x00"[..]), (0x7F, &b"\x05"[..])] {
        encode_varint(delta, &mut options);
        options.put_slice(value);
    }
    let mut bytes = BytesMut::new();
    encode_varint(stream_type::SETUP, &mut bytes);
    bytes.put_u16(u16::try_from(options.len())?);
    bytes.put_slice(&options);
    let mut control = wire.open_uni().await?;
    control.write_chunk(bytes.freeze()).await?;
    let mut theirs = within("the relay's control stream", wire.accept_uni()).await??;
    let first = within("its SETUP", theirs.read_chunk(1_024)).await??;
    anyhow::ensure!(first.is_some_and(|bytes| !bytes.is_empty()), "no SETUP came back");
    Ok(())
}
