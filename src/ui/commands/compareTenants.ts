/** Comparing an action with the one of the same name in another tenant. */
import * as vscode from 'vscode';
import { byName } from '../../actions/catalog.ts';
import { changesBetween } from '../../actions/comparison.ts';
import { mainTrigger } from '../../actions/model.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { UserError } from '../errorWords.ts';
import { choose, inform, noTenant } from '../messages.ts';
import { Dismissed, run } from '../run.ts';
import type { About } from '../run.ts';
import { short, withoutIcons } from '../texts.ts';
import { tenantMarks, triggerWords } from '../words.ts';
import { contentShown, nameOf, showDifferences, versionWords } from './differences.ts';
import type { Side } from './differences.ts';
import type { Parts } from './parts.ts';
import { actionNamed, codeArgs, targetNamed, targetOf, tenantNamed } from './targets.ts';
import type { Target } from './targets.ts';

/** Compares the drafts, or a version with what is live in the other tenant. Calls from code reject. */
export function compareWithTenant(parts: Parts): (...args: unknown[]) => Promise<unknown> {
  return (...args) => {
    const named = codeArgs(args[0]);
    const work = async (about: About): Promise<void> => {
      const target = await targetOf(parts.state, vscode.l10n.t('Compare which action with another tenant?'), ...args);
      about.tenant = target.tenant;
      about.action = target.actionName;
      const name = await nameOf(target);
      const tenant = named?.withTenant === undefined ? await pickOtherTenant(parts, target, name) : tenantNamed(parts.state, named.withTenant);
      // What fails from here on has to do with the other tenant.
      about.tenant = tenant;
      const other = named === undefined ? await sameAction(parts, tenant, name) : await targetNamed(parts.state, { tenant: tenant.id, action: name });
      const version = target.version === undefined ? undefined : (await parts.state.catalog(tenant.id).refreshAction(other.actionId)).deployedVersion?.number;
      const there = sideOf({ ...other, ...(version === undefined ? {} : { version }) }, other.actionName);
      const after = await contentShown(parts, there);
      about.tenant = target.tenant;
      const here = sideOf(target, name);
      const before = await contentShown(parts, here);
      const live = parts.state.catalog(target.tenant.id).action(target.actionId)?.deployedVersion?.number;
      const words = (side: Side, { name: tenantName }: TenantRef, liveThere: number | undefined): string =>
        [tenantName, ...(side.name === name ? [] : [short(side.name)]), ...(target.version === undefined ? [] : [versionWords(side.version, liveThere)])].join(' ');
      const title = vscode.l10n.t('{0}: {1}', short(name), `${words(here, target.tenant, live)} ↔ ${words(there, tenant, version)}`);
      if (!(await showDifferences([here, there], changesBetween(before, after, 'acrossTenants'), 'settingsAcross', title))) {
        void inform(noTenant, vscode.l10n.t('{0}: both hold the same. Of secrets, only the names were compared.', title));
      }
    };
    return named === undefined ? run(parts.log, 'compareWithTenant', work) : work({});
  };
}

function sideOf({ tenant, actionId, version }: Target, name: string): Side {
  return { tenantId: tenant.id, actionId, name, ...(version === undefined ? {} : { version }) };
}

/**
 * The tenant that a person picks beside the target's own: the only other one without a question. One that is known to
 * have no action of this name comes last, and says so.
 * @throws UserError where no other tenant is connected; Dismissed when nothing is picked.
 */
async function pickOtherTenant(parts: Parts, target: Target, name: string): Promise<TenantRef> {
  const others = parts.state.registry.tenants().filter(tenant => tenant.id !== target.tenant.id);
  const [only, more] = others;
  if (only === undefined) {
    throw new UserError(vscode.l10n.t('{0} is the only connected tenant. Connect another one to compare with it.', target.tenant.name));
  }
  if (more === undefined) {
    return only;
  }
  const lacks = (tenant: TenantRef): boolean => {
    const list = parts.state.catalog(tenant.id).list();
    return list.complete && !list.items.some(action => action.name === name);
  };
  const items = others
    .map(tenant => ({
      label: withoutIcons(tenant.name),
      description: [tenant.isDemo ? '' : tenant.host, ...tenantMarks(tenant), lacks(tenant) ? vscode.l10n.t('no action of this name') : ''].filter(text => text !== '').join(' · '),
      tenant,
    }))
    .sort((a, b) => Number(lacks(a.tenant)) - Number(lacks(b.tenant)));
  const choice = await choose(noTenant, items, vscode.l10n.t('Compare {0} of {1} with which tenant?', short(name), target.tenant.name));
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.tenant;
}

/**
 * The action of this name in a tenant, or the one that a person picks where there is none.
 * @throws UserError for a tenant without actions; ApiError when it cannot be read; Dismissed when nothing is picked.
 */
async function sameAction(parts: Parts, tenant: TenantRef, name: string): Promise<Target> {
  const catalog = parts.state.catalog(tenant.id);
  const same = await actionNamed(catalog, name);
  if (same !== undefined) {
    return { tenant, actionId: same.id, actionName: same.name };
  }
  const items = byName(catalog.list().items).map(action => ({ label: withoutIcons(action.name), description: withoutIcons(triggerWords(mainTrigger(action))), target: { tenant, actionId: action.id, actionName: action.name } }));
  if (items.length === 0) {
    throw new UserError(vscode.l10n.t('{0} has no action {1}.', tenant.name, short(name)));
  }
  const choice = await choose(tenant, items, vscode.l10n.t('{0} has no action {1}. Compare with which one?', tenant.name, short(name)));
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.target;
}
