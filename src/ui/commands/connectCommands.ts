/** Connecting a tenant, by a person or by code. Further ways in join `connect` here. */
import * as vscode from 'vscode';
import { asText, isObject } from '../../auth0/json.ts';
import { readToken, tokenWarnings } from '../../tenants/credentials/accessToken.ts';
import type { TokenWarning } from '../../tenants/credentials/accessToken.ts';
import { readAddress } from '../../tenants/tenantAddress.ts';
import type { AddressProblem, TenantAddress } from '../../tenants/tenantAddress.ts';
import { UserError, errorWords } from '../errorWords.ts';
import { commands, views } from '../ids.ts';
import { ask } from '../messages.ts';
import { Dismissed, isCancelled, run } from '../run.ts';
import { isRow } from '../tree/rows.ts';
import { whenWords } from '../words.ts';
import type { CommandTable, Parts } from './parts.ts';
import { clickedRow, reveal } from './selection.ts';

export function connectCommands(parts: Parts): CommandTable {
  const { state, log } = parts;
  return {
    [commands.connect]: async first => {
      const args = isObject(first) && !isRow(first) ? first : undefined;
      const url = asText(args?.['url']);
      const token = asText(args?.['token']);
      if (url !== undefined && token !== undefined) {
        return connectByCode(parts, url, token);
      }
      return run(log, 'connect', () => connectByPerson(parts, undefined, url));
    },
    [commands.reconnect]: first =>
      run(log, 'connect', async () => {
        const row = isRow(first) ? first : await clickedRow(parts, 'error');
        await connectByPerson(parts, row === undefined ? undefined : state.registry.addressOf(row.tenant.id));
      }),
  };
}

async function connectByCode(parts: Parts, url: string, token: string): Promise<{ readonly tenant: string }> {
  const address = readAddress(url);
  if (typeof address === 'string') {
    throw new UserError(addressWords(address));
  }
  if (!parts.unattended) {
    const connect = vscode.l10n.t('Connect');
    const choice = await ask(vscode.l10n.t('Connect to {0}?', address.id), vscode.l10n.t('Another extension asks to connect this tenant with an access token of its own.'), connect);
    if (choice !== connect) {
      throw new UserError(vscode.l10n.t('The connection to {0} was declined.', address.id));
    }
  }
  const tenant = await parts.state.registry.connect(address, token);
  return { tenant: tenant.id };
}

/** Asks for the domain, unless it is known, and for the token, and tries both before anything is kept. */
async function connectByPerson(parts: Parts, again: TenantAddress | undefined, suggested?: string): Promise<void> {
  const address = again ?? (await askAddress(suggested));
  for (;;) {
    const token = await askToken(address, again !== undefined);
    await warn(address, token);
    if ((await tryOut(parts, address, token)) === 'connect') {
      const tenant = await parts.state.registry.connect(address, token);
      await vscode.commands.executeCommand(`${views.explorer}.focus`);
      await reveal(parts, tenant);
      return;
    }
  }
}

async function askToken(address: TenantAddress, again: boolean): Promise<string> {
  const token = await vscode.window.showInputBox({
    title: again ? vscode.l10n.t('Connect to {0} again', address.id) : vscode.l10n.t('Connect to {0} (2/2)', address.id),
    prompt: vscode.l10n.t('Access token for the Management API with the scopes read:actions and create:actions, and update:actions to change flows. It is kept in VS Code\'s secret storage.'),
    password: true,
    ignoreFocusOut: true,
    validateInput: text => (/^\S+$/u.test(text.trim()) ? undefined : vscode.l10n.t('Paste the access token: one word without spaces.')),
  });
  if (token === undefined) {
    throw new Dismissed();
  }
  return token;
}

/** One call, so that a wrong host, a wrong token or a proxy in between is told of here and not by an empty tree. */
async function tryOut(parts: Parts, address: TenantAddress, token: string): Promise<'connect' | 'again'> {
  const title = vscode.l10n.t('Connecting to {0}…', address.id);
  try {
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (_progress, cancelled) => {
      const stop = new AbortController();
      cancelled.onCancellationRequested(() => stop.abort());
      await parts.state.registry.tryOut(address, token, stop.signal);
    });
    return 'connect';
  } catch (error) {
    if (isCancelled(error)) {
      throw error;
    }
    parts.log.error('connect', error);
    const [other, anyway] = [vscode.l10n.t('Try Another Token'), vscode.l10n.t('Connect Anyway')];
    const choice = await ask(vscode.l10n.t('{0} could not be connected.', address.id), errorWords(error, address.id).text, other, anyway);
    if (choice === undefined) {
      throw new Dismissed();
    }
    return choice === anyway ? 'connect' : 'again';
  }
}

async function askAddress(suggested?: string): Promise<TenantAddress> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Connect to a tenant (1/2)'),
    prompt: vscode.l10n.t('The tenant\'s domain, from the Dashboard under Settings.'),
    placeHolder: 'acme-dev.eu.auth0.com',
    ...(suggested === undefined ? {} : { value: suggested }),
    ignoreFocusOut: true,
    validateInput: typed => {
      const address = readAddress(typed);
      return typeof address === 'string' ? addressWords(address) : undefined;
    },
  });
  const address = text === undefined ? undefined : readAddress(text);
  if (address === undefined || typeof address === 'string') {
    throw new Dismissed();
  }
  return address;
}

/** What the token itself says against it, before the first call fails. */
async function warn(address: TenantAddress, token: string): Promise<void> {
  const warnings = tokenWarnings(readToken(token), address.origin, Date.now());
  if (warnings.length === 0) {
    return;
  }
  const anyway = vscode.l10n.t('Connect Anyway');
  const choice = await ask(vscode.l10n.t('This access token may not work for {0}.', address.id), warnings.map(warningWords).join('\n'), anyway);
  if (choice !== anyway) {
    throw new Dismissed();
  }
}

function warningWords(warning: TokenWarning): string {
  switch (warning.kind) {
    case 'expired': return vscode.l10n.t('It expired {0}.', whenWords(new Date(warning.expiresAt).toISOString(), Date.now()));
    case 'audience': return vscode.l10n.t('It is made for {0}.', warning.audiences.join(', '));
    case 'scopes': return warning.missing.map(scope => (scope === 'read:actions' ? vscode.l10n.t('It lacks {0}: nothing can be listed.', scope) : vscode.l10n.t('It lacks {0}: nothing can be deployed.', scope))).join('\n');
  }
}

function addressWords(problem: AddressProblem): string {
  switch (problem) {
    case 'empty': return vscode.l10n.t('Type the tenant\'s domain, such as acme-dev.eu.auth0.com.');
    case 'notAHost': return vscode.l10n.t('This is not a domain. It looks like acme-dev.eu.auth0.com.');
    case 'plainHttp': return vscode.l10n.t('Plain http is accepted for this machine only. Use https.');
    case 'hasPath': return vscode.l10n.t('Type the domain alone, without a path.');
  }
}
