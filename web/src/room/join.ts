/** Asks the server for a seat: `POST /api/join`, once, with a deadline. */

import { askServer } from "./ask-server.ts";
import { EVERYTHING } from "./consent.ts";
import type { Stated } from "./consent.ts";
import { asFields, parseFields } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { agreed } from "./parse-consent.ts";
import { isRole } from "./parse-lead.ts";
import type { Agreed, Role } from "./messages.ts";

/** A school line with packet loss needs seconds for TLS; longer waits are better asked again. */
export const JOIN_DEADLINE_MS = 8_000;

/** Hashes a development server sends: the current certificate and its successor. */
const HASHES_MAX = 8;

export type JoinRequest = Stated & { readonly room: string; readonly name: string } & ({ readonly secret: string; readonly before?: string } | { readonly resume: string });

/** A seat in a room and the token to connect with. */
/** A path of this server, and hashes of certificates to trust where no authority signed one. */
export interface RelayPlace {
  readonly path: string;
  readonly certificateHashes: readonly string[];
}

export interface Admission {
  readonly room: string;
  readonly title: string;
  readonly participant: string;
  readonly name: string;
  readonly role: Role;
  /** What this person may agree to. */
  readonly most: Agreed;
  readonly token: string;
  readonly resume: string;
  readonly relay: RelayPlace;
}

export type JoinFailure =
  | { readonly code: "malformed" | "linkInvalid" | "resumeExpired" | "roomFull" | "roomLocked" | "removed" | "nameInvalid" }
  /** Whoever led it gets its receipt by this. */
  | { readonly code: "lessonEnded"; readonly receipt?: string }
  | { readonly code: "tooMany"; readonly retryAfterMs: number }
  /** No answer: offline, blocked or too slow. */
  | { readonly code: "unreachable" }
  /** An answer that is not the server's: a proxy's page, an error of the server. */
  | { readonly code: "unexpected"; readonly status: number };

export type JoinOutcome =
  | { readonly kind: "joined"; readonly admission: Admission }
  | { readonly kind: "failed"; readonly failure: JoinFailure };

interface Joining {
  readonly post?: typeof fetch;
  readonly withinMs?: number | undefined;
}

export async function join(
  request: JoinRequest,
  { post = fetch, withinMs = JOIN_DEADLINE_MS }: Joining = {},
): Promise<JoinOutcome> {
  const answer = await askServer("/api/join", request, AbortSignal.timeout(withinMs), post);
  if (answer === null) {
    return { kind: "failed", failure: { code: "unreachable" } };
  }
  const { status, text } = answer;
  const fields = parseFields(text);
  if (status === 200) {
    const admission = fields === null ? null : parseAdmission(fields);
    return admission === null
      ? { kind: "failed", failure: { code: "unexpected", status } }
      : { kind: "joined", admission };
  }
  return { kind: "failed", failure: parseFailure(status, fields) };
}

function parseFailure(status: number, fields: Readonly<Record<string, unknown>> | null): JoinFailure {
  const code = fields?.["error"];
  const retryAfterMs = fields?.["retryAfterMs"];
  switch (code) {
    case "malformed":
    case "linkInvalid":
    case "resumeExpired":
    case "roomFull":
    case "roomLocked":
    case "removed":
    case "nameInvalid":
      return { code };
    case "lessonEnded": {
      const receipt = fields?.["receipt"];
      return typeof receipt === "string" ? { code, receipt } : { code };
    }
    case "tooMany":
      return { code, retryAfterMs: typeof retryAfterMs === "number" && retryAfterMs > 0 ? retryAfterMs : 5_000 };
    default:
      return { code: "unexpected", status };
  }
}

function parseAdmission(fields: Readonly<Record<string, unknown>>): Admission | null {
  const { room, title, participant, name, role, token, resume, relay } = fields;
  if (
    typeof room !== "string" ||
    typeof title !== "string" ||
    typeof participant !== "string" ||
    typeof name !== "string" ||
    !isRole(role) ||
    typeof token !== "string" ||
    typeof resume !== "string"
  ) {
    return null;
  }
  const place = relayOf(asFields(relay));
  return place === null ? null : { room, title, participant, name, role, most: agreed(fields["most"]) ?? EVERYTHING, token, resume, relay: place };
}

/** The same by itself, out of JSON. */
export const readRelay = (text: string): RelayPlace | null => relayOf(parseFields(text));

/** Where the server says the relay is; null for anything else. */
function relayOf(fields: Fields | null): RelayPlace | null {
  const { path, certificateHashes } = fields ?? {};
  const hashes: unknown = certificateHashes ?? [];
  if (typeof path !== "string" || !/^\/(?!\/)/.test(path) || !Array.isArray(hashes) || hashes.length > HASHES_MAX) {
    return null;
  }
  return { path, certificateHashes: hashes.filter((hash): hash is string => typeof hash === "string") };
}
