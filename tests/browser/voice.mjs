/**
 * A microphone with a voice that a test leads: a tone of its own pitch, by which it is told from others, and a short
 * higher sound before it as its first syllable. Runs in the page before its own code, behind `installCamera`.
 */

/** Pitch of the first syllable, the one that ears count, in Hz. */
const SYLLABLE_HZ = 1000;
const SYLLABLE_S = 0.15;
/** How loud all of it is: three at once stay far below what is limited. */
const LOUDNESS = 0.12;
/** A voice comes and goes within this, as breath does: a tone that is cut off clicks by itself. */
const BREATH_S = 0.02;

export function installVoice(hz, { syllableHz, syllableS, loudness, breathS }) {
  if (!navigator.mediaDevices) return;
  const audio = new AudioContext();
  const out = audio.createMediaStreamDestination();
  const makeTone = (frequency) => {
    const tone = audio.createOscillator();
    tone.frequency.value = frequency;
    const level = audio.createGain();
    level.gain.value = 0;
    tone.connect(level).connect(out);
    tone.start();
    return level.gain;
  };
  const [syllable, word] = [makeTone(syllableHz), makeTone(hz)];
  const swell = (gain, to, at) => {
    gain.setValueAtTime(to === 0 ? loudness : 0, at);
    gain.linearRampToValueAtTime(to, at + breathS);
  };
  const other = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const pictures = wanted.video ? (await other({ video: wanted.video })).getVideoTracks() : [];
    if (wanted.audio) void audio.resume();
    return new MediaStream([...pictures, ...(wanted.audio ? [out.stream.getAudioTracks()[0].clone()] : [])]);
  };
  globalThis.mosaikVoice = {
    /** Begins to speak, and goes on until `rest`. */
    hum() {
      swell(word, loudness, audio.currentTime);
    },
    rest() {
      swell(word, 0, audio.currentTime);
    },
    /** A word of this many seconds that begins with its syllable; settles when it is over. */
    say(seconds) {
      const begin = audio.currentTime + 0.05;
      const [middle, end] = [begin + syllableS, begin + seconds];
      swell(syllable, loudness, begin);
      swell(syllable, 0, middle);
      swell(word, loudness, middle);
      swell(word, 0, end);
      return new Promise((resolve) => {
        const look = () => (audio.currentTime > end + breathS ? resolve() : requestAnimationFrame(look));
        look();
      });
    },
  };
}

/** Gives a page this voice; before it is opened. */
export const giveVoice = (page, hz) =>
  page.evaluateOnNewDocument(installVoice, hz, { syllableHz: SYLLABLE_HZ, syllableS: SYLLABLE_S, loudness: LOUDNESS, breathS: BREATH_S });
