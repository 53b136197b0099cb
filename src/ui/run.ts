/**
 * The one way in which commands and providers run: timed into the log, silent when cancelled, and with at most one
 * notification for an error, which is never awaited.
 */
import * as vscode from 'vscode';
import { isApiError } from '../auth0/errors.ts';
import type { TenantRef } from '../auth0/tenantRef.ts';
import { errorWords, isUserError } from './errorWords.ts';
import { commands } from './ids.ts';
import { fail, noTenant } from './messages.ts';
import { short } from './texts.ts';
import type { Log } from './log.ts';

/** Thrown by a command whose question was dismissed: nothing is said. */
export class Dismissed extends Error {
  override readonly name = 'Dismissed';
}

/** True when somebody gave up, here or in VS Code. By name, since lazily loaded bundles have classes of their own. */
export function isCancelled(error: unknown): boolean {
  return (error instanceof Error && error.name === 'Dismissed') || error instanceof vscode.CancellationError || (isApiError(error) && error.kind === 'cancelled');
}

/** What the words of an error need to know; the work fills it in as soon as it knows itself. */
export interface About {
  tenant?: TenantRef;
  /** Name of the action. */
  action?: string;
}

/** Runs the work of a command called by a person: an error becomes one notification, and the result is `undefined`. */
export async function run<T>(log: Log, what: string, work: (about: About) => Promise<T> | T): Promise<T | undefined> {
  const begun = Date.now();
  const about: About = {};
  try {
    const result = await work(about);
    log.info(`${what}: ${Date.now() - begun} ms`);
    return result;
  } catch (error) {
    if (!isCancelled(error)) {
      log.error(what, error);
      tell(error, about);
    }
    return undefined;
  }
}

/** One notification for an error, with the button that helps and the log. */
function tell(error: unknown, { tenant, action }: About): void {
  const words = errorWords(error, tenant?.name ?? vscode.l10n.t('The tenant'));
  const text = action === undefined || isUserError(error) ? words.text : vscode.l10n.t('{0}: {1}', short(action), words.text);
  const showLog = vscode.l10n.t('Show Log');
  const connect = vscode.l10n.t('Connect…');
  const buttons = isUserError(error) ? [] : words.remedy === 'connect' ? [connect, showLog] : [showLog];
  void fail(tenant ?? noTenant, text, ...buttons).then(choice => {
    if (choice === connect) {
      return tenant === undefined ? vscode.commands.executeCommand(commands.connect) : vscode.commands.executeCommand(commands.reconnect, { tenant: tenant.id });
    }
    return choice === showLog ? vscode.commands.executeCommand(commands.showLog) : undefined;
  });
}
