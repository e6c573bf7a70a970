/** Asks the browser for a microphone or camera and names what stands in the way. */

export type SourceKind = "mic" | "cam";

export type DeviceProblem =
  /** The person or a rule of the browser said no for this page. */
  | "denied"
  /** The question was closed without an answer. */
  | "dismissed"
  /** The operating system forbids it to the browser. */
  | "system"
  | "missing"
  | "busy"
  | "insecure"
  | "unplugged";

export interface Wanted {
  /** Empty is the browser's default. */
  readonly deviceId: string;
  /** A camera that shows paper. */
  readonly isDetailed: boolean;
}

export type Opened =
  | { readonly kind: "opened"; readonly track: MediaStreamTrack }
  | { readonly kind: "failed"; readonly problem: DeviceProblem };

/** 1280 × 720 is the rendition `cam/high`, from which the others are scaled. */
const CAMERA: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
};

/** A page of a book is read, not watched: as many pixels as a rendition has, in few pictures a second. */
const DOCUMENT_CAMERA: MediaTrackConstraints = {
  width: { ideal: 1920 },
  height: { ideal: 1080 },
  frameRate: { ideal: 10, max: 10 },
};

/** `echoCancellation: "all"` is newer than the DOM types: the system's own sounds are cancelled too. */
const MICROPHONE: MediaTrackConstraints = {
  echoCancellation: { ideal: "all" as unknown as boolean },
  noiseSuppression: { ideal: true },
  autoGainControl: { ideal: true },
  channelCount: { ideal: 1 },
};

export async function openSource(kind: SourceKind, { deviceId, isDetailed }: Wanted): Promise<Opened> {
  if (!isSecureContext || navigator.mediaDevices === undefined) {
    return { kind: "failed", problem: "insecure" };
  }
  const usual = kind === "mic" ? MICROPHONE : isDetailed ? DOCUMENT_CAMERA : CAMERA;
  const wanted = { ...usual, ...(deviceId === "" ? {} : { deviceId: { ideal: deviceId } }) };
  try {
    const stream = await navigator.mediaDevices.getUserMedia(kind === "mic" ? { audio: wanted } : { video: wanted });
    const track = stream.getTracks()[0];
    if (track === undefined) {
      return { kind: "failed", problem: "missing" };
    }
    if (kind === "cam" && isDetailed) {
      // Rather fewer pictures than less of them, in whatever the browser does with them.
      track.contentHint = "detail";
    }
    return { kind: "opened", track };
  } catch (error) {
    return { kind: "failed", problem: await nameProblem(kind, error) };
  }
}

const LISTED = { mic: "audioinput", cam: "videoinput", speaker: "audiooutput" } as const satisfies Record<string, MediaDeviceKind>;

/** Names of the devices are empty until the person allowed one of the kind. */
export async function listDevices(kind: SourceKind | "speaker"): Promise<readonly MediaDeviceInfo[]> {
  if (navigator.mediaDevices === undefined) {
    return [];
  }
  const wanted = LISTED[kind];
  try {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter((device) => device.kind === wanted && device.deviceId !== "");
  } catch {
    return [];
  }
}

/** True when the browser would not ask: a remembered choice may then be followed without a click. */
export async function isGranted(kind: SourceKind): Promise<boolean> {
  return (await permission(kind)) === "granted";
}

async function nameProblem(kind: SourceKind, error: unknown): Promise<DeviceProblem> {
  const { name, message } = error instanceof Error ? error : { name: "", message: "" };
  switch (name) {
    case "NotAllowedError":
      return nameRefusal(await permission(kind), message);
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    default:
      // NotReadableError, AbortError: the device is there and allowed but does not start.
      return "busy";
  }
}

/** Only Chromium tells a system's "no" apart, and only in the message. */
function nameRefusal(state: PermissionState | null, message: string): DeviceProblem {
  if (/system/i.test(message)) {
    return "system";
  }
  return state === "prompt" || /dismissed/i.test(message) ? "dismissed" : "denied";
}

async function permission(kind: SourceKind): Promise<PermissionState | null> {
  try {
    const name = kind === "mic" ? "microphone" : "camera";
    return (await navigator.permissions.query({ name })).state;
  } catch {
    return null;
  }
}
