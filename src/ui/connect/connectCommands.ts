/** Connecting a tenant, by a person or by code. */
import * as vscode from 'vscode';
import { asText, isObject } from '../../auth0/json.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { readAddress } from '../../tenants/tenantAddress.ts';
import type { TenantAddress } from '../../tenants/tenantAddress.ts';
import type { CommandTable, Parts } from '../commands/parts.ts';
import { clickedRow, reveal } from '../commands/selection.ts';
import { UserError } from '../errorWords.ts';
import { commands, views } from '../ids.ts';
import { ask, inform } from '../messages.ts';
import { run } from '../run.ts';
import { isRow } from '../tree/rows.ts';
import { addressOf, describe, describeAgain, pickWay, withAudience } from './describe.ts';
import type { Described } from './describe.ts';
import { addressWords, askAudience } from './questions.ts';
import { tryOut } from './tryOut.ts';

export function connectCommands(parts: Parts): CommandTable {
  const { log } = parts;
  return {
    [commands.connect]: async first => {
      const args = isObject(first) && !isRow(first) ? first : undefined;
      const url = asText(args?.['url']);
      const token = asText(args?.['token']);
      if (url !== undefined && token !== undefined) {
        return connectByCode(parts, url, token);
      }
      return run(log, 'connect', async () => connectByPerson(parts, url === undefined ? undefined : readGiven(url)));
    },
    [commands.reconnect]: first =>
      run(log, 'connect', async () => {
        const given = isRow(first) ? first.tenant.id : asText(isObject(first) ? first['tenant'] : undefined);
        const id = given ?? (await clickedRow(parts, 'error'))?.tenant.id;
        await (id === undefined ? connectByPerson(parts) : connectAgain(parts, id));
      }),
  };
}

function readGiven(url: string): TenantAddress {
  const address = readAddress(url);
  if (typeof address === 'string') {
    throw new UserError(addressWords(address));
  }
  return address;
}

async function connectByCode(parts: Parts, url: string, token: string): Promise<{ readonly tenant: string }> {
  const address = readGiven(url);
  if (!parts.unattended) {
    const connect = vscode.l10n.t('Connect');
    const choice = await ask({ name: address.id }, vscode.l10n.t('Connect to {0}?', address.id), vscode.l10n.t('Another extension asks to connect this tenant with an access token of its own.'), connect);
    if (choice !== connect) {
      throw new UserError(vscode.l10n.t('The connection to {0} was declined.', address.id));
    }
  }
  const tenant = await parts.state.registry.connect({ id: address.id, origin: address.origin, kind: 'accessToken' }, token.trim());
  return { tenant: tenant.id };
}

/** Asks for a way in and all that it needs. `known` is the tenant, where it is known. */
export async function connectByPerson(parts: Parts, known?: TenantAddress): Promise<TenantRef> {
  const way = await pickWay(parts, known);
  return tryAndConnect(parts, await describe(parts, way, known), again => describe(parts, way, again));
}

/** Asks only for what has ended, or may be wrong, of a tenant that is connected. */
export async function connectAgain(parts: Parts, tenantId: string): Promise<TenantRef> {
  const connection = parts.state.registry.connectionOf(tenantId);
  if (connection === undefined) {
    return connectByPerson(parts);
  }
  return tryAndConnect(parts, await describeAgain(parts, connection), () => describeAgain(parts, connection));
}

/** Nothing asks before a deploy to a tenant that is not protected: whoever connects one hears that once. */
async function offerProtection({ log, state: { registry } }: Parts, tenant: TenantRef): Promise<void> {
  const protect = vscode.l10n.t('Protect');
  const text = vscode.l10n.t('{0} is connected. If logins depend on it, protect it: whatever is written to it then shows what it changes, and asks for its name first.', tenant.name);
  if ((await inform(tenant, text, protect)) === protect) {
    await run(log, 'notification', () => registry.setProtected(tenant.id, true));
  }
}

/** Tries until it works or the person gives up, and only then keeps it. */
async function tryAndConnect(parts: Parts, first: Described, again: (address: TenantAddress) => Promise<Described>): Promise<TenantRef> {
  let described = first;
  for (;;) {
    const trial = await tryOut(parts, described);
    const address = addressOf(described.connection);
    switch (trial.kind) {
      case 'connect': {
        const isNew = parts.state.registry.find(address.id) === undefined;
        const tenant = await parts.state.registry.connect(described.connection, described.secret, trial.token);
        await vscode.commands.executeCommand(`${views.explorer}.focus`);
        await reveal(parts, tenant);
        if (isNew) {
          void offerProtection(parts, tenant);
        }
        return tenant;
      }
      case 'again':
        described = await again(address);
        break;
      case 'audience': {
        const { connection } = described;
        described = { ...described, connection: withAudience(connection, await askAudience(address, connection.audience ?? `${address.origin}/api/v2/`)) };
      }
    }
  }
}
