/** Asks the server's API: JSON there and back, nothing kept and nothing sent along. */

export interface ServerAnswer {
  readonly status: number;
  readonly text: string;
}

/** null: no answer before `end`. `post` stands for the network in tests. */
export async function askServer(path: `/api/${string}`, body: object, end: AbortSignal, post: typeof fetch = fetch): Promise<ServerAnswer | null> {
  try {
    const response = await post(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      signal: end,
    });
    return { status: response.status, text: await response.text() };
  } catch {
    return null;
  }
}

/** The text of an answer that is no refusal. */
export async function textOf(asked: Promise<ServerAnswer | null>): Promise<string | null> {
  const answer = await asked;
  return answer?.status === 200 ? answer.text : null;
}
