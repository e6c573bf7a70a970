/** Level of the microphone before joining, drawn without rendering: only a custom property moves. */

import { useEffect, useRef, useState } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { openMeter } from "../devices/sound-meter.ts";

/** RMS of speech at a normal distance; a quiet room stays a good deal below. */
const HEARD = 0.04;
/** Speech rarely exceeds an RMS of 0.25: the bar is full there. */
const FULL = 0.25;

export function Meter({ track }: { readonly track: MediaStreamTrack }) {
  const bar = useRef<HTMLDivElement>(null);
  const [isHeard, setHeard] = useState(false);
  useEffect(() => watchLevel(track, (level) => {
    bar.current?.style.setProperty("--level", String(Math.min(level / FULL, 1)));
    if (level > HEARD) {
      setHeard(true);
    }
  }), [track]);
  const words = text.value.join;
  return (
    <div class="meter">
      <div class="meter-bar" ref={bar} data-testid="mic-meter" aria-hidden="true" />
      <p aria-live="polite">{isHeard ? words.heard : words.quiet}</p>
    </div>
  );
}

/** Reports the RMS of `track` with each animation frame until the answer is called. */
function watchLevel(track: MediaStreamTrack, report: (level: number) => void): () => void {
  const meter = openMeter(track, 1_024);
  let frame = 0;
  const measure = () => {
    const samples = meter.read();
    report(samples === undefined ? 0 : Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length));
    frame = requestAnimationFrame(measure);
  };
  frame = requestAnimationFrame(measure);
  return () => {
    cancelAnimationFrame(frame);
    meter.close();
  };
}
