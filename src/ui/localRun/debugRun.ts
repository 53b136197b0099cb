/** A run under VS Code's own JavaScript debugger: breakpoints, stepping and console are those of any Node program. */
import * as vscode from 'vscode';
import type { RunnerOrder } from '../../actions/runs/localReport.ts';
import type { LocalRunResult } from '../../actions/runs/localRun.ts';
import type { Parts } from '../commands/parts.ts';
import { UserError } from '../errorWords.ts';
import { short } from '../texts.ts';
import type { LocalRunner } from './access.ts';
import { localFolders } from './subject.ts';
import type { Subject } from './subject.ts';

/**
 * Resolves when the session is over.
 * @throws UserError where VS Code starts none.
 */
export async function debugRun(parts: Parts, runner: LocalRunner, order: RunnerOrder, subject: Subject, token: vscode.CancellationToken | undefined): Promise<LocalRunResult> {
  const program = parts.localRuns.runner.fsPath;
  const run = await runner.openDebugRun(order, { runner: program, path: parts.localRuns.searchPath(), forbidden: localFolders().map(uri => uri.fsPath) });
  // What tells this session from others: debuggers hand the name on.
  const name = vscode.l10n.t('{0} on this machine', short(subject.name));
  const copied = subject.isCopy ? copyBreakpoints(subject) : [];
  const copy = vscode.Uri.file(subject.path);
  let session: vscode.DebugSession | undefined;
  const listeners = [
    vscode.debug.onDidStartDebugSession(started => {
      if (started.name === name && started.parentSession === undefined) {
        session ??= started;
      }
    }),
    vscode.debug.onDidTerminateDebugSession(ended => {
      if (ended.id === session?.id) {
        run.close();
      }
    }),
    ...(token === undefined ? [] : [token.onCancellationRequested(() => (session === undefined ? run.close() : void vscode.debug.stopDebugging(session)))]),
  ];
  try {
    if (subject.isCopy) {
      // What the debugger shows.
      await vscode.workspace.fs.writeFile(copy, new TextEncoder().encode(subject.code));
    }
    const started = await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(subject.uri), {
      type: 'node',
      request: 'launch',
      name,
      ...run.launch,
      console: 'internalConsole',
      internalConsoleOptions: 'openOnSessionStart',
      autoAttachChildProcesses: false,
      // The program that calls the handler is none of anybody's.
      skipFiles: ['<node_internals>/**', program],
    });
    if (!started) {
      throw new UserError(vscode.l10n.t('VS Code started no debugger, so {0} was not run. Its JavaScript debugger may be turned off.', short(subject.name)));
    }
    return await run.ended;
  } finally {
    run.close();
    listeners.forEach(listener => void listener.dispose());
    vscode.debug.removeBreakpoints(copied);
    if (subject.isCopy) {
      // Nobody else takes it away, also after its tenant was disconnected.
      await Promise.resolve(vscode.workspace.fs.delete(copy)).catch((error: unknown) => parts.log.error('take away the copy of a draft', error));
    }
  }
}

/** Breakpoints of a document that is no file, in the copy that is run. Those that are there from before go. */
function copyBreakpoints({ uri, path }: Subject): readonly vscode.Breakpoint[] {
  const copy = vscode.Uri.file(path);
  const inside = (address: vscode.Uri): readonly vscode.SourceBreakpoint[] => vscode.debug.breakpoints.filter(one => one instanceof vscode.SourceBreakpoint).filter(one => one.location.uri.toString() === address.toString());
  vscode.debug.removeBreakpoints(inside(copy));
  const copies = inside(uri).map(one => new vscode.SourceBreakpoint(new vscode.Location(copy, one.location.range), one.enabled, one.condition, one.hitCondition, one.logMessage));
  vscode.debug.addBreakpoints(copies);
  return copies;
}
