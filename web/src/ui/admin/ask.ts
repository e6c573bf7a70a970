/** What the administrator's page asks the server: `POST /api/admin`. */

import { askServer } from "../../room/ask-server.ts";
import { asFields, isCount, list, parseFields } from "../../room/fields.ts";

const PATIENCE_MS = 8_000;

export interface AdminRoom {
  readonly id: string;
  readonly title: string;
  readonly people: number;
  readonly most: number;
  readonly isTemporary: boolean;
  readonly moderatorSecret: string;
  readonly viewerSecret: string;
}

/** Counters since the server's start, of which two looks give a rate. */
export interface AdminLoad {
  readonly mediaCpuMs: number;
  readonly sentBytes: number;
  readonly memoryBytes: number | null;
}

export interface Overview {
  /** Where links lead to; null: to where the page is. */
  readonly base: string | null;
  readonly rooms: readonly AdminRoom[];
  readonly load: AdminLoad;
}

export type AdminAct = { readonly kind: "look" } | { readonly kind: "make"; readonly title: string } | { readonly kind: "remove"; readonly room: string };

/** `secret`: it is none; `missing`: the server has no such page. */
export type AdminProblem = "secret" | "tooMany" | "missing" | "name" | "full" | "inUse" | "unreachable";

const PROBLEMS: Readonly<Record<number, AdminProblem>> = { 403: "secret", 404: "missing", 409: "inUse", 422: "name", 429: "tooMany" };

export async function askAdmin(secret: string, act: AdminAct, post: typeof fetch = fetch): Promise<Overview | AdminProblem> {
  const answer = await askServer("/api/admin", { secret, act }, AbortSignal.timeout(PATIENCE_MS), post);
  if (answer === null) return "unreachable";
  const { status, text } = answer;
  if (status === 200) return parseOverview(text) ?? "unreachable";
  return parseFields(text)?.["error"] === "roomFull" ? "full" : (PROBLEMS[status] ?? "unreachable");
}

export function parseOverview(text: string): Overview | null {
  const fields = parseFields(text);
  const rooms = list(fields?.["rooms"], room);
  const load = asFields(fields?.["load"]);
  if (rooms === null || load === null || !isCount(load["mediaCpuMs"]) || !isCount(load["sentBytes"])) return null;
  const { mediaCpuMs, sentBytes, memoryBytes } = load;
  const base = fields?.["base"];
  return {
    base: typeof base === "string" ? base : null,
    rooms,
    load: { mediaCpuMs, sentBytes, memoryBytes: isCount(memoryBytes) ? memoryBytes : null },
  };
}

function room(value: unknown): AdminRoom | null {
  const { id, title, people, most, isTemporary, moderatorSecret, viewerSecret } = asFields(value) ?? {};
  const isRoom = typeof id === "string" && typeof title === "string" && isCount(people) && isCount(most);
  if (!isRoom || typeof moderatorSecret !== "string" || typeof viewerSecret !== "string") return null;
  return { id, title, people, most, isTemporary: isTemporary === true, moderatorSecret, viewerSecret };
}
