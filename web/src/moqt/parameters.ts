/** Message parameters: counted, ascending, each with the encoding its type has in the draft. */

import type { ByteReader, ByteWriter } from "./bytes.ts";
import { ProtocolError } from "./codes.ts";
import { exact } from "./varint.ts";

export interface Location {
  readonly group: number;
  readonly object: number;
}

export type ParameterValue = number | Uint8Array | Location;
export type Parameters = ReadonlyMap<number, ParameterValue>;

export const NO_PARAMETERS: Parameters = new Map();

export const ParameterType = {
  objectDeliveryTimeout: 0x02,
  authorizationToken: 0x03,
  rendezvousTimeout: 0x04,
  subgroupDeliveryTimeout: 0x06,
  expires: 0x08,
  largestObject: 0x09,
  fillTimeout: 0x0a,
  forward: 0x10,
  subscriberPriority: 0x20,
  subscriptionFilter: 0x21,
  groupOrder: 0x22,
  newGroupRequest: 0x32,
  trackNamespacePrefix: 0x34,
  /** Ours, said only to a relay whose SETUP offers switching tracks (docs/protocol.md). */
  pictureHeightMax: 0x4d53_0002,
} as const;

type Form = "uint8" | "varint" | "location" | "prefixed" | "namespace";

const FORMS: ReadonlyMap<number, Form> = new Map<number, Form>([
  [ParameterType.objectDeliveryTimeout, "varint"],
  [ParameterType.authorizationToken, "prefixed"],
  [ParameterType.rendezvousTimeout, "varint"],
  [ParameterType.subgroupDeliveryTimeout, "varint"],
  [ParameterType.expires, "varint"],
  [ParameterType.largestObject, "location"],
  [ParameterType.fillTimeout, "varint"],
  [ParameterType.forward, "uint8"],
  [ParameterType.subscriberPriority, "uint8"],
  [ParameterType.subscriptionFilter, "prefixed"],
  [ParameterType.groupOrder, "uint8"],
  [ParameterType.newGroupRequest, "varint"],
  [ParameterType.trackNamespacePrefix, "namespace"],
  [ParameterType.pictureHeightMax, "varint"],
]);

export function putParameters(writer: ByteWriter, parameters: Parameters): void {
  writer.varint(parameters.size);
  let previous = 0;
  for (const [type, value] of [...parameters].toSorted(([a], [b]) => a - b)) {
    writer.varint(type - previous);
    previous = type;
    if (value instanceof Uint8Array) {
      // A namespace brings its own count; everything else with bytes has a length before it.
      if (FORMS.get(type) === "namespace") writer.bytes(value);
      else writer.prefixed(value);
    } else if (typeof value === "object") {
      writer.varint(value.group);
      writer.varint(value.object);
    } else if (FORMS.get(type) === "uint8") writer.uint8(value);
    else writer.varint(value);
  }
}

/** An unknown or repeated parameter is a violation: nobody could tell where it ends. */
export function takeParameters(reader: ByteReader): Parameters {
  const count = reader.varint();
  if (count === 0) return NO_PARAMETERS;
  const parameters = new Map<number, ParameterValue>();
  let type = 0;
  for (let i = 0; i < count; i += 1) {
    type = exact(type + reader.roundedVarint());
    const form = FORMS.get(type);
    if (form === undefined) throw new ProtocolError(`parameter ${type} is unknown`);
    if (parameters.has(type) && type !== ParameterType.authorizationToken) {
      throw new ProtocolError(`parameter ${type} is repeated`);
    }
    parameters.set(type, checked(type, takeValue(reader, form)));
  }
  return parameters;
}

function takeValue(reader: ByteReader, form: Form): ParameterValue {
  switch (form) {
    case "uint8":
      return reader.uint8();
    case "varint":
      // Durations and group numbers; a rounded one still means "very long".
      return reader.roundedVarint();
    case "location":
      return { group: reader.varint(), object: reader.varint() };
    case "prefixed":
      return reader.prefixed();
    case "namespace":
      throw new ProtocolError("a namespace prefix is no parameter of what we receive");
  }
}

function checked(type: number, value: ParameterValue): ParameterValue {
  const isWrong =
    (type === ParameterType.forward && value !== 0 && value !== 1) ||
    (type === ParameterType.groupOrder && value !== 1 && value !== 2);
  if (isWrong) throw new ProtocolError(`parameter ${type} has a value that does not exist`);
  return value;
}
