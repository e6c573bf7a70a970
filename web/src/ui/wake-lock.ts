/** Keeps the screen on while somebody is in the room: a tablet that sleeps loses the lesson. */

/** Browsers give the lock back whenever the page is hidden; without it the device does as it is set. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | undefined;
  let isOver = false;
  const ask = async (): Promise<void> => {
    if (document.hidden || !("wakeLock" in navigator)) return;
    try {
      const given = await navigator.wakeLock.request("screen");
      if (isOver) void given.release();
      else lock = given;
    } catch {
      // A low battery may forbid it.
    }
  };
  const onVisibility = () => void ask();
  document.addEventListener("visibilitychange", onVisibility);
  void ask();
  return () => {
    isOver = true;
    document.removeEventListener("visibilitychange", onVisibility);
    void lock?.release();
  };
}
