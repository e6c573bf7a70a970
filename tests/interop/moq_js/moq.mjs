/** The npm package `@moq/net` as tools.sh installed it, with what it uses that Node.js 20 lacks. */

Promise.withResolvers ??= () => {
  const resolvers = {};
  const promise = new Promise((resolve, reject) => Object.assign(resolvers, { resolve, reject }));
  return { promise, ...resolvers };
};
Set.prototype.difference ??= function difference(other) {
  return new Set([...this].filter((each) => !other.has(each)));
};

// The last line says why.
process.on("uncaughtException", ({ message }) => {
  console.error(message);
  process.exit(1);
});

const PACKAGE = new URL("../../../target/interop/node/node_modules/@moq/net/index.js", import.meta.url);
const Moq = await import(PACKAGE);

/** A session of draft 18 over a WebSocket, and the path of a namespace. */
export async function connect(url, namespace) {
  const session = await Moq.Connection.connect(new URL(url));
  const { version, transport } = session;
  if (version !== "moq-transport-18" || transport !== "websocket") throw new Error(`${version} over ${transport}`);
  return { session, path: Moq.Path.from(namespace) };
}

export const newBroadcast = () => new Moq.Broadcast.Producer();
