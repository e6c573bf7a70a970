/**
 * Everyone else's sources: subscribes to the pictures that have a canvas and the voices that are
 * listened to, and to nothing more.
 */

import type { PictureReport } from "../engine/messages.ts";
import { nameOfPicture, pictureOf } from "../engine/picture-name.ts";
import { unixNow } from "./clock.ts";
import { createLoadMeter } from "./decode/load.ts";
import { createMixerPort } from "./decode/mixer-port.ts";
import { createPerson, type Hearing, type Person } from "./person.ts";
import type { Sight } from "./sight.ts";
import { startTicker } from "./render/ticker.ts";
import { createSparing } from "./sparing.ts";
import type { OnPicture, Receiver, Source } from "./types.ts";

export function createReceiver(onPicture: OnPicture): Receiver {
  const people = new Map<string, Person>();
  const mixer = createMixerPort((number, heard, now) => {
    const speaker = [...people.values()].find((person) => person.voiceNumber() === number);
    speaker?.voice()?.hear(heard, now);
  });
  let heard: ReadonlyMap<string, Hearing> = new Map();
  let source: Source | undefined;
  const load = createLoadMeter(unixNow());
  const events = { ...onPicture, decoded: load.decoded };

  const change = (participant: string, apply: (person: Person) => void): Promise<void> => {
    const person = people.get(participant) ?? createPerson(participant, mixer, events);
    people.set(participant, person);
    apply(person);
    const settled = person.settle(source, heard.get(participant));
    if (person.isGone()) people.delete(participant);
    return settled;
  };
  const changeAll = async (apply: (person: Person) => void): Promise<void> => {
    await Promise.all([...people.keys()].map((participant) => change(participant, apply)));
  };
  const changePicture = (picture: string, apply: (sight: Sight) => void): void => {
    const { participant, kind } = pictureOf(picture);
    void change(participant, ({ sights }) => apply(sights[kind]));
  };
  const disconnect = (): void => {
    source = undefined;
    void changeAll((person) => person.setTracks([]));
  };
  const sparing = createSparing(load, (participant, isResting) => void change(participant, ({ sights }) => sights.cam.setResting(isResting)));
  const ticker = startTicker(() => {
    const now = unixNow();
    load.beat(now);
    sparing.look(people, heard, now);
    for (const person of people.values()) person.tick(now);
  });
  return {
    async connect(session) {
      source = session;
      await changeAll(() => undefined);
    },
    disconnect,
    setTracks: (participant, tracks) => void change(participant, (person) => person.setTracks(tracks)),
    setCanvas: (picture, canvas) => changePicture(picture, (sight) => sight.setCanvas(canvas)),
    setHeight: (picture, pixels) => changePicture(picture, (sight) => sight.setHeight(pixels, unixNow())),
    setListening({ participants, pinned }) {
      heard = new Map(participants.map((id) => [id, pinned.has(id) ? "pinned" : "amongOthers"]));
      void changeAll(() => undefined);
    },
    setPlayout: mixer.open,
    levels() {
      const now = unixNow();
      return byParticipant(people, (person) => person.voice()?.level(now));
    },
    report() {
      const now = unixNow();
      return {
        pictures: reports(people, now),
        voices: byParticipant(people, (person) => person.voice()?.report()),
        resting: sparing.resting(),
      };
    },
    close() {
      ticker.stop();
      disconnect();
      people.clear();
      mixer.close();
    },
  };
}

/** Of each picture that has a canvas, by its name. */
function reports(people: ReadonlyMap<string, Person>, now: number): Record<string, PictureReport> {
  const found: Record<string, PictureReport> = {};
  for (const [participant, { sights }] of people) {
    for (const kind of ["cam", "screen"] as const) {
      const report = sights[kind].picture()?.report(now);
      if (report !== undefined) found[nameOfPicture({ participant, kind })] = report;
    }
  }
  return found;
}

function byParticipant<T>(people: ReadonlyMap<string, Person>, read: (person: Person) => T | undefined): Record<string, T> {
  const found: Record<string, T> = {};
  for (const [participant, person] of people) {
    const value = read(person);
    if (value !== undefined) found[participant] = value;
  }
  return found;
}
