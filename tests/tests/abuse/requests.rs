//! Requests that come faster than anyone has use for.

use mosaik_proto::moqt::{
    AuthToken, ControlMessage, Parameters, RequestCode, Subscribe, TrackProperties,
};
use mosaik_tests::{
    Client, Pair, Path, PublishedTrack, Relay, TEACHER, metrics, over_all, room, track, within,
};

over_all!(
    requests_opened_and_abandoned_end_their_session,
    a_burst_is_refused_request_by_request_and_forgiven_later,
    updates_without_end_are_taken_one_after_the_other,
    more_tokens_than_requests_are_not_looked_at,
    a_teacher_comes_in_though_others_wait_for_more_than_there_is
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
    let code = within("the session's end", ended).await??;
    assert_eq!(code, "InternalError");
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
    within("being served again", again).await?
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

async fn more_tokens_than_requests_are_not_looked_at(path: Path) -> anyhow::Result<()> {
    let relay = strict()?;
    let client = relay.join(path, "00000000000000cc").await?;
    let mut codes = Vec::new();
    for request in 0..20 {
        let tokens = (0..4).map(|token| AuthToken::value(format!("{request}-{token}"))).collect();
        let parameters = Parameters { tokens, ..Parameters::default() };
        let name = track(TEACHER, "nothing");
        codes.push(client.ask_for(&name, parameters).await?.refused().await?.0);
    }
    // The first token that is looked at is none of the relay's, so one is looked at for each.
    assert!(codes.iter().all(|code| *code == RequestCode::MalformedAuthToken), "{codes:?}");
    // An update costs a look too, and the bound is that of requests.
    let mut request = client.listen(&mosaik_proto::moqt::Namespace::of(&["lesson"])).await?;
    request.accepted().await?;
    let token = relay.token("00000000000000cc", mosaik_proto::room::Role::Viewer)?;
    let refused = async {
        for _ in 0..MANY {
            let tokens = vec![AuthToken::value(token.clone())];
            let parameters = Parameters { tokens, ..Parameters::default() };
            request.ask_to_update(&client, parameters).await?;
            match request.answer().await? {
                ControlMessage::RequestOk(_) => {}
                ControlMessage::RequestError(error) => return anyhow::Ok(error.code),
                other => anyhow::bail!("an answer was expected: {other:?}"),
            }
        }
        anyhow::bail!("all were looked at")
    };
    let code = within("an update being refused", refused).await??;
    assert_eq!(code, u64::from(RequestCode::ExcessiveLoad.get()));
    Ok(())
}

async fn a_teacher_comes_in_though_others_wait_for_more_than_there_is(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut hostile = Vec::new();
    for student in 0..3 {
        let client = relay.join(path, &format!("00000000000002{student:02x}")).await?;
        let mut waiting = Vec::new();
        // As many as a session may have open.
        for number in 0..240 {
            let name = track(TEACHER, &format!("cam/{student}-{number}"));
            let rendezvous =
                Parameters { rendezvous_timeout: Some(30_000), ..Parameters::default() };
            waiting.push(client.ask_for(&name, rendezvous).await?);
        }
        hostile.push((client, waiting));
    }
    let subscriptions = async {
        while metrics(&relay).await?.sum("mosaik_subscriptions") < 720.0 {}
        anyhow::Ok(())
    };
    within("all of them waiting", subscriptions).await??;
    let mut teacher = relay.join(path, TEACHER).await?;
    teacher.announce(&room(TEACHER)).await?;
    let mic = PublishedTrack::offer(&teacher, track(TEACHER, "mic"), 7, TrackProperties::default())
        .await?;
    let student = relay.join(path, "00000000000000dd").await?;
    let mut subscription = student.subscribe(&track(TEACHER, "mic"), Parameters::default()).await?;
    mic.single(1, b"good morning").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"good morning"[..]);
    // The teacher is asked for the rest as it answers, and stays.
    for _ in 0..300 {
        // Whoever asked may have given up since.
        let _ = teacher.next_asked().await?.refuse().await;
    }
    mic.single(2, b"and goodbye").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"and goodbye"[..]);
    Ok(())
}
