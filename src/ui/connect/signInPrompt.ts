/** One quiet question where a sign-in has ended while nobody was asking for anything: what waits goes on after it. */
import * as vscode from 'vscode';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import type { AppState } from '../appState.ts';
import type { Disposables } from '../disposables.ts';
import { commands } from '../ids.ts';
import { warn } from '../messages.ts';

/** Longest wait that a timer can hold. */
const LONGEST_MS = 2 ** 31 - 1;

/** Asks once a tenant, until it is connected anew: at the end of its token, and where a deployment has lost its token. */
export function promptForSignIn(state: AppState, disposables: Disposables): void {
  const { registry, deployments, clock } = state;
  const asked = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  const ask = (tenant: TenantRef): void => {
    if (asked.has(tenant.id)) {
      return;
    }
    asked.add(tenant.id);
    const again = vscode.l10n.t('Connect Again…');
    const text = deployments.running().some(one => one.tenant.id === tenant.id)
      ? vscode.l10n.t('The sign-in for {0} has ended. Deployments that are under way there wait for a new one.', tenant.name)
      : vscode.l10n.t('The access token for {0} has ended.', tenant.name);
    void warn(tenant, text, again).then(choice => (choice === again ? vscode.commands.executeCommand(commands.reconnect, { tenant: tenant.id }) : undefined));
  };

  /** One timer, for the token that ends first; those that ended before this window began are their rows' business. */
  const schedule = (): void => {
    clearTimeout(timer);
    const now = clock.now();
    const next = registry.tenants().flatMap(tenant => {
      const end = registry.tokenEnds(tenant.id);
      return end === undefined || end <= now ? [] : [{ tenant, end }];
    }).sort((a, b) => a.end - b.end)[0];
    timer = next === undefined ? undefined : setTimeout(() => {
      if (next.end <= clock.now()) {
        ask(next.tenant);
      }
      schedule();
    }, Math.min(LONGEST_MS, next.end - now));
  };

  disposables.undo(registry.signedOut.on(tenant => {
    if (deployments.running().some(one => one.tenant.id === tenant.id)) {
      ask(tenant);
    }
  }));
  disposables.undo(registry.changed.on(({ added, removed, renewed }) => {
    asked.delete(added?.id ?? removed ?? renewed?.id ?? '');
    schedule();
  }));
  disposables.add({ dispose: () => clearTimeout(timer) });
  schedule();
}
