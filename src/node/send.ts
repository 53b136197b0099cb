/**
 * node-fetch as the lane's way to send.
 *
 * node-fetch rather than the built-in fetch, because its requests go through Node's `http` and `https`, into which
 * VS Code puts the user's proxy and certificate settings.
 */
import fetch from 'node-fetch';
import type { Send } from '../auth0/requestLane.ts';

/** No answer of this API is larger than a page of 100 actions with three copies of 100 kB of code each. */
const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;

/** @param largestAnswer bytes beyond which an answer is given up. */
export function sendWith(userAgent: string, largestAnswer = LARGEST_ANSWER_BYTES): Send {
  return (url, init) =>
    fetch(url, {
      method: init.method,
      // node-fetch closes the connection after each request unless told otherwise.
      headers: { ...init.headers, 'user-agent': userAgent, connection: 'keep-alive' },
      ...(init.body === undefined ? {} : { body: init.body }),
      signal: init.signal,
      redirect: 'manual',
      size: largestAnswer,
    });
}
