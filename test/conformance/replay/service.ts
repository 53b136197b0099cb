/** A simulated tenant to replay against: over HTTP, with a clock in hand or with builds that are done at once. */
import { Client } from '../../unit/simulator/client.ts';
import type { Interaction } from './recordings.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export class Service {
  readonly #client: Client;
  readonly lenient: boolean;
  /** Everything sent and answered since the last reset, as recorders write it. */
  readonly log: Interaction[] = [];

  private constructor(client: Client, lenient: boolean) {
    this.#client = client;
    this.lenient = lenient;
  }

  /** Builds take their time, and the clock is in the test's hand: every state on the way can be met. */
  static async withClock(): Promise<Service> {
    return new Service(await Client.start(), false);
  }

  /** The machine's clock, and builds done at once, as `--build-scale 0` starts it. */
  static async instant(trafficLog?: string): Promise<Service> {
    return new Service(await Client.start({ buildScale: 0, now: Date.now, ...(trafficLog === undefined ? {} : { trafficLog }) }), true);
  }

  async send(method: string, path: string, query: Readonly<Record<string, string>>, body: unknown): Promise<Answer> {
    const search = new URLSearchParams(query).toString();
    const { status, body: parsed } = await this.#client.raw(`${path}${search === '' ? '' : `?${search}`}`, {
      method,
      headers: { authorization: `Bearer ${this.#client.simulator.token}`, ...(body === null ? {} : { 'content-type': 'application/json' }) },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
    const answer = status === 204 ? null : parsed;
    this.log.push({ method, path, query, requestBody: body, status, responseBody: answer });
    return { status, body: answer };
  }

  /** Time goes by; without a clock in hand there is nothing to wait for. */
  pass(ms: number): void {
    this.#client.pass(ms);
  }

  async reset(): Promise<void> {
    await this.#client.control('reset', {});
    this.log.length = 0;
  }

  close(): Promise<void> {
    return this.#client.simulator.close();
  }
}
