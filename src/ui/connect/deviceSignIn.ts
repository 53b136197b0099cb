/** Signing in with a device code: the code is copied, the browser is opened, and a progress can be cancelled. */
import * as vscode from 'vscode';
import { ApiError } from '../../auth0/errors.ts';
import type { Obtained } from '../../tenants/credentials/credential.ts';
import { awaitDeviceToken, requestDeviceCode } from '../../tenants/credentials/deviceCode.ts';
import type { Connection } from '../../tenants/storedTenant.ts';
import { nameOf } from '../../tenants/tenantAddress.ts';
import type { Parts } from '../commands/parts.ts';
import { ask } from '../messages.ts';
import { Dismissed } from '../run.ts';
import { short } from '../texts.ts';

/** @throws ApiError where it was refused or took too long; Dismissed where the person gave up. */
export async function signInWithDeviceCode(parts: Parts, connection: Connection): Promise<Obtained> {
  const ports = await parts.platform.signInPorts(nameOf(connection.id));
  const code = await requestDeviceCode(connection, ports);
  await vscode.env.clipboard.writeText(code.userCode);
  const open = vscode.l10n.t('Open Browser');
  const choice = await ask(
    { name: connection.id },
    vscode.l10n.t('Sign in to {0} with the code {1}', connection.id, short(code.userCode)),
    vscode.l10n.t('The code is on the clipboard. Enter it at {0}, in this or another browser.', short(code.verificationUri, 200)),
    open,
  );
  if (choice !== open) {
    throw new Dismissed();
  }
  await vscode.env.openExternal(vscode.Uri.parse(code.complete, true));
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Waiting for the code {0} to be entered for {1}…', short(code.userCode), connection.id), cancellable: true },
    async (_progress, cancelled) => {
      const stop = new AbortController();
      cancelled.onCancellationRequested(() => stop.abort(new ApiError('cancelled', { method: 'POST', path: '/oauth/token' })));
      return awaitDeviceToken(connection, code, ports, parts.state.clock, stop.signal);
    },
  );
}
