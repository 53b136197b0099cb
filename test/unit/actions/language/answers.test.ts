/** What is offered and explained at the mark `|` in code as people write it, complete or not. */
import assert from 'node:assert/strict';
import type { TriggerRef } from '../../../../src/auth0/api.ts';
import { callAt, complete, explain } from '../../../../src/actions/language/index.ts';
import type { ActionFacts, Suggestion } from '../../../../src/actions/language/index.ts';

const POST_LOGIN: TriggerRef = { id: 'post-login', version: 'v3' };
const SECRETS = ['CRM_KEY', 'mail-key', "it's"];

function at<T>(marked: string, ask: (code: string, offset: number, facts: ActionFacts) => T, trigger: TriggerRef = POST_LOGIN): T {
  const offset = marked.indexOf('|');
  assert.ok(offset >= 0, 'the case has a mark');
  return ask(marked.slice(0, offset) + marked.slice(offset + 1), offset, { triggers: [trigger], secrets: SECRETS });
}

const names = (marked: string, trigger?: TriggerRef): string[] => at(marked, complete, trigger).map(one => one.name);

/** The code after everything that is offered under a name was taken. */
function taken(marked: string, name: string, trigger?: TriggerRef): string {
  const found = at(marked, complete, trigger).find(one => one.name === name);
  assert.ok(found, `${name} is offered`);
  const code = marked.replace('|', '');
  return code.slice(0, found.from) + found.insert + code.slice(found.to);
}

const inHandler = (line: string, params = 'event, api'): string => `const x = require('x');\nexports.onExecutePostLogin = async (${params}) => {\n  ${line}\n};\n`;

const EVENT = ['secrets', 'user', 'request', 'authentication', 'transaction', 'client'];
const USER = ['app_metadata', 'email', 'user_id', 'identities'];

/** What must be among the offers, or that there are none. */
const CASES: readonly (readonly [what: string, marked: string, expected: readonly string[]])[] = [
  ['members of event', inHandler('event.|'), EVENT],
  ['members of event, half written', inHandler('event.us|'), EVENT],
  ['members of event at the end of the file', 'exports.onExecutePostLogin = async (event, api) => {\n  event.|', EVENT],
  ['the groups of api', inHandler('api.|'), ['access', 'user', 'idToken', 'redirect']],
  ['the methods of a group', inHandler('api.access.|'), ['deny']],
  ['parameters under other names', inHandler('e.user.|; a.idToken.x()', 'e, a'), USER],
  ['api under another name', inHandler('a.idToken.|', 'e, a'), ['setCustomClaim']],
  ['optional chaining', inHandler('event.user?.|'), USER],
  ['an item of a list', inHandler('event.authentication?.methods[0].|'), ['name', 'timestamp']],
  ['an item by a variable', inHandler('event.authentication?.methods[i]?.|'), ['name', 'timestamp']],
  ['an item found', inHandler("event.authentication?.methods.find(m => m.name === 'mfa')?.|"), ['name', 'timestamp']],
  ['the parameter of a callback', inHandler('event.user.identities.some(i => i.|)'), ['provider', 'connection']],
  ['the parameter of a callback in brackets', inHandler('event.user.identities.filter((i) => { return i.| })'), ['provider', 'connection']],
  ['a pattern in a callback', inHandler('event.user.identities.map(({ profileData }) => profileData.|)'), []],
  ['each of a list', inHandler('for (const method of event.authentication.methods) {\n    method.|\n  }'), ['name', 'timestamp']],
  ['a member in brackets', inHandler("event['user'].|"), USER],
  ['an optional member in brackets', inHandler("event?.['user'].|"), USER],
  ['a string in brackets', inHandler("event['|']"), EVENT],
  ['a string in brackets without an end', inHandler("event['|"), EVENT],
  ['a pattern', inHandler('const { user } = event;\n  user.|'), USER],
  ['a pattern with another name and a default', inHandler('const { user: person = {} } = event;\n  person.|'), USER],
  ['a nested pattern', inHandler('const { request: { geoip } } = event;\n  geoip.|'), ['countryCode']],
  ['a pattern of a list', inHandler('const [first] = event.user.identities;\n  first.|'), ['provider']],
  ['a pattern among the parameters', inHandler('user.|', '{ user, request }, api'), USER],
  ['the second parameter beside a pattern', inHandler('api.access.|', '{ user, request }, api'), ['deny']],
  ['both parameters as patterns', inHandler('access.|', '{ user }, { access }'), ['deny']],
  ['the keys of a pattern', inHandler('const { | } = event;'), EVENT],
  ['another name', inHandler('const user = event.user;\n  user.|'), USER],
  ['another name of another name', inHandler('const u = event.user;\n  const v = u\n  v.|'), USER],
  ['a name with a default', inHandler('const m = event.user ?? {};\n  m.|'), USER],
  ['several declarations', inHandler('const a = 1, user = event.user;\n  user.|'), USER],
  ['what a method returns', inHandler("const r = api.cache.get('k');\n  r.|"), ['value', 'expires_at']],
  ['what a promise holds', inHandler('const r = await api.roles.getUserEffectiveRoles();\n  r.roles[0].|'), ['id', 'name']],
  ['what a promise in brackets holds', inHandler('(await api.roles.getUserEffectiveRoles()).|'), ['roles', 'next']],
  ['all that the result may be', inHandler("api.cache.set('a', 'b').|"), ['type', 'record', 'code']],
  ['a method that returns api', inHandler("api.idToken.setCustomClaim('a', 1).accessToken.|"), ['setCustomClaim', 'addScope']],
  ['a chain over several lines', inHandler("api\n    .idToken\n    .|"), ['setCustomClaim']],
  ['a comment in the chain', inHandler('event /* the */ . /* user */ user.|'), USER],
  ['an argument', inHandler("api.idToken.setCustomClaim('x', event.user.|"), USER],
  ['an argument, with the rest of the code', inHandler("api.idToken.setCustomClaim('x', event.|);\n  if (event.user) { api.access.deny('no'); }"), EVENT],
  ['a condition without an end', inHandler('if (event.user.|\n  api.access.deny();'), USER],
  ['a piece of a template', inHandler('const t = `a ${event.user.|} b`;'), USER],
  ['after a regular expression with brackets', inHandler("const r = /[({'\"]/u.test(x);\n  event.|"), EVENT],
  ['after a division', inHandler('const r = a / 2 / event.|'), EVENT],
  ['after a line with a quote that is not closed', inHandler("const r = 'it\n  event.|"), EVENT],
  ['a nested function sees the parameters', inHandler('[1].forEach(function (n) { event.|; });'), EVENT],
  ['an arrow function without braces', 'exports.onExecutePostLogin = (event, api) => event.|', EVENT],
  ['a function that is exported', 'async function handler(e, a) {\n  e.|\n}\nexports.onExecutePostLogin = handler;', EVENT],
  ['a function in a variable that is exported', 'const handler = async (e, a) => { e.| };\nexports.onExecutePostLogin = handler;', EVENT],
  ['a function expression', 'exports.onExecutePostLogin = async function (e, a) { a.access.| };', ['deny']],
  ['a function expression with a name', 'exports.onExecutePostLogin = async function run(e, a) { a.access.| };', ['deny']],
  ['module.exports', 'module.exports.onExecutePostLogin = async (e) => { e.| };', EVENT],
  ['module.exports as an object', 'module.exports = { onExecutePostLogin: async (e) => { e.| } };', EVENT],
  ['module.exports with a method', 'module.exports = { async onExecutePostLogin(e, a) { e.| } };', EVENT],
  ['a wrapped handler', 'exports.onExecutePostLogin = withRetry(async (e, a) => { e.| });', EVENT],
  ['a handler that goes on', 'exports.onContinuePostLogin = async (e, a) => { a.authentication.| };', ['recordMethod']],
  ['the second handler of a file', `${inHandler('api.access.deny("no");')}exports.onContinuePostLogin = async (e, a) => {\n  e.|`, EVENT],
  ['a helper beside the handler', `function deny(event, api) { api.| }\n${inHandler('deny(event, api);')}`, ['access']],
  ['the keys of an object of options', inHandler("api.redirect.sendUserTo('u', { | });"), ['query']],
  ['the second key of an object of options', inHandler("api.cache.set('k', 'v', { ttl: 1, | });"), ['ttl', 'expires_at']],
  ['values that are compared', inHandler("if (event.transaction?.protocol === '|') {}"), ['samlp', 'oidc-basic-profile']],
  ['values of a case', inHandler("switch (event.transaction?.protocol) {\n    case 'samlp': break;\n    case '|'"), ['wsfed', 'samlp']],
  ['texts that an argument takes', inHandler("api.multifactor.enable('|');"), ['any', 'duo']],
  ['texts of all ways to call', inHandler("api.samlResponse.setDigestAlgorithm('|');"), ['sha256', 'sha1']],
  ['secrets', inHandler('event.secrets.|'), SECRETS],
  ['secrets through a pattern', inHandler('const { secrets } = event;\n  secrets.C|'), SECRETS],
  ['secrets in brackets', inHandler("event.secrets['|']"), SECRETS],

  ['nothing in a comment', inHandler('// event.|'), []],
  ['nothing in a long comment', inHandler('/* event.| */'), []],
  ['nothing in a string', inHandler("'event.|'"), []],
  ['nothing in a template', inHandler('`event.|`'), []],
  ['nothing in a regular expression', inHandler('/event.|/u'), []],
  ['nothing outside of a handler', 'event.|\nexports.onExecutePostLogin = async (event, api) => {};', []],
  ['nothing in a function that is no handler', "require('x').on('y', event => event.|);", []],
  ['nothing for a name that hides the parameter', inHandler('items.forEach(event => { event.| });'), []],
  ['nothing for a constant that hides the parameter', inHandler('{ const event = 1; event.| }'), []],
  ['nothing for a caught error that hides the parameter', inHandler('try { x(); } catch (event) { event.| }'), []],
  ['nothing for a handler of another trigger', 'exports.onExecuteCredentialsExchange = async (event) => { event.| };', []],
  ['nothing for a text', inHandler('event.user.email.|'), []],
  ['nothing for a number', inHandler('1.|'), []],
  ['nothing for a member that is not known', inHandler('event.nothing.more.|'), []],
  ['nothing for a name that is its own value', inHandler('const user = user.|'), []],
  ['nothing for metadata, whose keys nobody knows', inHandler('event.user.app_metadata.|'), []],
  ['nothing for a third parameter', inHandler('c.|', 'a, b, c'), []],
  ['nothing for the rest of a pattern', inHandler('const { user, ...rest } = event; rest.|'), []],
  ['nothing for a sum', inHandler('const s = event.user + 1; s.|'), []],
  ['nothing for the keys of an object', inHandler('const o = { | };'), []],
];

describe('completion of event and api', () => {
  for (const [what, marked, expected] of CASES) {
    it(what, () => {
      const found = names(marked);
      assert.deepEqual(expected.length === 0 ? found : expected.filter(name => !found.includes(name)), [], found.join(', '));
    });
  }

  it('what hides a parameter ends with its block', () => {
    assert.ok(names(inHandler('for (const event of list) { use(event); }\n  event.|')).includes('user'));
    assert.ok(names(inHandler('list.map(event => event.id);\n  event.|')).includes('user'));
    assert.ok(names(inHandler('const f = event => event.id\n  const b = event.|')).includes('user'));
    assert.ok(names(inHandler('try { a(); } catch (event) { b(); }\n  event.|')).includes('user'));
  });

  it('replaces what is written of the name, and the dot before a secret that needs brackets', () => {
    assert.match(taken(inHandler('event.us|'), 'user'), / {2}event\.user\n/u);
    assert.match(taken(inHandler('event.secrets.C|'), 'CRM_KEY'), /event\.secrets\.CRM_KEY\n/u);
    assert.match(taken(inHandler('event.secrets.ma|'), 'mail-key'), /event\.secrets\['mail-key'\]\n/u);
    assert.match(taken(inHandler('event.secrets?.|'), "it's"), /event\.secrets\?\.\['it\\'s'\]\n/u);
    assert.match(taken(inHandler('event.secrets["|"]'), "it's"), /event\.secrets\["it's"\]\n/u);
    assert.match(taken(inHandler("api.multifactor.enable('|"), 'duo'), /enable\('duo\n/u);
  });

  it('says the type, and which handler a method is for', () => {
    const find = (marked: string, name: string): Suggestion | undefined => at(marked, complete).find(one => one.name === name);
    assert.equal(find(inHandler('event.user.|'), 'identities')?.type, 'object[]');
    assert.equal(find(inHandler('api.access.|'), 'deny')?.type, '(reason: string): PostLoginAPI');
    assert.equal(find(inHandler('event.|'), 'session')?.optional, true);
    assert.equal(find(inHandler('api.redirect.|'), 'canRedirect')?.deprecated, true);
    assert.equal(find(inHandler('api.redirect.|'), 'sendUserTo')?.deprecated, false);
    assert.equal(find(inHandler('api.authentication.|'), 'recordMethod')?.elsewhere, 'onContinuePostLogin');
    assert.equal(find('exports.onContinuePostLogin = async (event, api) => { api.authentication.| };', 'recordMethod')?.elsewhere, undefined);
    assert.equal(find(inHandler("if (event.transaction.protocol === '|') {}"), 'oauth2-access-token')?.deprecated, true);
    assert.equal(find(inHandler('event.user.identities[0].|'), 'provider')?.path, 'event.user.identities[].provider');
    assert.equal(find(inHandler("api.idToken.setCustomClaim('a', 1).access.|"), 'deny')?.path, 'api.access.deny');
  });

  it('follows the trigger and its version', () => {
    const code = (handler: string): string => `exports.${handler} = async (event, api) => { event.| };`;
    assert.ok(names(code('onExecuteCredentialsExchange'), { id: 'credentials-exchange', version: 'v2' }).includes('accessToken'));
    assert.ok(names(code('onExecuteSendPhoneMessage'), { id: 'send-phone-message', version: 'v2' }).includes('message_options'));
    assert.ok(!names(code('onExecutePostLogin'), { id: 'post-login', version: 'v2' }).includes('session'));
    assert.ok(names(code('onExecutePostLogin'), { id: 'post-login' }).includes('session'), 'the newest version, where none is said');
    assert.deepEqual(names(code('onExecutePostLogin'), { id: 'post-login', version: 'v99' }), []);
    assert.deepEqual(names(code('onExecutePostLogin'), { id: 'not-a-trigger', version: 'v1' }), []);
  });

  it('knows context in place of api where a version is that old, and any exported function where handlers have no published names', () => {
    assert.deepEqual(names('module.exports = async (event, context) => { context.| };', { id: 'post-login', version: 'v1' }), ['secrets']);
    assert.deepEqual(names('module.exports = async (event, context) => { context.secrets.| };', { id: 'post-login', version: 'v1' }), SECRETS);
    assert.ok(names('exports.onExecuteMcpTool = async (event, api) => { event.| };', { id: 'mcp-tool', version: 'v1' }).includes('tool'));
    assert.deepEqual(names('exports.onExecuteMcpTool = async (event, api) => { api.| };', { id: 'mcp-tool', version: 'v1' }), []);
  });
});

describe('types of the script itself', () => {
  const documented = (comment: string): string[] => names(`${comment}\n/**\n * @param {Event} event - the event\n * @param {PostLoginAPI} api\n */\n${inHandler('event.|')}`);

  it('are left to VS Code, where it has them', () => {
    assert.deepEqual(documented('/** @typedef {{ user: { name: string } }} Event */'), []);
    assert.deepEqual(documented('/**\n * @typedef {Object} Event\n * @property {string} user\n */'), []);
  });

  it('are not there where a draft only names or imports them', () => {
    assert.ok(documented('').includes('secrets'));
    assert.ok(documented("/** @typedef {import('@auth0/actions/post-login/v3').Event} Event */").includes('secrets'));
    assert.ok(documented('/** @typedef {{ a: string }} Other */').includes('secrets'));
    assert.ok(documented("/** @typedef {import('./types').Event} Event */").includes('secrets'));
  });

  it('are there where a file imports them from another one', () => {
    const beside = (comment: string, type = 'Event'): string[] => {
      const code = `${comment}\n/** @param {${type}} event */\nexports.onExecutePostLogin = async event => { event.`;
      return complete(code, code.length, { triggers: [POST_LOGIN], secrets: SECRETS, besideFiles: true }).map(one => one.name);
    };
    for (const comment of ["/** @typedef {import('./types').Event} Event */", '/** @typedef {import("../types.js").Login} Event */', "/** @import {Event} from './types' */", '/** @import {Api, Login as Event} from "../types" */', '/** @typedef {{ a: string }} Event */']) {
      assert.deepEqual(beside(comment), [], comment);
    }
    assert.deepEqual(beside('', "import('./types').Event"), []);
    for (const comment of ['', "/** @typedef {import('@auth0/actions/post-login/v3').Event} Event */", '/** @import {Event} from "@auth0/actions/post-login/v3" */', "/** @import {Other} from './types' */"]) {
      assert.ok(beside(comment).includes('secrets'), comment);
    }
    assert.ok(beside('', "import('@auth0/actions/post-login/v3').Event").includes('secrets'));
  });
});

describe('hover over event and api', () => {
  const lines = (marked: string): readonly string[] | undefined => at(marked, explain)?.lines;

  it('says what a word is', () => {
    assert.deepEqual(lines(inHandler('event.user.em|ail')), ['event.user.email?: string']);
    assert.deepEqual(lines(inHandler('event.authen|tication.methods')), ['event.authentication?: object']);
    assert.deepEqual(lines(inHandler('|event.user.email')), ['event: object']);
    assert.deepEqual(lines(inHandler('api.access.deny|("no")')), ['api.access.deny(reason: string): PostLoginAPI']);
    assert.deepEqual(lines(inHandler('const { user } = event; us|er.email')), ['event.user: object']);
    assert.deepEqual(lines(inHandler('const { us|er } = event;')), ['event.user: object']);
    assert.deepEqual(lines(inHandler("event['us|er']")), ['event.user: object']);
    assert.deepEqual(lines(inHandler('event.secrets.CRM|_KEY')), ['CRM_KEY: string']);
    assert.deepEqual(lines('exports.onExecutePostLogin = async (ev|ent, api) => { event.user; };'), ['event: object']);
    assert.deepEqual(lines(inHandler('', '{ us|er }, api')), ['event.user: object']);
    assert.deepEqual(lines('exports.onExecutePostLogin = (event, a|pi) => api.access'), ['api: typeof api']);
    assert.deepEqual(lines('exports.onExecutePostLogin = async e|v => { ev.user; };'), ['ev: object']);
    assert.deepEqual(lines(inHandler("api.samlResponse.setDigestAlgo|rithm('sha256')")), ["api.samlResponse.setDigestAlgorithm(digestAlgorithm: 'sha256'): void", "api.samlResponse.setDigestAlgorithm(digestAlgorithm: 'sha1'): void"]);
  });

  it('gives the types that have a name', () => {
    assert.deepEqual(at(inHandler("api.cache.s|et('a', 'b')"), explain)?.definitions.slice(0, 1), ['CacheSetOptions = { expires_at?: number; ttl?: number }']);
  });

  it('marks what is deprecated or of another handler', () => {
    assert.equal(at(inHandler('api.redirect.canRed|irect()'), explain)?.deprecated, true);
    assert.equal(at(inHandler('api.authentication.recordMe|thod("x")'), explain)?.elsewhere, 'onContinuePostLogin');
  });

  it('says nothing of other words', () => {
    for (const marked of ['con|st a = 1;', 'const ot|her = require("x");', '// event.us|er', '"event.us|er"', 'foo.us|er', 'event.secrets.NOT_THE|RE', 'event.user.app_metadata.pl|an', 'const o = { us|er: 1 };', 'event.user  | ']) {
      assert.equal(at(inHandler(marked), explain), undefined, marked);
    }
  });
});

describe('signature help of api', () => {
  it('says which parameter is being written', () => {
    const call = (marked: string): unknown => {
      const found = at(inHandler(marked), callAt);
      return found === undefined ? undefined : [found.signatures[0]?.text, found.activeParameter];
    };
    const claim = 'setCustomClaim(key: string, value: unknown): PostLoginAPI';
    assert.deepEqual(call('api.idToken.setCustomClaim(|'), [claim, 0]);
    assert.deepEqual(call('api.idToken.setCustomClaim(|)'), [claim, 0]);
    assert.deepEqual(call("api.idToken.setCustomClaim('a', |)"), [claim, 1]);
    assert.deepEqual(call("api.idToken.setCustomClaim('a, b', { c: [1, 2|], d })"), [claim, 1]);
    assert.deepEqual(call("api.idToken.setCustomClaim('a', list.map(x => x|"), undefined);
    assert.deepEqual(call("api.idToken.setCustomClaim('a', list.map(x => x)|)"), [claim, 1]);
    assert.deepEqual(call("const { idToken } = api; idToken.setCustomClaim?.('a', |"), [claim, 1]);
    assert.deepEqual(call("api.idToken.setCustomClaim('a', 1)|"), undefined);
    assert.deepEqual(call("api.idToken.setCustomClaim('a', function () { |"), undefined);
    assert.deepEqual(call('if (|event.user) {}'), undefined);
    assert.deepEqual(call('other(|)'), undefined);
    assert.deepEqual(call('api.redirect.canRedirect(|)'), ['canRedirect(): boolean', 0]);
  });
});
