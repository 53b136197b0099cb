/** Asks a person for all that a way in needs. Nothing of it is kept here. */
import * as vscode from 'vscode';
import { isSignedOut } from '../../auth0/errors.ts';
import { ALGORITHMS } from '../../tenants/credentials/credential.ts';
import type { CredentialKind, Token } from '../../tenants/credentials/credential.ts';
import { connectionOf, readConfigJson } from '../../tenants/credentials/deployConfig.ts';
import type { Connection } from '../../tenants/storedTenant.ts';
import { nameOf, readAddress } from '../../tenants/tenantAddress.ts';
import type { TenantAddress } from '../../tenants/tenantAddress.ts';
import { UserError } from '../errorWords.ts';
import { settings, settingsSection } from '../ids.ts';
import type { Parts } from '../commands/parts.ts';
import { choose, noTenant } from '../messages.ts';
import { Dismissed } from '../run.ts';
import { short } from '../texts.ts';
import { signInWithDeviceCode } from './deviceSignIn.ts';
import { askAddress, askAudience, askClientId, askClientSecret, askToken, pickTextFile, readText } from './questions.ts';

/** A connection with its secret, to be tried. */
export interface Described {
  readonly connection: Connection;
  readonly secret: string;
  /** Where the way in has brought one already. */
  readonly token?: Token;
}

export type WayIn = CredentialKind | 'import';

/** Which way in; only those that can work here are offered. */
export async function pickWay(parts: Parts, known?: TenantAddress): Promise<WayIn> {
  const program = await parts.signIn.findProgram().catch((error: unknown) => {
    parts.log.error('findProgram', error);
    return undefined;
  });
  const items: (vscode.QuickPickItem & { readonly way: WayIn })[] = [
    { way: 'clientSecret', label: vscode.l10n.t('Client ID and Secret'), description: vscode.l10n.t('stays signed in'), detail: vscode.l10n.t('A machine-to-machine application of your tenant. Best for most people.') },
    { way: 'privateKey', label: vscode.l10n.t('Client ID and Private Key'), description: vscode.l10n.t('stays signed in'), detail: vscode.l10n.t('The same, with a key instead of a secret.') },
    { way: 'accessToken', label: vscode.l10n.t('Access Token'), description: vscode.l10n.t('ends after a day'), detail: vscode.l10n.t('Pasted from the Dashboard\'s API Explorer. Quickest to try.') },
    ...(program === undefined ? [] : [{ way: 'cli' as const, label: vscode.l10n.t('Session of the auth0 Program'), description: vscode.l10n.t('as long as it is logged in'), detail: vscode.l10n.t('Requests run through {0}, which sends a request again by itself where the service has trouble.', program) }]),
    ...(deviceSettings() === undefined ? [] : [{ way: 'device' as const, label: vscode.l10n.t('Device Code'), description: vscode.l10n.t('sign in with a browser'), detail: vscode.l10n.t('Through the client ID in your settings.') }]),
    { way: 'import', label: vscode.l10n.t('Import from auth0-deploy-cli…'), description: vscode.l10n.t('config.json or .env'), detail: vscode.l10n.t('The file is read once, and not changed.') },
  ];
  const choice = await choose(noTenant, items, vscode.l10n.t('How do you want to sign in?'), { title: known === undefined ? vscode.l10n.t('Connect to a tenant') : vscode.l10n.t('Connect to {0}', known.id), ignoreFocusOut: true });
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.way;
}

/** Asks for the rest. `known` is the tenant, where it is known already. */
export async function describe(parts: Parts, way: WayIn, known?: TenantAddress): Promise<Described> {
  switch (way) {
    case 'import': return describeImport(parts);
    case 'cli': return describeProgram(parts, known);
    case 'device': return describeDevice(parts);
    case 'accessToken': {
      const address = known ?? (await askAddress());
      return { connection: { ...base(address), kind: way }, secret: await askToken(address) };
    }
    case 'clientSecret': {
      const address = known ?? (await askAddress());
      const clientId = await askClientId(address);
      const secret = await askClientSecret(address);
      return { connection: withAudience({ ...base(address), kind: way, clientId }, await askAudience(address)), secret };
    }
    case 'privateKey': {
      const address = known ?? (await askAddress());
      const clientId = await askClientId(address);
      const algorithm = await pickAlgorithm(address);
      const secret = await pickKey(address);
      return { connection: withAudience({ ...base(address), kind: way, clientId, algorithm }, await askAudience(address)), secret };
    }
  }
}

/** Asks again for what ends or may be wrong, of a connection that is known otherwise. */
export async function describeAgain(parts: Parts, connection: Connection): Promise<Described> {
  const address = addressOf(connection);
  switch (connection.kind) {
    case 'accessToken': return { connection, secret: await askToken(address) };
    case 'clientSecret': return { connection, secret: await askClientSecret(address) };
    case 'privateKey': return { connection, secret: await pickKey(address) };
    case 'device': return describeDevice(parts);
    case 'cli': return { connection, secret: '' };
  }
}

export function addressOf(connection: Connection): TenantAddress {
  return { id: connection.id, origin: connection.origin, name: nameOf(connection.id) };
}

/** The connection with another audience, or with the host's own. */
export function withAudience(connection: Connection, audience: string | undefined): Connection {
  const { audience: _old, ...rest } = connection;
  return { ...rest, ...(audience === undefined ? {} : { audience }) };
}

function base(address: TenantAddress): { id: string; origin: string } {
  return { id: address.id, origin: address.origin };
}

async function pickAlgorithm(address: TenantAddress): Promise<(typeof ALGORITHMS)[number]> {
  const choice = await choose({ name: address.id }, ALGORITHMS.map(label => ({ label, algorithm: label })), vscode.l10n.t('Algorithm of the application\'s credential'), { title: vscode.l10n.t('Connect to {0}: algorithm', address.id), ignoreFocusOut: true });
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.algorithm;
}

async function pickKey(address: TenantAddress): Promise<string> {
  const title = vscode.l10n.t('Private key for {0}', address.id);
  return (await pickTextFile(title, vscode.l10n.t('Use This Key'), { [vscode.l10n.t('Private keys')]: ['pem', 'key'], [vscode.l10n.t('All files')]: ['*'] })).text;
}

async function describeProgram(parts: Parts, known: TenantAddress | undefined): Promise<Described> {
  const program = await parts.signIn.findProgram();
  if (program === undefined) {
    throw new UserError(vscode.l10n.t('The auth0 program is not on the PATH, or the workspace is not trusted.'));
  }
  const listed = await parts.signIn.programTenants(program).catch((error: unknown) => {
    // Never logged in: it has no list then.
    if (!isSignedOut(error)) {
      throw error;
    }
    return [];
  });
  const hosts = listed.filter(host => typeof readAddress(host) !== 'string');
  const id = known !== undefined && hosts.includes(known.id) ? known.id : await pickHost(hosts);
  return { connection: { id, origin: `https://${id}`, kind: 'cli' }, secret: '' };
}

async function pickHost(hosts: readonly string[]): Promise<string> {
  if (hosts.length === 0) {
    throw new UserError(vscode.l10n.t('The auth0 program is not logged in to any tenant. Run "auth0 login" in a terminal, then try again.'));
  }
  const choice = await choose(noTenant, hosts.map(label => ({ label })), vscode.l10n.t('Which of the tenants that the auth0 program is logged in to?'), { title: vscode.l10n.t('Connect to a tenant'), ignoreFocusOut: true });
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.label;
}

/** Issuer, client id and audience out of the person's own settings: a workspace cannot have any. */
function deviceSettings(): { readonly issuer: TenantAddress; readonly clientId: string; readonly audience: string } | undefined {
  const own = (name: string): string => {
    const found = vscode.workspace.getConfiguration(settingsSection).inspect<string>(name)?.globalValue;
    return typeof found === 'string' ? found.trim() : '';
  };
  const issuer = readAddress(own(settings.deviceIssuer));
  const clientId = own(settings.deviceClientId);
  return typeof issuer === 'string' || clientId === '' ? undefined : { issuer, clientId, audience: own(settings.deviceAudience) };
}

async function describeDevice(parts: Parts): Promise<Described> {
  const found = deviceSettings();
  if (found === undefined) {
    throw new UserError(vscode.l10n.t('Set auth0Actions.device.issuer and auth0Actions.device.clientId in your settings first.'));
  }
  const { issuer, clientId, audience } = found;
  const connection = withAudience({ ...base(issuer), kind: 'device', clientId }, audience === '' ? undefined : audience);
  const { token, secret } = await signInWithDeviceCode(parts, connection);
  return { connection, secret: secret ?? '', token };
}

async function describeImport(parts: Parts): Promise<Described> {
  const { uri, text } = await pickTextFile(vscode.l10n.t('Import a connection from auth0-deploy-cli'), vscode.l10n.t('Read'), { [vscode.l10n.t('Configurations')]: ['json', 'env'], [vscode.l10n.t('All files')]: ['*'] });
  const variables = readConfigJson(text) ?? (uri.path.endsWith('.json') ? undefined : await parts.signIn.readEnvFile(text));
  const file = short(uri.path.split('/').at(-1) ?? '');
  if (variables === undefined) {
    throw new UserError(vscode.l10n.t('{0} is not a configuration of auth0-deploy-cli: it is no JSON.', file));
  }
  const found = connectionOf(variables);
  if ('kind' in found) {
    switch (found.kind) {
      case 'missing': throw new UserError(vscode.l10n.t('{0} has no value for {1}.', file, found.names.join(', ')));
      case 'domain': throw new UserError(vscode.l10n.t('{0} names a tenant that is not a domain: {1}', file, short(found.domain)));
      case 'notJson': throw new UserError(vscode.l10n.t('{0} is not a configuration of auth0-deploy-cli: it is no JSON.', file));
    }
  }
  const { connection, secret, keyPath } = found;
  return { connection, secret: keyPath === undefined ? secret : await readKey(uri, keyPath) };
}

/** The private key that a configuration names, relative to itself or from the root. */
async function readKey(configuration: vscode.Uri, path: string): Promise<string> {
  const uri = path.startsWith('/') ? configuration.with({ path }) : vscode.Uri.joinPath(configuration, '..', path);
  try {
    return await readText(uri);
  } catch {
    throw new UserError(vscode.l10n.t('The private key that the configuration names cannot be read: {0}', short(path, 200)));
  }
}
