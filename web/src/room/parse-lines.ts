/** Reads how somebody's line is out of objects of an inbox. */

import { asFields, isCount } from "./fields.ts";
import type { LineOf, LineQuality } from "./messages.ts";

const PATHS: readonly LineQuality["path"][] = ["quic", "webTransport", "webSocket"];
const LOSSES: readonly LineQuality["loss"][] = ["none", "some", "much"];
const PICTURES: readonly LineQuality["picture"][] = ["notWanted", "full", "reduced", "none"];
const REASONS: readonly LineQuality["reason"][] = ["none", "rising", "lineFull", "loss", "delay", "silent", "tooManyPictures"];
const SPEECH: readonly LineQuality["speech"][] = ["notWanted", "arrives", "missing"];

export function lineQuality(value: unknown): LineQuality | null {
  const fields = asFields(value);
  if (fields === null) {
    return null;
  }
  const path = one(PATHS, fields["path"]);
  const loss = one(LOSSES, fields["loss"]);
  const picture = one(PICTURES, fields["picture"]);
  const reason = one(REASONS, fields["reason"]);
  const speech = one(SPEECH, fields["speech"]);
  const { delayMs } = fields;
  const isWhole = path !== undefined && loss !== undefined && picture !== undefined && reason !== undefined;
  return isWhole && speech !== undefined && isCount(delayMs) ? { path, delayMs, loss, picture, reason, speech } : null;
}

export function lineOf(value: unknown): LineOf | null {
  const fields = asFields(value);
  const line = lineQuality(fields?.["line"]);
  const id = fields?.["id"];
  return typeof id === "string" && line !== null ? { id, line } : null;
}

function one<T>(known: readonly T[], value: unknown): T | undefined {
  return known.find((each) => each === value);
}
