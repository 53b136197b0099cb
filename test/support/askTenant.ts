// A simulated tenant, asked past the extension: what it really has, and what somebody else changes in it.
import assert from 'node:assert/strict';

const PATIENCE_MS = 60_000;
const AGAIN_MS = 100;

/** Address and token of a simulated tenant, as a started one has them. */
export interface Asked { readonly url: string; readonly token: string }

/**
 * Sends one request and returns what is answered, `{}` where that is nothing. What the tenant refuses for its rate limit was not done, and is asked again.
 * @param path From the root: `/api/v2/actions/actions`, or `/simulator/faults`.
 * @throws AssertionError for any other answer than success.
 */
export async function askTenant<T = Record<string, unknown>>({ url, token }: Asked, method: string, path: string, body?: unknown): Promise<T> {
  for (const end = Date.now() + PATIENCE_MS; ;) {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.status !== 429 || Date.now() > end) {
      assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
      return (text === '' ? {} : JSON.parse(text)) as T;
    }
    await new Promise(resolve => setTimeout(resolve, AGAIN_MS));
  }
}
