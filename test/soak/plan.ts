/** What a round does and what goes wrong in it, drawn from the seed alone. */
import type { ConflictChoice } from '../../src/actions/saveRun.ts';
import type { Planned, Step } from './round.ts';
import type { Service } from './service.ts';

/** Kinds of steps, each as often as its weight. */
const WEIGHTS: readonly (readonly [Step['kind'], number])[] = [
  ['deploy', 22], ['saveAndDeploy', 14], ['rollBack', 9], ['save', 18], ['refresh', 7], ['refreshAction', 9], ['draw', 7], ['more', 2], ['theirs', 8], ['stop', 2],
];
/** A window that is reloaded, or a tenant that is connected anew, begins from nothing: what leaks shows only where these rest. */
const RESTLESS: typeof WEIGHTS = [...WEIGHTS, ['reload', 8], ['reconnect', 3]];
const CHOICES: readonly ConflictChoice[] = ['overwrite', 'overwrite', 'overwrite', 'takeTheirs', 'compare', 'cancel'];

/** Every kind of fault that the simulator can make. Bodies beyond what is read at all take the machine's own time: the fault matrix has those. */
const FAULTS: readonly unknown[] = [
  ...[400, 401, 403, 404, 409, 412, 429, 500, 502, 503, 504].map(status => ({ status })),
  { status: 429, headers: { 'retry-after': '3' } },
  { status: 503, headers: { 'retry-after': '2' } },
  { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } },
  { status: 200, body: '' },
  { status: 302, headers: { location: 'https://example.com/' } },
  ...[500, 502, 503].map(status => ({ status, done: true })),
  { late: 35_000 }, { drip: 5000 }, { drip: 90_000 }, { size: 1_000_000 },
  'reset-before', 'reset-before', 'reset-after', 'reset-after', 'reset-after', 'hang', 'truncate', 'truncate', 'malformed', 'malformed', { delay: 2 },
];
/** Where they hit: method, and what follows the address of an action; the list of actions has none. */
const PLACES: readonly (readonly [method: string, rest: string | undefined])[] = [
  ['POST', '/deploy$'], ['POST', '/deploy$'], ['POST', '/deploy$'], ['POST', '/versions/[^/]+/deploy$'], ['PATCH', '$'], ['PATCH', '$'], ['GET', '$'], ['GET', '$'], ['GET', '/versions'], ['GET', undefined],
];
const TIMES: readonly number[] = [1, 1, 1, 2, 3, 1000];

export interface Rule {
  readonly method: string;
  readonly path: string;
  readonly times: number;
  readonly fault: unknown;
}

/** What control does to a tenant before a round; `undo` is done after it. */
export interface Trouble {
  readonly service: Service;
  /** The action that alone is concerned; the whole tenant where there is none. */
  readonly actionId?: string;
  readonly rules?: readonly Rule[];
  readonly control?: readonly (readonly [path: string, body: unknown])[];
  readonly undo?: readonly (readonly [path: string, body: unknown])[];
  /** False for what makes no difference to how anything may end. */
  readonly disturbs: boolean;
}

export interface Round {
  readonly steps: readonly Planned[];
  readonly troubles: readonly Trouble[];
}

export class Plan {
  readonly #random: () => number;
  readonly #services: readonly Service[];
  readonly #scopes: string;
  #texts = 0;
  /** How far each service's clock is ahead, in milliseconds. */
  readonly #skews = new Map<Service, number>();
  #weights = WEIGHTS;

  constructor(random: () => number, services: readonly Service[], scopes: string) {
    this.#random = random;
    this.#services = services;
    this.#scopes = scopes;
  }

  /** The next round, of one to five steps but not more than `most`; `restless` with reloads of the window. */
  round(most: number, restless: boolean): Round {
    this.#weights = restless ? RESTLESS : WEIGHTS;
    const count = Math.min(most, 1 + this.#below(5));
    // Often on the same action, so that they meet.
    const [service, actionId] = this.#place();
    const steps = Array.from({ length: count }, () => this.#step(...(this.#random() < 0.6 ? ([service, actionId] as const) : this.#place())));
    const troubles = steps.flatMap(step => (this.#random() < 0.3 ? [this.#trouble(step.service, step.actionId)] : []));
    return { steps, troubles };
  }

  #place(): readonly [Service, string] {
    const service = this.#pick(this.#services);
    return [service, this.#pick(service.actionIds)];
  }

  #step(service: Service, actionId: string): Planned {
    const at = this.#random() < 0.3 ? 0 : this.#below(4000);
    return { ...this.#kind(), service, actionId, at };
  }

  #kind(): Step {
    let left = this.#random() * this.#weights.reduce((sum, [, weight]) => sum + weight, 0);
    const kind = this.#weights.find(([, weight]) => (left -= weight) < 0)?.[0] ?? 'deploy';
    switch (kind) {
      case 'deploy':
      case 'saveAndDeploy': return { kind, text: this.#text(), choice: this.#pick(CHOICES), thinks: this.#random() < 0.8 ? 0 : this.#below(3000) };
      case 'save': return { kind, text: this.#text(), choice: this.#pick(CHOICES) };
      case 'rollBack': return { kind, back: 1 + this.#below(4), updateDraft: this.#random() < 0.5 };
      case 'theirs': return { kind, text: this.#text(), deploys: this.#random() < 0.6 };
      case 'reload': return { kind, crashes: this.#random() < 0.5 };
      default: return { kind };
    }
  }

  #trouble(service: Service, actionId: string): Trouble {
    const kind = this.#random();
    if (kind < 0.8) {
      const rules = Array.from({ length: 1 + this.#below(2) }, (): Rule => {
        const [method, rest] = this.#pick(PLACES);
        return { method, path: `/actions/actions${rest === undefined ? '$' : `/${actionId}${rest}`}`, times: this.#pick(TIMES), fault: this.#pick(FAULTS) };
      });
      return { service, actionId, rules, disturbs: true };
    }
    if (kind < 0.86) {
      return { service, actionId, control: [['next-version', { action: actionId, status: 'failed', errors: [{ id: 'E1', msg: 'It broke.', url: 'https://example.com/' }] }]], disturbs: true };
    }
    if (kind < 0.9) {
      return { service, actionId, control: [['hold', { action: actionId, status: this.#pick(['failed', 'retrying', 'unheard-of']) }]], undo: [['hold', { action: actionId, status: null }]], disturbs: true };
    }
    if (kind < 0.95) {
      return { service, actionId, control: [['builds', { action: actionId, ms: this.#below(30_000) }]], disturbs: false };
    }
    if (kind < 0.98) {
      // The machine's clock falls behind the service's. That one never goes back: what it made would come before what it made earlier.
      const skewMs = (this.#skews.get(service) ?? 0) + this.#random() * 1_800_000;
      this.#skews.set(service, skewMs);
      return { service, control: [['clock', { skewMs }]], disturbs: false };
    }
    return { service, control: [['scopes', { scopes: 'read:actions' }]], undo: [['scopes', { scopes: this.#scopes }]], disturbs: true };
  }

  /** A code that nobody else writes, always of the same length. */
  #text(): string {
    this.#texts += 1;
    return `// text ${String(this.#texts).padStart(8, '0')}\n${'exports.onExecutePostLogin = async (event, api) => {};\n'.repeat(8)}`;
  }

  #below(end: number): number {
    return Math.floor(this.#random() * end);
  }

  #pick<T>(list: readonly T[]): T {
    const item = list[this.#below(list.length)];
    if (item === undefined) {
      throw new Error('an empty list');
    }
    return item;
  }
}
