/** How old a picture is that stands still: shown while it does, and counted by itself. */

import { useEffect, useState } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import { pictureAge } from "./picture-age.ts";

const SECOND_MS = 1_000;

/** `since` is Unix time in ms. For browser tests: `picture-age`. */
export function PictureAge({ since }: { readonly since: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  const words = text.value.room;
  const age = words.age(pictureAge(since, now));
  return (
    <div class="tile-age" data-testid="picture-age" aria-hidden="true">
      <Icon name="clock" />
      <span class="tile-age-long">{words.pictureAge(age)}</span>
      <span class="tile-age-short">{age}</span>
    </div>
  );
}
