/** Every recorded sequence of the actions' endpoints, replayed over HTTP against the simulated tenant. */
import assert from 'node:assert/strict';
import { sharedFile, skippedFor } from '../unit/support/sharedFile.ts';
import { KNOWN_DEVIATIONS, KNOWN_DIFFERENCES } from './knownDifferences.ts';
import { RECORDINGS, loadSequences } from './replay/recordings.ts';
import type { Sequence } from './replay/recordings.ts';
import { comparedCount, replay } from './replay/replayer.ts';
import type { Finding } from './replay/replayer.ts';
import { OpenApi } from './replay/schema.ts';
import type { Violation } from './replay/schema.ts';
import { Service } from './replay/service.ts';

const DOCUMENT = 'api/actions-openapi.json';

function tell(finding: Finding): string {
  return `${finding.method} ${finding.path} (#${finding.index}) ${finding.kind} at "${finding.at}": recorded ${JSON.stringify(finding.recorded)}, simulated ${JSON.stringify(finding.actual)}`;
}

function suite(title: string, sequences: readonly Sequence[], start: () => Promise<Service>): void {
  describe(title, () => {
    const findings: Finding[] = [];
    const violations: Violation[] = [];
    let replayed = 0;
    let service: Service;
    const document = sharedFile(DOCUMENT);
    const openApi = new OpenApi(document);

    before(async () => {
      service = await start();
    });
    beforeEach(() => service.reset());
    after(async () => {
      await service.close();
      const known = findings.filter(finding => KNOWN_DIFFERENCES.some(entry => entry.covers(finding)));
      console.log(`    ${replayed} sequences with ${comparedCount(sequences)} interactions replayed; ${findings.length - known.length} differences, and ${known.length} known ones with ${KNOWN_DIFFERENCES.length} reasons`);
    });

    for (const sequence of sequences) {
      it(sequence.name, async () => {
        const found = await replay(sequence, service);
        findings.push(...found);
        violations.push(...service.log.flatMap(interaction => openApi.check(interaction)));
        replayed += 1;
        const unknown = found.filter(finding => !KNOWN_DIFFERENCES.some(entry => entry.covers(finding)));
        assert.deepEqual(unknown.map(tell), []);
      });
    }

    it('needs every known difference', () => {
      assert.equal(replayed, sequences.length);
      for (const entry of KNOWN_DIFFERENCES) {
        assert.ok(findings.some(finding => entry.covers(finding)), `No longer occurs: ${entry.reason}`);
      }
    });

    it('fits the vendor’s document, apart from the known deviations', function () {
      if (document === undefined) {
        this.skip();
      }
      const unknown = violations.filter(violation => !KNOWN_DEVIATIONS.some(entry => entry.covers(violation)));
      assert.deepEqual([...new Set(unknown.map(one => `${one.method} ${one.path} at "${one.at}": ${one.problem}`))], []);
      for (const entry of KNOWN_DEVIATIONS) {
        assert.ok(violations.some(violation => entry.covers(violation)), `No longer occurs: ${entry.reason}`);
      }
    });
  });
}

describe('recorded traffic against the simulated tenant', () => {
  const sequences = loadSequences();
  if (sequences === undefined) {
    skippedFor(RECORDINGS);
    return;
  }

  suite('with builds that take their time', sequences, () => Service.withClock());
  suite('with builds that are done at once', sequences, () => Service.instant());
});
