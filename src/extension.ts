/**
 * The composition root: makes the parts, connects them, registers them with VS Code, and returns. It waits for
 * nothing; the first request is caused by a visible view, a command, or a restored document.
 */
import * as vscode from 'vscode';
import { loadChecks, loadHistory, loadLanguage, loadLocal, loadLocalRun, loadLocalRunner, loadMany, loadNetwork, loadRuns, loadSimulator, loadWholeTenant, searchPath } from './node/lazyBundles.ts';
import { systemClock } from './node/systemClock.ts';
import { isAlive, sha256, thisProcess } from './node/thisMachine.ts';
import { RunJournal } from './actions/runJournal.ts';
import { TenantRegistry } from './tenants/tenantRegistry.ts';
import { actionCommands } from './ui/commands/actionCommands.ts';
import { dependencyCommands } from './ui/commands/dependencyCommands.ts';
import { deployCommands } from './ui/commands/deployCommands.ts';
import { documentCommands } from './ui/commands/documentCommands.ts';
import { draftCommands } from './ui/commands/draftCommands.ts';
import { wholeTenantCommands } from './ui/commands/wholeTenantCommands.ts';
import { flowCommands } from './ui/commands/flowCommands.ts';
import { historyCommands, keepHistory } from './ui/commands/historyCommands.ts';
import { listCommands } from './ui/commands/listCommands.ts';
import { localCommands } from './ui/commands/localCommands.ts';
import { localRunCommands, offerLocalRuns } from './ui/commands/localRunCommands.ts';
import { lookUpCommands, lookUpInterrupted } from './ui/commands/lookUpCommands.ts';
import type { Parts } from './ui/commands/parts.ts';
import { rollBackCommands } from './ui/commands/rollBackCommands.ts';
import { rowCommands } from './ui/commands/rowCommands.ts';
import { runCommands } from './ui/commands/runCommands.ts';
import { secretCommands } from './ui/commands/secretCommands.ts';
import { tenantCommands } from './ui/commands/tenantCommands.ts';
import { Accounts, PROVIDER_ID } from './ui/connect/accounts.ts';
import { connectByPerson, connectCommands } from './ui/connect/connectCommands.ts';
import { promptForSignIn } from './ui/connect/signInPrompt.ts';
import { tenantMarkCommands } from './ui/commands/tenantMarkCommands.ts';
import { connectParts } from './ui/connectParts.ts';
import { DeepLinks } from './ui/deepLinks.ts';
import { Disposables } from './ui/disposables.ts';
import { EventSchemas, SCHEMA_SCHEME } from './ui/eventSchemas.ts';
import { ActionDocuments } from './ui/documents/actionDocuments.ts';
import { DraftQuestions } from './ui/documents/draftQuestions.ts';
import { draftShelf, windowOf } from './ui/documents/shelf.ts';
import { views } from './ui/ids.ts';
import { journalFiles } from './ui/journalFiles.ts';
import { DocumentFacts } from './ui/language/actionFacts.ts';
import { registerLanguageFeatures } from './ui/language/languageFeatures.ts';
import type { LanguageParts } from './ui/language/languageFeatures.ts';
import { LocalFiles, followLocalFiles } from './ui/localFiles.ts';
import { Log } from './ui/log.ts';
import { followOtherWindows, tenantPlatform, tenantStore, vault } from './ui/platform.ts';
import { CheckProblems } from './ui/problems/checkProblems.ts';
import { checkFixes } from './ui/problems/checkFixes.ts';
import { ProblemsPublisher } from './ui/problems/problemsPublisher.ts';
import { RUN_SCHEME, RunDocuments } from './ui/runs/runDocuments.ts';
import { AppState } from './ui/appState.ts';
import { StatusBar } from './ui/status/statusBar.ts';
import { TestExplorer } from './ui/testExplorer.ts';
import { tenantDrag } from './ui/tree/tenantDrag.ts';
import { TreeProvider } from './ui/tree/treeProvider.ts';
import { NameQuestions } from './ui/typeName.ts';
import { DRAFT_SCHEME, VERSION_SCHEME } from './ui/uris.ts';
import { noticeSteps } from './ui/walkthrough.ts';

/** Returns the parts in VS Code's test mode, for host tests to look at, and nothing otherwise. */
export function activate(context: vscode.ExtensionContext): Parts | undefined {
  const disposables = new Disposables();
  context.subscriptions.push(disposables);
  const log = disposables.add(new Log());
  const version = String((context.extension.packageJSON as { version?: unknown }).version);
  const platform = tenantPlatform({ loadNetwork, loadSimulator, searchPath }, systemClock, log, disposables, version);
  const registry = new TenantRegistry(tenantStore(context.globalState), vault(context.secrets), platform);
  const journal = new RunJournal({ store: journalFiles(context.globalStorageUri), clock: systemClock, owner: { window: crypto.randomUUID(), ...thisProcess() }, isAlive, digest: sha256, onError: error => log.error('remember a deployment', error) });
  const state = disposables.add(new AppState(registry, systemClock, journal));
  const checks = disposables.add(new CheckProblems(state, log, loadChecks, platform.packages()));
  const problems = disposables.add(new ProblemsPublisher(state, log, checks));
  const statusBar = disposables.add(new StatusBar(state));
  const tree = disposables.add(new TreeProvider(state, log));
  const questions = new NameQuestions();
  const unattended = context.extensionMode === vscode.ExtensionMode.Test;
  const facts = new DocumentFacts(state);
  const documents = disposables.add(
    new ActionDocuments(state, log, {
      listeners: {
        onDraft: (tenant, action) => {
          problems.draft(tenant, action);
          facts.draft(tenant, action);
        },
        onVersion: (tenant, actionId, version) => {
          problems.openedVersion(tenant, actionId, version);
          facts.version(tenant, actionId, version);
        },
      },
      shelf: draftShelf(context.globalStorageUri, windowOf(context.storageUri, context.workspaceState)),
      questions: new DraftQuestions({ questions, unattended }),
    }),
  );
  const runs = disposables.add(new RunDocuments(context.globalStorageUri));
  const view = disposables.add(vscode.window.createTreeView(views.explorer, { treeDataProvider: tree, canSelectMany: true, showCollapseAll: true, dragAndDropController: tenantDrag(registry) }));
  const links = new DeepLinks(() => parts);
  const local = new LocalFiles(loadLocal, () => parts, { memory: context.workspaceState, digest: sha256 });
  const tests = new TestExplorer(loadRuns, disposables);
  const parts: Parts = { state, log, platform, signIn: platform, documents, local, runs, tests, localRuns: { load: loadLocalRun, loadRunner: loadLocalRunner, searchPath, runner: vscode.Uri.joinPath(context.extensionUri, 'dist', 'runner.cjs'), storage: context.globalStorageUri }, history: { storage: context.globalStorageUri, load: loadHistory }, problems, checks, statusBar, tree, view, questions, links, unattended };

  disposables.add(vscode.workspace.registerFileSystemProvider(DRAFT_SCHEME, documents, { isCaseSensitive: true }));
  disposables.add(vscode.workspace.registerFileSystemProvider(VERSION_SCHEME, documents, { isCaseSensitive: true, isReadonly: new vscode.MarkdownString(vscode.l10n.t('Versions never change. Open the draft to see what is being edited.')) }));
  disposables.add(vscode.workspace.registerFileSystemProvider(RUN_SCHEME, runs, { isCaseSensitive: true }));
  disposables.add(vscode.workspace.registerFileSystemProvider(SCHEMA_SCHEME, new EventSchemas(loadLanguage), { isCaseSensitive: true, isReadonly: true }));
  disposables.add(vscode.languages.registerDocumentLinkProvider({ scheme: RUN_SCHEME }, runs));
  for (const table of [deployCommands(parts, loadMany), rollBackCommands(parts), lookUpCommands(parts), historyCommands(parts), documentCommands(parts), draftCommands(parts), flowCommands(parts), secretCommands(parts), dependencyCommands(parts), actionCommands(parts, loadLanguage), listCommands(parts), localCommands(parts), rowCommands(parts), runCommands(parts, loadRuns), localRunCommands(parts), wholeTenantCommands(parts, loadWholeTenant), connectCommands(parts), tenantCommands(parts), tenantMarkCommands(parts)]) {
    for (const [id, handler] of Object.entries(table)) {
      disposables.add(vscode.commands.registerCommand(id, handler));
    }
  }
  disposables.add(checkFixes(checks));
  disposables.add(vscode.window.registerUriHandler(links));
  const localFactsFor: LanguageParts['localFactsFor'] = async document => {
    const { local: files } = await local.get();
    return files.facts.of(document, uri => files.actionOf(uri));
  };
  registerLanguageFeatures({ load: loadLanguage, factsFor: document => facts.of(document), localFactsFor, log }, disposables);
  offerLocalRuns(parts, disposables);
  tests.start(parts);
  connectParts(parts, disposables);
  followLocalFiles(parts, disposables);
  promptForSignIn(state, disposables);
  keepHistory(parts, sha256, disposables);
  lookUpInterrupted(parts, journal, disposables);
  followOtherWindows(context.secrets, registry, disposables);
  disposables.add(vscode.authentication.registerAuthenticationProvider(PROVIDER_ID, vscode.l10n.t('Actions for Auth0'), disposables.add(new Accounts(registry, () => connectByPerson(parts))), { supportsMultipleAccounts: true }));
  noticeSteps(parts, disposables);
  return parts.unattended ? parts : undefined;
}
