/** Running and finished deployments of this window, of all tenants, and those of windows that are gone, which are looked up. */
import type { Action, Content } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { Emitter } from '../auth0/emitter.ts';
import type { TenantRef } from '../auth0/tenantRef.ts';
import { sameContent } from './content.ts';
import type { Deployment, Outcome, Phase } from './deployment.ts';
import { isRunning } from './deployment.ts';
import { runDeployment } from './deployRun.ts';
import type { DeployRunOptions } from './deployRun.ts';
import { runLookUp } from './lookUpRun.ts';
import { runRollBack } from './rollBackRun.ts';
import type { RollBackRunOptions } from './rollBackRun.ts';
import type { RunJournal } from './runJournal.ts';
import type { RunNote } from './runNote.ts';
import type { RunRecord } from './runRecord.ts';
import { failed } from './versionCall.ts';
import type { RunOptions } from './versionCall.ts';

/** Finished deployments that are kept for the list, beside those that are still to be looked for. */
const KEPT = 50;

export interface DeploymentsOptions {
  readonly clock: Clock;
  readonly random?: () => number;
  /** Where every action goes that a deployment reads. */
  readonly onAction?: (tenant: TenantRef, action: Action) => void;
  /** Where running deployments are remembered for other windows. */
  readonly journal?: RunJournal;
}

export interface DeployRequest {
  readonly tenant: TenantRef;
  readonly actionId: string;
  readonly actionName: string;
  readonly confirm?: DeployRunOptions['confirm'];
  /** What would be deployed now of an action as just read: the draft itself, where this is left out. Only the same is joined. */
  readonly meant?: (action: Action) => Promise<Content>;
}

export interface RollBackRequest {
  readonly tenant: TenantRef;
  readonly actionId: string;
  readonly actionName: string;
  /** Number of the version whose content is to become live. */
  readonly number: number;
  readonly confirm: RollBackRunOptions['confirm'];
  /** What a caller has decided about the draft beforehand: nobody who decided otherwise joins. */
  readonly updateDraft?: boolean;
}

/** An action of which something else is being deployed: two calls at once could not be told apart. */
export class ActionBusy extends Error {
  override readonly name = 'ActionBusy';
  readonly deployment: Deployment;
  /** True where that is a deploy too, but of another content than was meant. */
  readonly differs: boolean;

  constructor(deployment: Deployment, differs = false) {
    super(`${deployment.actionName} is being deployed already`);
    this.deployment = deployment;
    this.differs = differs;
  }
}

type Work = (options: RunOptions) => Promise<Outcome>;

interface Run {
  /** What it makes live, and what of the draft: only the same is joined. */
  readonly what: string;
  value: Deployment;
  readonly stop: AbortController;
  readonly done: Promise<Deployment>;
  /** What a deploy makes live, once it knows; nothing where it ends before. */
  readonly draft: Promise<Content | undefined>;
  readonly take: (draft: Content | undefined) => void;
  readonly note: RunNote | undefined;
  /** Its tenant is gone: it ends, and leaves no trace in the list. */
  forgotten: boolean;
}

export class Deployments {
  /** Fires at every change of a deployment, with its new value. */
  readonly changed = new Emitter<Deployment>();
  readonly #options: DeploymentsOptions;
  readonly #running = new Map<string, Run>();
  readonly #ended: Deployment[] = [];
  /** Action → the number of the last version that a deployment made in vain, however long ago. */
  readonly #lastFailed = new Map<string, number>();
  /** Ended deployments of which something was sent, by id: what it takes to look again. */
  readonly #notes = new Map<string, RunNote>();
  #count = 0;

  constructor(options: DeploymentsOptions) {
    this.#options = options;
  }

  /** Running ones first, then the finished, the newest first. */
  list(): readonly Deployment[] {
    return [...[...this.#running.values()].map(run => run.value).reverse(), ...this.#ended];
  }

  running(): readonly Deployment[] {
    return [...this.#running.values()].map(run => run.value);
  }

  /** The version that the last deployment of an action made in vain; `undefined` where that ended otherwise. */
  failedVersion(tenantId: string, actionId: string): number | undefined {
    const outcome = this.#ended.find(one => one.tenant.id === tenantId && one.actionId === actionId)?.outcome;
    return outcome?.kind === 'failed' && outcome.reason === 'versionFailed' ? outcome.version : undefined;
  }

  /** The last deployment of an action that went live: what an undo takes back. */
  lastLive(tenantId: string, actionId: string): Deployment | undefined {
    return this.#ended.find(one => one.tenant.id === tenantId && one.actionId === actionId && madeLive(one));
  }

  /** Whether there is a version to go back to, and nothing newer that is known here. */
  canUndo({ id, tenant, actionId, replaced }: Deployment): boolean {
    return replaced !== undefined && this.lastLive(tenant.id, actionId)?.id === id && this.of(tenant.id, actionId) === undefined;
  }

  /** The running deployment of an action. */
  of(tenantId: string, actionId: string): Deployment | undefined {
    return this.#running.get(keyOf(tenantId, actionId))?.value;
  }

  /**
   * Starts a deployment, or joins the one of the same action that is already running and deploys the same.
   * @throws ActionBusy while the action is being rolled back, or something else of it deployed; never for anything else.
   */
  deploy(request: DeployRequest): Promise<Deployment> {
    const running = this.#running.get(keyOf(request.tenant.id, request.actionId));
    if (running?.what === 'draft') {
      return join(running, request);
    }
    const failedVersion = this.#lastFailed.get(keyOf(request.tenant.id, request.actionId));
    return this.#begin(request, 'draft', options => runDeployment({ ...options, ...(failedVersion === undefined ? {} : { failedVersion }), ...(request.confirm === undefined ? {} : { confirm: request.confirm }) }));
  }

  /**
   * Makes an old version's content live again, or joins the same roll back that is already running.
   * @throws ActionBusy while the action is being deployed, or rolled back to another version; never for anything else.
   */
  rollBack(request: RollBackRequest): Promise<Deployment> {
    return this.#begin(request, `${request.number} ${request.updateDraft ?? 'asked'}`, options => runRollBack({ ...options, number: request.number, confirm: request.confirm }));
  }

  /**
   * Looks up what became of a deployment whose window is gone. It is a deployment like any other, but sends nothing.
   * @throws ActionBusy while something else is done with the action.
   */
  lookUp(tenant: TenantRef, record: RunRecord): Promise<Deployment> {
    const { actionId, actionName, rollBackTo, startedAt, phases } = record;
    this.#count += 1;
    const last = phases.at(-1);
    return this.#lookUp({
      id: String(this.#count), tenant, actionId, actionName, startedAt, lookedUp: true, phases: closed(phases, last?.startedAt ?? startedAt),
      ...(rollBackTo === undefined ? {} : { rollBackTo }),
      ...(record.version === undefined ? {} : { version: record.version.number }),
      ...(record.call?.replaced === undefined ? {} : { replaced: record.call.replaced }),
      ...hashesOf(record),
    }, this.#options.journal?.resume(record));
  }

  /** Whether there is something to look for once more: sent, and not known to have gone live or failed. */
  canLookAgain({ id, outcome }: Deployment): boolean {
    return this.#notes.has(id) && (outcome?.kind === 'unconfirmed' || (outcome?.kind === 'stopped' && outcome.sent));
  }

  /**
   * Looks once more for what became of a deployment of this list, whose place it takes there.
   * @throws ActionBusy while something else is done with the action.
   */
  lookAgain({ outcome: _, endedAt: __, ...deployment }: Deployment): Promise<Deployment> {
    return this.#lookUp({ ...deployment, lookedUp: true }, this.#notes.get(deployment.id));
  }

  #lookUp(value: Deployment, note: RunNote | undefined): Promise<Deployment> {
    if (note === undefined) {
      throw new Error('what was sent is not known');
    }
    return this.#start(value, `look ${value.id}`, note, options => runLookUp(options, note));
  }

  #begin(request: Omit<DeployRequest, 'confirm'> & { readonly number?: number }, what: string, work: Work): Promise<Deployment> {
    const { tenant, actionId, actionName } = request;
    const more = { actionId, actionName, ...(request.number === undefined ? {} : { rollBackTo: request.number }), startedAt: this.#options.clock.now() };
    this.#count += 1;
    return this.#start({ id: String(this.#count), tenant, phases: [], ...more }, what, this.#options.journal?.begin({ tenantId: tenant.id, ...more }), work);
  }

  async #start(value: Deployment, what: string, note: RunNote | undefined, work: Work): Promise<Deployment> {
    const key = keyOf(value.tenant.id, value.actionId);
    const running = this.#running.get(key);
    if (running !== undefined) {
      if (running.what !== what) {
        throw new ActionBusy(running.value);
      }
      return running.done;
    }
    const stop = new AbortController();
    let settle: (value: Deployment) => void = () => undefined;
    const done = new Promise<Deployment>(resolve => {
      settle = resolve;
    });
    let take: Run['take'] = () => undefined;
    const draft = new Promise<Content | undefined>(resolve => {
      take = resolve;
    });
    const run: Run = { what, stop, done, draft, take, note, forgotten: false, value };
    this.#running.set(key, run);
    this.#remove(value.id);
    this.changed.fire(run.value);
    void this.#run(value.tenant, run, work).then(outcome => {
      const endedAt = this.#options.clock.now();
      // What would have been deployed is known without a call too; somebody else's live version is nothing that was deployed here.
      run.value = { ...run.value, ...(outcome.kind === 'live' ? {} : hashesOf(note?.record)), outcome, endedAt, phases: closed(run.value.phases, endedAt) };
      if (outcome.kind === 'failed' && outcome.reason === 'versionFailed' && outcome.version !== undefined) {
        this.#lastFailed.set(key, Math.max(this.#lastFailed.get(key) ?? 0, outcome.version));
      }
      this.#running.delete(key);
      note?.end(outcome);
      // One that the person declined never was a deployment.
      if (!run.forgotten && !(outcome.kind === 'stopped' && outcome.declined === true)) {
        this.#ended.unshift(run.value);
        if (note?.record.call !== undefined) {
          this.#notes.set(run.value.id, note);
        }
        for (const { id } of this.#ended.slice(KEPT).filter(one => !this.canLookAgain(one))) {
          this.#remove(id);
        }
      }
      this.changed.fire(run.value);
      take(undefined);
      settle(run.value);
    });
    return done;
  }

  /** Stops a running deployment: before the deploy call nothing is sent, after it nothing more is watched. */
  stop(id: string): void {
    for (const run of this.#running.values()) {
      if (run.value.id === id) {
        run.stop.abort();
      }
    }
  }

  /** Stops watching those of a tenant that is being disconnected, and forgets its finished ones. */
  forget(tenantId: string): void {
    for (const run of this.#running.values()) {
      if (run.value.tenant.id === tenantId) {
        run.forgotten = true;
        run.stop.abort();
      }
    }
    for (const { id } of this.#ended.filter(one => one.tenant.id === tenantId)) {
      this.#remove(id);
    }
    void this.#options.journal?.forget(tenantId);
  }

  dispose(): void {
    this.#options.journal?.close();
    for (const run of this.#running.values()) {
      run.stop.abort();
    }
    this.changed.clear();
  }

  #remove(id: string): void {
    const index = this.#ended.findIndex(one => one.id === id);
    if (index >= 0) {
      this.#ended.splice(index, 1);
    }
    this.#notes.delete(id);
  }

  async #run(tenant: TenantRef, run: Run, work: Work): Promise<Outcome> {
    const { clock, random, onAction } = this.#options;
    const update = (change: Partial<Deployment>): void => {
      run.value = { ...run.value, ...change };
      if (isRunning(run.value)) {
        this.changed.fire(run.value);
      }
    };
    const { note } = run;
    if (run.value.lookedUp === true && note?.record.call === undefined) {
      return failed('interrupted', undefined);
    }
    try {
      const options: RunOptions = {
        api: await tenant.api(),
        actionId: run.value.actionId,
        clock,
        random: random ?? Math.random,
        signal: run.stop.signal,
        onPhase: (phase: Phase) => {
          const now = clock.now();
          update({ phases: [...closed(run.value.phases, now), { phase, startedAt: now }] });
          note?.phases(run.value.phases, run.value.actionName);
        },
        onAction: action => {
          onAction?.(tenant, action);
          update({ ...renamed(run.value, action.name), draftStatus: action.status });
        },
        onVersion: version => {
          update({ version: version.number });
          note?.made(version.id, version.number);
        },
        onDue: call => {
          run.take(call.meant);
          note?.due(call);
        },
        onSending: async call => {
          const remembered = note?.sending(call);
          update({ ...(call.action.deployedVersion === undefined ? {} : { replaced: call.action.deployedVersion.number }), ...hashesOf(note?.record) });
          return (await remembered) !== false;
        },
      };
      const outcome = await work(options);
      // A machine that slept let the deadline pass without a look.
      return note !== undefined && note.hasSlept && outcome.kind === 'unconfirmed' ? await runLookUp(options, note) : outcome;
    } catch (error) {
      return note?.record.call?.at === undefined && run.value.lookedUp !== true ? failed('unreachable', undefined, error) : { kind: 'unconfirmed', error };
    }
  }
}

/** True for a deployment that made a version which went live: where somebody else's holds the same and nothing was sent, there is nothing to take back. */
export function madeLive({ outcome }: Deployment): boolean {
  return outcome?.kind === 'live' && (outcome.byOther !== true || outcome.made !== undefined);
}

/**
 * The end of a deploy that runs already, for one more of the same action. What that one sends is what it read, or saved,
 * when it began: whoever means something else would be told that it is live.
 * @throws ActionBusy where it deploys something else, or where that cannot be read.
 */
async function join(running: Run, { tenant, actionId, meant }: DeployRequest): Promise<Deployment> {
  const draft = await running.draft;
  if (draft !== undefined) {
    let isSame: boolean | undefined;
    try {
      const action = await (await tenant.api()).getAction(actionId);
      isSame = sameContent(draft, meant === undefined ? action : await meant(action));
    } catch {
      // What cannot be read is not said to be another content.
    }
    if (isSame !== true) {
      throw new ActionBusy(running.value, isSame === false);
    }
  }
  return running.done;
}

/** The name as the service has it, and the one from the beginning. An id is no name: it stands in where none was known. */
function renamed({ actionId, actionName, calledBefore }: Deployment, name: string): Pick<Deployment, 'actionName' | 'calledBefore'> {
  return { actionName: name, ...(calledBefore !== undefined || name === actionName || actionName === actionId ? {} : { calledBefore: actionName }) };
}

function keyOf(tenantId: string, actionId: string): string {
  return `${tenantId}/${actionId}`;
}

function hashesOf(record: RunRecord | undefined): Pick<Deployment, 'hash' | 'codeHash'> {
  const { hash, codeHash } = record?.call ?? {};
  return { ...(hash === undefined ? {} : { hash }), ...(codeHash === undefined ? {} : { codeHash }) };
}

function closed(phases: Deployment['phases'], now: number): Deployment['phases'] {
  return phases.map(time => (time.endedAt === undefined ? { ...time, endedAt: now } : time));
}
