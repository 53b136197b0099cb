/**
 * One interaction a line, flat, in a file. The Authorization header is never part of it, nor are secrets of signing in and
 * the values of secrets of actions and modules.
 */
import { appendFileSync, writeFileSync } from 'node:fs';

export interface Interaction {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly requestBody: string;
  /** 0 where no answer was sent. */
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: string;
}

const SIGN_IN = '/oauth/';
const SECRETS: ReadonlySet<string> = new Set(['client_secret', 'client_assertion', 'refresh_token', 'access_token', 'device_code']);

export class TrafficLog {
  readonly #file: string | undefined;
  #seq = 0;

  /** Begins the file anew. @throws Error where it cannot be written. */
  constructor(file: string | undefined) {
    this.#file = file;
    if (file !== undefined) {
      writeFileSync(file, '');
    }
  }

  write(interaction: Interaction): void {
    if (this.#file === undefined) {
      return;
    }
    const signIn = interaction.path.startsWith(SIGN_IN);
    const query = Object.fromEntries(interaction.query);
    const line = {
      source: 'simulator',
      recording: 'simulator',
      seq: this.#seq,
      method: interaction.method,
      path: interaction.path,
      query: signIn ? withoutSecrets(query) : query,
      request_body: signIn ? withoutSecrets(fields(interaction.requestBody)) : withoutValues(parsed(interaction.requestBody)),
      status: interaction.status,
      response_headers: Object.fromEntries(Object.entries(interaction.responseHeaders).map(([name, value]) => [name.toLowerCase(), value])),
      response_body: signIn ? withoutSecrets(parsed(interaction.responseBody)) : parsed(interaction.responseBody),
    };
    this.#seq += 1;
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}

function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** What was sent to sign in, which may be a form. */
function fields(text: string): unknown {
  return parsed(text) ?? (/^\s*[{[]/u.test(text) || text === '' ? null : Object.fromEntries(new URLSearchParams(text)));
}

/** The entries of `secrets` keep their names, and whether they had a value. */
function withoutValues(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('secrets' in body) || !Array.isArray(body.secrets)) {
    return body;
  }
  return { ...body, secrets: body.secrets.map((one: unknown) => (typeof one === 'object' && one !== null && 'value' in one ? { ...one, value: '…' } : one)) };
}

function withoutSecrets(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, one]: [string, unknown]) => [name, SECRETS.has(name) ? '…' : one])) : null;
}
