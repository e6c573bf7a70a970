/** Raised hands and who was called on, pure. */

import type { HandChange, HandsSnapshot, RaisedHand } from "./messages.ts";

export interface Hands {
  /** In the order in which they were raised. */
  readonly raised: readonly RaisedHand[];
  /** How often those who were called on have spoken. */
  readonly called: ReadonlyMap<string, number>;
  /** Who was called on and has not answered yet. */
  readonly asked: readonly string[];
  /** Whom chance picked in this round, the newest last. */
  readonly picked: readonly string[];
  /** Who was asked to show themselves and has not answered yet. */
  readonly cameras: readonly string[];
}

export const NO_HANDS: Hands = { raised: [], called: new Map(), asked: [], picked: [], cameras: [] };

export function readHands({ raised, called, asked, picked, cameras }: HandsSnapshot): Hands {
  return { raised, called: new Map(called.map(({ id, times }) => [id, times])), asked, picked, cameras };
}

export function changeHands(hands: Hands, change: HandChange): Hands {
  switch (change.kind) {
    case "raised":
      return { ...hands, raised: [...without(hands.raised, change.hand.id), change.hand] };
    case "lowered":
      return { ...hands, raised: without(hands.raised, change.id) };
    case "allLowered":
      return { ...hands, raised: [] };
    case "calledOn": {
      const { id } = change;
      const asked = hands.asked.includes(id) ? hands.asked : [...hands.asked, id];
      return { ...hands, raised: without(hands.raised, id), asked };
    }
    case "answered": {
      const { id, speaks } = change;
      const called = speaks ? new Map(hands.called).set(id, (hands.called.get(id) ?? 0) + 1) : hands.called;
      return { ...hands, called, asked: hands.asked.filter((asked) => asked !== id) };
    }
    case "callEnded":
      return { ...hands, asked: hands.asked.filter((id) => id !== change.id) };
    case "cameraAsked":
      return { ...hands, cameras: [...hands.cameras, change.id] };
    case "cameraAnswered":
      return { ...hands, cameras: hands.cameras.filter((id) => id !== change.id) };
    case "picked":
      return { ...hands, picked: change.isNewRound ? [change.id] : [...hands.picked, change.id] };
  }
}

/** Who left has no hand and is asked nothing; how often they spoke is kept. */
export function leaveHands(hands: Hands, id: string): Hands {
  const others = (other: string) => other !== id;
  const { asked, picked, cameras } = hands;
  return { ...hands, raised: without(hands.raised, id), asked: asked.filter(others), picked: picked.filter(others), cameras: cameras.filter(others) };
}

function without(raised: readonly RaisedHand[], id: string): readonly RaisedHand[] {
  return raised.filter((hand) => hand.id !== id);
}
