/**
 * The walkthrough: opening it, and telling VS Code which of its steps a person has really done. A step is done by what
 * has happened, however it was begun, and not by a click on its button.
 */
import * as vscode from 'vscode';
import type { Parts } from './commands/parts.ts';
import type { Disposables } from './disposables.ts';
import { contextKeys, extensionId } from './ids.ts';
import type { ContextKey } from './ids.ts';
import { DRAFT_SCHEME, readUri } from './uris.ts';

/** As the manifest calls it. */
const WALKTHROUGH = 'start';

export async function openWalkthrough(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', `${extensionId}#${WALKTHROUGH}`, false);
}

/** Notices each step of the walkthrough when it happens. */
export function noticeSteps(parts: Parts, disposables: Disposables): void {
  const { state, problems } = parts;
  const done = new Set<ContextKey>();
  const did = (key: ContextKey): void => {
    if (!done.has(key)) {
      done.add(key);
      void vscode.commands.executeCommand('setContext', key, true);
    }
  };

  const lookAtTenants = (): void => {
    for (const tenant of state.registry.tenants()) {
      did(tenant.isDemo ? contextKeys.didOpenDemo : contextKeys.didConnect);
    }
  };
  const lookAtEditor = (): void => {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const address = uri === undefined ? undefined : readUri(uri);
    if (uri === undefined) {
      return;
    }
    if (uri.scheme === DRAFT_SCHEME && address?.part === 'code') {
      did(contextKeys.didOpenDraft);
    }
    // Problems are put on a document, or on a file, when a deployment ends, which may be after it was opened.
    const isHere = (tenantId: string, actionId: string): boolean => problems.place(tenantId, actionId)?.toString() === uri.toString();
    if ((address?.version !== undefined && isHere(address.tenantId, address.actionId)) || state.deployments.list().some(one => one.outcome?.kind === 'failed' && isHere(one.tenant.id, one.actionId))) {
      did(contextKeys.didReadError);
    }
  };

  disposables.undo(state.registry.changed.on(lookAtTenants));
  disposables.undo(
    state.deployments.changed.on(({ outcome }) => {
      if (outcome?.kind === 'live') {
        did(contextKeys.didDeploy);
      }
    }),
  );
  disposables.add(vscode.window.onDidChangeActiveTextEditor(lookAtEditor));
  disposables.add(vscode.languages.onDidChangeDiagnostics(lookAtEditor));
  lookAtTenants();
  lookAtEditor();
}
