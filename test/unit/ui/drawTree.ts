/** Draws the tree as text, the way a person reads it, and the actions it is drawn from. */
import { Catalog } from '../../../src/actions/catalog.ts';
import type { Deployment } from '../../../src/actions/deployment.ts';
import type { Action, Binding, Page, Trigger, Version } from '../../../src/auth0/api.ts';
import type { TenantRef } from '../../../src/auth0/tenantRef.ts';
import { lookOf } from '../../../src/ui/tree/look.ts';
import type { Look, LookFacts } from '../../../src/ui/tree/look.ts';
import { actionChildren, groupChildren, tenantChildren, tenantRow } from '../../../src/ui/tree/rows.ts';
import type { LocalRows, Row } from '../../../src/ui/tree/rows.ts';
import { fakeApi } from '../support/things.ts';

export const NOW = Date.parse('2026-05-20T14:30:00');

/** What a tenant holds; a function in place of a list throws when it is called. */
export interface Content {
  readonly actions: readonly Action[] | (() => never);
  readonly versions?: readonly Version[] | (() => never);
  /** Actions in the flow of every trigger, by name. */
  readonly flow?: readonly string[] | (() => never);
  readonly triggers?: readonly Trigger[];
}

export function version(number: number, change: Partial<Version> = {}): Version {
  return {
    id: `v-${number}`, number, status: 'built', deployed: false, errors: [], code: `// ${number}`, runtime: 'node22', dependencies: [], secrets: [],
    triggers: [{ id: 'post-login', version: 'v3' }], modules: [], createdAt: '2026-05-19T09:12:00.123456789Z', ...change,
  };
}

export function action(name: string, change: Partial<Action> = {}): Action {
  return {
    id: `id-${name}`, name, status: 'built', allChangesDeployed: false, code: '// draft', runtime: 'node22', dependencies: [], secrets: [],
    triggers: [{ id: 'post-login', version: 'v3' }], modules: [], ...change,
  };
}

export function live(number: number): Pick<Action, 'deployedVersion'> {
  return { deployedVersion: version(number, { deployed: true }) };
}

export function tenant(content: Content, change: Partial<TenantRef> = {}): TenantRef {
  const read = <T>(items: readonly T[] | (() => never) | undefined): Promise<readonly T[]> =>
    new Promise(resolve => resolve(typeof items === 'function' ? items() : items ?? []));
  const api = fakeApi({
    listActions: async (): Promise<Page<Action>> => ({ items: await read(content.actions) }),
    listVersions: async (_id, page, perPage): Promise<Page<Version>> => {
      const items = await read(content.versions);
      return { items: items.slice(page * perPage, (page + 1) * perPage), total: items.length };
    },
    listBindings: async (triggerId): Promise<readonly Binding[]> =>
      (await read(content.flow)).map((name, index) => ({ id: `binding ${index}`, triggerId, displayName: name, actionId: `id-${name}`, actionName: name })),
    listTriggers: (): Promise<readonly Trigger[]> => Promise.resolve(content.triggers ?? []),
  });
  return { id: 'acme-dev.eu.auth0.com', name: 'acme-dev', host: 'acme-dev.eu.auth0.com', isDemo: false, isProtected: false, api: () => Promise.resolve(api), ...change };
}

interface DrawOptions {
  readonly expand?: string;
  readonly deployment?: Deployment;
  /** Number of the version that the last deployment of every action made in vain. */
  readonly failedVersion?: number;
  readonly canUndo?: boolean;
  /** Files of the workspace that belong to actions. */
  readonly files?: LocalRows;
}

/** The whole tree of a tenant, or only its actions. `expand` names the actions whose rows are drawn too. */
export async function draw(ref: TenantRef, options: DrawOptions = {}): Promise<string> {
  return (await looks(ref, options)).map(({ look, depth }) => {
    const arrow = look.collapsible === 'none' ? ' ' : look.collapsible === 'expanded' ? '▾' : '▸';
    return `${'  '.repeat(depth)}${arrow} [${look.icon?.id ?? ''}] ${look.label} | ${look.description ?? ''} | ${look.context}`.trimEnd();
  }).join('\n');
}

/** The looks of the same rows, from top to bottom. */
export async function looks(ref: TenantRef, options: DrawOptions = {}): Promise<readonly { readonly look: Look; readonly depth: number }[]> {
  const catalog = new Catalog(ref, { now: () => NOW - 7000, sleep: () => Promise.resolve() });
  await catalog.load();
  if (options.expand !== undefined) {
    await catalog.flows.load('post-login');
  }
  const facts: LookFacts = {
    now: NOW,
    onlyTenant: true,
    locale: 'en-GB',
    catalog: () => catalog,
    versions: (_tenant, id) => catalog.versions.known(id),
    failedVersion: () => options.failedVersion,
    canUndo: () => options.canUndo ?? false,
    files: (tenantId, name) => options.files?.of(tenantId, name) ?? [],
    deployment: (_tenant, id) => (options.deployment?.actionId === id ? options.deployment : undefined),
  };
  const all: { look: Look; depth: number }[] = [];
  const add = async (row: Row, depth: number): Promise<void> => {
    all.push({ look: lookOf(row, facts), depth });
    const expanded = row.kind === 'tenant' || row.kind === 'group' || (row.kind === 'action' && catalog.action(row.actionId)?.name === options.expand);
    for (const child of expanded ? await childrenOf(row, catalog, options.files) : []) {
      await add(child, depth + 1);
    }
  };
  await add(tenantRow(ref), 0);
  catalog.dispose();
  return all;
}

function childrenOf(row: Row, catalog: Catalog, files?: LocalRows): Promise<readonly Row[]> {
  switch (row.kind) {
    case 'tenant': return Promise.resolve(tenantChildren(catalog));
    case 'action': return actionChildren(catalog, row.actionId, files);
    case 'group': return Promise.resolve(groupChildren(row, catalog.action(row.actionId)));
    default: return Promise.resolve([]);
  }
}
