/** Runs of an action's handler on this machine, as whoever builds them hands them in. */
import type * as vscode from 'vscode';
import type { LocalRunResult } from '../../actions/runs/localRun.ts';
import type { JsonObject } from '../../auth0/json.ts';

export interface LocalRuns {
  /**
   * Runs the code in a file of the workspace or in a draft with an event.
   * @param how `debug` attaches VS Code's debugger; `ask` allows questions, such as for values of secrets.
   * Rejects with a UserError where the code cannot be run, and as a dismissed question does.
   */
  run(uri: vscode.Uri, event: { readonly event: JsonObject; readonly continueWith?: JsonObject }, how: { readonly debug: boolean; readonly token?: vscode.CancellationToken; readonly ask: boolean }): Promise<LocalRunResult>;
}
