/**
 * A rack of microphones and cameras whose plugs a test can pull: browsers cannot do that to theirs.
 *
 * Runs in the page before its own code. A microphone gives a steady tone, or nothing at all; a camera a plain
 * picture that changes. Tracks end as they do when a plug is pulled.
 */

export const LAPTOP = { id: "laptop", kind: "audioinput", label: "Laptop-Mikrofon" };
export const HEADSET = { id: "headset", kind: "audioinput", label: "Headset" };
export const WEBCAM = { id: "webcam", kind: "videoinput", label: "Webcam" };

/** `devices` are plugged in at first, the first of each kind is the default. */
export function installRack(devices) {
  // The empty page before ours has no devices.
  if (!navigator.mediaDevices) return;
  const rack = new Map();
  const open = new Set();
  const wanted = [];
  let audio;

  function sound(isSilent) {
    audio ??= new AudioContext();
    void audio.resume();
    const out = audio.createMediaStreamDestination();
    const level = audio.createGain();
    level.gain.value = isSilent ? 0 : 0.25;
    const tone = audio.createOscillator();
    tone.frequency.value = 300;
    tone.connect(level).connect(out);
    tone.start();
    return { track: out.stream.getAudioTracks()[0], setSilent: (is) => (level.gain.value = is ? 0 : 0.25) };
  }

  function picture({ width, height }) {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    const drawing = canvas.getContext("2d", { alpha: false });
    let count = 0;
    setInterval(() => {
      drawing.fillStyle = `hsl(${(count += 3) % 360} 60% 60%)`;
      drawing.fillRect(0, 0, width, height);
    }, 1000 / 30);
    return { track: canvas.captureStream(30).getVideoTracks()[0] };
  }

  function take(kind, constraints) {
    wanted.push(JSON.parse(JSON.stringify(constraints)));
    const all = [...rack.values()].filter((device) => device.kind === kind);
    const asked = constraints.deviceId?.ideal;
    const device = all.find(({ id }) => id === asked) ?? all[0];
    if (!device) throw new DOMException("no device", "NotFoundError");
    const size = { width: constraints.width?.ideal, height: constraints.height?.ideal };
    const opened = kind === "audioinput" ? sound(device.isSilent) : picture(size);
    const { track } = opened;
    Object.defineProperty(track, "label", { value: device.label });
    track.getSettings = () => ({ deviceId: device.id, groupId: device.id, ...(kind === "videoinput" ? size : {}) });
    const stop = track.stop.bind(track);
    const entry = { device, track, setSilent: opened.setSilent };
    track.stop = () => {
      open.delete(entry);
      stop();
    };
    open.add(entry);
    return track;
  }

  const changed = () => navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  const plug = (device) => {
    rack.set(device.id, device);
    changed();
  };
  devices.forEach(plug);
  navigator.mediaDevices.enumerateDevices = async () =>
    [...rack.values()].map(({ id, kind, label }) => ({ deviceId: id, groupId: id, kind, label }));
  navigator.mediaDevices.getUserMedia = async ({ audio: sounds, video }) =>
    new MediaStream([...(sounds ? [take("audioinput", sounds)] : []), ...(video ? [take("videoinput", video)] : [])]);
  globalThis.mosaikRack = {
    plug,
    unplug(id) {
      rack.delete(id);
      for (const { device, track } of [...open]) {
        if (device.id !== id) continue;
        track.stop();
        track.dispatchEvent(new Event("ended"));
      }
      changed();
    },
    setSilent(id, isSilent) {
      const device = rack.get(id);
      if (device) device.isSilent = isSilent;
      for (const entry of open) if (entry.device.id === id) entry.setSilent(isSilent);
    },
    /** Labels of the devices that are in use. */
    open: () => [...open].map(({ device }) => device.label),
    /** Whether what is in use is asked to be sharp. */
    hints: () => [...open].map(({ track }) => track.contentHint),
    /** What was asked for, the newest last. */
    wanted: () => wanted,
  };
}
