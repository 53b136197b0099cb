/** One interaction a line, flat, in a file. The Authorization header is never part of it. */
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
    const line = {
      source: 'simulator',
      recording: 'simulator',
      seq: this.#seq,
      method: interaction.method,
      path: interaction.path,
      query: Object.fromEntries(interaction.query),
      request_body: parsed(interaction.requestBody),
      status: interaction.status,
      response_headers: Object.fromEntries(Object.entries(interaction.responseHeaders).map(([name, value]) => [name.toLowerCase(), value])),
      response_body: parsed(interaction.responseBody),
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
