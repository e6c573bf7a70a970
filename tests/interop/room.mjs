/** Coming into a room as the page does, for peers that then bring the token themselves. */

/** Joins by `link`: the participant's own namespace, and a token that opens one session. */
export async function join(link) {
  const { origin, hash } = new URL(link);
  const [room, secret] = hash.slice(1).split("/");
  const answer = await fetch(`${origin}/api/join`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ room, secret, name: "Peer", agreed: { seen: true, heard: true, read: true } }),
    signal: AbortSignal.timeout(5_000),
  });
  const { participant, token } = await answer.json();
  if (!token) throw new Error(`the room cannot be joined: ${answer.status}`);
  return { namespace: `${room}/${participant}`, token };
}
