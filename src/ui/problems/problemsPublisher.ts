/**
 * Puts what problems.ts finds into the Problems panel, on the document it belongs to, or on a file of the workspace that
 * holds the same code of that action. An action's next result replaces that action's problems only, and a disconnected
 * tenant takes its own away.
 */
import * as vscode from 'vscode';
import type { Deployment, Outcome } from '../../actions/deployment.ts';
import { sameContent } from '../../actions/content.ts';
import { buildProblems, versionProblems } from '../../actions/problems.ts';
import type { Problem } from '../../actions/problems.ts';
import type { Action, Version } from '../../auth0/api.ts';
import { dashboardUrl } from '../../auth0/tenantRef.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import type { Log } from '../log.ts';
import type { AppState } from '../appState.ts';
import { short } from '../texts.ts';
import { DRAFT_SCHEME, draftUri, versionUri } from '../uris.ts';
import { problemWords } from '../words.ts';
import type { CheckProblems } from './checkProblems.ts';

/** The reading of a version for its code: whoever waits for the end of a deployment waits for it. */
const READ_MS = 5000;

/** Files of the workspace, once they are known. */
export interface ProblemFiles {
  /**
   * The file of an action that holds a code: the first one of several. One of its files that shows problems of that code
   * already, `before`, keeps them while it is edited. Nothing where no file holds it. Never rejects.
   */
  holding(tenantId: string, actionName: string, code: string, before: vscode.Uri | undefined): Promise<vscode.Uri | undefined>;
}

type FailedVersion = Pick<Version, 'number' | 'errors' | 'code' | 'dependencies'>;

/** What has one place: the problems of a draft or version, or of a version's run. */
interface Shown {
  readonly tenant: TenantRef;
  readonly actionId: string;
  readonly name: string;
  /** Of the draft or version. */
  readonly document: vscode.Uri;
  /** What the problems are about. */
  readonly code: string;
  readonly problems: readonly Problem[];
  /** Where they are, once that is known. */
  place?: vscode.Uri;
  /** The latest question where they belong. */
  settled?: Promise<void>;
}

export class ProblemsPublisher implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('auth0');
  readonly #state: AppState;
  readonly #log: Log;
  readonly #checks: CheckProblems;
  #files: ProblemFiles | undefined;
  /** Drafts that failed to build, by action key: what the checks find later belongs to what is said of them. */
  readonly #failedDrafts = new Map<string, { readonly tenant: TenantRef; readonly action: Action; readonly missing: ReadonlySet<string> }>();
  /** By action key; those of a run by {@link runKey}. */
  readonly #shown = new Map<string, Shown>();

  constructor(state: AppState, log: Log, checks: CheckProblems) {
    this.#state = state;
    this.#log = log;
    this.#checks = checks;
    checks.explained.on(({ tenantId, actionId, missing }) => {
      const failed = this.#failedDrafts.get(keyOf(tenantId, actionId));
      if (failed !== undefined) {
        this.#failed(failed.tenant, failed.action, missing);
      }
    });
  }

  /** Files of the workspace are known, or other ones than before: problems go where they belong now. */
  useFiles(files: ProblemFiles): void {
    this.#files = files;
    for (const key of this.#shown.keys()) {
      this.#settle(key);
    }
  }

  /** A draft was read, or its build has ended: a failed one gets its problems, any other loses those of the build. */
  draft(tenant: TenantRef, action: Action): void {
    const key = keyOf(tenant.id, action.id);
    if (action.status === 'failed') {
      this.#failed(tenant, action);
    } else if (action.status === 'built' && this.#shown.get(key)?.document.scheme === DRAFT_SCHEME) {
      // Under whatever name: it may have been renamed.
      this.#clear(key);
    }
    this.#checks.draft(tenant, action, action.status === 'failed' ? this.#shown.get(key)?.place : undefined);
  }

  /** `missing`: the dependencies that the registry does not have, by name, once that is known. */
  #failed(tenant: TenantRef, action: Action, missing?: ReadonlySet<string>): void {
    const key = keyOf(tenant.id, action.id);
    const before = this.#failedDrafts.get(key);
    const isSame = before !== undefined && sameContent(before.action, action);
    // Read again, it is what it was until it is checked anew.
    if (!isSame || (missing !== undefined && !sameNames(missing, before.missing))) {
      this.#set(key, { tenant, actionId: action.id, name: action.name, document: draftUri(tenant.id, action.id, action.name), code: action.code, problems: buildProblems(action, missing) });
      this.#failedDrafts.set(key, { tenant, action, missing: missing ?? new Set() });
    }
  }

  /** A deployment has ended; `failedDraft` is the action as it read it last with a failed build. Resolves when its problems are there. */
  async deployment(deployment: Deployment, failedDraft?: Action): Promise<void> {
    const { tenant, actionId, outcome } = deployment;
    const key = keyOf(tenant.id, actionId);
    try {
      if (outcome?.kind === 'live') {
        // A roll back that leaves the draft as it is does not mend it.
        if (deployment.rollBackTo === undefined || outcome.draftFollows === true || this.#shown.get(key)?.document.scheme !== DRAFT_SCHEME) {
          this.#clear(key);
        }
        this.#remove(runKey(tenant.id, actionId));
      } else if (outcome?.kind === 'failed' && outcome.reason === 'buildFailed' && failedDraft !== undefined) {
        this.draft(tenant, failedDraft);
      } else if (outcome?.kind === 'failed' && outcome.reason === 'versionFailed' && outcome.version !== undefined) {
        this.version(tenant, actionId, deployment.actionName, await this.#failedVersion(deployment, outcome, outcome.version));
      }
      await this.#shown.get(key)?.settled;
    } catch (error) {
      this.#log.error('problems', error);
    }
  }

  /** A version that failed, with the code that says where its errors belong; without it where that cannot be read soon. */
  async #failedVersion({ tenant, actionId }: Deployment, { versionId, errors }: Outcome & { kind: 'failed' }, number: number): Promise<FailedVersion> {
    try {
      if (versionId !== undefined) {
        const api = await tenant.api();
        return await api.getVersion(actionId, versionId, { withinMs: READ_MS });
      }
    } catch (error) {
      this.#log.error('problems', error);
    }
    return { number, errors, code: '', dependencies: [] };
  }

  /** A version was opened: a failed one shows why, unless the action has a newer result to show. */
  openedVersion(tenant: TenantRef, actionId: string, version: Version): void {
    if (version.status === 'failed' && !this.#shown.has(keyOf(tenant.id, actionId))) {
      this.version(tenant, actionId, this.#state.catalog(tenant.id).action(actionId)?.name ?? actionId, version);
    }
  }

  /** The errors of a version that failed. */
  version(tenant: TenantRef, actionId: string, name: string, version: FailedVersion): void {
    const key = keyOf(tenant.id, actionId);
    this.#clear(key);
    this.#set(key, { tenant, actionId, name, document: versionUri(tenant.id, actionId, version.number, name), code: version.code, problems: versionProblems(version.errors, version) });
  }

  /** The error of a run of a version. It stands beside the action's other problems, in place of the last one of a run. Resolves to where it is. */
  async run(tenant: TenantRef, actionId: string, name: string, version: Version, problem: Problem): Promise<vscode.Uri> {
    const key = runKey(tenant.id, actionId);
    const document = versionUri(tenant.id, actionId, version.number, name);
    this.#set(key, { tenant, actionId, name, document, code: version.code, problems: [problem] });
    await this.#shown.get(key)?.settled;
    return this.#shown.get(key)?.place ?? document;
  }

  /** Where an action's problems are, to open them. */
  place(tenantId: string, actionId: string): vscode.Uri | undefined {
    return this.#shown.get(keyOf(tenantId, actionId))?.place;
  }

  /** Opens the document that an action's problems are on, and the panel that lists them. */
  async show(tenantId: string, actionId: string): Promise<void> {
    await this.#shown.get(keyOf(tenantId, actionId))?.settled;
    const place = this.place(tenantId, actionId);
    if (place !== undefined) {
      await vscode.window.showTextDocument(place);
      await vscode.commands.executeCommand('workbench.actions.view.problems');
    }
  }

  /** Takes away the problems of an action that is gone. */
  forgetAction(tenantId: string, actionId: string): void {
    this.#clear(keyOf(tenantId, actionId));
    this.#remove(runKey(tenantId, actionId));
  }

  /** Takes away all problems of a tenant. */
  forget(tenantId: string): void {
    for (const { tenant, actionId } of [...this.#shown.values()]) {
      if (tenant.id === tenantId) {
        this.forgetAction(tenantId, actionId);
      }
    }
    this.#checks.forget(tenantId);
  }

  /** Shows problems in place of what was there under this key. */
  #set(key: string, shown: Shown): void {
    const before = this.#shown.get(key);
    // Deployments outlive their tenant by a moment.
    if (this.#state.registry.find(shown.tenant.id) === undefined) {
      this.#remove(key);
      return;
    }
    if (before?.document.toString() === shown.document.toString() && before.code === shown.code && before.place !== undefined) {
      shown.place = before.place;
    }
    this.#shown.set(key, shown);
    this.#draw(before?.place, shown.place);
    this.#settle(key);
  }

  /** Puts problems where they belong now: at once where no file is known, else when it was looked for. */
  #settle(key: string): void {
    const shown = this.#shown.get(key);
    if (shown === undefined) {
      return;
    }
    const move = (place: vscode.Uri): void => {
      const before = shown.place;
      if (before?.toString() !== place.toString()) {
        shown.place = place;
        this.#draw(before, place);
      }
      if (shown.document.scheme === DRAFT_SCHEME) {
        this.#checks.failedAt(shown.tenant.id, shown.actionId, place);
      }
    };
    if (this.#files === undefined) {
      move(shown.document);
      return;
    }
    const settled = this.#files.holding(shown.tenant.id, shown.name, shown.code, shown.place).then(file => {
      if (this.#shown.get(key) === shown && shown.settled === settled) {
        move(file ?? shown.document);
      }
    });
    shown.settled = settled;
  }

  /** Nothing is wrong any more, or something else is. */
  #clear(key: string): void {
    const failed = this.#failedDrafts.get(key);
    this.#failedDrafts.delete(key);
    if (failed !== undefined) {
      this.#checks.draftIsFine(failed.tenant.id, failed.action.id);
    }
    this.#remove(key);
  }

  #remove(key: string): void {
    const place = this.#shown.get(key)?.place;
    this.#shown.delete(key);
    this.#draw(place);
  }

  /** Gives VS Code everything that is on these documents. */
  #draw(...places: readonly (vscode.Uri | undefined)[]): void {
    for (const place of places) {
      const here = place === undefined ? [] : [...this.#shown.values()].filter(one => one.place?.toString() === place.toString());
      if (place !== undefined) {
        this.#collection.set(place, here.flatMap(({ tenant, actionId, problems }) => problems.map(problem => diagnostic(problem, dashboardUrl(tenant, actionId)))));
      }
    }
  }

  dispose(): void {
    this.#shown.clear();
    this.#collection.dispose();
  }
}

function diagnostic(problem: Problem, dashboard: string | undefined): vscode.Diagnostic {
  const { line, start, end } = problem.range;
  const severity = problem.kind === 'suspect' ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Error;
  const result = new vscode.Diagnostic(new vscode.Range(line, start, line, end), problemWords(problem), severity);
  result.source = 'auth0';
  const id = problem.kind === 'versionError' ? problem.id : problem.kind === 'runFailed' ? short(problem.id) || 'run_failed' : problem.kind === 'buildFailed' ? 'build_failed' : 'dependency';
  const target = problem.kind === 'versionError' ? problem.url : dashboard;
  result.code = target === undefined ? id : { value: id, target: vscode.Uri.parse(target, true) };
  return result;
}

function sameNames(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every(name => b.has(name));
}

function keyOf(tenantId: string, actionId: string): string {
  return `${tenantId}/${actionId}`;
}

function runKey(tenantId: string, actionId: string): string {
  return `${keyOf(tenantId, actionId)}/run`;
}
