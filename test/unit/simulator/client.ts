/** A simulated tenant with a clock in the test's hand, and calls to it over real HTTP. */
import { startSimulator } from '../../../src/simulator/index.ts';
import type { RunningSimulator, SimulatorOptions } from '../../../src/simulator/index.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

export class Client {
  readonly simulator: RunningSimulator;
  /** Milliseconds since the epoch, as the tenant sees them. */
  readonly clock: { now: number };

  private constructor(simulator: RunningSimulator, clock: { now: number }) {
    this.simulator = simulator;
    this.clock = clock;
  }

  static async start(options: SimulatorOptions = {}): Promise<Client> {
    const clock = { now: Date.parse('2026-05-20T12:00:00Z') };
    return new Client(await startSimulator({ seed: 'empty', now: () => clock.now, ...options }), clock);
  }

  /** A call of the Management API, below `/api/v2/actions`. */
  call(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.#send(method, `/api/v2/actions${path}`, body, { authorization: `Bearer ${this.simulator.token}`, ...headers });
  }

  control(path: string, body?: unknown): Promise<Answer> {
    return this.#send(body === undefined ? 'GET' : 'POST', `/simulator/${path}`, body, {});
  }

  async raw(path: string, init: RequestInit = {}): Promise<Answer> {
    const answer = await fetch(`${this.simulator.url}${path}`, init);
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? {} : (JSON.parse(text) as Json) };
  }

  #send(method: string, path: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Answer> {
    return this.raw(path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  /** Creates an action and returns its id. */
  async create(change: Json = {}): Promise<string> {
    const { body } = await this.call('POST', '/actions', { name: 'one', supported_triggers: [{ id: 'post-login', version: 'v3' }], code: '// 1', runtime: 'node22', ...change });
    return String(body['id']);
  }

  get(id: string): Promise<Json> {
    return this.call('GET', `/actions/${id}`).then(answer => answer.body);
  }

  /** Lets time pass; nothing waits for it. */
  pass(ms: number): void {
    this.clock.now += ms;
  }
}
