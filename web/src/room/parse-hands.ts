/** Reads hands out of objects of the control tracks. */

import { asFields, isCount, list } from "./fields.ts";
import type { CalledOn, HandChange, HandsSnapshot, RaisedHand } from "./messages.ts";

export function hands(value: unknown): HandsSnapshot | null {
  const fields = asFields(value);
  const raised = list(fields?.["raised"], raisedHand);
  const called = list(fields?.["called"], calledOn);
  const asked = list(fields?.["asked"], id);
  const picked = list(fields?.["picked"], id);
  const cameras = list(fields?.["cameras"], id);
  return raised === null || called === null || asked === null || picked === null || cameras === null ? null : { raised, called, asked, picked, cameras };
}

export function handChange(value: unknown): HandChange | null {
  const fields = asFields(value);
  if (fields === null) {
    return null;
  }
  const whose = id(fields["id"]);
  const { kind, speaks, isNewRound } = fields;
  switch (kind) {
    case "raised": {
      const hand = raisedHand(fields["hand"]);
      return hand === null ? null : { kind, hand };
    }
    case "lowered":
    case "calledOn":
    case "callEnded":
    case "cameraAsked":
    case "cameraAnswered":
      return whose === null ? null : { kind, id: whose };
    case "allLowered":
      return { kind };
    case "answered":
      return whose === null ? null : { kind, id: whose, speaks: speaks === true };
    case "picked":
      return whose === null ? null : { kind, id: whose, isNewRound: isNewRound === true };
    default:
      return null;
  }
}

function raisedHand(value: unknown): RaisedHand | null {
  const fields = asFields(value);
  const whose = id(fields?.["id"]);
  const since = fields?.["since"];
  return whose === null || !isCount(since) ? null : { id: whose, since };
}

function calledOn(value: unknown): CalledOn | null {
  const fields = asFields(value);
  const whose = id(fields?.["id"]);
  const times = fields?.["times"];
  return whose === null || !isCount(times) ? null : { id: whose, times };
}

function id(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
