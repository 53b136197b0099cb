/** Row -> what it looks like, as plain data. Words carry the state; icons and colours only help. */
import { l10n } from 'vscode';
import type { Uri } from 'vscode';
import type { ActionList } from '../../actions/catalog.ts';
import type { VersionList } from '../../actions/versionMemory.ts';
import type { Deployment } from '../../actions/deployment.ts';
import { placesOf } from '../../actions/flows.ts';
import type { FlowMemory } from '../../actions/flowMemory.ts';
import { mainTrigger, stateOf } from '../../actions/model.ts';
import type { ActionState, ActionSummary, StateKind, VersionSummary } from '../../actions/model.ts';
import { dashboardUrl } from '../../auth0/tenantRef.ts';
import { errorWords } from '../errorWords.ts';
import { commands } from '../ids.ts';
import { short } from '../texts.ts';
import { draftUri, versionUri } from '../uris.ts';
import { elapsedWords, failedVersionWords, flowWords, runningWords, stateWords, tenantMarks, triggerWords, whenWords } from '../words.ts';
import type { ActionRow, ErrorRow, FileFacts, FileRow, FlowRow, Group, GroupRow, NoteRow, PartRow, Row, TenantRow, VersionRow } from './rows.ts';

export interface Icon {
  readonly id: string;
  /** Id of a theme colour. */
  readonly color?: string;
}

export interface Look {
  readonly label: string;
  readonly description?: string;
  readonly icon?: Icon;
  readonly collapsible: 'none' | 'collapsed' | 'expanded';
  /** Tokens for the menus' conditions, such as `action;canDeploy;hasChanges;`. */
  readonly context: string;
  /**
   * Command of a click or Enter. Never with a row among its arguments: VS Code keeps those behind a key that dies with
   * each refresh, so that a click on a row that is being drawn anew would find nothing. Commands on rows look at the
   * selection, which a click sets first.
   */
  readonly command?: { readonly id: string; readonly title: string; readonly arguments?: readonly unknown[] };
  /** The whole row in words. */
  readonly spoken: string;
}

/** What looks are made of, beside the row. */
export interface LookFacts {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly onlyTenant: boolean;
  /** When a tenant's token ends for good; absent where it is renewed. */
  tokenEnds?(tenantId: string): number | undefined;
  /** What the person has said of a tenant, and where it can be moved; left out where that does not matter. */
  tenantMarks?(tenantId: string): { readonly canMoveUp: boolean; readonly canMoveDown: boolean };
  catalog(tenantId: string): {
    list(): ActionList;
    action(actionId: string): ActionSummary | undefined;
    buildSeen(actionId: string): number | undefined;
    readonly flows: Pick<FlowMemory, 'known'>;
  };
  versions(tenantId: string, actionId: string): VersionList | undefined;
  deployment(tenantId: string, actionId: string): Deployment | undefined;
  /** Number of the version that the last deployment made in vain. */
  failedVersion(tenantId: string, actionId: string): number | undefined;
  /** Whether the last deployment of an action can be taken back. */
  canUndo?(tenantId: string, actionId: string): boolean;
  /** The files of the workspace that belong to an action; left out where none is known. */
  files?(tenantId: string, actionName: string): readonly FileFacts[];
  /** For times; the user's own where it is left out. */
  readonly locale?: string;
}

const ICONS: Record<StateKind, Icon> = {
  firstBuild: { id: 'sync~spin', color: 'charts.blue' },
  ready: { id: 'circle-large-outline' },
  firstBuildFailed: { id: 'error', color: 'list.errorForeground' },
  rebuilding: { id: 'sync~spin', color: 'charts.green' },
  rebuildFailed: { id: 'warning', color: 'list.warningForeground' },
  changesBuilding: { id: 'sync~spin', color: 'charts.blue' },
  changesReady: { id: 'circle-filled', color: 'charts.yellow' },
  changesFailed: { id: 'error', color: 'list.errorForeground' },
  inStep: { id: 'check', color: 'charts.green' },
  unknown: { id: 'question' },
};

/** The look of any row. Never fails: a row whose action is gone says so. */
export function lookOf(row: Row, facts: LookFacts): Look {
  switch (row.kind) {
    case 'tenant': return tenantLook(row, facts);
    case 'action': return actionLook(row, facts);
    case 'file': return fileLook(row, facts);
    case 'version': return versionLook(row, facts);
    case 'flow': return flowLook(row, facts);
    case 'group': return groupLook(row, facts);
    case 'part': return partLook(row, facts);
    case 'more': return { label: l10n.t('Load more versions'), icon: { id: 'ellipsis' }, collapsible: 'none', context: 'more;', command: { id: commands.loadMore, title: l10n.t('Load More') }, spoken: l10n.t('Load more versions') };
    case 'error': return errorLook(row, facts);
    case 'note': return noteLook(row);
  }
}

function tenantLook(row: TenantRow, facts: LookFacts): Look {
  const { tenant } = row;
  const count = facts.catalog(tenant.id).list().items.length;
  const host = tenant.isDemo ? l10n.t('simulated tenant') : tenant.host === tenant.name ? '' : tenant.host;
  const description = [host, ...tenantMarks(tenant), endWords(facts.tokenEnds?.(tenant.id), facts)].filter(text => text !== '').join(' · ');
  const marks = facts.tenantMarks?.(tenant.id);
  return {
    label: short(tenant.name),
    ...(description === '' ? {} : { description }),
    icon: { id: tenant.isProtected ? 'shield' : tenant.isDemo ? 'beaker' : 'organization' },
    collapsible: facts.onlyTenant || count > 0 ? 'expanded' : 'collapsed',
    context: tokens('tenant', dashboardUrl(tenant) !== undefined && 'hasDashboard', tenant.label ?? false, tenant.isProtected && 'protected', marks?.canMoveUp === true && 'canMoveUp', marks?.canMoveDown === true && 'canMoveDown'),
    spoken: description === '' ? l10n.t('Tenant {0}', short(tenant.name)) : l10n.t('Tenant {0}, {1}', short(tenant.name), description),
  };
}

/** When a token ends that cannot be renewed. */
function endWords(end: number | undefined, { now, locale }: LookFacts): string {
  if (end === undefined) {
    return '';
  }
  const when = whenWords(new Date(end).toISOString(), now, locale);
  return end <= now ? l10n.t('token ended {0}', when) : l10n.t('token ends {0}', when);
}

function actionLook(row: ActionRow, facts: LookFacts): Look {
  const catalog = facts.catalog(row.tenant.id);
  const action = catalog.action(row.actionId);
  if (action === undefined) {
    return { label: l10n.t('Deleted action'), icon: { id: 'trash' }, collapsible: 'none', context: 'gone;', spoken: l10n.t('Deleted action') };
  }
  const state = stateOf(action);
  const deployment = facts.deployment(row.tenant.id, row.actionId);
  const inFlow = inFlows(action, catalog.flows);
  const failedVersion = deployment === undefined && !state.kind.endsWith('Failed') ? facts.failedVersion(row.tenant.id, row.actionId) : undefined;
  const plainText = deployment === undefined ? stateWords(state, elapsedWords(facts.now - (catalog.buildSeen(row.actionId) ?? facts.now))) : runningWords(deployment, facts.now);
  const stateText = failedVersion === undefined ? plainText : failedVersionWords(failedVersion, plainText);
  // Only where something is live: it is then easily taken for something that logins run.
  const words = inFlow === false && state.live !== undefined ? l10n.t('{0}, not in any flow', stateText) : stateText;
  const trigger = triggerWords(mainTrigger(action));
  return {
    label: short(action.name),
    description: `${trigger} · ${words}`,
    icon: failedVersion !== undefined ? ICONS.changesFailed : deployment === undefined ? ICONS[state.kind] : { id: 'sync~spin', color: 'charts.blue' },
    collapsible: 'collapsed',
    context: actionTokens(row, state, deployment !== undefined, inFlow) + tokens(facts.canUndo?.(row.tenant.id, row.actionId) === true && 'canUndo', (facts.files?.(row.tenant.id, action.name) ?? []).length > 0 && 'hasFile'),
    command: opening(draftUri(row.tenant.id, row.actionId, action.name), l10n.t('Open Draft')),
    spoken: l10n.t('Action {0}, {1}, {2}', short(action.name), trigger, words),
  };
}

/**
 * Opens like a file of the Explorer: as a preview, to the side with Alt, and to stay with a double click. Without the
 * options, empty as they are, VS Code stays in a comparison whose right side is the same document.
 */
function opening(uri: Uri, title: string): NonNullable<Look['command']> {
  return { id: 'vscode.open', title, arguments: [uri, {}] };
}

function actionTokens(row: ActionRow, state: ActionState, deploying: boolean, inFlow: boolean | undefined): string {
  const failed = state.kind.endsWith('Failed');
  return tokens(
    'action',
    !failed && !deploying && 'canDeploy',
    deploying && 'deploying',
    state.live !== undefined && 'deployed',
    state.kind.startsWith('changes') && 'hasChanges',
    failed && 'failed',
    inFlow === true && 'inFlow',
    inFlow === false && 'noFlow',
    dashboardUrl(row.tenant) !== undefined && 'hasDashboard',
  );
}

/** Whether any flow runs an action; `undefined` until its flows have been read. */
function inFlows(action: ActionSummary, flows: Pick<FlowMemory, 'known'>): boolean | undefined {
  const known = action.triggers.map(trigger => flows.known(trigger.id)).filter(flow => flow !== undefined && flow.error === undefined && !flow.entityBound);
  if (known.some(flow => flow !== undefined && placesOf(flow.bindings, action.id).length > 0)) {
    return true;
  }
  return known.length > 0 && known.length === action.triggers.length ? false : undefined;
}

function flowLook(row: FlowRow, facts: LookFacts): Look {
  const catalog = facts.catalog(row.tenant.id);
  const flow = catalog.flows.known(row.triggerId);
  const label = l10n.t('{0} flow', triggerWords(row.triggerId));
  if (flow === undefined) {
    const words = l10n.t('reading…');
    return { label, description: words, icon: { id: 'loading~spin' }, collapsible: 'none', context: 'flow;', spoken: `${label}, ${words}` };
  }
  if (flow.error !== undefined) {
    const { title } = errorWords(flow.error, row.tenant.name);
    return { label, description: l10n.t('{0}, click to retry', title), icon: { id: 'warning', color: 'list.warningForeground' }, collapsible: 'none', context: 'flow;error;', command: { id: commands.retry, title: l10n.t('Retry') }, spoken: `${label}, ${title}` };
  }
  const words = flowWords(flow, row.actionId);
  const inIt = placesOf(flow.bindings, row.actionId).length > 0;
  const deployed = catalog.action(row.actionId)?.deployedVersion !== undefined;
  return {
    label,
    description: words,
    icon: inIt ? { id: 'list-ordered' } : { id: 'circle-slash', ...(deployed && !flow.entityBound ? { color: 'list.warningForeground' } : {}) },
    collapsible: 'none',
    context: tokens('flow', inIt && 'inFlow', !inIt && deployed && !flow.entityBound && 'canAdd'),
    spoken: `${label}, ${words}`,
  };
}

/** A file of the workspace, which opens like in the Explorer. */
function fileLook(row: FileRow, facts: LookFacts): Look {
  const file = fileOf(row, facts);
  const description = [file?.words ?? '', file?.place ?? ''].filter(text => text !== '').join(' · ');
  const label = file?.name ?? l10n.t('Local file');
  return { label, description, icon: { id: 'file' }, collapsible: 'none', context: 'file;', command: opening(row.uri, l10n.t('Open Local File')), spoken: l10n.t('Local file {0}, {1}', label, description) };
}

/** What is known of the file that a row stands for. */
export function fileOf(row: FileRow, facts: Pick<LookFacts, 'catalog' | 'files'>): FileFacts | undefined {
  const name = facts.catalog(row.tenant.id).action(row.actionId)?.name ?? '';
  return facts.files?.(row.tenant.id, name).find(one => one.uri.toString() === row.uri.toString());
}

function versionLook(row: VersionRow, facts: LookFacts): Look {
  const version = facts.versions(row.tenant.id, row.actionId)?.items.find(one => one.id === row.versionId);
  const live = version?.deployed === true;
  const words = version === undefined ? '' : versionWords(version, facts.now, facts.locale);
  return {
    label: `v${row.number}`,
    description: words,
    icon: live ? { id: 'check', color: 'charts.green' } : version?.status === 'failed' ? { id: 'error', color: 'list.errorForeground' } : { id: 'git-commit' },
    collapsible: 'none',
    context: tokens('version', live && 'live', version !== undefined && !live && version.status !== 'failed' && 'canRollBack', version?.status === 'failed' && 'failed', dashboardUrl(row.tenant) !== undefined && 'hasDashboard'),
    command: opening(versionUri(row.tenant.id, row.actionId, row.number, facts.catalog(row.tenant.id).action(row.actionId)?.name ?? row.actionId), l10n.t('Open Version')),
    spoken: words === '' ? l10n.t('Version {0}', row.number) : l10n.t('Version {0}, {1}', row.number, words),
  };
}

function versionWords(version: VersionSummary, now: number, locale?: string): string {
  const when = whenWords(version.createdAt, now, locale);
  if (version.deployed) {
    return l10n.t('live · {0}', when);
  }
  return version.status === 'built' || version.status === '' ? when : l10n.t('{0} · {1}', version.status === 'failed' ? l10n.t('failed') : short(version.status), when);
}

function groupLook(row: GroupRow, facts: LookFacts): Look {
  const count = facts.catalog(row.tenant.id).action(row.actionId)?.[row.group].length ?? 0;
  const label = groupWords(row.group, count);
  const description = row.group === 'modules' ? l10n.t('pinned versions') : undefined;
  return {
    label,
    ...(description === undefined ? {} : { description }),
    icon: { id: row.group === 'secrets' ? 'key' : row.group === 'dependencies' ? 'package' : 'symbol-module' },
    collapsible: 'collapsed',
    context: `${row.group};`,
    spoken: label,
  };
}

function groupWords(group: Group, count: number): string {
  switch (group) {
    case 'secrets': return l10n.t('Secrets ({0})', count);
    case 'dependencies': return l10n.t('Dependencies ({0})', count);
    case 'modules': return l10n.t('Modules ({0})', count);
  }
}

function partLook(row: PartRow, facts: LookFacts): Look {
  const description = partDescription(row, facts);
  const label = short(row.name);
  const singular = { secrets: 'secret', dependencies: 'dependency', modules: 'module' }[row.group];
  return { label, description, icon: { id: 'circle-small' }, collapsible: 'none', context: `${singular};`, spoken: description === '' ? label : `${label}, ${description}` };
}

function partDescription(row: PartRow, facts: LookFacts): string {
  const action = facts.catalog(row.tenant.id).action(row.actionId);
  if (row.group === 'secrets') {
    const secret = action?.secrets.find(one => one.name === row.name);
    return secret?.updatedAt === undefined ? '' : l10n.t('set {0}', whenWords(secret.updatedAt, facts.now, facts.locale));
  }
  if (row.group === 'dependencies') {
    const dependency = action?.dependencies.find(one => one.name === row.name);
    return [dependency?.version, dependency?.registryUrl].filter(text => text !== undefined).map(text => short(text)).join(' · ');
  }
  const number = action?.modules.find(one => one.name === row.name)?.versionNumber;
  return number === undefined ? '' : `v${number}`;
}

function errorLook(row: ErrorRow, facts: LookFacts): Look {
  const error = row.actionId === undefined ? facts.catalog(row.tenant.id).list().error : facts.versions(row.tenant.id, row.actionId)?.error;
  const words = errorWords(error, row.tenant.name);
  const connect = words.remedy === 'connect';
  return {
    label: words.title,
    description: connect ? l10n.t('click to connect again') : l10n.t('click to retry'),
    icon: { id: connect ? 'lock' : 'warning', color: 'list.warningForeground' },
    collapsible: 'none',
    context: tokens('error', connect && 'connect'),
    command: connect ? { id: commands.reconnect, title: l10n.t('Connect Again') } : { id: commands.retry, title: l10n.t('Retry') },
    spoken: `${words.title}. ${words.text}`,
  };
}

function noteLook(row: NoteRow): Look {
  const label = { noActions: l10n.t('No actions in this tenant'), noVersions: l10n.t('No versions yet'), loadingMore: l10n.t('Loading more actions…') }[row.note];
  const description = row.note === 'noActions' ? l10n.t('create the first from the tenant\'s menu') : row.note === 'noVersions' ? l10n.t('deploy to make the first') : undefined;
  return {
    label,
    ...(description === undefined ? {} : { description }),
    icon: { id: row.note === 'loadingMore' ? 'loading~spin' : 'info' },
    collapsible: 'none',
    context: 'note;',
    spoken: description === undefined ? label : `${label}, ${description}`,
  };
}

function tokens(...words: (string | false)[]): string {
  return words.filter(word => word !== false).map(word => `${word};`).join('');
}
