/** A soft sound of two notes, less than a second long. */

const NOTES = [
  { hertz: 659.26, atS: 0 },
  { hertz: 880, atS: 0.18 },
] as const;
/** Far below a voice. */
const LOUDNESS = 0.12;
const NOTE_S = 0.6;

export function chime(context: AudioContext): void {
  for (const { hertz, atS } of NOTES) {
    const start = context.currentTime + atS;
    const loudness = context.createGain();
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, start + NOTE_S);
    const note = context.createOscillator();
    note.frequency.value = hertz;
    note.connect(loudness).connect(context.destination);
    note.start(start);
    note.stop(start + NOTE_S);
  }
}
