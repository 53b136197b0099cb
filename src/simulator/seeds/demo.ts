/** The demo tenant: believable actions in every state, one whose next deploy fails with a reason, and runs that failed. */
import type { Module, Secret, StoredAction, StoredBinding, TenantData } from '../model.ts';
import { ago, idOf, makeAction } from './build.ts';
import type { ActionSeed } from './build.ts';
import { demoRuns } from './demoLogs.ts';
import { demoModules } from './demoModules.ts';
import { auditTrail, blockCountry, enrichProfile, geoFence, importLegacyUser, machineClaims, newIdea, notifyPasswordChange, riskScore, sendWelcome, syncCrm, verifyEmailDomain } from './demoCode.ts';

const POST_LOGIN = ['post-login', 'v3'] as const;

export function demoSeed(now: number, scale: number): TenantData {
  const modules = demoModules(now);
  // In order of creation, as the service lists them.
  const actions = demoActions(now, modules).map(seed => makeAction(seed, now, scale)).sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  return { actions: new Map(actions.map(action => [action.id, action])), modules, ...demoRuns(actions, now), bindings: demoBindings(actions, now), limited: true };
}

function demoActions(now: number, modules: ReadonlyMap<string, Module>): readonly ActionSeed[] {
  const secret = (name: string, days: number): Secret => ({ name, value: `demo-${name}`, updatedAt: ago(now, days) });
  const pinned = (name: string, number: number): { module_id: string; module_name: string; module_version_id: string; module_version_number: number } => {
    const module = modules.get(idOf(`module ${name}`));
    return { module_id: module?.id ?? '', module_name: name, module_version_id: module?.versions[number - 1]?.id ?? '', module_version_number: number };
  };
  const lodash = { name: 'lodash', version: '4.17.21' };
  const profile = { dependencies: [lodash], secrets: [secret('CRM_API_KEY', 41), secret('CRM_BASE_URL', 41)], modules: [pinned('profile-rules', 3)] };
  return [
    {
      name: 'enrich-profile',
      trigger: POST_LOGIN,
      versions: [1, 2, 3, 4, 5, 6, 7].map(number => ({ code: enrichProfile(number), ...(number < 3 ? {} : number < 6 ? { ...profile, modules: [] } : profile) })),
      days: [62, 48.2, 41.4, 30.1, 12.7, 1.2, 0.02],
      build: 'built',
    },
    {
      name: 'send-welcome',
      trigger: ['post-user-registration', 'v2'],
      versions: [1, 2, 3].map(number => ({ code: sendWelcome(number), dependencies: [{ name: 'axios', version: '1.7.4' }], secrets: [secret('MAIL_API_KEY', 20)] })),
      draft: { code: sendWelcome(4), dependencies: [{ name: 'axios', version: '1.7.9' }], secrets: [secret('MAIL_API_KEY', 20)] },
      build: 'built',
    },
    { name: 'block-country', trigger: POST_LOGIN, versions: [1, 2, 3, 4].map(number => ({ code: blockCountry(number) })), draft: { code: blockCountry(5), dependencies: [{ name: 'i18n-iso-countries', version: '7.12.0' }] }, build: { ms: 75_000 } },
    {
      name: 'risk-score',
      trigger: POST_LOGIN,
      versions: [1, 2].map(number => ({ code: riskScore(number), secrets: [secret('RISK_API_KEY', 9)] })),
      draft: { code: riskScore(3), dependencies: [{ name: 'axios', version: '1.7.9' }, { name: 'crypto', version: '17.7.1' }], secrets: [secret('RISK_API_KEY', 9)] },
      build: 'failed',
    },
    { name: 'new-idea', trigger: POST_LOGIN, versions: [], draft: { code: newIdea() }, build: 'built' },
    { name: 'geo-fence', trigger: POST_LOGIN, versions: [], draft: { code: geoFence(), dependencies: [{ name: 'geolib', version: '3.3.4' }], secrets: [secret('OFFICE_LOCATION', 0.1)] }, build: { ms: 64_000 } },
    { name: 'import-legacy-user', trigger: ['pre-user-registration', 'v2'], versions: [], draft: { code: importLegacyUser(), dependencies: [{ name: 'no-such-legacy-client', version: '2.0.1' }] }, build: 'failed' },
    { name: 'sync-crm', trigger: POST_LOGIN, versions: [1, 2, 3, 4, 5].map(number => ({ code: syncCrm(number), dependencies: [{ name: 'axios', version: '1.7.9' }], secrets: [secret('CRM_TOKEN', 15)], modules: [pinned('http-retry', 5)] })), build: { ms: 88_000 } },
    { name: 'audit-trail', trigger: POST_LOGIN, versions: [1, 2].map(number => ({ code: auditTrail(number), dependencies: [{ name: 'uuid', version: '11.0.3' }], secrets: [secret('AUDIT_WEBHOOK', 33)] })), build: 'failed' },
    {
      name: 'verify-email-domain',
      trigger: ['pre-user-registration', 'v2'],
      versions: [{ code: verifyEmailDomain(1) }],
      draft: { code: verifyEmailDomain(2), dependencies: [{ name: 'email-validator-pro', version: '3.2.0' }] },
      build: 'built',
      nextFailure: [{ id: 'invalid_dependency', msg: "Cannot find module 'email-validator-pro': its entry point dist/index.js is missing.", url: 'https://auth0.com/docs/customize/actions/manage-dependencies' }],
    },
    { name: 'machine-claims', trigger: ['credentials-exchange', 'v2'], versions: Array.from({ length: 24 }, (_, index) => ({ code: machineClaims(index + 1) })), build: 'built' },
    { name: 'notify-password-change', trigger: ['post-change-password', 'v2'], versions: [1, 2].map(number => ({ code: notifyPasswordChange(number), dependencies: [{ name: 'axios', version: '1.7.9' }], secrets: [secret('SLACK_WEBHOOK', 27)] })), build: 'built' },
  ];
}

function demoBindings(actions: readonly StoredAction[], now: number): Map<string, StoredBinding[]> {
  const flows: Readonly<Record<string, readonly string[]>> = {
    'post-login': ['enrich-profile', 'block-country', 'sync-crm', 'audit-trail'],
    'post-user-registration': ['send-welcome'],
    'pre-user-registration': ['verify-email-domain'],
    'credentials-exchange': ['machine-claims'],
  };
  return new Map(Object.entries(flows).map(([triggerId, names]) => [
    triggerId,
    names.flatMap(name => {
      const action = actions.find(one => one.name === name);
      return action === undefined ? [] : [{ id: idOf(`binding ${name}`), triggerId, actionId: action.id, displayName: name, createdAt: ago(now, 20), updatedAt: ago(now, 20) }];
    }),
  ]));
}
