/** Code of the demo's actions: what people write, growing from version to version. */

/** Joins the parts whose turn has come; each part appears with the version it was written for. */
function since(version: number, ...parts: readonly (readonly [from: number, text: string, until?: number])[]): string {
  return `${parts.filter(([from, , until]) => version >= from && (until === undefined || version < until)).map(([, text]) => text).join('\n')}\n`;
}

export function enrichProfile(version: number): string {
  return since(version,
    [3, "const _ = require('lodash');", 6],
    [6, "const _ = require('lodash');\nconst { normalise } = require('actions:profile-rules');"],
    [3, ''],
    [5, "const NAMESPACE = 'https://acme.example/claims';\n"],
    [1, '/**\n * Adds what the shop knows about a person to their tokens.\n */\nexports.onExecutePostLogin = async (event, api) => {'],
    [1, '  const metadata = event.user.app_metadata;', 4],
    [4, '  const metadata = event.user.app_metadata ?? {};'],
    [7, '  if (event.stats.logins_count === 1) {\n    api.user.setAppMetadata(\'first_seen\', new Date().toISOString());\n  }'],
    [1, "  api.idToken.setCustomClaim('plan', metadata.plan);", 3],
    [3, "  const profile = _.pick(metadata, ['plan', 'region', 'seats']);", 6],
    [6, "  const profile = normalise(_.pick(metadata, ['plan', 'region', 'seats']));"],
    [3, "  api.idToken.setCustomClaim('profile', profile);", 5],
    [5, '  api.idToken.setCustomClaim(`${NAMESPACE}/profile`, profile);\n  api.accessToken.setCustomClaim(`${NAMESPACE}/plan`, profile.plan);'],
    [2, "  if (!event.user.email_verified) {\n    api.access.deny('Please verify your email address first.');\n  }"],
    [1, '};'],
  );
}

export function sendWelcome(version: number): string {
  return since(version,
    [1, "const axios = require('axios');\n\nexports.onExecutePostUserRegistration = async (event) => {"],
    [2, '  if (!event.user.email) {\n    return;\n  }'],
    [4, "  const language = event.request?.language?.startsWith('fr') ? 'fr' : 'en';"],
    [1, "  await axios.post('https://mail.acme.example/v1/send', {\n    to: event.user.email,\n    template: 'welcome',", 4],
    [4, "  await axios.post('https://mail.acme.example/v1/send', {\n    to: event.user.email,\n    template: `welcome-${language}`,"],
    [3, '    name: event.user.given_name ?? event.user.name,'],
    [1, '  }, {\n    headers: { authorization: `Bearer ${event.secrets.MAIL_API_KEY}` },'],
    [3, '    timeout: 5000,'],
    [1, '  });\n};'],
  );
}

export function blockCountry(version: number): string {
  return since(version,
    [5, "const countries = require('i18n-iso-countries');\n"],
    [1, "const BLOCKED = ['KP'];", 3],
    [3, "const BLOCKED = new Set(['KP', 'SY', 'CU']);"],
    [1, '\nexports.onExecutePostLogin = async (event, api) => {\n  const country = event.request.geoip?.countryCode;'],
    [2, '  if (!country) {\n    return;\n  }'],
    [1, "  if (BLOCKED.includes(country)) {\n    api.access.deny('Logins from your country are not allowed.');", 3],
    [3, "  if (BLOCKED.has(country)) {\n    api.access.deny('Logins from your country are not allowed.');", 5],
    [5, "  if (BLOCKED.has(country)) {\n    api.access.deny(`Logins from ${countries.getName(country, 'en')} are not allowed.`);"],
    [1, '  }'],
    [4, "  api.user.setAppMetadata('last_country', country);"],
    [1, '};'],
  );
}

export function riskScore(version: number): string {
  return since(version,
    [3, "const axios = require('axios');\nconst crypto = require('crypto');\n"],
    [1, "exports.onExecutePostLogin = async (event, api) => {\n  const confidence = event.authentication?.riskAssessment?.confidence;"],
    [2, '  const newDevice = event.authentication?.riskAssessment?.assessments?.NewDevice?.confidence;'],
    [3, "  const fingerprint = crypto.createHash('sha256').update(event.request.user_agent ?? '').digest('hex');\n  const { data } = await axios.get(`https://risk.acme.example/score/${fingerprint}`, {\n    headers: { 'x-api-key': event.secrets.RISK_API_KEY },\n    timeout: 2000,\n  });"],
    [1, "  if (confidence === 'low') {", 2],
    [2, "  if (confidence === 'low' || newDevice === 'low') {", 3],
    [3, "  if (confidence === 'low' || newDevice === 'low' || data.score > 0.8) {"],
    [1, "    api.multifactor.enable('any', { allowRememberBrowser: false });\n  }\n};"],
  );
}

export function newIdea(): string {
  return `// Offer a passkey to people who still sign in with a password.
exports.onExecutePostLogin = async (event, api) => {
  const methods = event.authentication?.methods ?? [];
  const usedPassword = methods.some(method => method.name === 'pwd');
  if (usedPassword && event.stats.logins_count > 5) {
    api.prompt.render('TODO: the id of the form');
  }
};
`;
}

export function geoFence(): string {
  return `const { getDistance } = require('geolib');

const LIMIT_METRES = 50_000;

exports.onExecutePostLogin = async (event, api) => {
  const { latitude, longitude } = event.request.geoip ?? {};
  if (latitude === undefined || longitude === undefined) {
    return;
  }
  const office = JSON.parse(event.secrets.OFFICE_LOCATION);
  if (getDistance({ latitude, longitude }, office) > LIMIT_METRES) {
    api.multifactor.enable('any');
  }
};
`;
}

export function importLegacyUser(): string {
  return `const legacy = require('no-such-legacy-client');

exports.onExecutePreUserRegistration = async (event, api) => {
  const known = await legacy.find(event.user.email);
  if (known) {
    api.user.setAppMetadata('legacy_id', known.id);
    api.user.setUserMetadata('language', known.language);
  }
};
`;
}

export function syncCrm(version: number): string {
  return since(version,
    [1, "const axios = require('axios');"],
    [4, "const { withRetry } = require('actions:http-retry');"],
    [1, '\nexports.onExecutePostLogin = async (event, api) => {'],
    [2, "  if (event.stats.logins_count % 10 !== 0 && event.user.app_metadata?.crm_id) {\n    return;\n  }"],
    [1, "  const { data } = await axios.put('https://crm.acme.example/people', {", 4],
    [4, "  const { data } = await withRetry(() => axios.put('https://crm.acme.example/people', {"],
    [1, '    email: event.user.email,\n    name: event.user.name,'],
    [3, '    last_login: new Date().toISOString(),'],
    [1, '  }, { headers: { authorization: `Bearer ${event.secrets.CRM_TOKEN}` } });', 4],
    [4, '  }, { headers: { authorization: `Bearer ${event.secrets.CRM_TOKEN}` }, timeout: 3000 }));'],
    [1, "  api.user.setAppMetadata('crm_id', data.id);"],
    [5, "  api.user.setAppMetadata('crm_synced_at', Date.now());"],
    [1, '};'],
  );
}

export function auditTrail(version: number): string {
  return since(version,
    [1, "const { v4: uuid } = require('uuid');\n\nexports.onExecutePostLogin = async (event) => {\n  const entry = {\n    id: uuid(),\n    user: event.user.user_id,\n    client: event.client.name,"],
    [2, '    ip: event.request.ip,'],
    [1, "    at: new Date().toISOString(),\n  };\n  await fetch(event.secrets.AUDIT_WEBHOOK, {\n    method: 'POST',\n    headers: { 'content-type': 'application/json' },\n    body: JSON.stringify(entry),\n  });\n};"],
  );
}

export function verifyEmailDomain(version: number): string {
  return since(version,
    [2, "const validator = require('email-validator-pro');\n"],
    [1, "const ALLOWED = ['acme.example', 'partner.example'];\n\nexports.onExecutePreUserRegistration = async (event, api) => {\n  const domain = event.user.email?.split('@')[1];"],
    [2, "  if (!(await validator.isDeliverable(event.user.email))) {\n    api.access.deny('undeliverable', 'This address does not receive mail.');\n    return;\n  }"],
    [1, "  if (!ALLOWED.includes(domain)) {\n    api.access.deny('domain_not_allowed', 'Use your company address.');\n  }\n};"],
  );
}

export function machineClaims(version: number): string {
  const audiences = Array.from({ length: Math.ceil(version / 2) }, (_, index) => `  'https://api.acme.example/${['orders', 'stock', 'prices', 'people', 'reports', 'billing', 'search', 'events', 'files', 'maps', 'mail', 'jobs'][index] ?? `v${index}`}',`);
  return `// Adds the team that owns a machine-to-machine client, for the audiences that ask for it.
const AUDIENCES = new Set([
${audiences.join('\n')}
]);

exports.onExecuteCredentialsExchange = async (event, api) => {
  if (!AUDIENCES.has(event.resource_server?.identifier)) {
    return;
  }
  api.accessToken.setCustomClaim('team', event.client.metadata.team ?? 'unknown');
${version % 2 === 0 ? "  api.accessToken.setCustomClaim('environment', event.tenant.id);\n" : ''}};
`;
}

export function notifyPasswordChange(version: number): string {
  return since(version,
    [1, "const axios = require('axios');\n\nexports.onExecutePostChangePassword = async (event) => {"],
    [2, "  if (event.connection.strategy !== 'auth0') {\n    return;\n  }"],
    [1, '  await axios.post(event.secrets.SLACK_WEBHOOK, {\n    text: `The password of ${event.user.email} was changed.`,\n  });\n};'],
  );
}
