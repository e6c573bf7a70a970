/** Reads slides, files and uploads out of objects of the control tracks. */

import { asFields, isCount, list } from "./fields.ts";
import { refusal } from "./parse-refusal.ts";
import type {
  ContentKind,
  Deck,
  FileChange,
  SharedFile,
  ShownSlide,
  SlidesChange,
  SlidesSnapshot,
  UploadOver,
  UploadProgress,
} from "./messages.ts";

const KINDS: readonly ContentKind[] = ["png", "jpeg", "webp", "gif", "pdf", "zip", "office", "audio", "video", "markup", "program", "other"];

/** A room without any says nothing of them. */
export function slidesSnapshot(value: unknown): SlidesSnapshot {
  const fields = asFields(value);
  return { decks: list(fields?.["decks"] ?? [], deck) ?? [], shown: shownSlide(fields?.["shown"]) };
}

export function slidesChange(value: unknown): SlidesChange | null {
  const fields = asFields(value);
  const id = fields?.["deck"];
  switch (fields?.["kind"]) {
    case "opened": {
      const opened = deck(id);
      return opened === null ? null : { kind: "opened", deck: opened };
    }
    case "page": {
      const size = pageSize(fields["size"]);
      return isCount(id) && size !== null ? { kind: "page", deck: id, size } : null;
    }
    case "complete":
      return isCount(id) ? { kind: "complete", deck: id } : null;
    case "removed":
      return isCount(id) ? { kind: "removed", deck: id } : null;
    case "shown":
      return { kind: "shown", shown: shownSlide(fields["shown"]) };
    default:
      return null;
  }
}

export function sharedFiles(value: unknown): readonly SharedFile[] {
  return list(value ?? [], sharedFile) ?? [];
}

export function fileChange(value: unknown): FileChange | null {
  const fields = asFields(value);
  if (fields?.["kind"] === "added") {
    const file = sharedFile(fields["file"]);
    return file === null ? null : { kind: "added", file };
  }
  return fields?.["kind"] === "removed" && isCount(fields["id"]) ? { kind: "removed", id: fields["id"] } : null;
}

export function uploadProgress(value: unknown): UploadProgress | null {
  const fields = asFields(value);
  const key = fields?.["key"];
  const { group, object } = asFields(fields?.["next"]) ?? {};
  return isCount(key) && isCount(group) && isCount(object) ? { key, next: { group, object } } : null;
}

export function uploadOver(value: unknown): UploadOver | null {
  const fields = asFields(value);
  const key = fields?.["key"];
  if (!isCount(key)) {
    return null;
  }
  return { key, refusal: fields?.["refusal"] === null ? null : (refusal(fields?.["refusal"]) ?? { code: "malformed" }) };
}

function deck(value: unknown): Deck | null {
  const fields = asFields(value);
  const { id, name, by, length, isComing } = fields ?? {};
  const pages = list(fields?.["pages"], pageSize);
  return isCount(id) && typeof name === "string" && typeof by === "string" && isCount(length) && pages !== null
    ? { id, name, by, length, pages, isComing: isComing === true }
    : null;
}

function shownSlide(value: unknown): ShownSlide | null {
  const { deck: id, page, by } = asFields(value) ?? {};
  return isCount(id) && isCount(page) && typeof by === "string" ? { deck: id, page, by } : null;
}

function sharedFile(value: unknown): SharedFile | null {
  const { id, name, size, kind, by, at } = asFields(value) ?? {};
  return isCount(id) && typeof name === "string" && isCount(size) && typeof by === "string" && isCount(at)
    ? { id, name, size, kind: KINDS.find((known) => known === kind) ?? "other", by, at }
    : null;
}

function pageSize(value: unknown): [number, number] | null {
  const [width, height] = list(value, (side) => (isCount(side) && side > 0 ? side : null)) ?? [];
  return width === undefined || height === undefined ? null : [width, height];
}
