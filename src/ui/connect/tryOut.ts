/** Tries a connection before anything of it is kept, and says what is wrong with it in words. */
import * as vscode from 'vscode';
import { isApiError } from '../../auth0/errors.ts';
import type { Token } from '../../tenants/credentials/credential.ts';
import type { Parts } from '../commands/parts.ts';
import { errorWords } from '../errorWords.ts';
import { ask } from '../messages.ts';
import { Dismissed, isCancelled } from '../run.ts';
import type { Described } from './describe.ts';

/** What the person decided after the trial. */
export type Trial =
  | { readonly kind: 'connect'; readonly token?: Token }
  /** Other credentials for the same tenant. */
  | { readonly kind: 'again' }
  | { readonly kind: 'audience' };

/** @throws Dismissed where the person gave up. */
export async function tryOut(parts: Parts, { connection, secret, token }: Described): Promise<Trial> {
  const title = vscode.l10n.t('Connecting to {0}…', connection.id);
  try {
    const tried = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (_progress, cancelled) => {
      const stop = new AbortController();
      cancelled.onCancellationRequested(() => stop.abort());
      return parts.state.registry.tryOut(connection, secret, { signal: stop.signal, ...(token === undefined ? {} : { token }) });
    });
    await tellMissing(connection.id, tried.missingScopes);
    return { kind: 'connect', ...(tried.token === undefined ? {} : { token: tried.token }) };
  } catch (error) {
    if (isCancelled(error)) {
      throw error;
    }
    parts.log.error('connect', error);
    return decide(connection.id, error);
  }
}

/** The service has accepted the token; what it will not be enough for is better known now than after a click. */
async function tellMissing(host: string, missing: readonly string[]): Promise<void> {
  if (missing.length === 0) {
    return;
  }
  const connect = vscode.l10n.t('Connect');
  const choice = await ask({ name: host }, vscode.l10n.t('{0} can be connected, but scopes are missing.', host), missing.map(scopeWords).join('\n'), connect);
  if (choice !== connect) {
    throw new Dismissed();
  }
}

async function decide(host: string, error: unknown): Promise<Trial> {
  const [again, audience, anyway] = [vscode.l10n.t('Try Again…'), vscode.l10n.t('Change the Audience…'), vscode.l10n.t('Connect Anyway')];
  const words = errorWords(error, host);
  const missing = isApiError(error) ? error.missingScopes.map(scopeWords) : [];
  const wrongAudience = isApiError(error) && error.signIn === 'audience';
  // Without any token there is nothing to connect with; everything else may be in order tomorrow.
  const buttons = [again, ...(wrongAudience ? [audience] : []), ...(isApiError(error) && error.signIn !== undefined ? [] : [anyway])];
  const choice = await ask({ name: host }, vscode.l10n.t('{0} could not be connected.', host), [words.text, ...missing].join('\n'), ...buttons);
  switch (choice) {
    case again: return { kind: 'again' };
    case audience: return { kind: 'audience' };
    case anyway: return { kind: 'connect' };
    default: throw new Dismissed();
  }
}

/** What does not work without a scope. */
function scopeWords(scope: string): string {
  switch (scope) {
    case 'read:actions': return vscode.l10n.t('Without {0}, nothing can be listed.', scope);
    case 'create:actions': return vscode.l10n.t('Without {0}, nothing can be deployed, rolled back or created.', scope);
    case 'update:actions': return vscode.l10n.t('Without {0}, flows, secrets, dependencies and runtimes cannot be changed.', scope);
    default: return vscode.l10n.t('The scope {0} is missing.', scope);
  }
}
