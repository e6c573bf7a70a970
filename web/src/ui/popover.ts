/** What a menu over the room does with focus and keys. */

/** Takes the focus, and closes when the person goes on elsewhere or presses Escape. */
export function stayOpenInside(menu: HTMLElement | null, close: () => void): () => void {
  const opener = document.activeElement;
  menu?.querySelector<HTMLElement>("button, select")?.focus();
  const stop = new AbortController();
  const listen = { signal: stop.signal, capture: true };
  const onPress = ({ target }: Event) => {
    const isToggle = target instanceof Element && target.closest(`[aria-controls="${menu?.id}"]`) !== null;
    if (target instanceof Node && menu?.contains(target) !== true && !isToggle) {
      close();
    }
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  };
  addEventListener("pointerdown", onPress, listen);
  addEventListener("keydown", onKey, listen);
  return () => {
    stop.abort();
    const isLost = document.activeElement === document.body || menu?.contains(document.activeElement) === true;
    if (isLost && opener instanceof HTMLElement) {
      opener.focus();
    }
  };
}
