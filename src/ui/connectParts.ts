/** Who hears of what: one place for all events between the parts. */
import * as vscode from 'vscode';
import { DeployOnSave } from './commands/deployOnSave.ts';
import type { Parts } from './commands/parts.ts';
import type { Disposables } from './disposables.ts';
import { DraftMarks } from './documents/draftMarks.ts';
import { LiveDiff } from './documents/liveDiff.ts';
import { currentPhase } from '../actions/deployment.ts';
import type { Action } from '../auth0/api.ts';
import { isSignedOut } from '../auth0/errors.ts';
import type { TenantRef } from '../auth0/tenantRef.ts';
import { errorWords } from './errorWords.ts';
import { contextKeys } from './ids.ts';
import { fail, tellsEnd } from './messages.ts';
import { short } from './texts.ts';

/**
 * How often rows show a new elapsed time. Not each second: a refresh gives the focus back to a tree that had it, which
 * closes a command palette that is just opening.
 */
const TICK_MS = 5000;

/** Connects the parts' events. What a change makes visible is drawn; what nobody sees costs nothing. */
export function connectParts(parts: Parts, disposables: Disposables): void {
  const { state, tree, view, problems, documents, statusBar } = parts;
  const watch = (): void => watchVisible(parts);
  const marks = disposables.add(new DraftMarks(state, documents.drafts));
  const liveDiff = disposables.add(new LiveDiff(state));
  disposables.add(vscode.window.registerFileDecorationProvider(marks));
  disposables.add(new DeployOnSave(parts));
  let tick: NodeJS.Timeout | undefined;

  const viewTitle = view.title ?? '';
  let wasEmpty = false;

  /** Says which welcome texts stand in the view, and whose they are: a view's message would hide them. */
  const showState = (): void => {
    const { state: shown, reason, tenant, error } = state.emptiness();
    void vscode.commands.executeCommand('setContext', contextKeys.state, shown);
    void vscode.commands.executeCommand('setContext', contextKeys.reason, reason);
    // The title of a view that is alone in its container is shown beside the container's; the description is not.
    view.title = tenant === undefined ? viewTitle : short(tenant.name);
    view.description = error === undefined || tenant === undefined ? '' : errorWords(error, tenant.name).title;
    if (wasEmpty !== (tenant !== undefined)) {
      wasEmpty = tenant !== undefined;
      tree.refreshAll();
    }
    statusBar.update();
  };
  const updateTick = (): void => {
    const needed = view.visible && (state.deployments.running().length > 0 || state.catalogs().some(catalog => catalog.building().length > 0));
    if (needed && tick === undefined) {
      tick = setInterval(() => tree.tick(), TICK_MS);
    } else if (!needed) {
      clearInterval(tick);
      tick = undefined;
    }
  };
  disposables.add({ dispose: () => clearInterval(tick) });

  disposables.undo(
    state.registry.changed.on(({ added, removed, renewed }) => {
      if (renewed !== undefined) {
        // A secret that changed without more is of interest only to a tenant that waits for one.
        const catalog = state.catalog(renewed.id);
        if (isSignedOut(catalog.list().error)) {
          void catalog.reconnected();
        }
        return;
      }
      if (removed !== undefined) {
        problems.forget(removed);
        documents.forget(removed);
        statusBar.forget(removed);
      }
      showState();
      tree.refreshAll(removed);
      if (added !== undefined) {
        void state.catalog(added.id).reconnected();
      }
    }),
  );
  disposables.undo(
    state.catalogChanged.on(({ tenant, change }) => {
      if (change.kind === 'list') {
        showState();
        tree.refreshRow(tenant.id);
        documents.noticedList(tenant.id);
      } else if (change.kind === 'flow') {
        // Whether an action is in the flow shows in the rows of all actions of its trigger.
        for (const action of state.catalog(tenant.id).list().items.filter(one => one.triggers.some(trigger => trigger.id === change.triggerId))) {
          tree.refreshRow(tenant.id, action.id);
        }
      } else {
        tree.refreshRow(tenant.id, change.actionId);
        documents.noticed(tenant.id, change.actionId);
      }
      marks.update(tenant.id, 'actionId' in change ? change.actionId : undefined);
      liveDiff.update();
      watch();
      updateTick();
    }),
  );
  disposables.undo(
    documents.drafts.changed.on(({ tenantId, actionId }) => {
      marks.update(tenantId, actionId);
      tree.refreshRow(tenantId, actionId);
    }),
  );
  disposables.add(vscode.workspace.onDidOpenTextDocument(() => liveDiff.update()));
  disposables.add(vscode.workspace.onDidCloseTextDocument(() => liveDiff.update()));
  disposables.undo(
    state.buildSettled.on(({ tenant, action }) => {
      problems.draft(tenant, action);
      if (documents.drafts.wasAwaited(tenant.id, action.id)) {
        void tellBuild(parts, tenant, action);
      }
    }),
  );
  disposables.undo(
    state.deployments.changed.on(deployment => {
      parts.log.trace(`${deployment.tenant.name} ${deployment.actionName} · ${deployment.outcome?.kind ?? currentPhase(deployment)}${deployment.draftStatus === undefined ? '' : `, draft ${deployment.draftStatus}`}`);
      statusBar.follow(deployment);
      tree.refreshRow(deployment.tenant.id, deployment.actionId);
      if (deployment.outcome?.kind === 'failed' && deployment.outcome.reason === 'buildFailed') {
        // Told by the deployment: not once more for the save before it.
        documents.drafts.wasAwaited(deployment.tenant.id, deployment.actionId);
      }
      if (deployment.outcome?.kind === 'live' && deployment.outcome.draftFollows === true) {
        documents.drafts.own(deployment.tenant, deployment.actionId).catch((error: unknown) => parts.log.error('follow a roll back', error));
      }
      watch();
      updateTick();
    }),
  );
  disposables.add(
    view.onDidChangeVisibility(() => {
      watch();
      updateTick();
    }),
  );
  showState();
}

/** Builds are looked at only while their rows can be seen, and not beside a deployment that looks already. */
function watchVisible(parts: Parts): void {
  const { state, view } = parts;
  for (const catalog of state.catalogs()) {
    if (view.visible) {
      catalog.watchBuilds(actionId => state.deployments.of(catalog.tenant.id, actionId) !== undefined);
    } else {
      catalog.unwatch();
    }
  }
}

/** The build of a draft that was saved here has ended: said only where it failed, by the person's setting. */
async function tellBuild({ problems }: Parts, tenant: TenantRef, action: Action): Promise<void> {
  if (action.status !== 'failed' || !tellsEnd('failure')) {
    return;
  }
  const show = vscode.l10n.t('Show Problem');
  const text = vscode.l10n.t('The draft of {0} is saved in {1}, but its build failed, so it cannot be deployed. What is live stays as it is.', short(action.name), tenant.name);
  if ((await fail(tenant, text, show)) === show) {
    await problems.show(tenant.id, action.id);
  }
}
