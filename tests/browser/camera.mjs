/**
 * A camera whose pictures can be read back, and a microphone whose sound can be recognised.
 *
 * Runs in the page before its own code. Each picture carries a bar code: marker, counter, time of
 * drawing, check sum, as blocks large enough to survive a low bit rate. The microphone gives a
 * steady low tone, in which every gap is heard, and a beep each second.
 */

/** Blocks of 16 px: 28 in a row, two rows. */
export const CODE = { block: 16, columns: 28, markerBits: 4, marker: 0b1010, counterBits: 20, timeBits: 24, sumBits: 8 };

/** `scale` enlarges its 640 x 360 pixels; with `grain` there is in each picture what costs bits. */
export function installCamera(code, isCoded, { scale = 1, grain = false } = {}) {
  // The empty page before ours has no devices.
  if (!navigator.mediaDevices) return;
  const WIDTH = 640;
  const HEIGHT = 360;
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH * scale;
  canvas.height = HEIGHT * scale;
  const context = canvas.getContext("2d", { alpha: false });
  context.scale(scale, scale);
  let counter = 0;

  /** A wall with a pattern that moves by as people shake a camera, and the noise of its sensor. */
  const wall = grain && makeGrain(160);
  const noise = grain && makeGrain(28);
  function makeGrain(strength) {
    const made = new OffscreenCanvas(WIDTH + 64, HEIGHT + 64);
    const drawing = made.getContext("2d");
    const image = drawing.createImageData(made.width, made.height);
    // The same in each lesson.
    let chance = 1;
    for (let i = 0; i < image.data.length; i += 4) {
      chance = (chance * 48_271) % 2_147_483_647;
      image.data.fill(chance % 256, i, i + 3);
      image.data[i + 3] = strength;
    }
    drawing.putImageData(image, 0, 0);
    return made;
  }
  function drawGrain() {
    context.drawImage(wall, -32 + 24 * Math.sin(counter / 23), -32 + 12 * Math.sin(counter / 31));
    context.drawImage(noise, -((counter * 37) % 64), -((counter * 23) % 64));
  }

  const bitsOf = (value, count) => Array.from({ length: count }, (_, index) => (value / 2 ** (count - 1 - index)) & 1);
  const sumOf = (count, time) => (count + Math.floor(count / 256) + time + Math.floor(time / 256) + Math.floor(time / 65_536)) % 256;

  function draw() {
    const angle = counter / 40;
    const sky = context.createLinearGradient(0, 0, WIDTH, HEIGHT);
    sky.addColorStop(0, "#dfe9e4");
    sky.addColorStop(1, "#b9d3cf");
    context.fillStyle = sky;
    context.fillRect(0, 0, WIDTH, HEIGHT);
    // Someone who moves a little, as people do.
    context.fillStyle = "#2f6f6b";
    context.beginPath();
    context.ellipse(320 + 8 * Math.sin(angle), 380, 150, 130, 0, 0, 7);
    context.fill();
    context.fillStyle = "#e8c9a8";
    context.beginPath();
    context.arc(320 + 14 * Math.sin(angle), 190 + 4 * Math.cos(2 * angle), 70, 0, 7);
    context.fill();
    if (grain) drawGrain();
    counter += 1;
    if (isCoded) drawCode();
  }

  function drawCode() {
    const time = Date.now() % 2 ** code.timeBits;
    const count = counter % 2 ** code.counterBits;
    const bits = [
      ...bitsOf(code.marker, code.markerBits),
      ...bitsOf(count, code.counterBits),
      ...bitsOf(time, code.timeBits),
      ...bitsOf(sumOf(count, time), code.sumBits),
    ];
    bits.forEach((bit, index) => {
      context.fillStyle = bit ? "#ebebeb" : "#101010";
      context.fillRect((index % code.columns) * code.block, Math.floor(index / code.columns) * code.block, code.block, code.block);
    });
  }
  draw();
  setInterval(draw, 1000 / 30);
  const pictures = canvas.captureStream(30);

  let sound;
  function microphone() {
    if (!sound) {
      const audio = new AudioContext();
      void audio.resume();
      const out = audio.createMediaStreamDestination();
      const tone = audio.createOscillator();
      tone.frequency.value = 300;
      const toneLevel = audio.createGain();
      toneLevel.gain.value = 0.25;
      tone.connect(toneLevel).connect(out);
      tone.start();
      const beep = audio.createOscillator();
      beep.frequency.value = 1000;
      const beepLevel = audio.createGain();
      beepLevel.gain.value = 0;
      beep.connect(beepLevel).connect(out);
      beep.start();
      setInterval(() => {
        beepLevel.gain.setValueAtTime(0.25, audio.currentTime);
        beepLevel.gain.setValueAtTime(0, audio.currentTime + 0.1);
      }, 1000);
      sound = out.stream;
    }
    return sound.getAudioTracks()[0].clone();
  }

  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const tracks = [];
    if (wanted.video) tracks.push(pictures.getVideoTracks()[0].clone());
    if (wanted.audio) tracks.push(microphone());
    return new MediaStream(tracks);
  };
}
