/** The picture others will see, mirrored as one knows oneself, and whether the microphone hears. */

import { useEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import type { Devices, Source } from "../devices/devices.ts";
import { SourceToggle } from "../devices/toggle.tsx";
import { Avatar } from "../person.tsx";
import { LineLight } from "./line-check.tsx";
import type { Checked } from "./line-check.tsx";
import { Meter } from "./meter.tsx";

interface PreviewProps {
  readonly devices: Devices;
  readonly name: string;
  readonly toggle: (source: Source) => void;
  readonly check: Checked;
}

export function Preview({ devices, name, toggle, check }: PreviewProps) {
  const words = text.value;
  const cam = devices.cam.state.value;
  const mic = devices.mic.state.value;
  const isAsking = cam.state === "asking" || mic.state === "asking";
  return (
    <section class="preview" aria-label={words.join.preview}>
      <div class="preview-picture">
        {cam.state === "on" ? (
          <OwnPicture track={cam.track} />
        ) : (
          <div class="preview-empty">
            <Avatar id="preview" name={name} />
            <p>{isAsking ? words.join.asking : words.join.camIsOff}</p>
          </div>
        )}
        <div class="preview-tools">
          <SourceToggle source={devices.mic} onToggle={() => toggle(devices.mic)} />
          <SourceToggle source={devices.cam} onToggle={() => toggle(devices.cam)} />
        </div>
      </div>
      {mic.state === "on" ? <Meter track={mic.track} /> : null}
      <LineLight check={check} />
    </section>
  );
}

/** The own camera, straight from the device: no way over the network and back. */
export function OwnPicture({ track }: { readonly track: MediaStreamTrack }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current !== null) {
      video.current.srcObject = new MediaStream([track]);
    }
  }, [track]);
  return <video ref={video} class="own-picture" autoplay muted playsInline aria-hidden="true" data-testid="own-picture" />;
}
