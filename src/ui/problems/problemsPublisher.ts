/**
 * Puts what problems.ts finds into the Problems panel, on the document it belongs to. An action's next result
 * replaces that action's problems only, and a disconnected tenant takes its own away.
 */
import * as vscode from 'vscode';
import type { Deployment } from '../../actions/deployment.ts';
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

export class ProblemsPublisher implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('auth0');
  readonly #state: AppState;
  readonly #log: Log;
  readonly #checks: CheckProblems;
  /** Drafts that failed to build, by action key: what the checks find later belongs to what is said of them. */
  readonly #failedDrafts = new Map<string, { readonly tenant: TenantRef; readonly action: Action; readonly missing: ReadonlySet<string> }>();
  /** Action key -> the version whose failed run is shown. */
  readonly #runs = new Map<string, vscode.Uri>();
  /** Action key -> where its problems are. */
  readonly #places = new Map<string, vscode.Uri>();

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

  /** A draft was read, or its build has ended: a failed one gets its problems, any other loses those of the build. */
  draft(tenant: TenantRef, action: Action): void {
    if (action.status === 'failed') {
      this.#failed(tenant, action);
    } else if (action.status === 'built' && this.#places.get(keyOf(tenant.id, action.id))?.scheme === DRAFT_SCHEME) {
      // Under whatever name: it may have been renamed.
      this.#clear(keyOf(tenant.id, action.id));
    }
    this.#checks.draft(tenant, action);
  }

  /** `missing`: the dependencies that the registry does not have, by name, once that is known. */
  #failed(tenant: TenantRef, action: Action, missing?: ReadonlySet<string>): void {
    const key = keyOf(tenant.id, action.id);
    const before = this.#failedDrafts.get(key);
    const isSame = before !== undefined && sameContent(before.action, action);
    // Read again, it is what it was until it is checked anew.
    if (!isSame || (missing !== undefined && !sameNames(missing, before.missing))) {
      this.#set(tenant, action.id, draftUri(tenant.id, action.id, action.name), buildProblems(action, missing));
      this.#failedDrafts.set(key, { tenant, action, missing: missing ?? new Set() });
    }
  }

  /** A deployment has ended. Resolves when its problems are there. */
  async deployment(deployment: Deployment): Promise<void> {
    const { tenant, actionId, outcome } = deployment;
    try {
      if (outcome?.kind === 'live') {
        this.forgetAction(tenant.id, actionId);
      } else if (outcome?.kind === 'failed' && outcome.reason === 'buildFailed') {
        const api = await tenant.api();
        this.draft(tenant, await api.getAction(actionId));
      } else if (outcome?.kind === 'failed' && outcome.reason === 'versionFailed' && outcome.versionId !== undefined) {
        const api = await tenant.api();
        this.version(tenant, actionId, deployment.actionName, await api.getVersion(actionId, outcome.versionId));
      }
    } catch (error) {
      this.#log.error('problems', error);
    }
  }

  /** A version was opened: a failed one shows why, unless the action has a newer result to show. */
  openedVersion(tenant: TenantRef, actionId: string, version: Version): void {
    if (version.status === 'failed' && !this.#places.has(keyOf(tenant.id, actionId))) {
      this.version(tenant, actionId, this.#state.catalog(tenant.id).action(actionId)?.name ?? actionId, version);
    }
  }

  /** The errors of a version that failed. */
  version(tenant: TenantRef, actionId: string, name: string, version: Version): void {
    this.#clear(keyOf(tenant.id, actionId));
    this.#set(tenant, actionId, versionUri(tenant.id, actionId, version.number, name), versionProblems(version.errors, version));
  }

  /** The error of a run of a version, on the version's document. It stands beside the action's other problems, in place of the last one of a run. */
  run(tenant: TenantRef, actionId: string, name: string, version: Version, problem: Problem): void {
    const key = keyOf(tenant.id, actionId);
    this.#removeRun(key);
    if (this.#state.registry.find(tenant.id) !== undefined) {
      const uri = versionUri(tenant.id, actionId, version.number, name);
      this.#runs.set(key, uri);
      this.#collection.set(uri, [diagnostic(problem, dashboardUrl(tenant, actionId))]);
    }
  }

  /** Where an action's problems are, to open them. */
  place(tenantId: string, actionId: string): vscode.Uri | undefined {
    return this.#places.get(keyOf(tenantId, actionId));
  }

  /** Opens the document that an action's problems are on, and the panel that lists them. */
  async show(tenantId: string, actionId: string): Promise<void> {
    const place = this.place(tenantId, actionId);
    if (place !== undefined) {
      await vscode.window.showTextDocument(place);
      await vscode.commands.executeCommand('workbench.actions.view.problems');
    }
  }

  /** Takes away the problems of an action that is gone. */
  forgetAction(tenantId: string, actionId: string): void {
    this.#clear(keyOf(tenantId, actionId));
    this.#removeRun(keyOf(tenantId, actionId));
  }

  /** Takes away all problems of a tenant. */
  forget(tenantId: string): void {
    for (const key of [...this.#runs.keys()].filter(one => one.startsWith(`${tenantId}/`))) {
      this.#removeRun(key);
    }
    for (const key of [...this.#places.keys()].filter(one => one.startsWith(`${tenantId}/`))) {
      this.#clear(key);
    }
    this.#checks.forget(tenantId);
  }

  #set(tenant: TenantRef, actionId: string, uri: vscode.Uri, problems: readonly Problem[]): void {
    const key = keyOf(tenant.id, actionId);
    this.#remove(key);
    // Deployments outlive their tenant by a moment.
    if (this.#state.registry.find(tenant.id) === undefined) {
      return;
    }
    this.#places.set(key, uri);
    this.#collection.set(uri, problems.map(problem => diagnostic(problem, dashboardUrl(tenant, actionId))));
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
    const uri = this.#places.get(key);
    if (uri !== undefined) {
      this.#collection.delete(uri);
      this.#places.delete(key);
    }
  }

  #removeRun(key: string): void {
    const uri = this.#runs.get(key);
    this.#runs.delete(key);
    // A version that failed to build has problems of its own, and has never run.
    if (uri !== undefined && this.#places.get(key)?.toString() !== uri.toString()) {
      this.#collection.delete(uri);
    }
  }

  dispose(): void {
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
