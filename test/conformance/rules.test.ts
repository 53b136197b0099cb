/** The rules that the recordings hold, over the recordings themselves and over made-up sessions with the simulated tenant. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sharedFile, skippedFor } from '../unit/support/sharedFile.ts';
import { KNOWN_DEVIATIONS } from './knownDifferences.ts';
import { RECORDINGS, loadSequences, readInteraction } from './replay/recordings.ts';
import type { Interaction, Json } from './replay/recordings.ts';
import { OpenApi } from './replay/schema.ts';
import { Service } from './replay/service.ts';
import { ModuleRules } from './rules/moduleRules.ts';
import { Rules } from './rules/rules.ts';
import { Session, steps } from './rules/session.ts';
import { Tally } from './rules/tally.ts';

const SESSIONS = 40;
const SEED = 20_260_520;

function judge(log: readonly Interaction[]): Tally {
  const rules = new Rules();
  const moduleRules = new ModuleRules();
  for (const interaction of log) {
    rules.observe(interaction);
    moduleRules.observe(interaction);
  }
  rules.tally.add(moduleRules.tally);
  return rules.tally;
}

/** Sampled, not asserted: a broken rule names the interaction, which says more than a smaller session would. */
async function runSessions(service: Service, each: (log: readonly Interaction[]) => void): Promise<void> {
  for (const taken of fc.sample(steps, { seed: SEED, numRuns: SESSIONS })) {
    await service.reset();
    const session = new Session(service);
    for (const step of taken) {
      await session.take(step);
    }
    each([...service.log]);
  }
}

describe('rules of the service', function () {
  const recorded = new Tally();
  const simulated = new Tally();
  const answers: Interaction[] = [];
  after(() => {
    console.log(`    recorded traffic: ${recorded.summary}\n    simulated sessions: ${simulated.summary}`);
  });

  const sequences = loadSequences();
  if (sequences === undefined) {
    skippedFor(RECORDINGS);
  } else {
    it('hold in everything that was recorded', () => {
      for (const { interactions } of sequences) {
        recorded.add(judge(interactions));
      }
      assert.deepEqual(recorded.broken, []);
    });
  }

  it('hold in made-up sessions with builds that take their time', async () => {
    const service = await Service.withClock();
    try {
      await runSessions(service, log => {
        answers.push(...log);
        const tally = judge(log);
        simulated.add(tally);
        assert.deepEqual(tally.broken, []);
      });
    } finally {
      await service.close();
    }
  });

  it('hold in the traffic log of made-up sessions with builds that are done at once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rules-'));
    const file = join(folder, 'traffic.jsonl');
    try {
      const service = await Service.instant(file);
      let sent = 0;
      try {
        await runSessions(service, log => {
          sent += log.length;
        });
      } finally {
        await service.close();
      }
      const log = readFileSync(file, 'utf8').trim().split('\n').map(line => readInteraction(JSON.parse(line) as Json));
      assert.equal(log.length, sent);
      answers.push(...log);
      const tally = judge(log);
      simulated.add(tally);
      assert.deepEqual(tally.broken, []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are each checked in the sessions, and no call made the tenant fail', () => {
    assert.deepEqual([...recorded.counts.keys()].filter(rule => !simulated.counts.has(rule)), []);
    assert.ok(simulated.counts.size >= 50, `${simulated.counts.size} rules`);
    assert.ok(answers.length > SESSIONS * 2 * 60);
    assert.deepEqual(answers.filter(({ status }) => status >= 500), []);
  });

  it('leave answers that fit the vendor’s document, apart from the known deviations', function () {
    const document = sharedFile('api/actions-openapi.json');
    if (document === undefined) {
      this.skip();
    }
    const openApi = new OpenApi(document);
    const unknown = answers.flatMap(one => openApi.check(one)).filter(violation => !KNOWN_DEVIATIONS.some(entry => entry.covers(violation)));
    assert.deepEqual([...new Set(unknown.map(one => `${one.method} ${one.path} at "${one.at}": ${one.problem}`))], []);
  });
});
