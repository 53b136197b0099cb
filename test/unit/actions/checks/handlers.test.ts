/** The function that a trigger calls: exported, rightly spelled, a function. */
import assert from 'node:assert/strict';
import { findings, mended, told } from './support.ts';

describe('the check of handlers', () => {
  it('finds none missing, however it is exported', () => {
    for (const code of [
      'exports.onExecutePostLogin = async (event, api) => {};',
      'module.exports.onExecutePostLogin = async () => {};',
      "exports['onExecutePostLogin'] = async () => {};",
      'module.exports = { onExecutePostLogin: async () => {} };',
      'module.exports = { async onExecutePostLogin() {} };',
      'async function onExecutePostLogin() {}\nmodule.exports = { onExecutePostLogin };',
      'const run = async () => {};\nexports.onExecutePostLogin = run;',
      'exports = module.exports = { onExecutePostLogin: async () => {} };',
      'module.exports = exports = { onExecutePostLogin: async () => {} };',
      'exports.onExecutePostLogin = exports.onContinuePostLogin = async () => {};',
      'exports.onExecutePostLogin = void 0;\nObject.defineProperty(exports, "__esModule", { value: true });\nasync function onExecutePostLogin() {}\nexports.onExecutePostLogin = onExecutePostLogin;',
      'exports.onExecutePostLogin = withRetry(async () => {});\nfunction withRetry(f) { return f; }',
      'if (true) { exports.onExecutePostLogin = async () => {}; }',
      // What more is exported cannot be seen.
      'Object.assign(exports, { onExecutePostLogin: async () => {} });',
      'const handlers = { onExecutePostLogin: async () => {} };\nmodule.exports = { ...handlers };',
      'module.exports = { ["on" + "ExecutePostLogin"]: async () => {} };',
      'exports["on" + name] = async () => {};\nconst name = "";',
      'module.exports = make();\nfunction make() { return {}; }',
      'const e = exports;\ne.onExecutePostLogin = async () => {};',
      'this.onExecutePostLogin = async () => {};',
      '(function (exports) { exports.onExecutePostLogin = async () => {}; })(exports);',
    ]) {
      assert.deepEqual(told(code), [], code);
    }
  });

  it('finds a missing one, and writes it', () => {
    assert.deepEqual(told('// nothing yet\n'), ['error handler-missing: ']);
    assert.deepEqual(told('module.exports = async () => {};'), ['error handler-missing: ']);
    assert.deepEqual(told('module.exports = { helper() {} };'), ['error handler-missing: ']);
    for (const code of ['', '// nothing yet', '// nothing yet\r\n', 'const a = 1;\n']) {
      const after = mended(code) ?? '';
      assert.ok(after.startsWith(code) && after.includes('exports.onExecutePostLogin = async (event, api) => {'), after);
      assert.deepEqual(told(after), [], after);
    }
    // The part after a redirect alone breaks nothing.
    assert.deepEqual(told('exports.onContinuePostLogin = async () => {};'), ['warning handler-missing: ']);
  });

  it('finds a misspelled one, and mends it', () => {
    for (const name of ['onExecutePostlogin', 'onexecutepostlogin', 'onExecutePostLogIn', 'onExecutPostLogin', 'onExecutePostLogins']) {
      const code = `exports.${name} = async () => {};`;
      assert.deepEqual(told(code), [`error handler-misspelled: ${name}`]);
      assert.equal(mended(code), 'exports.onExecutePostLogin = async () => {};');
    }
    assert.equal(mended('const onExecutePostlogin = async () => {};\nmodule.exports = { onExecutePostlogin };'), 'const onExecutePostlogin = async () => {};\nmodule.exports = { onExecutePostLogin: onExecutePostlogin };');
    assert.equal(mended('module.exports = { "onExecutePostlogin": async () => {} };'), 'module.exports = { "onExecutePostLogin": async () => {} };');
    assert.deepEqual(told('exports.onExecutePostLogin = async () => {};\nexports.onContinuePostlogin = async () => {};'), ['error handler-misspelled: onContinuePostlogin']);
  });

  it('finds one of another trigger', () => {
    const code = 'exports.onExecutePostLogin = async () => {};';
    assert.deepEqual(told(code, { triggers: [{ id: 'credentials-exchange', version: 'v2' }] }), ['error handler-unknown: onExecutePostLogin']);
    assert.equal(mended(code, { triggers: [{ id: 'credentials-exchange', version: 'v2' }] }), 'exports.onExecuteCredentialsExchange = async () => {};');
    assert.deepEqual(told(`${code}\nexports.onExecuteEventStream = async () => {};\nexports.helper = 1;\nexports.onceOnly = 1;`), ['warning handler-unknown: onExecuteEventStream']);
    // Two names that are near to each other, each right for its own trigger.
    assert.deepEqual(told('exports.onExecutePreUserRegistration = async () => {};', { triggers: [{ id: 'post-user-registration', version: 'v2' }] }), ['error handler-unknown: onExecutePreUserRegistration']);
  });

  it('knows those of every trigger, and says nothing of others', () => {
    const names: readonly (readonly [string, string, string])[] = [
      ['post-login', 'v2', 'onExecutePostLogin'], ['credentials-exchange', 'v2', 'onExecuteCredentialsExchange'], ['pre-user-registration', 'v2', 'onExecutePreUserRegistration'],
      ['post-user-registration', 'v2', 'onExecutePostUserRegistration'], ['post-change-password', 'v2', 'onExecutePostChangePassword'], ['send-phone-message', 'v2', 'onExecuteSendPhoneMessage'],
      ['password-reset-post-challenge', 'v1', 'onExecutePostChallenge'], ['custom-phone-provider', 'v1', 'onExecuteCustomPhoneProvider'], ['custom-email-provider', 'v1', 'onExecuteCustomEmailProvider'],
      ['custom-token-exchange', 'v1', 'onExecuteCustomTokenExchange'], ['event-stream', 'v1', 'onExecuteEventStream'],
    ];
    for (const [id, version, name] of names) {
      assert.deepEqual(told(`exports.${name} = async () => {};`, { triggers: [{ id, version }] }), [], id);
      assert.deepEqual(told('', { triggers: [{ id, version }] }), ['error handler-missing: '], id);
    }
    for (const triggers of [[], [{ id: 'mcp-tool', version: 'v1' }], [{ id: 'post-login', version: 'v1' }], [{ id: 'post-login', version: 'beta' }], [{ id: 'post-login', version: 'v3' }, { id: 'event-stream', version: 'v1' }]]) {
      assert.deepEqual(told('module.exports = 1;', { triggers }), []);
    }
    assert.equal(findings('', { triggers: [{ id: 'post-login' }] }).length, 1);
  });

  it('wants an async function, and is content with a promise', () => {
    assert.deepEqual(told('exports.onExecutePostLogin = function (event) { event.x = 1; };'), ['hint handler-not-async: onExecutePostLogin']);
    for (const [code, after] of [
      ['exports.onExecutePostLogin = (event, api) => { api.x(); };', 'exports.onExecutePostLogin = async (event, api) => { api.x(); };'],
      ['exports.onExecutePostLogin = function () {};', 'exports.onExecutePostLogin = async function () {};'],
      ['module.exports = { onExecutePostLogin() {} };', 'module.exports = { async onExecutePostLogin() {} };'],
      ['exports.onExecutePostLogin = run;\nfunction run() {}', 'exports.onExecutePostLogin = run;\nasync function run() {}'],
      ['exports.onExecutePostLogin = run;\nconst run = function () {};', 'exports.onExecutePostLogin = run;\nconst run = async function () {};'],
    ] as const) {
      assert.equal(mended(code), after);
      assert.deepEqual(told(after), [], after);
    }
    for (const code of ['(event) => fetch(event.x)', 'function (event) { return fetch(event.x); }', 'require("node:util").promisify(() => {})', 'async () => {}', 'a.b']) {
      assert.deepEqual(told(`exports.onExecutePostLogin = ${code};`), [], code);
    }
    for (const value of ['1', '{}', '[]', '`x`', '"x"', 'null']) {
      assert.deepEqual(told(`exports.onExecutePostLogin = ${value};`), ['error handler-not-function: onExecutePostLogin'], value);
    }
  });
});
