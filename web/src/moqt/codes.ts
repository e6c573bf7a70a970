/** Numbers of draft-ietf-moq-transport-18, and the error that ends a session. */

/** Session termination codes (section "Termination"). */
export const SessionCode = {
  noError: 0x0,
  internalError: 0x1,
  unauthorized: 0x2,
  protocolViolation: 0x3,
  invalidRequestId: 0x4,
  duplicateTrackAlias: 0x5,
  keyValueFormatting: 0x6,
  controlMessageTimeout: 0x11,
  expiredAuthToken: 0x18,
} as const;

/** REQUEST_ERROR codes. */
export const RequestCode = {
  internalError: 0x0,
  timeout: 0x2,
  notSupported: 0x3,
  excessiveLoad: 0x9,
  doesNotExist: 0x10,
  invalidRange: 0x11,
  duplicateSubscription: 0x19,
  unsupportedExtension: 0x33,
  redirect: 0x34,
} as const;

/** PUBLISH_DONE codes. */
export const DoneCode = { trackEnded: 0x2, goingAway: 0x4, excessiveLoad: 0x9 } as const;

/** Codes of resets and STOP_SENDING. */
export const ResetCode = {
  internalError: 0x0,
  cancelled: 0x1,
  deliveryTimeout: 0x2,
  sessionClosed: 0x3,
  tooFarBehind: 0x5,
  excessiveLoad: 0x9,
} as const;

/** First numbers of unidirectional streams and of datagrams; those of objects have ranges of their own. */
export const StreamType = { setup: 0x2f00, padding: 0x132b3e28, paddingDatagram: 0x132b3e29 } as const;

/** What an object is; only normal ones have a payload. */
export const ObjectStatus = { normal: 0x0, endOfGroup: 0x3, endOfTrack: 0x4 } as const;

/** Track and object properties that this layer reads or writes itself. */
export const PropertyType = {
  objectDeliveryTimeout: 0x02,
  defaultPublisherPriority: 0x0e,
  dynamicGroups: 0x30,
} as const;

/** The peer broke a rule of the draft: the session ends with `code`. */
export class ProtocolError extends Error {
  readonly code: number;
  constructor(reason: string, code: number = SessionCode.protocolViolation) {
    super(reason);
    this.name = "ProtocolError";
    this.code = code;
  }
}
