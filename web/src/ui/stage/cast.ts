/** Who is large on the stage, and who is in a small tile: pure. */

import type { Layout, Participant } from "../../room/messages.ts";

export interface Cast {
  readonly large: readonly Participant[];
  readonly small: readonly Participant[];
}

export interface Casting {
  readonly layout: Layout;
  readonly me: string;
  /** In the order in which they were pinned. */
  readonly pins: readonly string[];
  /** Who speaks, or spoke last. */
  readonly spotlight: string | null;
  /** Slides, a whiteboard or a screen have the large place. */
  readonly hasContent: boolean;
}

/** `people` come as the list of them shows them: moderators first. Who is pinned is large in every layout with pictures. */
export function cast(people: readonly Participant[], { layout, me, pins, spotlight, hasContent }: Casting): Cast {
  const first = hasContent ? undefined : leading(people, layout, me, spotlight);
  const ids = layout === "audio" ? [] : [first?.id, ...pins];
  const large = [...new Set(ids)].flatMap((id) => people.find((person) => person.id === id) ?? []);
  return { large, small: people.filter((person) => !large.includes(person)) };
}

/** Nobody watches themself. */
function leading(people: readonly Participant[], layout: Layout, me: string, spotlight: string | null): Participant | undefined {
  if (layout === "speaker") {
    return people.find(({ id }) => id === spotlight);
  }
  return layout === "presentation" ? people.find(({ id, role, cam }) => role !== "viewer" && cam && id !== me) : undefined;
}

/**
 * Whose tile is large where that follows who speaks. Nobody is cut off, and whoever shows no picture takes the
 * place only of somebody without one.
 */
export function spotlightOf(before: string | null, people: readonly Participant[], me: string, speaking: ReadonlySet<string>): string | null {
  const others = people.filter(({ id }) => id !== me);
  const current = others.find(({ id }) => id === before);
  if (current !== undefined && speaking.has(current.id)) {
    return current.id;
  }
  const next = others.find(({ id, cam }) => speaking.has(id) && (cam || current?.cam !== true));
  const leads = others.find(({ role, cam }) => role !== "viewer" && cam);
  return (next ?? current ?? leads ?? others.find(({ cam }) => cam) ?? others[0])?.id ?? null;
}
