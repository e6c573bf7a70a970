/** Raised hands and who was called on, pure. */

import type { HandChange, HandsSnapshot, RaisedHand } from "./messages.ts";

export interface Hands {
  /** In the order in which they were raised. */
  readonly raised: readonly RaisedHand[];
  /** How often each person has been called on. */
  readonly called: ReadonlyMap<string, number>;
  /** Who was called on and has not answered yet. */
  readonly asked: readonly string[];
  /** Whom chance picked in this round, the newest last. */
  readonly picked: readonly string[];
}

export const NO_HANDS: Hands = { raised: [], called: new Map(), asked: [], picked: [] };

export function readHands({ raised, called, asked, picked }: HandsSnapshot): Hands {
  return { raised, called: new Map(called.map(({ id, times }) => [id, times])), asked, picked };
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
      const { id, times } = change.called;
      const asked = hands.asked.includes(id) ? hands.asked : [...hands.asked, id];
      return { ...hands, raised: without(hands.raised, id), called: new Map(hands.called).set(id, times), asked };
    }
    case "answered":
      return { ...hands, asked: hands.asked.filter((id) => id !== change.id) };
    case "picked":
      return { ...hands, picked: change.isNewRound ? [change.id] : [...hands.picked, change.id] };
  }
}

/** Who left has no hand and is asked nothing; how often they were called on is kept. */
export function leaveHands(hands: Hands, id: string): Hands {
  const others = (other: string) => other !== id;
  return { ...hands, raised: without(hands.raised, id), asked: hands.asked.filter(others), picked: hands.picked.filter(others) };
}

function without(raised: readonly RaisedHand[], id: string): readonly RaisedHand[] {
  return raised.filter((hand) => hand.id !== id);
}
