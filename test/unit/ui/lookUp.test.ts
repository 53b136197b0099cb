/** Deployments whose window is gone, as they are handed to the looking up. */
import assert from 'node:assert/strict';
import { window } from 'vscode';
import type { Deployment } from '../../../src/actions/deployment.ts';
import type { RunJournal } from '../../../src/actions/runJournal.ts';
import type { RunRecord } from '../../../src/actions/runRecord.ts';
import { Emitter } from '../../../src/auth0/emitter.ts';
import { lookUpInterrupted } from '../../../src/ui/commands/lookUpCommands.ts';
import type { Parts } from '../../../src/ui/commands/parts.ts';
import { Disposables } from '../../../src/ui/disposables.ts';
import { fakeApi, tenantOf } from '../support/things.ts';
import { settled } from '../support/fakeClock.ts';

const RECORD: RunRecord = { id: 'r1', tenantId: 'acme', actionId: 'a1', actionName: 'one', startedAt: 1, phases: [] };

/** Hands one record over, and tells what became of it: by another window `acme` may have been connected meanwhile. */
async function handOver(connectedElsewhere: boolean, running: readonly Deployment[] = []): Promise<readonly string[]> {
  const heard: string[] = [];
  let knows = false;
  let busy = running.length > 0;
  const changed = new Emitter<Deployment>();
  Object.assign(window, { onDidChangeWindowState: () => ({ dispose: () => undefined }) });
  const parts = {
    log: { error: (_what: string, error: unknown) => { throw error; } },
    state: {
      actionRead: new Emitter(),
      registry: {
        lookAgain: () => {
          knows = connectedElsewhere;
        },
        find: () => (knows ? { id: 'acme', name: 'acme' } : undefined),
      },
      deployments: {
        changed,
        of: () => (busy ? running[0] : undefined),
        lookUp: () => {
          heard.push('looked up');
          return new Promise(() => undefined);
        },
      },
    },
  } as unknown as Parts;
  const journal = {
    watch: (take: (record: RunRecord) => void) => take(RECORD),
    keep: (record: RunRecord) => heard.push(`${record.id} waits`),
    drop: (record: RunRecord, unclear: boolean) => heard.push(`${record.id} ${unclear ? 'is kept' : 'is forgotten'}`),
  } as unknown as RunJournal;
  lookUpInterrupted(parts, journal, new Disposables());
  await settled();
  for (const one of running) {
    busy = one.actionId !== RECORD.actionId || one.outcome === undefined;
    changed.fire(one);
    changed.fire(one);
    await settled();
    heard.push(`${one.actionId} ${one.outcome?.kind ?? 'runs'}`);
  }
  return heard;
}

describe('a deployment whose window is gone', () => {
  it('is looked up where another window has connected its tenant', async () => {
    assert.deepEqual(await handOver(true), ['looked up']);
  });

  it('waits for the deployment of its action that runs here, and is looked up once that has ended', async () => {
    const one = { id: '1', tenant: tenantOf(fakeApi(), 'acme'), actionId: 'a1', actionName: 'one', startedAt: 2, phases: [] };
    const ends: readonly Deployment[] = [one, { ...one, actionId: 'a2', outcome: { kind: 'live', version: 3 } }, { ...one, outcome: { kind: 'live', version: 2 } }];
    assert.deepEqual(await handOver(true, ends), ['r1 waits', 'a1 runs', 'a2 live', 'looked up', 'a1 live']);
  });

  it('stays remembered where its tenant is not known here', async () => {
    assert.deepEqual(await handOver(false), ['r1 is kept']);
  });
});
