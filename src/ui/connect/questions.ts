/** The single questions of connecting. Each ends with an answer, or as dismissed. */
import * as vscode from 'vscode';
import { readAddress } from '../../tenants/tenantAddress.ts';
import type { AddressProblem, TenantAddress } from '../../tenants/tenantAddress.ts';
import { enter, noTenant } from '../messages.ts';
import type { About } from '../messages.ts';
import { Dismissed } from '../run.ts';

/** Keys and configurations are small; anything larger is the wrong file. */
const LARGEST_FILE_BYTES = 1_000_000;

async function input(about: About, title: string, options: Omit<vscode.InputBoxOptions, 'title'>): Promise<string> {
  const text = await enter(about, title, options);
  if (text === undefined) {
    throw new Dismissed();
  }
  return text.trim();
}

export async function askAddress(): Promise<TenantAddress> {
  const text = await input(noTenant, vscode.l10n.t('Connect to a tenant: domain'), {
    prompt: vscode.l10n.t('The tenant\'s domain, from the Dashboard under Settings. A custom domain works too.'),
    placeHolder: 'acme-dev.eu.auth0.com',
    validateInput: typed => {
      const address = readAddress(typed);
      return typeof address === 'string' ? addressWords(address) : undefined;
    },
  });
  const address = readAddress(text);
  if (typeof address === 'string') {
    throw new Dismissed();
  }
  return address;
}

export async function askClientId(address: TenantAddress): Promise<string> {
  return input({ name: address.id }, vscode.l10n.t('Connect to {0}: client ID', address.id), {
    prompt: vscode.l10n.t('Client ID of a machine-to-machine application that is authorized for the Management API.'),
    validateInput: text => (/^\S+$/u.test(text.trim()) ? undefined : vscode.l10n.t('Paste the client ID: one word without spaces.')),
  });
}

export async function askClientSecret(address: TenantAddress): Promise<string> {
  return input({ name: address.id }, vscode.l10n.t('Connect to {0}: client secret', address.id), {
    prompt: vscode.l10n.t('Client secret of the application. It is kept in VS Code\'s secret storage.'),
    password: true,
    validateInput: text => (/^\S+$/u.test(text.trim()) ? undefined : vscode.l10n.t('Paste the client secret: one word without spaces.')),
  });
}

export async function askToken(address: TenantAddress): Promise<string> {
  return input({ name: address.id }, vscode.l10n.t('Connect to {0}: access token', address.id), {
    prompt: vscode.l10n.t('Access token for the Management API with the scopes read:actions and create:actions, and update:actions to change flows, secrets and dependencies. It is kept in VS Code\'s secret storage.'),
    password: true,
    validateInput: text => (/^\S+$/u.test(text.trim()) ? undefined : vscode.l10n.t('Paste the access token: one word without spaces.')),
  });
}

/**
 * The audience, where the host does not tell it: a custom domain keeps the canonical domain's. `undefined` where it is
 * the host's own.
 */
export async function askAudience(address: TenantAddress, known?: string): Promise<string | undefined> {
  const own = `${address.origin}/api/v2/`;
  if (known === undefined && /\.auth0\.com$/u.test(address.id)) {
    return undefined;
  }
  const audience = await input({ name: address.id }, vscode.l10n.t('Connect to {0}: audience', address.id), {
    prompt: vscode.l10n.t('Audience: the identifier of the Management API. With a custom domain it is that of the canonical domain, such as https://acme-dev.eu.auth0.com/api/v2/'),
    value: known ?? own,
    validateInput: text => (URL.canParse(text.trim()) ? undefined : vscode.l10n.t('Type the audience as an address, such as https://acme-dev.eu.auth0.com/api/v2/')),
  });
  return audience === own ? undefined : audience;
}

/** The text of a file that the person picks. @throws an error of the file system. */
export async function pickTextFile(title: string, label: string, filters: Record<string, string[]>): Promise<{ readonly uri: vscode.Uri; readonly text: string }> {
  const [uri] = (await vscode.window.showOpenDialog({ title, openLabel: label, filters, canSelectMany: false })) ?? [];
  if (uri === undefined) {
    throw new Dismissed();
  }
  return { uri, text: await readText(uri) };
}

export async function readText(uri: vscode.Uri): Promise<string> {
  const { size } = await vscode.workspace.fs.stat(uri);
  return size > LARGEST_FILE_BYTES ? '' : new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

export function addressWords(problem: AddressProblem): string {
  switch (problem) {
    case 'empty': return vscode.l10n.t('Type the tenant\'s domain, such as acme-dev.eu.auth0.com.');
    case 'notAHost': return vscode.l10n.t('This is not a domain. It looks like acme-dev.eu.auth0.com.');
    case 'plainHttp': return vscode.l10n.t('Plain http is accepted for this machine only. Use https.');
    case 'hasPath': return vscode.l10n.t('Type the domain alone, without a path.');
  }
}
