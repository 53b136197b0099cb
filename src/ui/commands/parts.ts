/** What commands are given: the parts of the extension that they bring together. */
import type * as vscode from 'vscode';
import type { HistoryAccess } from './historyCommands.ts';
import type { ActionDocuments } from '../documents/actionDocuments.ts';
import type { TenantPlatform } from '../../tenants/connectedTenant.ts';
import type { LocalFiles } from '../localFiles.ts';
import type { Log } from '../log.ts';
import type { PackageTools, SignInTools } from '../platform.ts';
import type { CheckProblems } from '../problems/checkProblems.ts';
import type { ProblemsPublisher } from '../problems/problemsPublisher.ts';
import type { LocalRuns } from '../localRun/access.ts';
import type { RunDocuments } from '../runs/runDocuments.ts';
import type { AppState } from '../appState.ts';
import type { NameQuestions } from '../typeName.ts';
import type { StatusBar } from '../status/statusBar.ts';
import type { Row } from '../tree/rows.ts';
import type { TestExplorer } from '../testExplorer.ts';
import type { TreeProvider } from '../tree/treeProvider.ts';

export interface Parts {
  readonly state: AppState;
  readonly log: Log;
  readonly platform: TenantPlatform & PackageTools;
  readonly signIn: SignInTools;
  readonly documents: ActionDocuments;
  /** Files of the workspace that belong to actions. */
  readonly local: LocalFiles;
  readonly runs: RunDocuments;
  /** Runs of actions on this machine. */
  readonly localRuns: LocalRuns;
  readonly tests: TestExplorer;
  /** Deployments of this machine that have ended. */
  readonly history: HistoryAccess;
  readonly problems: ProblemsPublisher;
  readonly checks: CheckProblems;
  readonly statusBar: StatusBar;
  readonly tree: TreeProvider;
  readonly view: vscode.TreeView<Row>;
  /** Questions before writes to protected tenants, one at a time. */
  readonly questions: NameQuestions;
  readonly links: vscode.UriHandler;
  /** True in VS Code's test mode, where nobody could answer a question. */
  readonly unattended: boolean;
}

/** A command's id and what it does with its arguments, whoever calls it. */
export type CommandTable = Readonly<Record<string, (...args: unknown[]) => unknown>>;
