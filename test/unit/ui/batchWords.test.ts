/** The rows of the reviewed list, and the one summary. */
import assert from 'node:assert/strict';
import type { BatchEntry, BatchResult } from '../../../src/actions/batch.ts';
import type { Finding } from '../../../src/actions/checks/check.ts';
import type { Outcome } from '../../../src/actions/deployment.ts';
import { batchAccount, batchSummary, candidateWords, isTickedAtFirst } from '../../../src/ui/many/batchWords.ts';
import type { Candidate } from '../../../src/ui/many/batchWords.ts';
import { UserError } from '../../../src/ui/errorWords.ts';
import { action, apiError, fakeApi, tenantOf, version } from '../support/things.ts';

const TENANT = tenantOf(fakeApi());

function candidate(change: Partial<Candidate> = {}): Candidate {
  return { tenant: TENANT, actionId: 'a', actionName: 'enrich', action: action('a', { code: '// new', deployedVersion: version(3, { code: '// old' }) }), savesFirst: false, errors: [], reach: [{ triggerId: 'post-login', flow: { entityBound: false, bindings: [] } }], ...change };
}

const finding = (line: number): Finding => ({ code: 'syntax', message: 'Unexpected token', severity: 'error', range: { line, start: 0, end: 1 }, fixes: [] });

describe('a row of the list before several deployments', () => {
  const rows: readonly (readonly [string, Candidate, readonly string[], boolean])[] = [
    ['changes', candidate(), ['enrich', 'Post Login · not in any flow', 'since v3: lines of code: 1 added, 1 removed'], true],
    ['a text that is only here', candidate({ savesFirst: true }), ['enrich', 'Post Login · not in any flow', 'since v3: lines of code: 1 added, 1 removed · your text is saved first'], true],
    ['a first deploy', candidate({ action: action('a') }), ['enrich', 'Post Login · not in any flow', 'never deployed'], true],
    ['an error', candidate({ errors: [finding(4)] }), ['$(error) enrich', 'Post Login · not in any flow', 'Line 5: Syntax error: Unexpected token. The service deploys such code, and it then fails in each login · since v3: lines of code: 1 added, 1 removed'], false],
    ['several errors', candidate({ errors: [finding(4), finding(8)] }), ['$(error) enrich', 'Post Login · not in any flow', '2 errors: Line 5: Syntax error: Unexpected token. The service deploys such code, and it then fails in each login · since v3: lines of code: 1 added, 1 removed'], false],
    ['no change', candidate({ obstacle: 'unchanged' }), ['enrich', 'Post Login · not in any flow', 'nothing has changed since v3'], false],
    ['a build that failed', candidate({ obstacle: 'buildFailed', action: action('a', { status: 'failed' }) }), ['$(error) enrich', 'Post Login · not in any flow', 'the build failed, so it cannot be deployed · never deployed'], false],
    ['somebody else at work', candidate({ obstacle: 'changedElsewhere', savesFirst: true, action: action('a') }), ['$(warning) enrich', 'Post Login · not in any flow', 'somebody else has changed the draft meanwhile: save yours first · never deployed · your text is saved first'], false],
    ['a flow that is not known', candidate({ reach: [{ triggerId: 'post-login' }] }), ['enrich', 'Post Login · flow not known', 'since v3: lines of code: 1 added, 1 removed'], true],
  ];
  for (const [what, given, [label, description, detail], ticked] of rows) {
    it(`says ${what}`, () => {
      assert.deepEqual(candidateWords(given), { label, description, detail });
      assert.equal(isTickedAtFirst(given), ticked);
    });
  }

  it('says why an action could not be read, and is not ticked', () => {
    const { action: _action, ...rest } = candidate();
    const unread = { ...rest, error: apiError('notFound') };
    assert.deepEqual(candidateWords(unread), { label: '$(warning) enrich', description: '', detail: 'acme-dev says that this does not exist any more. Refresh to see what is there.' });
    assert.equal(isTickedAtFirst(unread), false);
  });

  it('draws no icon that a tenant asks for', () => {
    const hostile = candidate({ actionName: '$(flame) a', action: action('a', { triggers: [{ id: '$(verified) y' }], dependencies: [{ name: '$(flame)', version: '1' }], deployedVersion: version(1, { triggers: [{ id: '$(verified) y' }] }) }) });
    assert.equal(candidateWords(hostile).label, '\\$(flame) a');
    assert.equal(candidateWords(hostile).description, '\\$(verified) y · not in any flow');
    assert.equal(candidateWords(hostile).detail, 'since v1: dependency \\$(flame) 1 added');
  });
});

describe('the summary of several deployments', () => {
  let count = 0;
  function entry(actionName: string, result: Outcome | Exclude<BatchResult, { kind: 'ended' }>): BatchEntry<Pick<Candidate, 'tenant' | 'actionName'>> {
    count += 1;
    const isEnd = result.kind === 'left' || result.kind === 'error' || result.kind === 'notBegun';
    return { item: { tenant: TENANT, actionName }, result: isEnd ? result : { kind: 'ended', deployment: { id: String(count), tenant: TENANT, actionId: actionName, actionName, startedAt: 0, phases: [], outcome: result } } };
  }

  it('names what went live', () => {
    assert.equal(batchSummary([entry('a', { kind: 'live', version: 2 }), entry('b', { kind: 'live', version: 7 })]), '2 of 2 actions went live in acme-dev: a v2; b v7.');
  });

  it('names an action that was renamed meanwhile as the list did, too', () => {
    const { item, result } = entry('a', { kind: 'live', version: 2 });
    assert.ok(result.kind === 'ended');
    const renamed = { ...result.deployment, actionName: 'z', calledBefore: 'a' };
    assert.equal(batchSummary([{ item, result: { kind: 'ended', deployment: renamed } }]), '1 of 1 actions went live in acme-dev: z (called a before) v2.');
  });

  it('names what failed and why', () => {
    const failed = [
      entry('a', { kind: 'failed', reason: 'buildFailed', errors: [] }),
      entry('b', { kind: 'failed', reason: 'unreachable', errors: [], error: apiError('notFound') }),
      entry('c', { kind: 'failed', reason: 'versionFailed', version: 3, errors: [{ id: 'E404', msg: "Cannot find module 'x'" }] }),
      entry('d', { kind: 'error', error: new UserError('d is being rolled back.') }),
    ];
    assert.equal(batchSummary(failed), "None of 4 actions went live in acme-dev. Failed: a (build failed); b (Not found); c (Cannot find module 'x'); d (d is being rolled back).");
  });

  it('keeps apart what may be live, what was not sent and what was left alone', () => {
    const mixed = [
      entry('a', { kind: 'live', version: 2 }),
      entry('b', { kind: 'unconfirmed' }),
      entry('c', { kind: 'stopped', sent: true }),
      entry('d', { kind: 'stopped', sent: false }),
      entry('e', { kind: 'notBegun' }),
      entry('h', { kind: 'stopped', sent: false, saved: true }),
      entry('f', { kind: 'left', why: 'draftChanged' }),
      entry('g', { kind: 'left', why: 'notSaved' }),
    ];
    assert.equal(batchSummary(mixed), '1 of 8 actions went live in acme-dev: a v2. Sent, but not confirmed: b. Look again in the list of deployments. Sent before it was stopped, so they may be live: c. Stopped once the draft was saved, and not deployed: h. Stopped, with nothing sent: d; e. Left alone: f (the draft is another one than was shown); g (its text could not be saved).');
  });

  it('has a line for each in the log, without words of the service', () => {
    const failed = entry('c', { kind: 'failed', reason: 'versionFailed', version: 3, errors: [{ id: 'E', msg: "const KEY = 'abc';" }] });
    const alone = entry('b', { kind: 'live', version: 3 });
    const many = [entry('a', { kind: 'live', version: 2 }), alone, failed, entry('d', { kind: 'stopped', sent: true }), entry('e', { kind: 'stopped', sent: false, saved: true }), entry('f', { kind: 'notBegun' }), entry('g', { kind: 'unconfirmed' }), entry('h', { kind: 'left', why: 'liveChanged' }), entry('i', { kind: 'failed', reason: 'unreachable', errors: [], error: apiError('notFound') })];
    assert.deepEqual(batchAccount(many, [alone]), [
      'a · acme-dev · v2 live', 'b · acme-dev · v3 live · not in any flow', 'c · acme-dev · v3 failed', 'd · acme-dev · stopped watching', 'e · acme-dev · stopped, saved but not deployed',
      'f · acme-dev · stopped, nothing sent', 'g · acme-dev · not confirmed', 'h · acme-dev · another version went live since it was shown', 'i · acme-dev · Not found',
    ]);
  });

  it('stays short, however many there are', () => {
    const many = Array.from({ length: 50 }, (_, index) => entry(`a${index}`, { kind: 'live', version: 1 }));
    assert.equal(batchSummary(many), '50 of 50 actions went live in acme-dev: a0 v1; a1 v1; a2 v1; a3 v1; a4 v1; and 45 more.');
  });
});
