/** What is decided about an action without any request: states, contents, pauses, problems. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Uri } from 'vscode';
import { differences, sameContent } from '../../../src/actions/content.ts';
import { stateOf } from '../../../src/actions/model.ts';
import { Deadline, pause, stopwatch } from '../../../src/actions/pauses.ts';
import { buildProblems, requireRanges, versionProblems } from '../../../src/actions/problems.ts';
import { action, version } from '../support/things.ts';

describe('states', () => {
  const kind = (status: string, live: boolean, allChangesDeployed: boolean): string => stateOf({ status, allChangesDeployed, ...(live ? { deployedVersion: version(2) } : {}) }).kind;
  it('follow the table, whatever the status', () => {
    for (const status of ['pending', 'building', 'retrying', 'packaged']) {
      assert.deepEqual([kind(status, false, false), kind(status, true, true), kind(status, true, false)], ['firstBuild', 'rebuilding', 'changesBuilding']);
    }
    assert.deepEqual([kind('built', false, false), kind('built', true, false), kind('built', true, true)], ['ready', 'changesReady', 'inStep']);
    assert.deepEqual([kind('failed', false, false), kind('failed', true, false), kind('failed', true, true)], ['firstBuildFailed', 'changesFailed', 'rebuildFailed']);
    assert.deepEqual([kind('', false, false), kind('quarantined', true, true)], ['unknown', 'unknown']);
  });
});

describe('contents', () => {
  it('are the same whatever the order of their lists and the registry', () => {
    const one = action('a', { dependencies: [{ name: 'x', version: '1', registryUrl: 'https://r' }, { name: 'y', version: '2' }] });
    const two = action('a', { dependencies: [{ name: 'y', version: '2' }, { name: 'x', version: '1' }] });
    assert.equal(sameContent(one, two), true);
  });

  it('differ in each part by itself', () => {
    const base = action('a', { secrets: [{ name: 'S', updatedAt: '1' }] });
    assert.deepEqual(differences(base, { ...base, code: 'x' }), ['code']);
    assert.deepEqual(differences(base, { ...base, runtime: 'node18' }), ['runtime']);
    assert.deepEqual(differences(base, { ...base, dependencies: [{ name: 'x', version: '1' }] }), ['dependencies']);
    assert.deepEqual(differences(base, { ...base, secrets: [{ name: 'S', updatedAt: '2' }] }), ['secrets']);
    assert.deepEqual(differences(base, { ...base, triggers: [{ id: 'post-login', version: 'v2' }] }), ['triggers']);
    assert.deepEqual(differences(base, { ...base, modules: [{ id: 'm', name: 'm', versionId: '1' }] }), ['modules']);
  });
});

describe('a stopwatch', () => {
  it('goes on however the clock is set, and takes a sleep of the machine for a moment', () => {
    let now = 1_000_000_000;
    const elapsed = stopwatch({ now: () => now, sleep: () => Promise.resolve() });
    const after = (ms: number): number => ((now += ms), elapsed());
    assert.deepEqual([after(0), after(5000), after(-3_600_000), after(1000), after(8 * 3_600_000), after(2000)], [0, 5000, 5000, 6000, 16_000, 18_000]);
    assert.equal(after(300_000), 318_000);
  });

  it('leaves the time of day alone where there is a steady clock', () => {
    let [now, steady] = [1_000_000_000, 0];
    const elapsed = stopwatch({ now: () => now, steady: () => steady, sleep: () => Promise.resolve() });
    [now, steady] = [now + 80_000, 500];
    assert.equal(elapsed(), 500);
  });
});

describe('a deadline', () => {
  it('ends nothing before a few looks were made after it, however the clock is set', () => {
    for (const step of [30_000, 80_000, 300_000, 3_600_000]) {
      let now = 1_000_000_000;
      const deadline = new Deadline({ now: () => now, sleep: () => Promise.resolve() }, 60_000);
      const look = (ms: number): boolean => ((now += ms), deadline.isOver());
      assert.deepEqual([look(1000), look(step), look(1000), look(1000)], [false, false, false, false]);
      assert.deepEqual([look(60_000), look(1000), look(1000), look(1000)].at(-1), true);
    }
  });

  it('gives reads until shortly after it, and begins anew where it is moved', () => {
    let now = 0;
    const deadline = new Deadline({ now: () => now, sleep: () => Promise.resolve() }, 60_000);
    const at = (ms: number): number => ((now = ms), deadline.readMs);
    assert.deepEqual([at(0), at(50_000), at(65_000), at(70_000), at(75_000)], [70_000, 20_000, 10_000, 5000, 1000]);
    assert.equal(deadline.isOver(), true);
    deadline.move(deadline.elapsed() + 60_000);
    assert.deepEqual([deadline.isOver(), deadline.readMs], [false, 70_000]);
  });
});

describe('pauses', () => {
  it('begin as asked, double to 0.7 s, and stay below 3 s', () => {
    const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(fc.property(fc.integer({ min: 0, max: 10_000_000 }), fc.integer({ min: 0, max: 500 }), unit, unit, (elapsed, looks, headroom, random) => {
      const ms = pause({ elapsed, looks, headroom: () => headroom, random });
      assert.ok(ms >= 285 && ms <= 3000);
    }));
    const at = (elapsed: number, looks: number, first?: number): number => pause({ elapsed, looks, headroom: () => 1, random: 0.5, ...(first === undefined ? {} : { first }) });
    assert.deepEqual([at(0, 0), at(300, 1), at(900, 2), at(9999, 14), at(10_000, 15), at(40_000, 90), at(300_000, 400)], [300, 600, 700, 700, 450, 600, 3000]);
    assert.deepEqual([0, 1, 2, 3, 4, 5].map(looks => at(0, looks, 60)), [60, 120, 240, 480, 700, 700]);
    assert.equal(at(0, 0, 700), 700);
    assert.equal(pause({ elapsed: 5000, looks: 5, headroom: () => 1, random: 0.5, growth: 0.17 }), 850);
  });

  it('leave the rate limit to others as they use it, up to four times as long', () => {
    const at = (headroom: number): number => pause({ elapsed: 1000, looks: 3, headroom: () => headroom, random: 0.5 });
    assert.deepEqual([1, 0.8, 0.4, 0].map(at), [700, 700, 1750, 2800]);
  });

  it('count the room that there will be when they end', () => {
    const asked: number[] = [];
    pause({ elapsed: 1000, looks: 3, headroom: laterMs => (asked.push(laterMs), 1), random: 0.9 });
    assert.deepEqual(asked, [700]);
  });
});

describe('problems', () => {
  const code = "const a = require('axios');\nimport merge from \"lodash.merge\";\nconst s = require('@scope/pkg/sub');\nrequire('./local');\nrequire('node:fs');\n";

  it('find packages where they are required', () => {
    assert.deepEqual(Object.fromEntries(requireRanges(code)), { axios: { line: 0, start: 19, end: 24 }, 'lodash.merge': { line: 1, start: 19, end: 31 }, '@scope/pkg': { line: 2, start: 19, end: 33 } });
  });

  it('put a message on the line of the package it names, else on line 1', () => {
    const line = (msg: string): number | undefined => versionProblems([{ id: 'E', msg }], { code, dependencies: [{ name: 'lodash', version: '4' }] })[0]?.range.line;
    assert.deepEqual([line("Cannot find module 'lodash.merge'"), line('@scope/pkg@1.0.0 does not exist.'), line('axios.'), line('my-axios broke'), line('lodash is not there'), line('')], [1, 2, 0, 0, 0, 0]);
  });

  it('say so where there is no reason, and name each dependency', () => {
    const problems = buildProblems({ code, dependencies: [{ name: 'axios', version: '1' }, { name: 'unused', version: '2' }] });
    assert.deepEqual(problems.map(one => [one.kind, one.range.line, one.kind === 'suspect' ? one.required : undefined]), [['buildFailed', 0, undefined], ['suspect', 0, true], ['suspect', 0, false]]);
    assert.deepEqual(versionProblems([], { code: '', dependencies: [] }).map(one => one.kind), ['buildFailed']);
  });

  it('offer no link but https, and never fail', () => {
    const url = (link: string): unknown => versionProblems([{ id: 'E', msg: 'x', url: link }], { code: '', dependencies: [] }).map(one => ('url' in one ? one.url : undefined))[0];
    assert.deepEqual([url('https://example.com/x'), url('command:evil'), url('javascript:alert(1)'), url('')], ['https://example.com/x', undefined, undefined, undefined]);
    assert.deepEqual(['https:////x', 'https:///%2Fx', 'https://', 'https://?x', 'https://#x', 'https://x y', 'https://x/\u202e', 'https://x/\ud800', `https://x/${'y'.repeat(2000)}`].map(url), Array.from({ length: 9 }));
    // VS Code throws at an address that it cannot take.
    fc.assert(fc.property(fc.array(fc.constantFrom('/', '%2F', '%', '?', '#', ':', '@', '\\', 'x', '\ud800', ' '), { maxLength: 8 }), list => {
      const link = url(`https://${list.join('')}`);
      assert.ok(link === undefined || (typeof link === 'string' && Uri.parse(link, true).toString().startsWith('https://')));
    }));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, msg) => {
      versionProblems([{ id: msg, msg, url: text }], { code: text, dependencies: [{ name: msg, version: text }] });
    }));
  });
});
