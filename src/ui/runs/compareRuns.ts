/** Compare Local and Tenant Run: one event, run on this machine and in the tenant, side by side. */
import * as vscode from 'vscode';
import type { Parts } from '../commands/parts.ts';
import { Dismissed } from '../run.ts';
import type { About } from '../run.ts';
import { short } from '../texts.ts';
import { chooseEvent, chosen, tenantOf } from './eventCommands.ts';
import { outcomePage } from './outcomeWords.ts';
import { codeOf, lastOutcome, makeReady, readForRun, runLocally, runThere } from './outcomes.ts';
import type { RunOutcome } from './outcomes.ts';
import { comparedUri } from './runDocuments.ts';
import { SAMPLE, eventLabel, eventsOf } from './subjects.ts';
import type { KeptEvent, Subject } from './subjects.ts';

/** The command. What has run with this very event and code is not run again. Rejects as the funnel expects it. */
export async function compareRuns(parts: Parts, about: About, args: readonly unknown[]): Promise<void> {
  const { subject, event: named } = await chosen(parts, about, args, vscode.l10n.t('Compare runs of which action?'));
  const event = named ?? await anEvent(parts, subject);
  const { target, local, there } = await bothRuns(parts, subject, event);
  const address = { tenantId: target.tenant.id, actionId: target.actionId };
  const [left, right] = [comparedUri(address, subject.name, 'local'), comparedUri(address, subject.name, 'tenant')];
  for (const [uri, outcome] of [[left, local], [right, there]] as const) {
    parts.runs.show(uri, outcomePage(outcome).done());
  }
  await vscode.commands.executeCommand('vscode.diff', left, right, vscode.l10n.t('{0}, {1}: this machine and {2}', short(subject.name), eventLabel(event), target.tenant.name), { preview: true });
}

/** The event that a person chooses, or a sample where there is none. */
async function anEvent(parts: Parts, subject: Subject): Promise<KeptEvent> {
  const events = await eventsOf(parts, subject);
  return events.length === 0 ? SAMPLE : chooseEvent(tenantOf(parts, subject), events, vscode.l10n.t('Compare runs with which event?'));
}

/** Both outcomes, the last ones where they still hold. The tenant comes first: it is where a person may decline. */
async function bothRuns(parts: Parts, subject: Subject, event: KeptEvent): Promise<{ readonly target: Awaited<ReturnType<typeof makeReady>>['target']; readonly local: RunOutcome; readonly there: RunOutcome }> {
  const { text } = await readForRun(subject, event);
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, cancellable: true, title: vscode.l10n.t('Both runs of {0}', short(subject.name)) }, async (progress, token) => {
    const ready = await makeReady(parts, subject);
    const { target, action } = ready;
    progress.report({ message: target.tenant.name });
    const there = lastOutcome(subject, event, 'tenant', { code: action.code, eventText: text, ...(action.updatedAt === undefined ? {} : { state: action.updatedAt }) }) ?? await runThere(parts, subject, event, ready, token);
    if (token.isCancellationRequested) {
      throw new Dismissed();
    }
    progress.report({ message: vscode.l10n.t('this machine') });
    const local = lastOutcome(subject, event, 'local', { code: await codeOf(subject.uri), eventText: text }) ?? await runLocally(parts, subject, event, { debug: false, token });
    return { target, local, there };
  });
}
