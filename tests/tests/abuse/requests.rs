//! Requests that come faster than anyone has use for.

use mosaik_proto::moqt::{ControlMessage, Parameters, RequestCode, Subscribe};
use mosaik_tests::{Client, Pair, Path, Relay, TEACHER, metrics, over_all, track};

over_all!(
    requests_opened_and_abandoned_end_their_session,
    a_burst_is_refused_request_by_request_and_forgiven_later,
    updates_without_end_are_taken_one_after_the_other
);

/// What somebody might try.
const MANY: usize = 10_000;

/// A relay that serves 50 requests at once and 10 in a second.
fn strict() -> anyhow::Result<Relay> {
    Relay::start_with(&[("session_requests", "10")])
}

async fn ask(client: &Client) -> anyhow::Result<mosaik_tests::Request> {
    let name = track(TEACHER, "nothing");
    client.ask_for(&name, Parameters::default()).await
}

async fn requests_opened_and_abandoned_end_their_session(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let hostile = relay.join(path, "00000000000000cc").await?;
    let mut asked = 0;
    while asked < MANY {
        match ask(&hostile).await {
            Ok(request) if asked % 2 == 0 => request.cancel(),
            Ok(mut request) => {
                // Said to the end, and the answer is not waited for.
                let _ = request.finish();
            }
            Err(_) => break,
        }
        asked += 1;
    }
    assert!(asked < MANY, "all {MANY} requests were taken");
    let ended = async {
        loop {
            let read = metrics(&relay).await?;
            let told: Vec<_> = read.by_label("mosaik_sessions_ended_total").collect();
            if let [(code, _)] = told.as_slice() {
                return anyhow::Ok((*code).to_owned());
            }
        }
    };
    // Where the requests that were taken back are never seen, there are holes in their numbers.
    let code = mosaik_tests::within("the session's end", ended).await??;
    assert!(["InternalError", "InvalidRequestId"].contains(&code.as_str()), "{code}");
    pair.track.single(1, b"beside it").await?;
    assert_eq!(pair.subscription.first_object().await?.payload, &b"beside it"[..]);
    Ok(())
}

async fn a_burst_is_refused_request_by_request_and_forgiven_later(
    path: Path,
) -> anyhow::Result<()> {
    let relay = strict()?;
    let client = relay.join(path, "00000000000000cc").await?;
    let (mut served, mut refused) = (0, 0);
    for _ in 0..70 {
        match ask(&client).await?.refused().await?.0 {
            RequestCode::ExcessiveLoad => refused += 1,
            _ => served += 1,
        }
    }
    assert!(served >= 50 && refused > 0, "{served} served, {refused} refused");
    let again = async {
        loop {
            let (code, error) = ask(&client).await?.refused().await?;
            if code != RequestCode::ExcessiveLoad {
                return anyhow::Ok(());
            }
            // What the answer asks for, and then once more.
            anyhow::ensure!(error.retry_interval > 1, "when to come back was not said");
            let wait = std::time::Duration::from_millis(error.retry_interval - 1);
            tokio::time::sleep_until(tokio::time::Instant::now() + wait).await;
        }
    };
    mosaik_tests::within("being served again", again).await?
}

async fn updates_without_end_are_taken_one_after_the_other(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    for _ in 0..60 {
        let updated = Parameters { subscriber_priority: Some(7), ..Parameters::default() };
        pair.subscription.update(&pair.subscriber, updated).await?;
    }
    pair.track.single(1, b"beside it").await?;
    assert_eq!(pair.subscription.first_object().await?.payload, &b"beside it"[..]);
    // The subscription is the same one, and there is no second.
    let message = ControlMessage::Subscribe(Subscribe {
        request_id: pair.subscriber.next_id(),
        name: track(TEACHER, "cam/mid"),
        parameters: Parameters::default(),
    });
    let (code, _) = pair.subscriber.request(&message).await?.refused().await?;
    assert_eq!(code, RequestCode::DuplicateSubscription);
    Ok(())
}
