/** The short form of `npm run soak`, and that its judges can find fault. */
import assert from 'node:assert/strict';
import type { Outcome } from '../../../src/actions/deployment.ts';
import { judgeRound, judgeTree } from '../../soak/judge.ts';
import { judgeMemory } from '../../soak/memory.ts';
import type { Done } from '../../soak/round.ts';
import { soak } from '../../soak/run.ts';
import type { Look } from '../../soak/run.ts';
import type { KeptAction } from '../../soak/service.ts';
import { fakeApi, tenantOf } from '../support/things.ts';

const KEY = 'acme/a1';

function kept(versions: readonly number[], change: Partial<KeptAction> = {}): KeptAction {
  return { id: 'a1', name: 'action', code: '// draft', status: 'built', allChangesDeployed: true, live: versions.at(-1), versions: versions.map(number => ({ number, status: 'built', code: `// ${number}` })), ...change };
}

function done(change: Partial<Done>): Done {
  return { deploys: [], saves: [], theirs: new Map(), writes: new Map(), disturbed: new Set(), lookUps: [], broken: [], ...change };
}

function deployed(outcome: Outcome, wanted: string, posts = 1): Partial<Done> {
  const deployment = { id: '1', tenant: tenantOf(fakeApi()), actionId: 'a1', actionName: 'action', startedAt: 0, endedAt: 1000, phases: [], outcome };
  return { deploys: [{ key: KEY, rollBack: false, wanted, deployment }], writes: new Map([[KEY, { patches: 0, posts }]]), disturbed: new Set([KEY]) };
}

function judged(what: Partial<Done>, before: KeptAction, after: KeptAction): string {
  return judgeRound(done(what), new Map([[KEY, before]]), new Map([[KEY, after]])).join('\n');
}

describe('a short soak', () => {

  it('finds no outcome that is not so, no tree that differs, and nothing left over', async () => {
    const result = await soak({ seed: 20_260_520, steps: 300, lookEvery: 60 });
    assert.deepEqual([...result.wrong, ...judgeMemory(result.looks).wrong], [], 'seed 20260520: npm run soak -- --seed 20260520 --steps 300');
    assert.equal(result.steps, 300);
    assert.ok(result.live > 50 && result.lookedUp > 0 && result.looks.length >= 5, JSON.stringify(result));
  });

  it('is the same again for the same seed', async () => {
    const [first, second] = [await soak({ seed: 3, steps: 40, lookEvery: 40 }), await soak({ seed: 3, steps: 40, lookEvery: 40 })];
    assert.deepEqual([first.wrong, second.wrong], [[], []]);
    assert.equal(first.trace, second.trace);
  });
});

describe('the judges of a soak', () => {
  it('are content with what is so', () => {
    assert.equal(judged(deployed({ kind: 'live', version: 3 }, '// 3'), kept([1, 2]), kept([1, 2, 3])), '');
    assert.equal(judged({ saves: [{ key: KEY, text: '// new', outcome: { kind: 'declined' } }] }, kept([1]), kept([1])), '');
  });

  it('find versions that are doubled, lost, or not what was meant', () => {
    const live: Outcome = { kind: 'live', version: 3 };
    assert.match(judged(deployed(live, '// 3'), kept([1, 2]), kept([1, 2, 3, 4])), /2 new versions/u);
    assert.match(judged(deployed(live, '// 3', 2), kept([1, 2]), kept([1, 2, 3])), /2 calls of 1 deployments/u);
    assert.match(judged(deployed(live, '// 3'), kept([1, 2]), kept([1, 2])), /v3 is said to be live, and was not made/u);
    assert.match(judged(deployed(live, '// other'), kept([1, 2]), kept([1, 2, 3])), /holds something else/u);
    assert.match(judged(deployed(live, '// 3'), kept([1, 2]), kept([1, 2, 3], { live: 2 })), /v2 is/u);
    assert.match(judged(deployed({ kind: 'failed', reason: 'notDeployed', errors: [] }, '// 3'), kept([1, 2]), kept([1, 2, 3])), /1 new versions, of which 0 are somebody else's and 0 to 0/u);
    assert.match(judged({ theirs: new Map([[KEY, { made: [3], codes: [] }]]), ...deployed(live, '// 3') }, kept([1, 2]), kept([1, 2, 4])), /versions 4 after 2/u);
    assert.match(judged({ ...deployed({ kind: 'unconfirmed' }, '// 3'), disturbed: new Set() }, kept([1, 2]), kept([1, 2])), /that nothing disturbed/u);
  });

  it('know that what another call has made before may go live only now, once', () => {
    const byOther: Outcome = { kind: 'live', version: 2, byOther: true };
    const earlier = kept([1, 2], { live: 1 });
    assert.equal(judged(deployed(byOther, '// 2', 0), earlier, kept([1, 2])), '');
    assert.match(judged(deployed(byOther, '// 2', 0), kept([1, 2]), kept([1, 2])), /v2 is said to be live, and was not made/u);
    assert.match(judged(deployed(byOther, '// other', 0), earlier, kept([1, 2])), /holds something else/u);
    assert.match(judged(deployed(byOther, '// 2', 0), earlier, earlier), /v1 is/u);
    assert.match(judged(deployed({ kind: 'live', version: 2 }, '// 2'), earlier, kept([1, 2])), /v2 is said to be live, and was not made/u);
  });

  it('find what is told of as failed, and is live', () => {
    for (const reason of ['notLive', 'overtaken', 'otherContent'] as const) {
      assert.match(judged(deployed({ kind: 'failed', reason, version: 3, errors: [] }, '// 3'), kept([1, 2]), kept([1, 2, 3])), /v3 is live with what was meant/u);
      assert.equal(judged(deployed({ kind: 'failed', reason, version: 3, errors: [] }, '// other'), kept([1, 2]), kept([1, 2, 3])), '');
    }
    const unseen: Outcome = { kind: 'failed', reason: 'notLive', errors: [] };
    assert.match(judged(deployed(unseen, '// 3'), kept([1, 2]), kept([1, 2, 3])), /v3 is live with what was meant/u);
    assert.equal(judged({ ...deployed(unseen, '// 3'), theirs: new Map([[KEY, { made: [3], codes: [] }]]) }, kept([1, 2]), kept([1, 2, 3])), '');
  });

  it('take the very same version of somebody else for what was made here, whatever became of it', () => {
    const outcomes: readonly Outcome[] = [{ kind: 'live', version: 3 }, { kind: 'failed', reason: 'versionFailed', version: 3, errors: [] }];
    for (const outcome of outcomes) {
      const after = kept([1, 2, 3]);
      const is = outcome.kind === 'live' ? after : { ...after, live: 2, versions: after.versions.map(version => (version.number === 3 ? { ...version, status: 'failed' } : version)) };
      assert.equal(judged({ ...deployed(outcome, '// 3'), theirs: new Map([[KEY, { made: [3], codes: [] }]]) }, kept([1, 2]), is), '');
      assert.match(judged({ ...deployed(outcome, '// 3'), theirs: new Map([[KEY, { made: [3, 4], codes: [] }]]) }, kept([1, 2]), is), /1 new versions, of which 2 are/u);
    }
  });

  it('find saves that are lost or were not made', () => {
    const saved = { kind: 'failed', error: new Error('no') } as const;
    assert.match(judged({ saves: [{ key: KEY, text: '// new', outcome: saved }] }, kept([1]), kept([1], { code: '// new' })), /and the text is there/u);
    assert.match(judged({ saves: [{ key: KEY, text: '// new' }] }, kept([1]), kept([1])), /has not ended/u);
    assert.match(judged({}, kept([1]), kept([1], { code: '// whose?' })), /nobody has written/u);
    assert.match(judged({ writes: new Map([[KEY, { patches: 1, posts: 0 }]]) }, kept([1]), kept([1])), /1 calls of 0 saves/u);
  });

  it('find a tree that says something else', () => {
    const tree = (words: string, ...versions: string[]): string[] => judgeTree(['acme |  | tenant;', `  action | Post Login · ${words} | action;`, ...versions.map(line => `    ${line}`)], [kept([1, 2])], ['a1']);
    assert.deepEqual(tree('v2 live', 'v2 | live · today 12:00 | version;live;', 'v1 | today 11:00 | version;'), []);
    assert.match(tree('v1 live', 'v2 | live · today 12:00 | version;live;', 'v1 | today 11:00 | version;').join(), /the tree has/u);
    assert.match(tree('v2 live', 'v2 | live · today 12:00 | version;live;').join(), /1 rows of 2 versions/u);
    assert.match(tree('v2 live', 'v2 | today 12:00 | version;', 'v1 | live · today 11:00 | version;live;').join(), /should begin with/u);
    assert.match(judgeTree(['acme |  | tenant;'], [kept([1])], []).join(), /the tree has ""/u);
  });

  it('find what grows', () => {
    const look = (change: Partial<Look>): Look => ({ steps: 1, heapBytes: 20e6, listeners: 7, sleepers: 0, timers: 0, oldWindows: 0, ...change });
    assert.deepEqual(judgeMemory([look({}), look({}), look({})]).wrong, []);
    for (const change of [{ heapBytes: 40e6 }, { listeners: 8 }, { sleepers: 1 }, { timers: 9 }, { oldWindows: 2 }]) {
      assert.equal(judgeMemory([look({}), look({}), look(change)]).wrong.length, 1, JSON.stringify(change));
    }
    assert.equal(judgeMemory([]).wrong.length, 1);
  });
});
