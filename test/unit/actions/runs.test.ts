/** Events, stacks, one test of a draft, and the log a page at a time. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { runProblem } from '../../../src/actions/problems.ts';
import { readEvent, sampleEvent, sampledTriggers } from '../../../src/actions/runs/events.ts';
import { FailedRuns } from '../../../src/actions/runs/failedRuns.ts';
import { lineOfError, stackLines } from '../../../src/actions/runs/stack.ts';
import { runTest } from '../../../src/actions/runs/testRun.ts';
import type { TestOutcome } from '../../../src/actions/runs/testRun.ts';
import type { ManagementApi } from '../../../src/auth0/api.ts';
import { parseJson } from '../../../src/auth0/json.ts';
import type { FailedRun, FailedRunsPage } from '../../../src/auth0/runs.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { ALL_KINDS, action, apiError, fakeApi, rejection } from '../support/things.ts';

describe('an event', () => {
  it('has a sample for every trigger that one is known of, without secrets', () => {
    assert.equal(sampledTriggers().length, 19);
    for (const trigger of sampledTriggers()) {
      const read = readEvent(sampleEvent([trigger]));
      assert.ok('event' in read && Object.keys(read.event).length > 0 && !('secrets' in read.event), trigger);
      assert.doesNotMatch(sampleEvent([trigger]), /"\$/u);
    }
    assert.match(sampleEvent(['post-login']), /^\{\n {2}"client": \{\n {4}"client_id": "sampleClientId/u);
    for (const unknown of [['no-such-trigger'], [], ['constructor'], ['__proto__']]) {
      assert.equal(sampleEvent(unknown), '{}\n');
    }
  });

  const wrong: readonly (readonly [string, number])[] = [
    ['', 1], ['{', 1], ['{\n', 1], ['{\n  "a": 1,\n}', 3], ['{\n  "a": 1\n  "b": 2\n}', 3], ['{\n  a: 1\n}', 2], ["{\n  'a': 1\n}", 2], ['{\n  "a":\n}', 3], ['{\n  "a": 01\n}', 2], ['{\n  "a": .5\n}', 2],
    ['{\n  "a": [1,\n  ]\n}', 3], ['{\n  "a": "x\ny"\n}', 2], ['{\n  "a": "\\x"\n}', 2], ['{}\n{}', 2], ['{}\n}', 2], ['{\n  "a": tru\n}', 2], ['{\n  // a comment\n}', 2], ['{\n  "a": [1}\n}', 2], ['{"a": 1,\n\n', 1], ['{\n  "a": NaN\n}', 2], ['\r\n{\r\n  x\r\n}', 3],
  ];
  for (const [text, line] of wrong) {
    it(`that is ${JSON.stringify(text)} is wrong in line ${line}`, () => {
      assert.deepEqual(readEvent(text), { problem: { kind: 'syntax', line } });
    });
  }

  it('that cannot be read has its line within the text, however it was broken', () => {
    fc.assert(fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 3 }), (json, at, noise) => {
      const text = json.slice(0, at % (json.length + 1)) + noise + json.slice((at + 1) % (json.length + 1));
      const read = readEvent(text);
      if ('problem' in read && read.problem.kind === 'syntax') {
        assert.equal(parseJson(text), undefined);
        assert.ok(read.problem.line >= 1 && read.problem.line <= text.split(/\r\n|\r|\n/u).length);
      }
    }));
    const deep = readEvent('['.repeat(200_000));
    assert.ok('problem' in deep);
  });

  it('is an object, and holds no secret', () => {
    for (const text of ['[]', '1', 'null', '"x"']) {
      assert.deepEqual(readEvent(text), { problem: { kind: 'noObject' } });
    }
    assert.deepEqual(readEvent('{\n  "user": {},\n  "secrets": { "KEY": "x" }\n}'), { problem: { kind: 'secret', line: 3 } });
    assert.deepEqual(readEvent('{\n  "secrets": "x"\n}'), { problem: { kind: 'secret', line: 2 } });
    assert.deepEqual(readEvent('{ "secrets": {} }'), { event: { secrets: {} } });
  });
});

describe('a stack', () => {
  const code = '// one\nexports.onExecutePostLogin = async (event) => {\n  return helper(event);\n};\nconst helper = event => event.a.b.c;\n';

  it('leads to the innermost line of the code, past the runtime, packages and Node', () => {
    const stack = [
      'TypeError: x',
      '    at node:internal/async_hooks:91:14',
      '    at get (/data/io/node22/u-1/node_modules/axios/index.js:2:9)',
      '    at helper (/data/io/node22/u-1/webtask.js:5:25)',
      '    at exports.onExecutePostLogin (/data/io/node22/u-1/webtask.js:3:10)',
      '    at r.runInLogContext (/data/io/6a54.js:5:16265)',
    ].join('\n');
    assert.equal(lineOfError(stack, code), 5);
    assert.deepEqual(stackLines(stack, code).map(({ line }) => line), [undefined, undefined, undefined, 5, 3, undefined]);
  });

  const cases: readonly (readonly [string, number | undefined])[] = [
    ['Error: x\n    at index.js:3', 3], ['Error: x\n    at async exports.onExecutePostLogin (C:\\run\\code.js:2:1)', 2], ['Error: x\n    at Object.onContinuePostLogin (file:///x/y.mjs:4:1)', 4],
    ['Error: x\n    at index.js:99', undefined], ['Error: x\n    at index.js:0', undefined], ['Error: x\n    at r.run (/data/io/6a54.js:3:1)', undefined], ['Error: x', undefined], ['', undefined],
    ['Error: x\n    at index.js:99999999999', undefined], ['at index.js:3 in the message\n    at other.js:1', undefined], ['Error: x\r\n    at index.js:4:1\r\n', 4],
  ];
  for (const [stack, line] of cases) {
    it(`${JSON.stringify(stack)} leads to ${line ?? 'no line'}`, () => {
      assert.equal(lineOfError(stack, code), line);
    });
  }

  it('is read in no time, whatever it holds', () => {
    const begun = performance.now();
    for (const stack of [`at ${'('.repeat(100_000)}`, `    at ${' '.repeat(100_000)}:1`, `at ${'a:1'.repeat(50_000)}`, 'at index.js:3\n'.repeat(100_000)]) {
      stackLines(stack, code);
    }
    assert.ok(performance.now() - begun < 20_000);
    fc.assert(fc.property(fc.string({ maxLength: 200 }), fc.string({ maxLength: 50 }), (stack, text) => {
      assert.ok(stackLines(stack, text).every(({ line }) => line === undefined || line >= 1));
    }));
  });

  it('puts the problem of a run on its line, or on the first', () => {
    const error = { name: 'TypeError', message: 'x' };
    assert.deepEqual(runProblem(error, code, 3, '2026'), { kind: 'runFailed', id: 'TypeError', message: 'TypeError: x', when: '2026', range: { line: 2, start: 2, end: 23 } });
    assert.deepEqual(runProblem(error, code, undefined, undefined), { kind: 'runFailed', id: 'TypeError', message: 'TypeError: x', range: { line: 0, start: 0, end: 0 } });
    assert.deepEqual(runProblem(error, code, 500, undefined).range, { line: 0, start: 0, end: 0 });
  });
});

describe('a test of a draft', () => {
  async function run(calls: Partial<ManagementApi>, signal?: AbortSignal): Promise<{ outcome: TestOutcome; sending: number }> {
    let sending = 0;
    const outcome = await runTest({ api: fakeApi(calls), actionId: 'a1', event: { user: {} }, clock: new FakeClock(), random: () => 0.5, ...(signal === undefined ? {} : { signal }), onSending: () => void (sending += 1) });
    return { outcome, sending };
  }
  const result = { stats: [], rest: {} };

  it('waits for the build, then sends the event once', async () => {
    const statuses = ['pending', 'building', 'retrying', 'built'];
    const sent: unknown[] = [];
    const { outcome, sending } = await run({
      getAction: () => Promise.resolve(action('a1', { status: statuses.shift() ?? 'built' })),
      testAction: (id, event) => Promise.resolve(result).finally(() => sent.push([id, event])),
    });
    assert.equal(outcome.kind, 'done');
    assert.deepEqual([sent, sending, statuses], [[['a1', { user: {} }]], 1, []]);
  });

  it('sends nothing where there is nothing to run', async () => {
    assert.deepEqual(await run({ getAction: () => Promise.resolve(action('a1', { status: 'failed' })) }).then(({ outcome, sending }) => [outcome.kind, sending]), ['buildFailed', 0]);
    assert.deepEqual(await run({ getAction: () => Promise.resolve(action('a1', { status: 'building' })) }).then(({ outcome, sending }) => [outcome.kind, sending]), ['notBuilt', 0]);
  });

  for (const kind of ALL_KINDS) {
    const refused = ['auth', 'forbidden', 'notFound', 'notBuilt', 'conflict', 'rateLimited', 'invalid', 'proxy', 'cancelled'].includes(kind);
    it(`that fails with ${kind} ${refused ? 'did not run' : 'may have run'}, and is sent once`, async () => {
      let sent = 0;
      const going = run({ getAction: () => Promise.resolve(action('a1')), testAction: () => {
        sent += 1;
        return Promise.reject(apiError(kind, 'POST'));
      } });
      if (refused) {
        assert.equal((await rejection(going)).kind, kind);
      } else {
        assert.equal((await going).outcome.kind, 'lost');
      }
      assert.equal(sent, 1);
    });
  }
});

describe('the log', () => {
  const entry = (id: number, actionId: string): FailedRun => ({ logId: String(id), date: `2026-05-${String(28 - Math.floor(id / 100)).padStart(2, '0')}T00:00:00.${String(999 - (id % 100)).padStart(3, '0')}Z`, actionId, error: { name: '', message: '', stack: '' } });

  function over(pages: readonly FailedRunsPage[]): { api: ManagementApi; asked: number[] } {
    const asked: number[] = [];
    return { asked, api: fakeApi({ listFailedRuns: page => {
      asked.push(page);
      return Promise.resolve(pages[page] ?? { runs: [], isLast: true });
    } }) };
  }
  const signal = new AbortController().signal;

  it('is read a page at a time, and in search of one action a few', async () => {
    const pages = Array.from({ length: 12 }, (_, page) => ({ runs: Array.from({ length: 100 }, (__, index) => entry(page * 100 + index, page === 4 && index === 7 ? 'rare' : 'often')), isLast: false }));
    const all = over(pages);
    const list = new FailedRuns(all.api);
    await list.more(signal);
    assert.deepEqual([all.asked, list.runs.length, list.hasMore], [[0], 100, true]);
    await list.more(signal);
    assert.deepEqual([all.asked, list.runs.length, list.runs[0]?.logId], [[0, 1], 200, '0']);
    const one = over(pages);
    const rare = new FailedRuns(one.api, 'rare');
    await rare.more(signal);
    assert.deepEqual([one.asked, rare.runs.length, rare.hasMore], [[0, 1, 2], 0, true]);
    await rare.more(signal);
    assert.deepEqual([one.asked, rare.runs.map(run => run.logId)], [[0, 1, 2, 3, 4], ['407']]);
    for (let step = 0; step < 5; step += 1) {
      await rare.more(signal);
    }
    assert.deepEqual([one.asked.length, rare.hasMore], [10, false]);
  });

  it('shows an entry once, whatever shifts the pages, and keeps what it has when reading fails', async () => {
    const twice = over([{ runs: [entry(1, 'a'), entry(2, 'a')], isLast: false }, { runs: [entry(2, 'a'), entry(3, 'a')], isLast: true }]);
    const list = new FailedRuns(twice.api);
    await list.more(signal);
    await list.more(signal);
    assert.deepEqual([list.runs.map(run => run.logId), list.hasMore], [['1', '2', '3'], false]);
    let calls = 0;
    const failing = new FailedRuns(fakeApi({ listFailedRuns: page => (calls++ === 1 ? Promise.reject(apiError('server')) : Promise.resolve({ runs: [entry(page, 'a')], isLast: page === 1 })) }));
    await failing.more(signal);
    assert.equal((await rejection(failing.more(signal))).kind, 'server');
    assert.equal(failing.runs.length, 1);
    await failing.more(signal);
    assert.deepEqual([failing.runs.length, failing.hasMore], [2, false]);
  });
});
