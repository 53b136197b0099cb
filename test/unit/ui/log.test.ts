/** The log: what it says of each request, at which level, and what nobody can make it say. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { window } from 'vscode';
import { ApiError } from '../../../src/auth0/errors.ts';
import { connectTenant } from '../../../src/node/network.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import { startSimulator } from '../../../src/simulator/index.ts';
import { Log } from '../../../src/ui/log.ts';
import { rejection } from '../support/things.ts';

/** A log whose lines are kept, each as its level and its text. */
function keptLog(): { readonly log: Log; readonly lines: (readonly [level: string, text: string])[] } {
  const lines: (readonly [string, string])[] = [];
  const channel = Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error'].map(level => [level, (text: string) => lines.push([level, text])]));
  Object.assign(window, { createOutputChannel: () => channel });
  return { log: new Log(), lines };
}

describe('the log', () => {
  afterEach(() => {
    Object.assign(window, { createOutputChannel: undefined });
  });

  it('tells method, path, status, time and remaining quota of each request, and holds neither token nor code nor secret', async () => {
    const { log, lines } = keptLog();
    const simulator = await startSimulator({ plan: 'enterprise', buildScale: 0 });
    try {
      const api = connectTenant({ origin: simulator.url, token: () => Promise.resolve(simulator.token), clock: systemClock, userAgent: 'test', onRequest: record => log.request('acme', record) });
      const { id } = await api.createAction({ name: 'logged', triggers: [{ id: 'post-login', version: 'v3' }], runtime: 'node22', code: '// precious-code\n', secrets: [{ name: 'KEY', value: 'precious-secret' }] });
      await api.listVersions(id, 0, 7);
      await api.deployAction(id);
      log.error('read', await rejection(api.getAction('00000000-0000-4000-8000-000000000000')));
      assert.deepEqual(lines.map(([level]) => level), ['info', 'debug', 'info', 'warn', 'error']);
      const [created, listed, deployed, missing] = lines.map(([, text]) => text);
      assert.match(created ?? '', /^acme POST \/api\/v2\/actions\/actions · 201 · \d+ ms · \d+ requests left$/u);
      assert.match(listed ?? '', new RegExp(`^acme GET /api/v2/actions/actions/${id}/versions · 200 · \\d+ ms · \\d+ requests left$`, 'u'));
      assert.match(deployed ?? '', new RegExp(`^acme POST /api/v2/actions/actions/${id}/deploy · 200 · `, 'u'));
      assert.match(missing ?? '', /· 404 · notFound · \d+ ms · \d+ requests left$/u);
      const all = lines.map(([, text]) => text).join('\n');
      assert.doesNotMatch(all, /precious|per_page/u);
      assert.ok(!all.includes(simulator.token));
    } finally {
      await simulator.close();
    }
  });

  it('has no line that a tenant, a path or an error has begun', () => {
    const hostile = fc.array(fc.constantFrom('\n', '\r', '\u2028', '\u2029', '\u0085', '\u001b[2K', '\u202e', '\0', '\t', '    at forged (x.js:1:1)', '2026-05-20 [info] forged', 'a'), { maxLength: 12 }).map(parts => parts.join(''));
    fc.assert(fc.property(hostile, hostile, hostile, (tenant, path, text) => {
      const { log, lines } = keptLog();
      log.request(`acme ${tenant}`, { method: 'GET', path, status: 500, kind: 'server', ms: 1, queuedMs: 0 });
      log.trace(`told: ${text}`);
      log.info(`told: ${text}`);
      log.warn(`told: ${text}`);
      log.error('read', new ApiError('server', { method: 'GET', path, serviceMessage: text, cause: new Error(text) }));
      log.error(`read ${path}`, text);
      assert.equal(lines.length, 6);
      for (const [, whole] of lines) {
        for (const one of whole.split('\n')) {
          assert.doesNotMatch(one, /[\p{Cc}\u2028\u2029\u202e]/u);
          assert.doesNotMatch(one, /^\s*(at forged|2026)/u);
        }
      }
      assert.ok(lines.filter(([, whole]) => whole.includes('\n')).every(([level]) => level === 'error'));
    }));
  });

  it('names an error, where it happened, and its causes', () => {
    const { log, lines } = keptLog();
    log.error('deploy', new Error('outside', { cause: new TypeError('inside') }));
    const told = lines[0]?.[1].split('\n') ?? [];
    assert.equal(told[0], 'deploy: Error: outside');
    assert.match(told[1] ?? '', /^ {4}at .*log\.test\.ts/u);
    assert.ok(told.includes('caused by TypeError: inside'));
  });

  it('cuts what is endless, and takes out queries', () => {
    const { log, lines } = keptLog();
    log.warn('x'.repeat(100_000));
    log.warn('request to https://acme.eu.auth0.com/authorize?client_secret=precious&x=1 failed, reason: refused');
    assert.ok((lines[0]?.[1].length ?? 0) < 3000);
    assert.equal(lines[1]?.[1], 'request to https://acme.eu.auth0.com/authorize?[redacted] failed, reason: refused');
  });
});
