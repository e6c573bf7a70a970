//! A class in one room: everyone reads what the room tells, and asks at an even pace.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Context;
use mosaik_tests::{
    Client, Commands, Dialer, Feed, Mark, Member, PATIENCE, Path, Process, eventually,
};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::{Percentiles, usage};

/// Messages a second while a lesson is made long: what a room takes from viewers, a little less.
const LONG_LESSON_RATE: u32 = 90;

/// Commands a second of one who leads and draws: a room takes fifty.
const DRAWING_RATE: u32 = 40;

/// How commands are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Ladder {
    /// Commands a second, from everyone together.
    pub rate: u32,
    /// For how long.
    pub lasts: Duration,
}

impl Default for Ladder {
    fn default() -> Self {
        Self { rate: 50, lasts: Duration::from_secs(10) }
    }
}

/// What became of commands at one rate.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// Commands a second.
    pub rate: u32,
    /// How many there were.
    pub commands: usize,
    /// From asking to seeing, over all commands and all who saw them.
    pub p50_ms: f64,
    /// The same.
    pub p99_ms: f64,
    /// Commands that the room refused.
    pub refused: usize,
    /// Commands that were not acknowledged, and sights of them that nobody had.
    pub missed: usize,
    /// CPU time of this process as a share of one core: beyond 0.95 it is the bottleneck.
    pub generator_cores: f64,
}

impl Step {
    /// Whether the room did all of it, and the slowest hundredth was seen in time.
    pub fn is_carried(&self, p99_max: Duration) -> bool {
        self.refused == 0 && self.missed == 0 && self.p99_ms <= p99_max.as_secs_f64() * 1e3
    }
}

/// Something that a member saw on `state`.
struct Sight {
    /// What it was: see `key`.
    key: String,
    at: u64,
}

/// How many answers of each kind came.
#[derive(Default)]
struct Answers {
    done: AtomicUsize,
    refused: AtomicUsize,
    /// Last words.
    closed: AtomicUsize,
}

/// See the module.
pub struct Class {
    teacher: Commands,
    people: Vec<(String, Commands)>,
    /// How often each has raised and lowered a hand.
    hands: Vec<u32>,
    sights: UnboundedReceiver<Sight>,
    answers: Arc<Answers>,
    dialer: Arc<Dialer>,
    /// They go with the class.
    _tasks: JoinSet<()>,
    _clients: Vec<Client>,
    next: usize,
    said: usize,
}

impl Class {
    /// A teacher and `members` students.
    ///
    /// # Errors
    /// When someone is not let in.
    pub async fn enter(relay: &Process, members: usize) -> anyhow::Result<Self> {
        let joined = relay.join(relay.teacher(), "Lehrkraft").await?;
        let dialer = Arc::new(relay.dialer(&joined));
        let (seen, sights) = unbounded_channel();
        let answers = Arc::<Answers>::default();
        let mut tasks = JoinSet::new();
        let mut clients = Vec::new();
        let mut enter = async |participant: String, token: &str| {
            let client = Client::join(dialer.dial(Path::Quic).await?, token).await?;
            let Member { client, state, inbox, commands, .. } =
                Member::enter(client, "demo", &participant).await?;
            clients.push(client);
            tasks.spawn(look(state, seen.clone()));
            tasks.spawn(listen(inbox, Arc::clone(&answers)));
            anyhow::Ok((participant, commands))
        };
        let (_, teacher) = enter(joined.participant.clone(), &joined.token).await?;
        let mut people = Vec::new();
        for _ in 0..members {
            let joined = relay.join(relay.students(), "Klasse").await?;
            people.push(enter(joined.participant.clone(), &joined.token).await?);
        }
        Ok(Self {
            teacher,
            hands: vec![0; people.len()],
            people,
            sights,
            answers,
            dialer,
            _tasks: tasks,
            _clients: clients,
            next: 0,
            said: 0,
        })
    }

    /// How to get into the room too.
    pub const fn dialer(&self) -> &Arc<Dialer> {
        &self.dialer
    }

    /// Everyone together says so many messages.
    ///
    /// # Errors
    /// When a session is gone, or one was not heard.
    pub async fn say_many(&mut self, messages: usize) -> anyhow::Result<()> {
        let mut pace = interval(LONG_LESSON_RATE);
        let done = self.answers.done.load(Ordering::Relaxed);
        for _ in 0..messages {
            pace.tick().await;
            self.say().await?;
        }
        let answers = Arc::clone(&self.answers);
        let all = || answers.done.load(Ordering::Relaxed) >= done + messages;
        eventually("every message to be acknowledged", PATIENCE, all).await?;
        self.drain(messages).await;
        Ok(())
    }

    /// The teacher asks for all of this, as fast as a room takes drawings from one person.
    ///
    /// # Errors
    /// When a session is gone, or the room did not do it.
    pub async fn lead(&mut self, commands: Vec<Value>) -> anyhow::Result<()> {
        let (done, refused) = self.counted();
        let wanted = done + commands.len();
        let mut pace = interval(DRAWING_RATE);
        for command in commands {
            pace.tick().await;
            self.teacher.put(command).await?;
        }
        let answers = Arc::clone(&self.answers);
        let all = || answers.done.load(Ordering::Relaxed) >= wanted;
        let is_done = eventually("everything to be done", PATIENCE, all).await;
        let refused = self.counted().1 - refused;
        is_done.with_context(|| format!("{refused} were refused"))
    }

    /// Everyone in turn asks: every other command is a message, the others raise and lower hands.
    ///
    /// # Errors
    /// When a session is gone.
    #[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^52")]
    pub async fn ask_at(&mut self, ladder: &Ladder) -> anyhow::Result<Step> {
        let own = usage(std::process::id())?;
        let begun = tokio::time::Instant::now();
        let (done, refused) = self.counted();
        let mut asked = HashMap::new();
        let mut pace = interval(ladder.rate);
        while begun.elapsed() < ladder.lasts {
            pace.tick().await;
            let at = crate::micros();
            let key = if asked.len() % 2 == 0 { self.say().await? } else { self.hand().await? };
            asked.insert(key, at);
        }
        let cpu = usage(std::process::id())?.cpu.saturating_sub(own.cpu);
        let seconds = begun.elapsed().as_secs_f64();
        let seen = self.drain(asked.len()).await;
        let latencies: Vec<u64> = seen
            .iter()
            .filter_map(|sight| Some(sight.at.saturating_sub(*asked.get(&sight.key)?)))
            .collect();
        let (now_done, now_refused) = self.counted();
        let unanswered = asked.len().saturating_sub(now_done - done + now_refused - refused);
        let unseen = (asked.len() * (self.people.len() + 1)).saturating_sub(latencies.len());
        let latencies = Percentiles::of(latencies);
        Ok(Step {
            rate: ladder.rate,
            commands: asked.len(),
            p50_ms: latencies.at(50) as f64 / 1e3,
            p99_ms: latencies.at(99) as f64 / 1e3,
            refused: now_refused - refused,
            missed: unanswered + unseen,
            generator_cores: cpu.as_secs_f64() / seconds,
        })
    }

    /// Each mark is written where people write.
    ///
    /// # Errors
    /// When a session is gone, or there are not three of them.
    pub async fn leave_marks(&mut self, [public, private, poll]: &[Mark; 3]) -> anyhow::Result<()> {
        let done = self.answers.done.load(Ordering::Relaxed);
        let (_, student) = self.people.first_mut().context("nobody is there")?;
        student.put(json!({ "kind": "say", "text": public.as_str() })).await?;
        let to = json!({ "kind": "moderators" });
        student.put(json!({ "kind": "say", "text": private.as_str(), "to": to })).await?;
        let form = json!({ "kind": "yesNo" });
        let draft = json!({ "question": poll.as_str(), "anonymous": true, "form": form });
        let open = json!({ "kind": "open", "poll": draft });
        self.teacher.put(json!({ "kind": "poll", "act": open })).await?;
        let answers = Arc::clone(&self.answers);
        let all = || answers.done.load(Ordering::Relaxed) >= done + 3;
        eventually("the marks to be there", PATIENCE, all).await
    }

    /// Ends the room.
    ///
    /// # Errors
    /// When the session is gone.
    pub async fn end(mut self) -> anyhow::Result<()> {
        self.teacher.put(json!({ "kind": "endRoom" })).await?;
        let (answers, everyone) = (Arc::clone(&self.answers), self.people.len() + 1);
        let all = || answers.closed.load(Ordering::Relaxed) >= everyone;
        eventually("the end for everyone", PATIENCE, all).await
    }

    async fn say(&mut self) -> anyhow::Result<String> {
        let text = format!("Nachricht {}", self.said);
        self.said += 1;
        let (_, commands) = self.someone()?;
        commands.put(json!({ "kind": "say", "text": text })).await?;
        Ok(text)
    }

    async fn hand(&mut self) -> anyhow::Result<String> {
        let who = self.next % self.people.len();
        let turns = self.hands.get_mut(who).context("nobody")?;
        *turns += 1;
        let turn = *turns;
        let act = if turn % 2 == 1 { "raise" } else { "lower" };
        let (id, commands) = self.someone()?;
        let key = format!("hand {id} {turn}");
        commands.put(json!({ "kind": "hand", "act": { "kind": act } })).await?;
        Ok(key)
    }

    fn someone(&mut self) -> anyhow::Result<(&str, &mut Commands)> {
        let who = self.next % self.people.len();
        self.next += 1;
        let (id, commands) = self.people.get_mut(who).context("nobody")?;
        Ok((id, commands))
    }

    fn counted(&self) -> (usize, usize) {
        (self.answers.done.load(Ordering::Relaxed), self.answers.refused.load(Ordering::Relaxed))
    }

    /// What was seen of so many commands: all of it, or what came before nothing more did.
    async fn drain(&mut self, commands: usize) -> Vec<Sight> {
        let most = commands * (self.people.len() + 1);
        let mut seen = Vec::new();
        while seen.len() < most {
            match tokio::time::timeout(PATIENCE / 5, self.sights.recv()).await {
                Ok(Some(sight)) => seen.push(sight),
                Ok(None) | Err(_) => break,
            }
        }
        seen
    }
}

fn interval(rate: u32) -> tokio::time::Interval {
    let mut pace = tokio::time::interval(Duration::from_secs(1) / rate);
    pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
    pace
}

/// Tells what a member sees, as long as there is something.
async fn look(mut state: Feed, seen: UnboundedSender<Sight>) {
    let mut turns = HashMap::new();
    while let Ok(object) = state.next().await {
        let at = crate::micros();
        if let Some(key) = key(&object, &mut turns)
            && seen.send(Sight { key, at }).is_err()
        {
            return;
        }
    }
}

/// What tells one command's event from all others.
fn key(object: &Value, turns: &mut HashMap<String, u32>) -> Option<String> {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
    match text("/event/kind")? {
        "said" => text("/event/message/text").map(str::to_owned),
        "hand" => {
            let id = text("/event/change/hand/id").or_else(|| text("/event/change/id"))?;
            let turn = turns.entry(id.to_owned()).or_default();
            *turn += 1;
            Some(format!("hand {id} {turn}"))
        }
        _ => None,
    }
}

async fn listen(mut inbox: Feed, answers: Arc<Answers>) {
    while let Ok(object) = inbox.next().await {
        match object.get("kind").and_then(Value::as_str) {
            Some("acknowledged") => answers.done.fetch_add(1, Ordering::Relaxed),
            Some("refused") => answers.refused.fetch_add(1, Ordering::Relaxed),
            Some("closed") => answers.closed.fetch_add(1, Ordering::Relaxed),
            _ => 0,
        };
    }
}
