/** One simulated tenant, and deployments against it through the real client, with faults put on single requests. */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Deployments } from '../../src/actions/deployments.ts';
import type { Deployment, Phase } from '../../src/actions/deployment.ts';
import { saveDraft } from '../../src/actions/saveRun.ts';
import type { SaveOutcome } from '../../src/actions/saveRun.ts';
import type { Action, ManagementApi } from '../../src/auth0/api.ts';
import { createManagementApi } from '../../src/auth0/managementApi.ts';
import { RequestLane } from '../../src/auth0/requestLane.ts';
import type { Send } from '../../src/auth0/requestLane.ts';
import { sendWith } from '../../src/node/send.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { makeServerCertificate } from '../support/certificates.ts';
import { tenantOf } from '../unit/support/things.ts';
import { FAULTS, LARGEST_ANSWER_BYTES } from './faultKinds.ts';
import type { FaultSource } from './faultKinds.ts';
import { VirtualTime } from './virtualTime.ts';

/** What a request of a deployment is for. */
export type RequestKind = 'read' | 'saveRead' | 'patch' | 'saveLook' | 'poll' | 'post' | 'look' | 'version' | 'list' | 'actions';

/** A fault on requests of a kind; `afterPost` on all of them that follow the deploy call. `times` of them have it, beginning with the `from`th. */
export interface Assigned {
  readonly kind: RequestKind | 'afterPost';
  readonly fault: string;
  readonly times: number;
  readonly from?: number;
}

/** `asked`: of a draft that is built, with a question that is open for a while. */
export type Scenario = 'deploy' | 'asked' | 'save and deploy' | 'version fails' | 'failed before' | 'roll back' | 'roll back both';

/** A version as `/simulator/state` has it. */
export interface StateVersion { readonly id: string; readonly number: number; readonly status: string; readonly deployed: boolean; readonly code: string; readonly errors?: readonly object[] }
export interface StateAction { readonly id: string; readonly name: string; readonly code: string; readonly draft_status: string; readonly live_version_number: number | null; readonly versions: readonly StateVersion[] }

export interface Call {
  readonly name: string;
  readonly ok: boolean;
  /** Milliseconds by the service's clock. */
  readonly endedAt: number;
}

export interface CaseRun {
  readonly scenario: Scenario;
  readonly faults: readonly Assigned[];
  readonly deployment: Deployment;
  /** The code that was to become live. */
  readonly meant: string;
  readonly before: StateAction;
  readonly after: StateAction;
  /** What became of saving, where that was a part of it. */
  readonly saved?: SaveOutcome['kind'];
  /** Calls of the client in the order of their ends. */
  readonly calls: readonly Call[];
  /** How often each write was sent. */
  readonly sent: { readonly patch: number; readonly post: number };
  /** How long each phase took, in milliseconds by the service's clock: the client's may have been set. */
  readonly phases: readonly { readonly phase: Phase; readonly ms: number }[];
  /** Milliseconds by the service's clock. */
  readonly began: number;
  readonly endedAt: number;
}

/**
 * Somebody else at work, just before the `nth` request for a purpose leaves, once the deploy call has been answered or
 * lost (`posted`), or while the question is open (`asked`). No time passes meanwhile.
 */
export type Meanwhile = (at: RequestKind | 'posted' | 'asked', nth: number, actionId: string) => Promise<unknown> | undefined;

const ERRORS = [{ id: 'E1', msg: 'It broke.', url: '' }];
const ANSWER_MS = 10_000;
/** Longer than anything of a case goes on after its end. */
const AFTERWARDS_MS = 120_000;

export class World {
  readonly time: VirtualTime;
  readonly #simulator: RunningSimulator;
  readonly #close: () => Promise<unknown>;
  readonly #origins: Readonly<Record<'noSuchHost' | 'closedPort' | 'untrusted', string>>;
  /** Rejections that nobody has handled. */
  readonly unhandled: unknown[] = [];
  readonly #hear = (reason: unknown): void => void this.unhandled.push(reason);

  private constructor(time: VirtualTime, simulator: RunningSimulator, untrusted: string, close: () => Promise<unknown>) {
    this.time = time;
    this.#simulator = simulator;
    this.#close = close;
    // The empty label is no name: no resolver is asked, which might take its time.
    this.#origins = { noSuchHost: 'http://no-such-host..invalid', closedPort: 'http://127.0.0.1:1', untrusted };
    process.on('unhandledRejection', this.#hear);
  }

  static async open(): Promise<World> {
    const time = new VirtualTime();
    const simulator = await startSimulator({ seed: 'empty', now: time.now, wait: time.wait });
    // Whatever reaches it would have been sent in spite of its certificate.
    const other = createServer(await makeServerCertificate('127.0.0.1', undefined), (_request, response) => void response.writeHead(500).end());
    await new Promise<void>(resolve => void other.listen(0, '127.0.0.1', resolve));
    return new World(time, simulator, `https://127.0.0.1:${(other.address() as AddressInfo).port}`, () => {
      other.closeAllConnections();
      return Promise.all([simulator.close(), new Promise(resolve => void other.close(resolve))]);
    });
  }

  async close(): Promise<void> {
    await this.#close();
    // What nobody handles is told of at the end of a turn.
    await new Promise(resolve => void setImmediate(resolve));
    process.off('unhandledRejection', this.#hear);
  }

  /** A call of the Management API by somebody else, who has no faults; below the list of actions unless the path begins elsewhere. */
  async other(method: string, path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>> {
    return this.#fetch(method, path.startsWith('/triggers') ? `/api/v2/actions${path}` : `/api/v2/actions/actions${path}`, body, { authorization: `Bearer ${this.#simulator.token}` });
  }

  /** The real client, without faults. */
  api(): ManagementApi {
    return this.#client([], () => undefined).api;
  }

  control(path: string, body: unknown): Promise<unknown> {
    return this.#fetch('POST', `/simulator/${path}`, body, {});
  }

  async state(actionId: string): Promise<StateAction> {
    const { actions } = await this.#fetch('GET', '/simulator/state', undefined, {});
    const found = (actions as readonly StateAction[]).find(one => one.id === actionId);
    if (found === undefined) {
      throw new Error('The action is gone.');
    }
    return found;
  }

  /** Runs one deployment or roll back under faults, and what the service had before and has afterwards. */
  async run(scenario: Scenario, faults: readonly Assigned[]): Promise<CaseRun> {
    const result = await this.deploy(scenario, faults);
    return { ...result, after: await this.state(result.before.id) };
  }

  /** The same without a look at what the service has afterwards, which may be nothing. */
  async deploy(scenario: Scenario, faults: readonly Assigned[], meanwhile: Meanwhile = () => undefined): Promise<Omit<CaseRun, 'after'>> {
    this.time.skew(0);
    const actionId = await this.#prepare(scenario);
    const before = await this.state(actionId);
    const client = this.#client(faults, (kind, nth) => meanwhile(kind, nth, actionId));
    const deployments = new Deployments({ clock: this.time.clock, random: () => 0.5 });
    const begun: { readonly phase: Phase; readonly at: number }[] = [];
    deployments.changed.on(({ phases }) => begun.push(...phases.slice(begun.length).map(({ phase }) => ({ phase, at: this.time.now() }))));
    const request = { tenant: tenantOf(client.api), actionId, actionName: before.name };
    const confirm = scenario === 'asked' ? { confirm: async (): Promise<boolean> => {
      await meanwhile('asked', 1, actionId);
      await this.time.clock.sleep(ANSWER_MS);
      return true;
    } } : {};
    const meant = scenario.startsWith('roll back') ? '// one' : scenario === 'save and deploy' ? '// mine' : '// two';
    const begin = (): Promise<Deployment> => {
      if (scenario === 'save and deploy') {
        return deployments.deploy({ ...request, confirm: async action => ({ saved: await client.save(action, meant), meant: { ...action, code: meant } }) });
      }
      return scenario.startsWith('roll back')
        ? deployments.rollBack({ ...request, number: 1, confirm: () => Promise.resolve({ updateDraft: scenario === 'roll back both' }) })
        : deployments.deploy({ ...request, ...confirm });
    };
    const began = this.time.now();
    const deployment = await this.time.run(begin());
    const endedAt = this.time.now();
    const sent = { ...client.sent };
    const phases = begun.map(({ phase, at }, index) => ({ phase, ms: (begun[index + 1]?.at ?? endedAt) - at }));
    await this.time.pass(AFTERWARDS_MS);
    return { phases, scenario, faults, deployment, meant, before, ...(client.saved.kind === undefined ? {} : { saved: client.saved.kind }), calls: client.calls, sent, began, endedAt };
  }

  /** Version 1 is live; the draft holds something else and is being built, or is what the scenario needs. */
  async #prepare(scenario: Scenario): Promise<string> {
    await this.control('reset', {});
    const { id } = await this.other('POST', '', { name: 'one', code: '// one', runtime: 'node22', supported_triggers: [{ id: 'post-login', version: 'v3' }], dependencies: [{ name: 'lodash', version: '4.17.21' }] });
    const actionId = String(id);
    await this.time.pass(5000);
    await this.other('POST', `/${actionId}/deploy`);
    await this.time.pass(500);
    if (scenario === 'save and deploy') {
      return actionId;
    }
    await this.other('PATCH', `/${actionId}`, { code: '// two' });
    if (scenario !== 'deploy') {
      await this.time.pass(5000);
    }
    if (scenario.startsWith('roll back')) {
      await this.other('POST', `/${actionId}/deploy`);
      await this.time.pass(500);
    }
    if (scenario === 'version fails' || scenario === 'failed before') {
      await this.control('next-version', { action: actionId, status: 'failed', errors: ERRORS });
    }
    if (scenario === 'failed before') {
      await this.other('POST', `/${actionId}/deploy`);
      await this.time.pass(20_000);
    }
    return actionId;
  }

  /** The real client over a send that puts the faults on. */
  #client(faults: readonly Assigned[], meanwhile: (at: RequestKind | 'posted', nth: number) => Promise<unknown> | undefined): { readonly api: ManagementApi; readonly calls: Call[]; readonly sent: { patch: number; post: number }; readonly saved: { kind?: SaveOutcome['kind'] }; readonly save: (action: Action, code: string) => Promise<Action> } {
    const left = faults.map(({ times }) => times);
    const seen = faults.map(() => 0);
    const sent = { patch: 0, post: 0 };
    const saved: { kind?: SaveOutcome['kind'] } = {};
    let saving = false;
    let reads = 0;
    const kindOf = (method: string, path: string): RequestKind => {
      if (method !== 'GET') {
        return method === 'PATCH' ? 'patch' : 'post';
      }
      const [, below, versionId] = /^\/api\/v2\/actions\/actions\/[^/?]+(\/versions)?(\/[^?]+)?/u.exec(path) ?? [path];
      if (!path.startsWith('/api/v2/actions/actions/')) {
        return 'actions';
      }
      if (below !== undefined) {
        return versionId === undefined ? 'list' : 'version';
      }
      return sent.post > 0 ? 'look' : saving ? (sent.patch === 0 ? 'saveRead' : 'saveLook') : reads === 0 ? 'read' : 'poll';
    };
    const real = sendWith('faults', LARGEST_ANSWER_BYTES);
    const counts = new Map<RequestKind, number>();
    const faulty = (fault: FaultSource | undefined, url: string, init: Parameters<Send>[1]): ReturnType<Send> => {
      if (fault === undefined) {
        return real(url, init);
      }
      if ('origin' in fault) {
        return real(`${this.#origins[fault.origin]}${url.slice(this.#simulator.url.length)}`, init);
      }
      if ('leapMs' in fault) {
        this.time.skew(fault.leapMs);
        return real(url, init);
      }
      return real(url, { ...init, headers: { ...init.headers, 'x-simulator-fault': JSON.stringify(fault.service(this.time.now())) } });
    };
    const send: Send = async (url, init) => {
      const path = url.slice(this.#simulator.url.length);
      const kind = kindOf(init.method, path);
      const after = sent.post > 0;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      await meanwhile(kind, counts.get(kind) ?? 0);
      sent.patch += kind === 'patch' ? 1 : 0;
      sent.post += kind === 'post' ? 1 : 0;
      const meant = faults.map(one => one.kind === kind || (one.kind === 'afterPost' && after));
      meant.forEach((is, at) => (seen[at] = (seen[at] ?? 0) + (is ? 1 : 0)));
      const index = faults.findIndex((one, at) => meant[at] === true && (left[at] ?? 0) > 0 && (seen[at] ?? 0) >= (one.from ?? 1));
      left[index] = (left[index] ?? 0) - 1;
      try {
        return await faulty(FAULTS[faults[index]?.fault ?? ''], url, init);
      } finally {
        await (kind === 'post' ? meanwhile('posted', 1) : undefined);
      }
    };
    const lane = new RequestLane({ send: this.time.counted(send), clock: this.time.clock, random: () => 0.5 });
    const calls: Call[] = [];
    const api = told(createManagementApi({ origin: this.#simulator.url, lane, clock: this.time.clock, token: () => Promise.resolve(this.#simulator.token) }), (name, ok) => {
      reads += name === 'getAction' ? 1 : 0;
      calls.push({ name, ok, endedAt: this.time.now() });
    });
    const save = async (action: Action, code: string): Promise<Action> => {
      saving = true;
      try {
        const outcome = await saveDraft({ api, actionId: action.id, clock: this.time.clock, random: () => 0.5, code, isExpected: one => one.code === action.code, decide: () => Promise.resolve('cancel'), onAction: () => undefined });
        saved.kind = outcome.kind;
        if (outcome.kind !== 'saved') {
          throw 'error' in outcome ? outcome.error : new Error(outcome.kind);
        }
      } finally {
        saving = false;
      }
      return api.getAction(action.id);
    };
    return { api, calls, sent, saved, save };
  }

  async #fetch(method: string, path: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>> {
    const answer = await fetch(`${this.#simulator.url}${path}`, { method, headers: { ...headers, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) {
      throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    }
    return text === '' ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
  }
}

/** The same calls; each is told of when it ends. */
function told(api: ManagementApi, tell: (name: string, ok: boolean) => void): ManagementApi {
  return new Proxy(api, {
    get: (target, name, receiver): unknown => {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function' || name === 'headroom') {
        return value;
      }
      return async (...args: unknown[]): Promise<unknown> => {
        try {
          const result: unknown = await (value as (...given: unknown[]) => Promise<unknown>).apply(target, args);
          tell(String(name), true);
          return result;
        } catch (error) {
          tell(String(name), false);
          throw error;
        }
      };
    },
  });
}
