/** One round of a soak: what is done at about the same time, drawn from the seed beforehand, and what came of each part. */
import { saveFromBook } from '../../src/actions/saveRun.ts';
import type { ConflictChoice, SaveOutcome } from '../../src/actions/saveRun.ts';
import { ActionBusy } from '../../src/actions/deployments.ts';
import type { Deployment } from '../../src/actions/deployment.ts';
import type { Confirmed } from '../../src/actions/deployRun.ts';
import type { Action } from '../../src/auth0/api.ts';
import { isApiError } from '../../src/auth0/errors.ts';
import type { TenantRef } from '../../src/auth0/tenantRef.ts';
import type { AppWindow } from './appWindow.ts';
import type { SoakClock } from './clock.ts';
import type { Service, Theirs, Writes } from './service.ts';

/** A deployment or roll back, as whoever began it sees it. */
export interface DeployClaim {
  readonly key: string;
  readonly rollBack: boolean;
  /** The code that is to become live; absent where the deployment was joined, or never got so far. */
  wanted?: string;
  deployment?: Deployment | undefined;
}

export interface SaveClaim {
  readonly key: string;
  readonly text: string;
  outcome?: SaveOutcome;
}

/** What was done in a round, and what its parts say came of it. */
export interface Done {
  readonly deploys: DeployClaim[];
  readonly saves: SaveClaim[];
  /** Action -> what somebody else did to it. */
  readonly theirs: Map<string, Theirs>;
  /** Action -> requests of the extension that write. */
  readonly writes: Map<string, Writes>;
  /** Actions and tenants on which something else went on than the parts say: faults, stops, disconnected tenants. */
  readonly disturbed: Set<string>;
  /** What another window had left, and was looked up: of this round, and of earlier ones. */
  readonly lookUps: Deployment[];
  /** Parts that failed and should not have. */
  readonly broken: string[];
}

export type Step =
  | { readonly kind: 'deploy' | 'saveAndDeploy'; readonly text: string; readonly choice: ConflictChoice; readonly thinks: number }
  | { readonly kind: 'save'; readonly text: string; readonly choice: ConflictChoice }
  | { readonly kind: 'rollBack'; readonly back: number; readonly updateDraft: boolean }
  | { readonly kind: 'refresh' | 'refreshAction' | 'draw' | 'more' | 'stop' | 'reconnect' }
  | { readonly kind: 'theirs'; readonly text: string; readonly deploys: boolean }
  | { readonly kind: 'reload'; /** Nothing is put in order before. */ readonly crashes: boolean };

export type Planned = Step & { readonly service: Service; readonly actionId: string; /** Milliseconds after the round's beginning. */ readonly at: number };

/** What a round works with. `window` is another one after each reload. */
export interface Stage {
  readonly clock: SoakClock;
  readonly window: () => AppWindow;
  readonly reload: (crashes: boolean) => void;
  readonly done: Done;
}

/** Does one step. Never rejects: what should not fail and does is noted. */
export async function perform(stage: Stage, step: Planned): Promise<void> {
  await stage.clock.sleep(step.at);
  try {
    await work(stage, step);
  } catch (error) {
    stage.done.broken.push(`${step.kind}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

async function work(stage: Stage, step: Planned): Promise<void> {
  const { done } = stage;
  const window = stage.window();
  const { service, actionId } = step;
  const key = `${service.id}/${actionId}`;
  if (step.kind === 'reload') {
    disturbAll(done, window);
    stage.reload(step.crashes);
    return;
  }
  if (step.kind === 'theirs') {
    const theirs: Theirs = done.theirs.get(key) ?? { made: [], codes: [] };
    done.theirs.set(key, theirs);
    await service.workOfOthers(actionId, step.text, step.deploys, theirs);
    return;
  }
  if (step.kind === 'reconnect') {
    disturbAll(done, window);
    await window.reconnect(service, 400);
    return;
  }
  const tenant = window.tenant(service.id);
  if (tenant === undefined) {
    return;
  }
  const catalog = window.state.catalog(service.id);
  switch (step.kind) {
    case 'deploy':
    case 'saveAndDeploy': {
      const claim: DeployClaim = { key, rollBack: false };
      done.deploys.push(claim);
      await deploy(stage, window, tenant, step, claim);
      return;
    }
    case 'rollBack': {
      const claim: DeployClaim = { key, rollBack: true };
      done.deploys.push(claim);
      const number = Math.max(1, (catalog.action(actionId)?.deployedVersion?.number ?? 2) - step.back);
      claim.deployment = await window.state.deployments.rollBack({
        tenant, actionId, actionName: actionId, number,
        confirm: (_action, version) => {
          claim.wanted = version.code;
          return Promise.resolve({ updateDraft: step.updateDraft });
        },
      }).catch(busy);
      return;
    }
    case 'save': {
      const claim: SaveClaim = { key, text: step.text };
      done.saves.push(claim);
      claim.outcome = await save(stage, window, tenant, step);
      return;
    }
    case 'refresh':
      await catalog.refresh();
      return;
    case 'refreshAction':
      await catalog.refreshAction(actionId).catch(expected(window, tenant));
      return;
    case 'draw':
      await window.draw(service.id, [actionId]);
      return;
    case 'more':
      await catalog.versions.loadMore(actionId);
      return;
    case 'stop':
      disturbAll(done, window);
      for (const { id } of window.state.deployments.running().slice(0, 1)) {
        window.state.deployments.stop(id);
      }
  }
}

async function deploy(stage: Stage, window: AppWindow, tenant: TenantRef, step: Planned & { kind: 'deploy' | 'saveAndDeploy' }, claim: DeployClaim): Promise<void> {
  const { actionId } = step;
  const confirm = async (action: Action): Promise<Confirmed> => {
    await stage.clock.sleep(step.thinks);
    if (step.kind === 'deploy') {
      claim.wanted = action.code;
      return true;
    }
    const saved: SaveClaim = { key: claim.key, text: step.text };
    stage.done.saves.push(saved);
    saved.outcome = await save(stage, window, tenant, step);
    if (saved.outcome.kind !== 'saved') {
      return false;
    }
    claim.wanted = step.text;
    const read = await (await tenant.api()).getAction(actionId);
    // As draftFiles.ts does it.
    return { saved: read.code === step.text ? read : { ...read, code: step.text, status: 'pending' }, meant: { ...action, code: step.text } };
  };
  claim.deployment = await window.state.deployments.deploy({ tenant, actionId, actionName: actionId, confirm }).catch(busy);
}

/** A person types a text over what the draft held when it was opened, and saves it. */
async function save(stage: Stage, window: AppWindow, tenant: TenantRef, { actionId, text, choice }: { readonly actionId: string; readonly text: string; readonly choice: ConflictChoice }): Promise<SaveOutcome> {
  const { book, state } = window;
  const key = `${tenant.id}/${actionId}`;
  const api = await tenant.api();
  try {
    if ((await book.known(key)) === undefined) {
      book.read(key, await api.getAction(actionId), 1);
    }
  } catch (error) {
    return { kind: 'failed', error };
  }
  book.given(key);
  await book.edited(key);
  const outcome = await saveFromBook(book, key, {
    api, actionId, code: text, clock: stage.clock, random: () => 0.5,
    decide: () => Promise.resolve(choice),
    onAction: action => {
      if (state.registry.find(tenant.id) !== undefined) {
        state.catalog(tenant.id).put(action);
      }
      book.noticed(key, action, 1, true);
    },
  });
  if (outcome.kind === 'takeTheirs') {
    await book.dropped(key, outcome.action);
  } else if (outcome.kind === 'compare') {
    await book.seen(key, outcome.action.code);
  }
  return outcome;
}

/** Another kind of deployment of the same action is running: refused, and nothing was begun. */
function busy(error: unknown): undefined {
  if (!(error instanceof ActionBusy)) {
    throw error;
  }
}

/** A read may fail by the service's faults, and ends with its window or its tenant. */
function expected(window: AppWindow, tenant: TenantRef): (error: unknown) => void {
  return error => {
    if (!isApiError(error) && window.tenant(tenant.id) === tenant) {
      throw error;
    }
  };
}

function disturbAll(done: Done, window: AppWindow): void {
  for (const tenant of window.state.registry.tenants()) {
    done.disturbed.add(tenant.id);
  }
}
