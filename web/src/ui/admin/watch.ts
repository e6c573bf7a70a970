/** What the administrator's page knows: looks every few seconds, and rates from two looks. */

import { computed, signal } from "@preact/signals";
import { inTab, recall, remember } from "../../remember.ts";
import { askAdmin } from "./ask.ts";
import type { AdminAct, AdminProblem, Overview } from "./ask.ts";
import { rates } from "./rates.ts";
import type { Looks } from "./rates.ts";

const LOOK_MS = 3_000;
const KEY = "mosaik.admin";

export function watchServer() {
  const secret = signal(known());
  const looks = signal<Looks>(null);
  const problem = signal<AdminProblem | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const take = (answer: Overview | AdminProblem): boolean => {
    if (typeof answer === "string") {
      problem.value = answer;
      if (answer === "secret" || answer === "missing") forget();
      return false;
    }
    const look = { at: performance.now(), overview: answer };
    const before = looks.peek()?.[0];
    looks.value = before === undefined ? [look] : [look, before];
    problem.value = null;
    return true;
  };
  const forget = () => {
    clearTimeout(timer);
    secret.value = "";
    looks.value = null;
    keep("");
  };
  const look = async () => {
    clearTimeout(timer);
    const asked = secret.peek();
    if (asked === "") return;
    const answer = await askAdmin(asked, { kind: "look" });
    if (secret.peek() !== asked) return;
    if (take(answer)) keep(asked);
    if (secret.peek() !== "") timer = setTimeout(() => void look(), LOOK_MS);
  };
  return {
    secret,
    problem,
    overview: computed(() => looks.value?.[0].overview ?? null),
    rates: computed(() => rates(looks.value)),
    open(typed: string) {
      problem.value = null;
      secret.value = typed.trim();
      void look();
    },
    leave: forget,
    look,
    /** Whether it was done. */
    async act(act: AdminAct): Promise<boolean> {
      return take(await askAdmin(secret.peek(), act));
    },
  };
}

export type Watch = ReturnType<typeof watchServer>;

/** Kept for a reload of this tab, and no longer: other people use the same computer. */
const keep = (secret: string): void => remember(inTab, KEY, secret);

/** From the address, where a bookmark may have it behind the #, or of this tab. */
function known(): string {
  const typed = location.hash.slice(1);
  if (typed !== "") history.replaceState(null, "", location.pathname);
  return typed === "" ? (recall(inTab, KEY) ?? "") : typed;
}
