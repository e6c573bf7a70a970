/** Ports with a type: what one side sends is what the other side listens to. */

const NOTHING: Transferable[] = [];

/** Sends without allocating anything of its own: also from an audio thread. */
export function send<Message>(port: MessagePort, message: Message, transfer = NOTHING): void {
  port.postMessage(message, transfer);
}

/** Listens until the port is closed. */
export function listen<Message>(port: MessagePort, onMessage: (message: Message) => void): void {
  port.addEventListener("message", ({ data }: MessageEvent<Message>) => onMessage(data));
  port.start();
}
