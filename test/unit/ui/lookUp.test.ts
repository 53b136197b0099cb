/** Deployments whose window is gone, as they are handed to the looking up. */
import assert from 'node:assert/strict';
import { window } from 'vscode';
import type { RunJournal } from '../../../src/actions/runJournal.ts';
import type { RunRecord } from '../../../src/actions/runRecord.ts';
import { Emitter } from '../../../src/auth0/emitter.ts';
import { lookUpInterrupted } from '../../../src/ui/commands/lookUpCommands.ts';
import type { Parts } from '../../../src/ui/commands/parts.ts';
import { Disposables } from '../../../src/ui/disposables.ts';
import { settled } from '../support/fakeClock.ts';

const RECORD: RunRecord = { id: 'r1', tenantId: 'acme', actionId: 'a1', actionName: 'one', startedAt: 1, phases: [] };

/** Hands one record over, and tells what became of it: by another window `acme` may have been connected meanwhile. */
async function handOver(connectedElsewhere: boolean): Promise<readonly string[]> {
  const heard: string[] = [];
  let knows = false;
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
        of: () => undefined,
        lookUp: () => {
          heard.push('looked up');
          return new Promise(() => undefined);
        },
      },
    },
  } as unknown as Parts;
  const journal = {
    watch: (take: (record: RunRecord) => void) => take(RECORD),
    drop: (record: RunRecord, unclear: boolean) => heard.push(`${record.id} ${unclear ? 'is kept' : 'is forgotten'}`),
  } as unknown as RunJournal;
  lookUpInterrupted(parts, journal, new Disposables());
  await settled();
  return heard;
}

describe('a deployment whose window is gone', () => {
  it('is looked up where another window has connected its tenant', async () => {
    assert.deepEqual(await handOver(true), ['looked up']);
  });

  it('stays remembered where its tenant is not known here', async () => {
    assert.deepEqual(await handOver(false), ['r1 is kept']);
  });
});
