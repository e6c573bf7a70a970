/**
 * A microphone that plays a tape, and a recorder of what goes to the loudspeaker. Both tell which sample
 * was when. They run in pages, before the pages' own code.
 */

/** What both need: a processor that tells the time of its samples, and hands them over. */
const PROCESSOR = `
  const QUANTA = 16;
  registerProcessor("mosaik-recorder", class extends AudioWorkletProcessor {
    #block = new Int16Array(128 * QUANTA);
    #length = 0;
    process(inputs) {
      const input = inputs[0]?.[0];
      // The audio thread has no performance clock; all processes of a machine share this one.
      if (this.#length === 0) this.first = { frame: currentFrame, at: Date.now() };
      for (let i = 0; i < 128; i += 1) this.#block[this.#length + i] = 32767 * Math.max(-1, Math.min(input?.[i] ?? 0, 1));
      this.#length += 128;
      if (this.#length === this.#block.length) {
        this.port.postMessage({ ...this.first, samples: this.#block.slice() });
        this.#length = 0;
      }
      return true;
    }
  });`;

/** The microphone plays `tape`, a WAV file in Base64, again and again. After the camera is installed. */
export function installTape(processor, tape) {
  if (!navigator.mediaDevices) return;
  const told = { rate: 0, began: 0, marks: [] };
  globalThis.mosaikTape = () => told;
  let track;
  async function play() {
    const audio = new AudioContext({ sampleRate: 48_000 });
    await audio.resume();
    const bytes = Uint8Array.from(atob(tape), (letter) => letter.charCodeAt(0));
    const source = audio.createBufferSource();
    source.buffer = await audio.decodeAudioData(bytes.buffer);
    source.loop = true;
    await audio.audioWorklet.addModule(URL.createObjectURL(new Blob([processor], { type: "text/javascript" })));
    const clock = new AudioWorkletNode(audio, "mosaik-recorder", { numberOfOutputs: 1 });
    clock.port.onmessage = ({ data: { frame, at } }) => told.marks.push([frame, at]);
    clock.connect(audio.destination);
    const out = audio.createMediaStreamDestination();
    source.connect(out);
    const begin = audio.currentTime + 0.5;
    source.start(begin);
    Object.assign(told, { rate: audio.sampleRate, began: Math.round(begin * audio.sampleRate) });
    return out.stream.getAudioTracks()[0];
  }
  const camera = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const tracks = wanted.video ? (await camera({ video: wanted.video })).getVideoTracks() : [];
    if (wanted.audio) tracks.push((await (track ??= play())).clone());
    return new MediaStream(tracks);
  };
}

/** Records what any node of the page sends to the loudspeaker. */
export function installRecorder(processor) {
  const connect = AudioNode.prototype.connect;
  const told = { rate: 0, marks: [], blocks: [] };
  const isReady = new WeakMap();
  async function record(node) {
    const audio = node.context;
    if (!isReady.has(audio)) {
      const url = URL.createObjectURL(new Blob([processor], { type: "text/javascript" }));
      isReady.set(audio, audio.audioWorklet.addModule(url));
    }
    await isReady.get(audio);
    const recorder = new AudioWorkletNode(audio, "mosaik-recorder", { numberOfOutputs: 1 });
    told.rate = audio.sampleRate;
    recorder.port.onmessage = ({ data: { at, samples } }) => {
      told.marks.push([told.blocks.length * samples.length, at]);
      told.blocks.push(samples);
    };
    connect.call(node, recorder);
    // Silent, but what leads to no loudspeaker may be left out.
    connect.call(recorder, audio.destination);
  }
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) void record(this);
    return connect.call(this, target, ...rest);
  };
  globalThis.mosaikRecorder = async () => {
    const url = await new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.readAsDataURL(new Blob(told.blocks));
    });
    return { rate: told.rate, marks: told.marks, samples: url.slice(url.indexOf(",") + 1) };
  };
}

/** The page's own rules let in no script but its own. */
async function put(page, ...installed) {
  await page.setBypassCSP(true);
  await page.evaluateOnNewDocument(...installed);
}

export const putTape = (page, tape) => put(page, installTape, PROCESSOR, tape.toString("base64"));

export const putRecorder = (page) => put(page, installRecorder, PROCESSOR);
