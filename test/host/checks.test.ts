/** The checks of drafts in a real extension host: when they run, what they publish, and what they offer. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { asObjects } from '../../src/auth0/json.ts';
import { runChecks } from '../../src/actions/checks/index.ts';
import type { PackageFacts, PackageRegistry } from '../../src/actions/packages.ts';
import { CheckProblems } from '../../src/ui/problems/checkProblems.ts';
import { ProblemsPublisher } from '../../src/ui/problems/problemsPublisher.ts';
import { draftUri } from '../../src/ui/uris.ts';
import { answered } from './answers.ts';
import { api, connect, control, createBuilt, parts, tenant, type, until } from './support.ts';

/** `code line:column` of what is published for an action's draft. */
function published(id: string): string[] {
  return vscode.languages.getDiagnostics().filter(([uri]) => uri.scheme === 'auth0-actions' && uri.path.startsWith(`/${id}/`)).flatMap(([, list]) => list).filter(one => one.source === 'auth0')
    .map(one => `${String(typeof one.code === 'object' ? one.code.value : one.code)} ${one.range.start.line}:${one.range.start.character}`).sort();
}

async function untilPublished(id: string, expected: readonly string[]): Promise<void> {
  let last: string[] = [];
  await until(`the problems ${expected.join(', ')}`, () => {
    last = published(id);
    return JSON.stringify(last) === JSON.stringify([...expected].sort()) ? true : undefined;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; there are: ${last.join(', ')}`);
  });
}

const CODE = "const axios = require('axios');\nexports.onExecutePostLogin = async (event, api) => {\n  await axios.get(event.secrets.WEBHOOK);\n};\n";

describe('checks', () => {
  before(async () => {
    await control('reset', {});
    await control('faults', []);
    await connect();
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  /** Opens a draft as a person does: a document that code has opened stays open for minutes. */
  async function open(id: string, name: string): Promise<vscode.TextDocument> {
    const uri = draftUri(tenant, id, name);
    await vscode.commands.executeCommand('vscode.open', uri);
    return until('the document', () => vscode.window.visibleTextEditors.find(editor => editor.document.uri.toString() === uri.toString())?.document);
  }

  it('run over a draft that is open, follow its text and its settings, and go with it', async () => {
    const id = await createBuilt('checked', CODE);
    const extension = await parts();
    await extension.state.catalog(tenant).refresh();
    const document = await open(id, 'checked');
    await untilPublished(id, ['require-unknown 0:23', 'secret-undefined 2:32']);
    const [first] = vscode.languages.getDiagnostics(document.uri).filter(one => one.source === 'auth0');
    assert.ok(typeof first?.code === 'object' && first.code.target.toString(true).startsWith('https://auth0.com/docs/customize/actions/'));
    assert.deepEqual([first.severity, first.message], [vscode.DiagnosticSeverity.Error, '`axios` is not a dependency of this action.']);
    await api('PATCH', `/actions/actions/${id}`, { dependencies: [{ name: 'axios', version: '1.7.9' }], secrets: [{ name: 'WEBHOOK', value: 'https://example.com' }] });
    await extension.state.catalog(tenant).refreshAction(id);
    await untilPublished(id, []);
    await type(document, "\n\nconst got = require('got');\n");
    await untilPublished(id, ['require-unknown 2:21']);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await untilPublished(id, []);
  });

  it('say a syntax error where VS Code says none, and not where it does', async () => {
    const id = await createBuilt('broken', 'exports.onExecutePostLogin = async () => {\n  const a = ;\n};\n');
    const document = await open(id, 'broken');
    const others = (): vscode.Diagnostic[] => vscode.languages.getDiagnostics(document.uri).filter(one => one.source !== 'auth0' && one.severity === vscode.DiagnosticSeverity.Error);
    // Whichever of the two it is here, in the end one of them stands on the line.
    const told = await until('a message', () => {
      const own = published(id);
      return own.length + others().length > 0 ? { own, others: others().length } : undefined;
    });
    assert.deepEqual(told.others > 0 ? told.own : [], []);
    if (told.others === 0) {
      assert.deepEqual(told.own, ['syntax 1:12']);
    }
    // VS Code, in the shape of this test, gets a message of its own, and loses it.
    const elsewhere = vscode.languages.createDiagnosticCollection('elsewhere');
    try {
      elsewhere.set(document.uri, [new vscode.Diagnostic(new vscode.Range(1, 12, 1, 13), 'Expression expected.')]);
      await untilPublished(id, []);
      elsewhere.clear();
      await untilPublished(id, others().length > 0 ? [] : ['syntax 1:12']);
    } finally {
      elsewhere.dispose();
    }
  });

  it('offer what mends it', async () => {
    const id = await createBuilt('mended', `import fs from 'node:fs';\n${CODE}`);
    const known = await vscode.commands.getCommands(true);
    const own = ['auth0Actions.addDependency', 'auth0Actions.setSecret'].filter(command => !known.includes(command)).map(command => vscode.commands.registerCommand(command, (): void => undefined));
    try {
      const document = await open(id, 'mended');
      await untilPublished(id, ['require-unknown 1:23', 'secret-undefined 3:32', 'syntax-module 0:0']);
      const offered = async (line: number): Promise<vscode.CodeAction[]> => (await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, document.lineAt(line).range)).filter(one => one.command?.command.startsWith('auth0Actions.') === true || one.title.startsWith('Change to'));
      const [add] = await offered(1);
      assert.deepEqual(add?.command, { title: 'Add the dependency axios…', command: 'auth0Actions.addDependency', arguments: [draftUri(tenant, id, id), { name: 'axios' }] });
      const [secret] = await offered(3);
      assert.deepEqual(secret?.command, { title: 'Add the secret WEBHOOK…', command: 'auth0Actions.setSecret', arguments: [draftUri(tenant, id, id), { name: 'WEBHOOK' }] });
      const [change] = await offered(0);
      assert.ok(change?.edit);
      assert.equal(change.title, 'Change to `require`');
      assert.ok(await vscode.workspace.applyEdit(change.edit));
      await untilPublished(id, ['require-unknown 1:23', 'secret-undefined 3:32']);
      assert.ok(await document.save());
      assert.equal((await api('GET', `/actions/actions/${id}`))['code'], `const fs = require('node:fs');\n${CODE}`);
    } finally {
      vscode.Disposable.from(...own).dispose();
    }
  });

  it('make a fix as a click on a row does: what is dismissed is silent, what fails is told, and the rest is done', async () => {
    const id = await createBuilt('fixed', 'exports.onExecutePostLogin = async (event, api) => {\n  api.access.deny(event.secrets.WEBHOOK);\n};\n');
    const document = await open(id, 'fixed');
    await untilPublished(id, ['secret-undefined 1:32']);
    const [fix] = (await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, document.lineAt(1).range)).filter(one => one.command?.command === 'auth0Actions.setSecret');
    const command = fix?.command;
    assert.ok(command);
    const make = (...answers: string[]): ReturnType<typeof answered> => answered(answers, () => vscode.commands.executeCommand(command.command, ...(command.arguments ?? []) as unknown[]));
    const secrets = async (): Promise<unknown[]> => asObjects((await api('GET', `/actions/actions/${id}`))['secrets']).map(one => one['name']);
    assert.deepEqual((await make()).filter(one => one.kind !== 'input'), []);
    await control('faults', [{ method: 'PATCH', path: id, times: 1, fault: { status: 403, body: { statusCode: 403, error: 'Forbidden', message: 'Insufficient scope, expected any of: update:actions', errorCode: 'insufficient_scope' } } }]);
    const [, told] = await make('not-a-secret');
    assert.deepEqual([told?.kind, told?.buttons], ['error', ['Connect…', 'Show Log']]);
    assert.doesNotMatch(told?.text ?? '', /PATCH/u);
    assert.deepEqual(await secrets(), []);
    assert.deepEqual((await make('not-a-secret')).map(one => one.kind), ['input']);
    assert.deepEqual(await secrets(), ['WEBHOOK']);
    await untilPublished(id, []);
  });

  it('explain a build that failed without a reason, once the registry has answered', async () => {
    const id = await createBuilt('cannot-install', "const axios = require('axios');\nconst crypto = require('crypto');\nexports.onExecutePostLogin = async () => { axios(crypto); };\n");
    await api('PATCH', `/actions/actions/${id}`, { dependencies: [{ name: 'axios', version: '1.7.9' }, { name: 'crypto', version: '17.7.1' }] });
    await control('hold', { action: id, status: 'failed' });
    const extension = await parts();
    const facts = (name: string, ...versions: string[]): PackageFacts => ({ name, versions, withInstallScript: new Set(), deprecated: new Map() });
    let answer: () => void = () => undefined;
    const asked = new Promise<void>(resolve => {
      answer = resolve;
    });
    const registry: PackageRegistry = {
      facts: async name => {
        await asked;
        return name === 'crypto' ? facts(name, '1.0.0', '1.0.1') : facts(name, '1.7.9');
      },
      search: () => Promise.reject(new Error('nobody searches')),
    };
    const checks = new CheckProblems(extension.state, extension.log, () => Promise.resolve({ runChecks }), registry);
    const problems = new ProblemsPublisher(extension.state, extension.log, checks);
    try {
      const found = extension.state.registry.find(tenant);
      assert.ok(found);
      const action = await extension.state.catalog(tenant).refreshAction(id);
      problems.draft(found, action);
      await untilPublished(id, ['build_failed 0:0', 'dependency 0:23', 'dependency 1:24', 'dependency-builtin 1:24']);
      // The question before a deploy does not wait for a registry that does not answer.
      assert.deepEqual((await checks.findingsFor(found, action, action.code)).map(one => one.code), ['dependency-builtin']);
      answer();
      await untilPublished(id, ['build_failed 0:0', 'dependency-builtin 1:24', 'dependency-version-not-found 1:24']);
      const texts = vscode.languages.getDiagnostics().flatMap(([uri, list]) => (uri.path.startsWith(`/${id}/`) ? list.map(one => one.message) : []));
      assert.ok(texts.some(text => text.endsWith('The checks found what could not be installed: crypto@17.7.1.')), texts.join('\n'));
      assert.ok(texts.some(text => text.startsWith('crypto@17.7.1 does not exist')), texts.join('\n'));
      assert.deepEqual((await checks.findingsFor(found, action, action.code)).map(one => one.severity), ['warning', 'error']);
      // It builds in the end: nothing is left of it.
      problems.draft(found, { ...action, status: 'built' });
      await untilPublished(id, []);
    } finally {
      problems.dispose();
      checks.dispose();
      await control('hold', { action: id, status: null });
    }
  });
});
