/**
 * What was heard of the tape: which moment of it in which moment, from nothing but what was played.
 *
 * The most probable way through the tape (Viterbi). In each hop a listener hears the next hop of the tape,
 * or a little faster or slower, or nothing that belongs there: silence, or what a player makes up. A
 * listener never goes back. So it does not matter how a player stretches, bridges or jumps.
 */

import { clockOf, HOP_MS, hopsOf } from "./sound.mjs";
import { SLOT_MS, tones } from "./tape.mjs";

/** How far behind the teacher a listener may be, 3 s: nobody calls it a lesson beyond. */
const BEHIND = 600;

/**
 * What it costs to believe something; to hear a hop that is entirely wrong costs 1. Three tones in a row are
 * hardly heard by chance: so many must speak for it that a listener goes on elsewhere.
 */
const Cost = { nothing: 0.55, slowerOrFaster: 0.4, interrupted: 0.5, elsewhere: 5.5 };

/** Fewer hops that are missing are how a player stretches speech. */
const GAP_HOPS = 3;

const TAPE = tones();
const HOPS_PER_SLOT = SLOT_MS / HOP_MS;
const toneOf = (hop) => TAPE[Math.floor(hop / HOPS_PER_SLOT) % TAPE.length];

/**
 * The states of a listener at a place of the tape: it is heard; nothing is, while the tape goes on
 * unheard; nothing is, and the tape waits.
 */
const State = { heard: 0, unheard: 1, waits: 2 };
const STATES = 3;

/** A place and a state there as one number. */
const pack = (place, state) => place * STATES + state;

/**
 * For each hop of `heard` (shares of tones) the hop of the tape that is heard; undefined where it is none.
 * `newest` is what was said last then.
 */
function wayThrough(heard, newest) {
  // Places are counted from the oldest that may be heard; that moves on with what is said.
  let costs = new Float64Array(BEHIND * STATES).fill(Infinity);
  for (let place = 0; place < BEHIND; place += 1) costs[pack(place, State.waits)] = 0;
  const traces = [];
  for (const [at, shares] of heard.entries()) {
    const moved = at === 0 ? 0 : newest[at] - newest[at - 1];
    const step = stepOf(costs, moved, (place) => {
      const hop = newest[at] - BEHIND + 1 + place;
      return hop < 0 ? Infinity : 1 - (shares?.[toneOf(hop)] ?? 0);
    });
    costs = step.costs;
    traces.push(step.from);
  }
  return back(costs, traces, newest);
}

/** One hop on: what it costs to be anywhere, and where from it is cheapest to come. */
function stepOf(before, moved, missOf) {
  const costs = new Float64Array(BEHIND * STATES).fill(Infinity);
  const from = new Uint16Array(BEHIND * STATES);
  const come = (place, state, origin, cost) => {
    const to = pack(place, state);
    const all = (before[origin] ?? Infinity) + cost;
    if (all < costs[to]) {
      costs[to] = all;
      from[to] = origin;
    }
  };
  /** The cheapest of all states at places before the one that is looked at. */
  let cheapest = 0;
  let known = 0;
  for (let place = 0; place < BEHIND; place += 1) {
    const same = place + moved;
    for (const end = Math.min(pack(same, 0), before.length); known < end; known += 1) {
      if (before[known] < before[cheapest]) cheapest = known;
    }
    if (same > 0) come(place, State.heard, cheapest, Cost.elsewhere);
    if (same > 0) come(place, State.heard, pack(same - 1, State.heard), 0);
    if (same > 1) come(place, State.heard, pack(same - 2, State.heard), Cost.slowerOrFaster);
    if (same > 0) come(place, State.heard, pack(same - 1, State.unheard), Cost.interrupted);
    come(place, State.heard, pack(same, State.heard), Cost.slowerOrFaster);
    costs[pack(place, State.heard)] += missOf(place);
    if (same > 0) come(place, State.unheard, pack(same - 1, State.unheard), Cost.nothing);
    if (same > 0) come(place, State.unheard, pack(same - 1, State.heard), Cost.nothing + Cost.interrupted);
    come(place, State.waits, pack(same, State.waits), Cost.nothing);
    come(place, State.waits, pack(same, State.heard), Cost.nothing + Cost.interrupted);
    // Who waits for longer than is looked back has heard it: what is older is out of sight.
    for (let gone = 0; place === 0 && gone < same; gone += 1) come(0, State.waits, pack(gone, State.waits), Cost.nothing);
  }
  return { costs, from };
}

/** The cheapest way, from its end. */
function back(costs, traces, newest) {
  let at = costs.indexOf(Math.min(...costs));
  const way = Array.from({ length: traces.length });
  for (let hop = traces.length - 1; hop >= 0; hop -= 1) {
    if (at % STATES === State.heard) way[hop] = newest[hop] - BEHIND + 1 + Math.floor(at / STATES);
    at = traces[hop][at];
  }
  return way;
}

/**
 * How a listener heard it: `gaps` are [when, how long], `delays` [when, from mouth to ear], in Unix ms and
 * ms; a gap is the time in which nothing of the tape was heard, or what of it was left out, whichever is
 * longer. `player` has `rate`, `marks` and `began` (a sample), `recording` `rate`, `marks` and `samples`.
 */
export function listen(player, recording) {
  const [mouth, ear] = [clockOf(player), clockOf(recording)];
  const began = (player.began * 1_000) / player.rate;
  const hops = hopsOf(recording);
  const times = hops.map((_, hop) => ear.unix((hop + 0.5) * HOP_MS));
  const newest = times.map((time) => Math.floor((mouth.own(time) - began) / HOP_MS));
  const [gaps, delays] = [[], []];
  let [played, before] = [0, undefined];
  const gap = (hop, missing) => missing >= GAP_HOPS && gaps.push([times[hop] - missing * HOP_MS, missing * HOP_MS]);
  const way = wayThrough(hops, newest);
  for (const [hop, said] of way.entries()) {
    if (said === undefined) continue;
    if (before) gap(hop, Math.max(hop - before.hop, said - before.said) - 1);
    played += HOP_MS;
    if (hop % HOPS_PER_SLOT === 0) delays.push([times[hop], times[hop] - mouth.unix(began + (said + 0.5) * HOP_MS)]);
    before = { hop, said };
  }
  if (before) gap(hops.length - 1, hops.length - 1 - before.hop);
  return { played, gaps, delays };
}
