/** Runs on this machine, as far as they are decisions: which calls are wrong, what the cache takes, and what a process's words come to. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { knownTriggers } from '../../../src/actions/language/facts.ts';
import { apiFor } from '../../../src/actions/runs/localApi.ts';
import { LocalCache } from '../../../src/actions/runs/localCache.ts';
import { callProblem } from '../../../src/actions/runs/localCalls.ts';
import type { MethodTable } from '../../../src/actions/runs/localCalls.ts';
import { SecretMask } from '../../../src/actions/runs/localMask.ts';
import { MOST_CALLS, MOST_LINES, RunReport } from '../../../src/actions/runs/localReport.ts';
import type { CallProblem, LimitMet } from '../../../src/actions/runs/localRun.ts';
import { lineOfError } from '../../../src/actions/runs/stack.ts';

const LOGIN = [{ id: 'post-login', version: 'v3' }];

function problem(path: string, args: readonly unknown[], handler = 'onExecutePostLogin'): CallProblem | undefined {
  const method = apiFor(LOGIN).handlers[handler]?.[path];
  assert.ok(method, path);
  return callProblem(method, args, handler);
}

describe('calls of the api object', () => {
  it('are right where their arguments are', () => {
    for (const [path, args] of [
      ['access.deny', ['no']],
      ['accessToken.setCustomClaim', ['https://x/plan', undefined]],
      ['multifactor.enable', ['any', { allowRememberBrowser: false }]],
      ['multifactor.enable', ['any']],
      ['authentication.challengeWith', [{ type: 'phone', options: { preferredMethod: 'sms' } }, { additionalFactors: [{ type: 'otp' }] }]],
      ['redirect.sendUserTo', ['https://x', { query: { a: 'b' } }]],
      ['samlResponse.setAttribute', ['groups', ['a', 1, true]]],
      ['cache.set', ['key', 'value', { ttl: 1000 }]],
    ] as const) {
      assert.equal(problem(path, args), undefined, `${path}(${JSON.stringify(args)})`);
    }
  });

  it('are wrong where one is missing or of another type, and say which', () => {
    assert.deepEqual(problem('access.deny', []), { kind: 'missing', parameter: 'reason' });
    assert.deepEqual(problem('access.deny', [7]), { kind: 'wrongType', parameter: 'reason', expected: 'string' });
    assert.deepEqual(problem('cache.set', ['key', 7]), { kind: 'wrongType', parameter: 'value', expected: 'string' });
    assert.equal(problem('multifactor.enable', ['sms'])?.kind, 'wrongType');
    assert.equal(problem('redirect.sendUserTo', ['https://x', { query: { a: 1 } }])?.kind, 'wrongType');
    assert.equal(problem('authentication.challengeWith', [{ type: 'phone', options: { preferredMethod: 'fax' } }])?.kind, 'wrongType');
  });

  it('do nothing in a handler that they are not for', () => {
    assert.deepEqual(problem('authentication.recordMethod', ['https://x']), { kind: 'otherHandler' });
    assert.equal(problem('authentication.recordMethod', ['https://x'], 'onContinuePostLogin'), undefined);
  });

  it('are known for each trigger with published methods, as plain data', () => {
    for (const trigger of knownTriggers()) {
      const api = apiFor([trigger]);
      assert.deepEqual(JSON.parse(JSON.stringify(api)), JSON.parse(JSON.stringify(structuredClone(api))));
      for (const table of Object.values(api.handlers)) {
        assert.ok(Object.keys(table).includes('cache.get') || trigger.id === 'post-login', JSON.stringify(trigger));
      }
    }
    assert.equal(apiFor([{ id: 'post-login', version: 'v1' }]).argument, 'context');
    assert.deepEqual(apiFor([{ id: 'of-tomorrow' }]), { known: false, handlers: {}, argument: 'api' });
    const groups = apiFor(LOGIN).handlers['onExecutePostLogin']?.['groups.getUserGroups'] as MethodTable[string];
    assert.deepEqual([groups.promised, groups.value], [true, { groups: [] }]);
  });

  it('of anything never fail', () => {
    const methods = Object.entries(apiFor(LOGIN).handlers['onExecutePostLogin'] ?? {});
    fc.assert(fc.property(fc.constantFrom(...methods), fc.array(fc.anything(), { maxLength: 4 }), ([, method], args) => {
      callProblem(method, args, 'onExecutePostLogin');
    }));
  });
});

describe('the cache of a run', () => {
  let now = 1_000_000;
  let limits: LimitMet[] = [];
  const fresh = (): LocalCache => {
    now = 1_000_000;
    limits = [];
    return new LocalCache(() => now, limit => limits.push(limit));
  };

  it('keeps a value for as long as it was told, a quarter of an hour otherwise, and a day at most', () => {
    const cache = fresh();
    assert.deepEqual(cache.set('a', '1', undefined), { type: 'success', record: { value: '1', expires_at: now + 900_000 } });
    cache.set('b', '2', { ttl: 1000, expires_at: now + 5000 });
    assert.deepEqual(cache.set('c', '3', { ttl: 1e12 }), { type: 'success', record: { value: '3', expires_at: now + 86_400_000 } });
    now += 1000;
    assert.deepEqual([cache.get('a')?.value, cache.get('b'), cache.get('c')?.value], ['1', undefined, '3']);
    assert.deepEqual([cache.delete('a'), cache.delete('a')], [{ type: 'success' }, { type: 'error', code: 'CacheKeyDoesNotExist' }]);
    assert.deepEqual([cache.set('d', '4', { ttl: -1 }), cache.set('d', '4', { ttl: 'x' }), cache.set('d', 4, {})].map(one => (one.type === 'error' ? one.code : '')), ['ItemAlreadyExpired', 'InvalidExpiry', 'FailedToSetCacheRecord']);
    assert.deepEqual(limits, []);
  });

  it('refuses what is too large or too many, and says so', () => {
    const cache = fresh();
    assert.deepEqual(cache.set('k'.repeat(65), '', {}), { type: 'error', code: 'CacheKeySizeExceeded' });
    assert.deepEqual(cache.set('é'.repeat(33), '', {}), { type: 'error', code: 'CacheKeySizeExceeded' });
    assert.deepEqual(cache.set('big', 'v'.repeat(4097), {}), { type: 'error', code: 'CacheValueSizeExceeded' });
    assert.equal(cache.set('one', 'v'.repeat(4000), {}).type, 'success');
    assert.equal(cache.set('two', 'v'.repeat(4000), {}).type, 'success');
    assert.deepEqual(cache.set('three', 'v'.repeat(300), {}), { type: 'error', code: 'CacheSizeExceeded' });
    assert.equal(cache.set('two', 'v', {}).type, 'success', 'in place of itself');
    for (let index = 0; index < 18; index += 1) {
      assert.equal(cache.set(`k${index}`, 'v', {}).type, 'success');
    }
    assert.equal(cache.set('last', 'v', {}).type, 'error');
    assert.deepEqual(limits.map(one => `${one.kind} ${'key' in one ? one.key.slice(0, 5) : ''}`), ['cacheSize kkkkk', 'cacheSize ééééé', 'cacheSize big', 'cacheSize three', 'cacheEntries last']);
  });
});

describe('what a process says of a run', () => {
  const CODE = 'exports.onExecutePostLogin = async () => {\n  throw new Error();\n};\n';
  const PEM = '-----BEGIN KEY-----\nab\nsecret-line-1\nsecret-"line"-2\ncd\n-----END KEY-----\n';
  const report = (secrets = {}): RunReport => new RunReport({ path: '/w/enrich.js', code: CODE, secrets });

  it('is a result with its line', () => {
    const run = report();
    for (const message of [{ t: 'loaded', ms: 3 }, { t: 'handler', name: 'onExecutePostLogin' }, { t: 'threw', name: 'Error', message: 'no', stack: 'Error: no\n    at exports.onExecutePostLogin (/w/enrich.js:2:9)' }, { t: 'threw', name: '', message: 'second', stack: '' }, { t: 'done', ms: 5 }]) {
      run.take(JSON.stringify(message));
    }
    const { end, error, errorLine, handlers, ms } = run.result();
    assert.deepEqual([end, error?.message, errorLine, handlers, ms], ['threw', 'no', 2, ['onExecutePostLogin'], { load: 3, handlers: 5 }]);
  });

  it('holds no value of a secret', () => {
    const run = report({ KEY: 'hush-hush', LONG: 'hush-hush-and-more', NO: 'ab' });
    run.take(JSON.stringify({ t: 'call', call: { method: 'api.redirect.encodeToken', args: [{ secret: 'hush-hush', payload: { 'a hush-hush': ['hush-hush-and-more'], b: 'ab' } }], handler: 'h' } }));
    run.take(JSON.stringify({ t: 'console', level: 'log', text: 'key=hush-hush.' }));
    run.take(JSON.stringify({ t: 'threw', name: 'Error', message: 'hush-hush', stack: 'Error: hush-hush' }));
    run.output('stderr', 'hush-hush\n');
    const result = run.result();
    assert.doesNotMatch(JSON.stringify(result), /hush/u);
    assert.deepEqual(result.calls[0]?.args, [{ secret: '«KEY»', payload: { 'a «KEY»': ['«LONG»'], b: 'ab' } }]);
  });

  it('holds none in whatever way it is written', () => {
    const written = (value: unknown): readonly string[] => [inspect(value, { breakLength: Infinity }), JSON.stringify(value), inspect(JSON.stringify(value), { breakLength: Infinity }), JSON.stringify(JSON.stringify(value))];
    fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 4, maxLength: 30 }).filter(one => !/\n/u.test(one)), secret => {
      const mask = new SecretMask({ KEY: secret });
      for (const [index, text] of written([secret]).entries()) {
        assert.match(mask.text(text), /^['"`]?\[ ?(['"`]|\\*")«KEY»(['"`]|\\*") ?\]['"`]?$/u, `${index}: ${text}`);
      }
    }));
  });

  it('holds no line of one with several, however it is written', () => {
    const mask = new SecretMask({ PEM });
    for (const text of [PEM, `  ${PEM.replaceAll('\n', '\n  ')}`, inspect({ PEM }), JSON.stringify({ PEM }), inspect({ body: JSON.stringify({ PEM }) }), PEM.split('\n')[2] ?? '']) {
      assert.doesNotMatch(mask.text(text), /secret|BEGIN|END/u, text);
    }
  });

  it('holds no beginning of one where it was cut', () => {
    const mask = new SecretMask({ PEM, KEY: 'hush-hush-and-more' });
    for (const text of [`${'x'.repeat(4000)}hush-hu`, 'a hush-hu…', inspect([`${'x'.repeat(193)}hush-hush-and-more`], { maxStringLength: 200 })]) {
      assert.match(mask.text(text), /«KEY»/u);
      assert.doesNotMatch(mask.text(text), /hush/u, text);
    }
    for (let length = 4; length < PEM.length; length += 1) {
      assert.doesNotMatch(mask.text(`${PEM.slice(0, length)}…`), /secret|BEGI|END|ab|cd/u, `${length}`);
    }
    assert.equal(mask.text('a hush-hu'), 'a hush-hu', 'a word that begins as one does');
  });

  it('holds none that was printed in two pieces, and all that was printed', () => {
    const text = `one\n${PEM}two\nkey=hush-hush, three`;
    for (let at = 0; at <= text.length; at += 1) {
      const run = report({ PEM, KEY: 'hush-hush' });
      run.output('stdout', text.slice(0, at));
      run.output('stdout', text.slice(at));
      assert.equal(run.result().console.map(one => one.text).join('').replace(/\s/gu, ''), 'one«PEM»twokey=«KEY»,three', `${at}`);
    }
    const open = report({ KEY: 'hush-hush' });
    open.output('stderr', 'a h');
    assert.deepEqual(open.result().console, [{ level: 'stderr', text: 'a h' }]);
  });

  it('is kept within bounds, with what is left out counted', () => {
    const run = report();
    for (let index = 0; index < MOST_CALLS + 5; index += 1) {
      run.take(JSON.stringify({ t: 'call', call: { method: 'api.a.b', args: [], handler: 'h' } }));
      run.take(JSON.stringify({ t: 'console', level: 'log', text: 'x' }));
    }
    run.take(JSON.stringify({ t: 'counts', calls: MOST_CALLS + 5, lines: MOST_LINES + 9, characters: 257 }));
    const { calls, console, leftOut, limits, end } = run.result();
    assert.deepEqual([calls.length, console.length, leftOut, limits], [MOST_CALLS, MOST_LINES, { calls: 5, lines: 9 }, [{ kind: 'console', characters: 257 }]]);
    assert.equal(end, 'exited', 'it has not said that it was done');
  });

  it('is read with care', () => {
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string(), fc.record({ t: fc.constantFrom('loaded', 'handler', 'call', 'console', 'counts', 'limit', 'threw', 'stuck', 'exit', 'done'), call: fc.jsonValue(), limit: fc.jsonValue(), ms: fc.jsonValue(), text: fc.jsonValue() }).map(one => JSON.stringify(one))), text => {
      const run = report({ KEY: 'done' });
      run.take(text);
      JSON.stringify(run.result());
    }));
  });
});

describe('the line of an error in a file that is known', () => {
  const code = 'a\nb\nc\n';

  it('is that of the first frame in it, or of a syntax error', () => {
    assert.equal(lineOfError('Error: x\n    at helper (/w/helper.js:9:1)\n    at /w/enrich.js:3:1', code, '/w/enrich.js'), 3);
    assert.equal(lineOfError('/w/enrich.js:2\n  const = 1\n\nSyntaxError: x\n    at load (/r/runner.cjs:1:1)', code, '/w/enrich.js'), 2);
    assert.equal(lineOfError('Error: x\n    at exports.onExecutePostLogin (/w/other.js:1:1)', code, '/w/enrich.js'), undefined);
    assert.equal(lineOfError('C:\\w\\enrich.js:2\nSyntaxError: x', code, 'C:\\w\\enrich.js'), 2);
  });
});
