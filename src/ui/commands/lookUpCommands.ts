/** What became of deployments that this window did not see the end of: those of windows that are gone, and those not confirmed. */
import * as vscode from 'vscode';
import { isRunning } from '../../actions/deployment.ts';
import type { Deployment } from '../../actions/deployment.ts';
import type { RunJournal } from '../../actions/runJournal.ts';
import type { RunRecord } from '../../actions/runRecord.ts';
import type { Disposables } from '../disposables.ts';
import { commands } from '../ids.ts';
import { choose, inform, noTenant } from '../messages.ts';
import { Dismissed, run } from '../run.ts';
import { isRow } from '../tree/rows.ts';
import { follow, resultOf } from './deploymentEnd.ts';
import { deploymentItem } from './listCommands.ts';
import type { CommandTable, Parts } from './parts.ts';
import { refuseLostRow } from './targets.ts';
import { tellUnused } from './tellUnused.ts';

/** Begins to look once activation is over, and again whenever the window is used: another one may have ended meanwhile. */
export function lookUpInterrupted(parts: Parts, journal: RunJournal, disposables: Disposables): void {
  const { deployments, registry } = parts.state;
  const lookUp = (record: RunRecord): void => {
    // Another window may have connected it meanwhile.
    registry.lookAgain();
    const tenant = registry.find(record.tenantId);
    if (tenant === undefined) {
      // Not connected here: the next start looks. A tenant that is disconnected takes its records along.
      journal.drop(record, true);
      return;
    }
    if (deployments.of(tenant.id, record.actionId) !== undefined) {
      // Being deployed anew: it is looked up as soon as that has ended, and until then it is this window's to do.
      void journal.keep(record);
      const off = deployments.changed.on(one => {
        if (one.tenant.id === tenant.id && one.actionId === record.actionId && !isRunning(one)) {
          off();
          lookUp(record);
        }
      });
      return;
    }
    void run(parts.log, 'lookUp', about => {
      about.tenant = tenant;
      return follow(parts, { tenant, actionId: record.actionId }, () => deployments.lookUp(tenant, record));
    });
  };
  const look = (): void => void journal.watch(lookUp);
  disposables.add(vscode.window.onDidChangeWindowState(({ focused }) => (focused ? look() : undefined)));
  look();
}

export function lookUpCommands(parts: Parts): CommandTable {
  const { deployments } = parts.state;
  return {
    [commands.lookAgain]: (...args) =>
      run(parts.log, 'lookAgain', async about => {
        refuseLostRow(args);
        const deployment = await which(parts, args[0]);
        about.tenant = deployment.tenant;
        about.action = deployment.actionName;
        const found = await follow(parts, { tenant: deployment.tenant, actionId: deployment.actionId }, () => deployments.lookAgain(deployment));
        void tellUnused(parts, found);
        return resultOf(found);
      }),
  };
}

/** The deployment that is meant by its id or its action's row; the only one there is, or one that a person picks. */
async function which({ state: { deployments } }: Parts, named: unknown): Promise<Deployment> {
  const unclear = deployments.list().filter(one => deployments.canLookAgain(one));
  const meant = typeof named === 'string' ? unclear.filter(one => one.id === named) : isRow(named) && 'actionId' in named ? unclear.filter(one => one.tenant.id === named.tenant.id && one.actionId === named.actionId) : unclear;
  const [first, second] = meant;
  if (first === undefined) {
    void inform(noTenant, vscode.l10n.t('No deployment of this window is unclear.'));
    throw new Dismissed();
  }
  const choice = second === undefined || named !== undefined ? first : (await choose(noTenant, meant.map(deploymentItem), vscode.l10n.t('Look again for which deployment?')))?.deployment;
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice;
}
