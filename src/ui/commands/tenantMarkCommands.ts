/** What a person says of a tenant: its name, what it is for, whether it is protected, and its place in the list. */
import * as vscode from 'vscode';
import { TENANT_LABELS } from '../../auth0/tenantRef.ts';
import type { TenantLabel, TenantRef } from '../../auth0/tenantRef.ts';
import { nameOf } from '../../tenants/tenantAddress.ts';
import { LONGEST_NAME } from '../../tenants/tenantNames.ts';
import type { NameProblem } from '../../tenants/tenantNames.ts';
import { commands } from '../ids.ts';
import { ask, choose, enter } from '../messages.ts';
import { Dismissed, run } from '../run.ts';
import { labelWords } from '../words.ts';
import type { CommandTable, Parts } from './parts.ts';
import { tenantOf } from './pickTenant.ts';

export function tenantMarkCommands(parts: Parts): CommandTable {
  const { registry } = parts.state;
  const command = (what: string, question: () => string, work: (tenant: TenantRef) => Promise<void>, among?: (tenant: TenantRef) => boolean) => (...args: unknown[]): unknown =>
    run(parts.log, what, async about => {
      const tenant = await tenantOf(parts, question(), args, among);
      about.tenant = tenant;
      await work(tenant);
    });
  const move = (what: string, question: () => string, direction: 'up' | 'down'): ((...args: unknown[]) => unknown) =>
    command(what, question, tenant => registry.move(tenant.id, direction), tenant => registry.tenants().at(direction === 'up' ? 0 : -1)?.id !== tenant.id);
  return {
    [commands.renameTenant]: command('renameTenant', () => vscode.l10n.t('Rename which tenant?'), tenant => rename(parts, tenant)),
    [commands.labelTenant]: command('labelTenant', () => vscode.l10n.t('Label which tenant?'), tenant => label(parts, tenant)),
    [commands.protectTenant]: command('protectTenant', () => vscode.l10n.t('Protect which tenant?'), tenant => registry.setProtected(tenant.id, true), tenant => !tenant.isProtected),
    [commands.unprotectTenant]: command('unprotectTenant', () => vscode.l10n.t('Take the protection of which tenant away?'), tenant => unprotect(parts, tenant), tenant => tenant.isProtected),
    [commands.moveTenantUp]: move('moveTenantUp', () => vscode.l10n.t('Move which tenant up?'), 'up'),
    [commands.moveTenantDown]: move('moveTenantDown', () => vscode.l10n.t('Move which tenant down?'), 'down'),
  };
}

async function rename({ state: { registry } }: Parts, tenant: TenantRef): Promise<void> {
  const own = nameOf(tenant.id);
  const typed = await enter(tenant, vscode.l10n.t('Rename {0}', tenant.name), {
    prompt: vscode.l10n.t('The name that this extension shows, and that a protected tenant asks for. Leave it empty for {0}.', own),
    value: tenant.name,
    validateInput: text => {
      const problem = text.trim() === '' ? undefined : registry.nameProblem(tenant.id, text);
      return problem === undefined ? undefined : problemWords(problem);
    },
  });
  if (typed === undefined) {
    throw new Dismissed();
  }
  const name = typed.trim();
  if (name !== tenant.name) {
    await registry.rename(tenant.id, name === '' || name === own ? undefined : name);
  }
}

function problemWords(problem: NameProblem): string {
  switch (problem) {
    case 'empty': return vscode.l10n.t('Type a name.');
    case 'tooLong': return vscode.l10n.t('A name has at most {0} characters.', LONGEST_NAME);
    case 'unprintable': return vscode.l10n.t('The name holds a character that cannot be seen.');
    case 'taken': return vscode.l10n.t('Another connected tenant has this name. Choose one that leaves no doubt.');
  }
}

/** Labelling as production offers to protect: that is what the label is for. */
async function label({ state: { registry } }: Parts, tenant: TenantRef): Promise<void> {
  const items: (vscode.QuickPickItem & { value: TenantLabel | undefined })[] = [...TENANT_LABELS, undefined].map(value => ({
    label: value === undefined ? vscode.l10n.t('none') : labelWords(value),
    ...(value === tenant.label ? { description: vscode.l10n.t('as it is now') } : {}),
    value,
  }));
  const choice = await choose(tenant, items, vscode.l10n.t('What is {0} for?', tenant.name));
  if (choice === undefined) {
    throw new Dismissed();
  }
  await registry.setLabel(tenant.id, choice.value);
  if (choice.value === 'production' && !tenant.isProtected) {
    const protect = vscode.l10n.t('Protect');
    if ((await ask(tenant, vscode.l10n.t('Protect {0}?', tenant.name), vscode.l10n.t('Whatever is written to a protected tenant asks for the tenant\'s name first: saving a draft, a deploy, a roll back, changes of actions and flows.'), protect)) === protect) {
      await registry.setProtected(tenant.id, true);
    }
  }
}

async function unprotect(parts: Parts, tenant: TenantRef): Promise<void> {
  const choice = tenant.isProtected ? await parts.questions.ask({
    tenant,
    question: vscode.l10n.t('Take the protection of {0} away?', tenant.name),
    detail: vscode.l10n.t('Saving drafts, deploys, roll backs and changes of actions and flows will not ask for its name any more.'),
    choices: [vscode.l10n.t('Take Protection Away')],
  }) : undefined;
  if (choice !== undefined) {
    await parts.state.registry.setProtected(tenant.id, false);
  }
}
