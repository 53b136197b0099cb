/** One simulated tenant of a soak: what it holds, what goes wrong in it, and somebody else who works there. */
import type { Action, Version } from '../../src/auth0/api.ts';
import { asNumber, asObject, asObjects, asText } from '../../src/auth0/json.ts';
import type { Send } from '../../src/auth0/requestLane.ts';
import { sendWith } from '../../src/node/send.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import type { Plan, RunningSimulator } from '../../src/simulator/index.ts';
import type { SoakClock } from './clock.ts';

/** A version as the tenant has it. */
export type KeptVersion = Pick<Version, 'number' | 'status' | 'code'>;

/** An action as the tenant has it. */
export interface KeptAction extends Pick<Action, 'id' | 'name' | 'code' | 'status' | 'allChangesDeployed'> {
  readonly live: number | undefined;
  /** The oldest first. */
  readonly versions: readonly KeptVersion[];
}

/** Requests that write, by action: each end of a round looks at them. */
export interface Writes {
  patches: number;
  posts: number;
}

/** What somebody else did to an action in a round. */
export interface Theirs {
  /** Numbers of the versions that their calls were answered with. */
  readonly made: number[];
  readonly codes: string[];
}

/** A sender whose requests the clock waits for. */
export function countedSend(clock: SoakClock, userAgent: string, onSend: (method: string, url: string) => void = () => undefined): Send {
  const send = sendWith(userAgent);
  return async (url, init) => {
    onSend(init.method, url);
    const done = clock.busy();
    try {
      const answer = await send(url, init);
      return {
        status: answer.status,
        headers: answer.headers,
        text: async () => {
          try {
            return await answer.text();
          } finally {
            done();
          }
        },
      };
    } catch (error) {
      done();
      throw error;
    }
  };
}

export class Service {
  readonly id: string;
  readonly simulator: RunningSimulator;
  /** Ids of its actions, which stay. */
  readonly actionIds: readonly string[];
  readonly #clock: SoakClock;
  readonly #theirSend: Send;

  private constructor(simulator: RunningSimulator, clock: SoakClock, actionIds: readonly string[]) {
    this.simulator = simulator;
    this.#clock = clock;
    this.id = new URL(simulator.url).host;
    this.actionIds = actionIds;
    this.#theirSend = countedSend(clock, 'somebody-else');
  }

  static async start(clock: SoakClock, plan: Plan, actions: number): Promise<Service> {
    const simulator = await startSimulator({ seed: `${actions}-actions`, plan, now: () => clock.now(), wait: ms => (ms === Number.POSITIVE_INFINITY ? new Promise(() => undefined) : clock.sleep(ms)) });
    const ids = (await stateOf(simulator)).map(action => action.id);
    return new Service(simulator, clock, ids);
  }

  /** Everything that the tenant has now, beside any request of the extension. */
  state(): Promise<readonly KeptAction[]> {
    return stateOf(this.simulator);
  }

  async control(path: string, body: unknown): Promise<void> {
    const done = this.#clock.busy();
    try {
      const answer = await fetch(`${this.simulator.url}/simulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
      const text = await answer.text();
      if (!answer.ok) {
        throw new Error(`${path}: ${text}`);
      }
    } finally {
      done();
    }
  }

  /** The path of an action as the faults see it: somebody else writes its id in upper case, which means the same and matches none of them. */
  static path(actionId: string): string {
    return `/actions/actions/${actionId}`;
  }

  /** Somebody else saves a code, and may deploy it once it is built. What they did is in `theirs`. */
  async workOfOthers(actionId: string, code: string, deploys: boolean, theirs: Theirs): Promise<void> {
    const path = Service.path(actionId.toUpperCase());
    theirs.codes.push(code);
    await this.#call('PATCH', path, { code });
    for (let look = 0; deploys && look < 60; look += 1) {
      await this.#clock.sleep(700);
      const { status } = await this.#call('GET', path);
      if (status === 'failed') {
        return;
      }
      if (status === 'built') {
        const number = asNumber((await this.#call('POST', `${path}/deploy`))['number']);
        if (number !== undefined) {
          theirs.made.push(number);
          return;
        }
      }
    }
  }

  /** One call of theirs, which waits where the bucket is empty. A refusal is an empty object. */
  async #call(method: string, path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>> {
    for (;;) {
      const answer = await this.#theirSend(`${this.simulator.url}/api/v2${path}`, {
        method,
        headers: { authorization: `Bearer ${this.simulator.token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: new AbortController().signal,
      });
      const text = await answer.text();
      if (answer.status !== 429) {
        return answer.status < 300 ? asObject(JSON.parse(text)) : {};
      }
      await this.#clock.sleep(1500);
    }
  }
}

async function stateOf(simulator: RunningSimulator): Promise<readonly KeptAction[]> {
  const json: unknown = await (await fetch(`${simulator.url}/simulator/state`)).json();
  return asObjects(asObject(json)['actions']).map(action => ({
    id: asText(action['id']) ?? '',
    name: asText(action['name']) ?? '',
    code: asText(action['code']) ?? '',
    status: asText(action['draft_status']) ?? '',
    allChangesDeployed: action['all_changes_deployed'] === true,
    live: asNumber(action['live_version_number']),
    versions: asObjects(action['versions']).map(version => ({ number: asNumber(version['number']) ?? 0, status: asText(version['status']) ?? '', code: asText(version['code']) ?? '' })),
  }));
}
