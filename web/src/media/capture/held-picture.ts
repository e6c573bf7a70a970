/**
 * Gives a screen's pictures on, and the newest one again while nothing moves: who comes later needs one to begin
 * with, text gets sharp with the bits of the next ones, and a picture that stands still is told from a line that does.
 */

export interface HeldPicture {
  /** Takes the frame over. */
  take(frame: VideoFrame, now: number): void;
  /** Looks whether it is time; `now` is in ms. */
  tick(now: number): void;
  close(): void;
}

/** Until a picture that does not change is sharp. */
const SHARPEN_MS = 1_000;
const SHARPEN_EVERY_MS = 200;
/** Well below the time after which a picture is told to stand still. */
const AGAIN_EVERY_MS = 1_000;

/** `isAwaited`: somebody has nothing to begin with. `give` takes its frame over; their times always rise. */
export function holdPicture(isAwaited: () => boolean, give: (frame: VideoFrame, now: number) => void): HeldPicture {
  let held: VideoFrame | undefined;
  let changedAt = -Infinity;
  let givenAt = -Infinity;
  /** µs */
  let timestamp = -Infinity;

  const giveHeld = (at: number, now: number): void => {
    if (held === undefined) return;
    timestamp = Math.max(at, timestamp + 1);
    givenAt = now;
    give(new VideoFrame(held, { timestamp }), now);
  };
  return {
    take(frame, now) {
      held?.close();
      held = frame;
      changedAt = now;
      giveHeld(frame.timestamp, now);
    },
    tick(now) {
      const every = isAwaited() || now - changedAt <= SHARPEN_MS ? SHARPEN_EVERY_MS : AGAIN_EVERY_MS;
      if (now - givenAt >= every) giveHeld(timestamp + (now - givenAt) * 1_000, now);
    },
    close() {
      held?.close();
      held = undefined;
    },
  };
}
