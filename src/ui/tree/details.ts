/**
 * Every field the service returns for a row, as pairs for its tooltip. Values come from a tenant: the tooltip adds
 * them as text, never as Markdown.
 */
import { l10n } from 'vscode';
import { stateOf } from '../../actions/model.ts';
import type { ActionSummary, VersionSummary } from '../../actions/model.ts';
import { entriesOf } from '../../actions/flows.ts';
import type { Flow, FlowMemory } from '../../actions/flowMemory.ts';
import type { Content, Trigger } from '../../auth0/api.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import type { TokenFacts } from '../../tenants/credentials/accessToken.ts';
import { short } from '../texts.ts';
import { errorWords } from '../errorWords.ts';
import { flowWords, stateSentence, triggerWords, whenWords } from '../words.ts';

export interface Details {
  readonly title: string;
  readonly sentence?: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

const LONG = 300;

/** Where a tenant's requests go, and what its access token says of itself. */
export function tenantDetails(tenant: TenantRef, token: TokenFacts | undefined, now: number): Details {
  return {
    title: short(tenant.name),
    ...(tenant.isDemo ? { sentence: l10n.t('A simulated tenant on this machine: nothing here can break a login.') } : {}),
    fields: fields([
      [l10n.t('Host'), tenant.isDemo ? '' : tenant.host],
      [l10n.t('Access token ends'), token?.expiresAt === undefined ? '' : whenWords(new Date(token.expiresAt).toISOString(), now)],
      [l10n.t('Scopes'), token?.scopes?.join(', ') ?? ''],
    ]),
  };
}

/**
 * All of an action's draft. `triggers` adds what the tenant says of them, `flows` where the action runs, once they have
 * been read.
 */
export function actionDetails(action: ActionSummary, triggers: readonly Trigger[], now: number, flows?: Pick<FlowMemory, 'known'>): Details {
  const live = action.deployedVersion;
  return {
    title: short(action.name),
    sentence: stateSentence(stateOf(action)),
    fields: fields([
      [l10n.t('ID'), action.id],
      [l10n.t('Draft status'), action.status],
      [l10n.t('Live version'), live === undefined ? l10n.t('none') : `v${live.number}`],
      [l10n.t('Draft is live'), action.allChangesDeployed ? l10n.t('yes') : l10n.t('no')],
      ...action.triggers.map((trigger): [string, string] => {
        const flow = flows?.known(trigger.id);
        return [l10n.t('Flow'), flow === undefined || flow.error !== undefined ? '' : `${triggerWords(trigger.id)}: ${flowWords(flow, action.id)}`];
      }),
      ...contentFields(action, triggers, now),
      [l10n.t('Created'), whenWords(action.createdAt, now)],
      [l10n.t('Updated'), whenWords(action.updatedAt, now)],
    ]),
  };
}

/** All of a version, but for its code. */
export function versionDetails(version: VersionSummary, actionId: string, actionName: string, triggers: readonly Trigger[], now: number): Details {
  return {
    title: `${short(actionName)} v${version.number}`,
    fields: fields([
      [l10n.t('ID'), version.id],
      [l10n.t('Action ID'), version.actionId ?? actionId],
      [l10n.t('Number'), String(version.number)],
      [l10n.t('Status'), version.status],
      [l10n.t('Live'), version.deployed ? l10n.t('yes') : l10n.t('no')],
      ...version.errors.map((error): [string, string] => [l10n.t('Error'), [error.id, error.msg, error.url].filter(text => text !== undefined && text !== '').join(' · ')]),
      ...contentFields(version, triggers, now),
      [l10n.t('Built'), whenWords(version.builtAt, now)],
      [l10n.t('Created'), whenWords(version.createdAt, now)],
      [l10n.t('Updated'), whenWords(version.updatedAt, now)],
    ]),
  };
}

/** A flow in its order, with the action's own places marked. */
export function flowDetails(triggerId: string, actionId: string, flow: Flow | undefined, tenant: string): Details | undefined {
  if (flow === undefined) {
    return undefined;
  }
  const title = l10n.t('{0} flow of {1}', triggerWords(triggerId), tenant);
  if (flow.error !== undefined) {
    return { title, sentence: errorWords(flow.error, tenant).text, fields: [] };
  }
  const places = entriesOf(flow.bindings).map((entry, index): [string, string] => [String(index + 1), entry.actionId === actionId ? l10n.t('{0} (this action)', entry.name) : entry.name]);
  return { title, sentence: flow.entityBound ? l10n.t('Actions of this trigger belong to single connections or streams, and have no flow.') : places.length === 0 ? l10n.t('The flow is empty.') : l10n.t('Runs in this order:'), fields: fields(places) };
}

function contentFields(content: Omit<Content, 'code'>, known: readonly Trigger[], now: number): [string, string][] {
  return [
    [l10n.t('Runtime'), content.runtime ?? ''],
    ...content.triggers.map((trigger): [string, string] => {
      const facts = known.find(one => one.id === trigger.id && one.version === trigger.version);
      const more = facts === undefined ? [] : [facts.status.toLowerCase(), facts.runtimes.join(', '), facts.bindingPolicy ?? ''];
      return [l10n.t('Trigger'), [`${trigger.id} ${trigger.version ?? ''}`, ...more].map(text => text.trim()).filter(text => text !== '').join(' · ')];
    }),
    [l10n.t('Dependencies'), content.dependencies.map(one => `${one.name}@${one.version}${one.registryUrl === undefined ? '' : ` (${one.registryUrl})`}`).join(', ')],
    [l10n.t('Secrets'), content.secrets.map(one => (one.updatedAt === undefined ? one.name : `${one.name} (${whenWords(one.updatedAt, now)})`)).join(', ')],
    [l10n.t('Modules'), content.modules.map(one => (one.versionNumber === undefined ? one.name : `${one.name} v${one.versionNumber}`)).join(', ')],
  ];
}

function fields(pairs: [string, string][]): readonly (readonly [string, string])[] {
  return pairs.map(([name, value]): readonly [string, string] => [name, short(value, LONG)]).filter(([, value]) => value !== '');
}
