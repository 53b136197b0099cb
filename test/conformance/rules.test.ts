/** The rules that the recordings hold, over the recordings themselves and over made-up sessions with the simulated tenant. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { skippedFor } from '../unit/support/sharedFile.ts';
import { RECORDINGS, loadSequences } from './replay/recordings.ts';
import type { Interaction } from './replay/recordings.ts';
import { Service } from './replay/service.ts';
import { ModuleRules } from './rules/moduleRules.ts';
import { Rules } from './rules/rules.ts';
import { Session, steps } from './rules/session.ts';
import { Tally } from './rules/tally.ts';

const SESSIONS = 40;

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

describe('rules of the service', () => {
  const recorded = new Tally();
  const simulated = new Tally();
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

  for (const [title, start] of [['that take their time', () => Service.withClock()], ['that are done at once', () => Service.instant()]] as const) {
    it(`hold in made-up sessions with builds ${title}`, async function () {
      this.timeout(60_000);
      const service = await start();
      const interactions: Interaction[] = [];
      try {
        // Sampled, not asserted: a broken rule names the interaction, which says more than a smaller session would.
        for (const taken of fc.sample(steps, { seed: 20_260_520, numRuns: SESSIONS })) {
          await service.reset();
          const session = new Session(service);
          for (const step of taken) {
            await session.take(step);
          }
          interactions.push(...service.log);
          assert.deepEqual(service.log.filter(({ status }) => status >= 500), []);
          const tally = judge(service.log);
          simulated.add(tally);
          assert.deepEqual(tally.broken, []);
        }
      } finally {
        await service.close();
      }
      assert.ok(interactions.length > SESSIONS * 60);
    });
  }

  it('are each checked in the sessions', () => {
    const unchecked = [...recorded.counts.keys()].filter(rule => !simulated.counts.has(rule));
    assert.deepEqual(unchecked, []);
    assert.ok(simulated.counts.size > 45, `${simulated.counts.size} rules`);
  });
});
