/** Deploying over HTTP: outcomes, problems, and what is sent. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { asObject } from '../../src/auth0/json.ts';
import type { DeployResult } from '../../src/ui/commands/deploymentEnd.ts';
import type { NameQuestion } from '../../src/ui/typeName.ts';
import { draftUri, versionUri } from '../../src/ui/uris.ts';
import { api, connect, control, createBuilt, parts, rows, tenant, type, until, whileAutoSaving } from './support.ts';

async function deploy(action: string): Promise<DeployResult> {
  return vscode.commands.executeCommand<DeployResult>('auth0Actions.deploy', { tenant, action });
}

async function versionsOf(id: string): Promise<number> {
  const { versions } = await api('GET', `/actions/actions/${id}/versions`);
  return Array.isArray(versions) ? versions.length : 0;
}

/** What notifications say while something is done. Questions get their first answer after `asked`, notifications the one that `click` picks. */
async function heard(work: (said: readonly string[]) => Promise<unknown>, asked: () => Promise<unknown> = () => Promise.resolve(), click: (buttons: readonly string[]) => Promise<string | undefined> = () => Promise.resolve(undefined)): Promise<readonly string[]> {
  const said: string[] = [];
  const { showErrorMessage, showWarningMessage, showInformationMessage } = vscode.window;
  // The extension has the same `vscode` as its tests.
  const say = async (text: string, ...rest: readonly unknown[]): Promise<unknown> => {
    const buttons = rest.filter(one => typeof one === 'string');
    if (asObject(rest[0])['modal'] === true) {
      await asked();
      return buttons[0];
    }
    said.push(text);
    return click(buttons);
  };
  Object.assign(vscode.window, { showErrorMessage: say, showWarningMessage: say, showInformationMessage: say });
  try {
    await work(said);
    return said;
  } finally {
    Object.assign(vscode.window, { showErrorMessage, showWarningMessage, showInformationMessage });
  }
}

/** Ours: VS Code has some of its own for code that is open. */
function problems(match: (uri: vscode.Uri) => boolean): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics().filter(([uri]) => match(uri)).flatMap(([, list]) => list).filter(({ source }) => source === 'auth0');
}

describe('deploy', () => {
  before(async () => {
    await control('reset', {});
    await control('faults', []);
    await connect();
  });
  afterEach(() => control('faults', []));

  it('waits for the build, makes one version, and updates the row', async () => {
    const id = await createBuilt('deploy-me');
    const extension = await parts();
    await extension.state.catalog(tenant).refresh();
    await api('PATCH', `/actions/actions/${id}`, { code: '// new' });
    await control('builds', { action: id, ms: 1500 });
    assert.deepEqual(await deploy('deploy-me'), { outcome: 'live', version: 1, errors: [] });
    assert.equal(await versionsOf(id), 1);
    const root = (await rows(extension)).find(one => one.row.id === tenant);
    assert.ok((await rows(extension, root?.row)).some(one => one.text === 'deploy-me | Post Login · v1 live'));
  });

  it('puts the errors of a version on the line that requires the package, until the next result', async () => {
    const id = await createBuilt('fails-once', "const a = 1;\nconst geo = require('geo-lookup');\nexports.onExecutePostLogin = async () => { geo(a); };\n");
    const errors = [{ id: 'E404', msg: "Cannot find module 'geo-lookup'", url: 'https://example.com/e404' }];
    await control('next-version', { action: id, status: 'failed', errors });
    const result = await deploy(id);
    assert.deepEqual(result, { outcome: 'failed', version: 1, errors });
    const [problem] = problems(uri => uri.scheme === 'auth0-actions-version' && uri.path.startsWith(`/${id}/v1/`));
    assert.ok(problem);
    assert.deepEqual([problem.message, problem.source, problem.range.start.line, problem.range.start.character], ["Cannot find module 'geo-lookup'", 'auth0', 1, 21]);
    assert.ok(typeof problem.code === 'object' && problem.code.value === 'E404' && problem.code.target.toString(true) === 'https://example.com/e404');
    assert.equal((await deploy(id)).outcome, 'live');
    assert.deepEqual(problems(uri => uri.path.startsWith(`/${id}/`)), []);
  });

  it('ends at once when the build has failed, and names the dependencies as suspects', async () => {
    const id = await createBuilt('cannot-build', "const x = require('no-such-package');\nexports.onExecutePostLogin = async () => x();\n");
    await api('PATCH', `/actions/actions/${id}`, { dependencies: [{ name: 'no-such-package', version: '1.0.0' }] });
    await control('hold', { action: id, status: 'failed' });
    assert.deepEqual(await deploy(id), { outcome: 'failed', errors: [] });
    const found = problems(uri => uri.scheme === 'auth0-actions' && uri.path.startsWith(`/${id}/draft/`));
    assert.deepEqual(found.map(one => one.range.start.line), [0, 0]);
    assert.match(found[0]?.message ?? '', /gives no reason/u);
    assert.match(found[1]?.message ?? '', /no-such-package@1\.0\.0/u);
    assert.equal(await versionsOf(id), 0);
  });

  it('reads back what became of a call whose answer was lost', async () => {
    const id = await createBuilt('lost-answer');
    await control('faults', [{ method: 'POST', path: '/deploy$', times: 1, fault: 'reset-after' }]);
    assert.deepEqual(await deploy(id), { outcome: 'live', version: 1, errors: [] });
    assert.equal(await versionsOf(id), 1);
  });

  it('rolls back to an older version, and leaves the draft alone unless told otherwise', async () => {
    const id = await createBuilt('goes-back', '// one\n');
    await deploy(id);
    await api('PATCH', `/actions/actions/${id}`, { code: '// two\n' });
    await deploy(id);
    const rollBack = (more: object = {}): Thenable<DeployResult> => vscode.commands.executeCommand<DeployResult>('auth0Actions.deployVersion', { tenant, action: 'goes-back', version: 1, ...more });
    assert.deepEqual(await rollBack(), { outcome: 'live', version: 3, errors: [] });
    const kept = await api('GET', `/actions/actions/${id}`);
    assert.deepEqual([kept['code'], asObject(kept['deployed_version'])['code'], kept['all_changes_deployed']], ['// two\n', '// one\n', false]);
    assert.deepEqual(await rollBack({ updateDraft: true }), { outcome: 'live', version: 4, errors: [] });
    assert.equal((await api('GET', `/actions/actions/${id}`))['code'], '// one\n');
    assert.equal((await vscode.commands.executeCommand<DeployResult>('auth0Actions.deployVersion', { tenant, action: id, version: 99 })).outcome, 'failed');
    await assert.rejects(async () => vscode.commands.executeCommand('auth0Actions.deployVersion', { tenant, action: id }), /number of a version/u);
    assert.equal(await versionsOf(id), 4);
  });

  it('reads back what became of a roll back whose answer was lost', async () => {
    const id = await createBuilt('lost-way-back', '// one\n');
    await deploy(id);
    await api('PATCH', `/actions/actions/${id}`, { code: '// two\n' });
    await deploy(id);
    await control('faults', [{ method: 'POST', path: '/versions/[^/]+/deploy$', times: 1, fault: 'reset-after' }]);
    assert.deepEqual(await vscode.commands.executeCommand('auth0Actions.deployVersion', { tenant, action: id, version: 1 }), { outcome: 'live', version: 3, errors: [] });
    assert.equal(await versionsOf(id), 3);
  });

  it('joins a deployment of the same action', async () => {
    const id = await createBuilt('join-me');
    const [first, second] = await Promise.all([deploy(id), deploy('join-me')]);
    assert.deepEqual(first, second);
    assert.equal(await versionsOf(id), 1);
  });

  it('does not join it for a text that is only here: that is told, and nothing is lost', async () => {
    const id = await createBuilt('not-the-same');
    await control('hold', { action: id, status: 'building' });
    const { state } = await parts();
    const first = deploy(id);
    await until('the build', () => state.deployments.of(tenant, id)?.phases.at(-1)?.phase === 'building');
    const uri = draftUri(tenant, id, 'not-the-same');
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    await type(document, '// only here\n');
    const said = await heard(async () => assert.equal(await vscode.commands.executeCommand('auth0Actions.deploy', uri), undefined));
    assert.deepEqual(said, [`not-the-same is being deployed to ${tenant}, but not as it is now. Nothing of yours is lost: deploy again when that has ended.`]);
    assert.equal(document.isDirty, true);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    // Without it, there is nothing that the other one would not make live.
    const joined = vscode.commands.executeCommand('auth0Actions.deploy', uri);
    await control('hold', { action: id, status: null });
    assert.deepEqual([await first, await joined], [{ outcome: 'live', version: 1, errors: [] }, { outcome: 'live', version: 1, errors: [] }]);
    assert.doesNotMatch(String(asObject((await api('GET', `/actions/actions/${id}`))['deployed_version'])['code']), /only here/u);
  });

  it('tells a person that somebody has taken the action out of its flow meanwhile, after a deploy, a roll back and an undo', async () => {
    const id = await createBuilt('taken-out', '// one\n');
    const { state } = await parts();
    const bind = (bindings: readonly unknown[]): Promise<unknown> => api('PATCH', '/actions/triggers/post-login/bindings', { bindings });
    await deploy(id);
    await api('PATCH', `/actions/actions/${id}`, { code: '// two\n' });
    await state.catalog(tenant).refresh();
    const uri = draftUri(tenant, id, 'taken-out');
    const begins: readonly (readonly [version: number, begin: () => Thenable<unknown>])[] = [
      [2, () => vscode.commands.executeCommand('auth0Actions.deploy', uri)],
      [3, () => vscode.commands.executeCommand('auth0Actions.deployVersion', versionUri(tenant, id, 1, 'taken-out'))],
      [4, () => vscode.commands.executeCommand('auth0Actions.undoDeployment', uri)],
    ];
    for (const [version, begin] of begins) {
      await bind([{ ref: { type: 'action_id', value: id } }]);
      const words = `taken-out v${version} is live in ${tenant}, but somebody has taken it out of its flow, so no login runs it any more.`;
      await heard(async said => {
        assert.equal(asObject(await begin())['outcome'], 'live');
        await until('that to be told', () => said.includes(words));
      }, async () => {
        await bind([]);
      });
    }
  });

  it('offers to look again where nothing could be read until the deadline, and finds the version then', async () => {
    const id = await createBuilt('unclear');
    const { state } = await parts();
    const { clock, deployments } = state;
    const [now, steady] = [clock.now.bind(clock), clock.steady?.bind(clock)];
    let later = 0;
    // Only what time it is: every wait takes as long as it does.
    Object.assign(clock, { now: () => now() + later, steady: () => (steady?.() ?? now()) + later });
    const isConfirming = (): boolean => deployments.of(tenant, id)?.phases.at(-1)?.phase === 'confirming';
    // The answer takes long enough for the reads to fail from the first look on.
    await control('faults', [{ method: 'POST', path: '/deploy$', fault: { delay: 2000 } }]);
    const off = deployments.changed.on(one => (one.actionId === id && one.phases.at(-1)?.phase === 'deploying' ? void control('faults', [{ method: 'GET', fault: { status: 503 } }]) : undefined));
    try {
      const said = await heard(async words => {
        const result = deploy(id);
        await until('the deadline to pass', () => {
          later += isConfirming() ? 5000 : 0;
          return words.length > 0;
        });
        assert.deepEqual(await result, { outcome: 'unconfirmed', version: 1, errors: [] });
        await until('the version to be found', () => deployments.list().some(one => one.actionId === id && one.outcome?.kind === 'live'));
      }, undefined, async buttons => {
        await control('faults', []);
        return buttons.find(button => button === 'Look Again');
      });
      // What follows once it is found, that no flow runs it, may be told by now.
      assert.ok(said[0]?.startsWith(`The deploy call for unclear was sent to ${tenant}, but what became of it could not be confirmed.`), said[0]);
      assert.equal(await versionsOf(id), 1);
    } finally {
      off();
      Object.assign(clock, { now, steady });
    }
  });

  it('runs several at once', async () => {
    const names = ['many-1', 'many-2', 'many-3'];
    const ids = await Promise.all(names.map(name => createBuilt(name)));
    const results = await Promise.all(ids.map(id => deploy(id)));
    assert.deepEqual(results.map(one => one.outcome), ['live', 'live', 'live']);
  });

  it('stops before anything is sent', async () => {
    const id = await createBuilt('stop-me');
    await control('hold', { action: id, status: 'building' });
    const extension = await parts();
    const result = deploy(id);
    await until('the build phase', () => (extension.state.deployments.of(tenant, id)?.phases.at(-1)?.phase === 'building' ? true : undefined));
    await vscode.commands.executeCommand('auth0Actions.cancelDeployment');
    assert.deepEqual(await result, { outcome: 'stopped', errors: [] });
    await control('hold', { action: id, status: null });
    assert.equal(await versionsOf(id), 0);
  });

  it('names the scope that is missing', async () => {
    const id = await createBuilt('no-scope');
    await control('faults', [{ method: 'POST', path: '/deploy$', fault: { status: 403, body: { statusCode: 403, error: 'Forbidden', message: 'Insufficient scope, expected any of: create:actions', errorCode: 'insufficient_scope' } } }]);
    assert.equal((await deploy(id)).outcome, 'failed');
    const extension = await parts();
    const outcome = extension.state.deployments.list()[0]?.outcome;
    assert.ok(outcome?.kind === 'failed' && outcome.reason === 'refused');
  });

  describe('to a protected tenant', () => {
    before(async () => {
      await connect();
      await (await parts()).state.registry.setProtected(tenant, true);
    });
    after(async () => (await parts()).state.registry.setProtected(tenant, false));

    /** Closes lists until the call has ended: there is nobody to type the name. */
    async function declined<T>(call: Thenable<T>): Promise<T> {
      let over = false;
      const result = Promise.resolve(call).finally(() => {
        over = true;
      });
      await until('the answer', async () => {
        await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
        return over;
      });
      return result;
    }

    it('asks a person, whoever calls, and sends nothing where that is declined', async () => {
      const id = await createBuilt('protected-me', '// one\n');
      assert.deepEqual(await declined(deploy(id)), { outcome: 'stopped', errors: [] });
      assert.equal(await versionsOf(id), 0);
      const both = await Promise.all([declined(deploy(id)), declined(deploy(await createBuilt('protected-too')))]);
      assert.deepEqual(both.map(one => one.outcome), ['stopped', 'stopped']);
      // Several selected rows: one question for all of them.
      const extension = await parts();
      await extension.state.catalog(tenant).refresh();
      const root = (await rows(extension)).find(one => one.row.id === tenant);
      const selected = (await rows(extension, root?.row)).filter(one => one.text.startsWith('protected-')).map(one => one.row);
      assert.equal(selected.length, 2);
      assert.equal(await declined(vscode.commands.executeCommand('auth0Actions.deploy', selected[0], selected)), undefined);
      assert.equal(await versionsOf(id), 0);
      await api('POST', `/actions/actions/${id}/deploy`);
      await api('PATCH', `/actions/actions/${id}`, { code: '// two\n' });
      await until('the build', async () => ((await api('GET', `/actions/actions/${id}`))['status'] === 'built' ? true : undefined));
      await api('POST', `/actions/actions/${id}/deploy`);
      const rollBack = vscode.commands.executeCommand<DeployResult>('auth0Actions.deployVersion', { tenant, action: id, version: 1, updateDraft: true });
      assert.deepEqual(await declined(rollBack), { outcome: 'stopped', errors: [] });
      assert.equal(await versionsOf(id), 2);
    });

    it('asks once for several, about the texts that are here, and saves those first', async () => {
      const extension = await parts();
      const [edited, other] = [await createBuilt('several-edited'), await createBuilt('several-other')];
      await deployUnasked(edited);
      await extension.state.catalog(tenant).refresh();
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(`auth0-actions://${tenant}/${edited}/draft/several-edited.js`));
      await vscode.window.showTextDocument(document);
      await type(document, '// mine\n');
      const root = (await rows(extension)).find(one => one.row.id === tenant);
      const selected = (await rows(extension, root?.row)).filter(one => one.text.startsWith('several-')).map(one => one.row);
      // Somebody is there who types the name.
      const asked: NameQuestion[] = [];
      const ask = extension.questions.ask.bind(extension.questions);
      extension.questions.ask = question => {
        asked.push(question);
        return Promise.resolve(question.choices[0]);
      };
      try {
        let over = false;
        const deployed = Promise.resolve(vscode.commands.executeCommand('auth0Actions.deploy', selected[0], selected)).finally(() => {
          over = true;
        });
        await until('the list to be accepted', async () => {
          await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
          return over || asked.length > 0;
        });
        await deployed;
      } finally {
        extension.questions.ask = ask;
      }
      assert.deepEqual(asked.map(one => one.question), [`Deploy 2 actions to ${tenant}?`]);
      assert.match(asked[0]?.detail ?? '', /^several-edited · Post Login · not in any flow · since v1: [^\n]* · your text is saved first\nseveral-other · Post Login · not in any flow · never deployed$/mu);
      assert.equal(asObject((await api('GET', `/actions/actions/${edited}`))['deployed_version'])['code'], document.getText());
      assert.deepEqual([await versionsOf(edited), await versionsOf(other), document.isDirty], [2, 1, false]);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });

    async function deployUnasked(id: string): Promise<void> {
      await api('POST', `/actions/actions/${id}/deploy`);
      await until('it to be live', async () => ((await api('GET', `/actions/actions/${id}`))['all_changes_deployed'] === true ? true : undefined));
    }
  });

  it('says that an action is gone which is deleted meanwhile, and takes its row away', async () => {
    const id = await createBuilt('gone-meanwhile');
    const extension = await parts();
    await extension.state.catalog(tenant).refresh();
    const shown = async (): Promise<boolean> => (await rows(extension, (await rows(extension)).find(one => one.row.id === tenant)?.row)).some(one => one.text.startsWith('gone-meanwhile'));
    assert.equal(await shown(), true);
    await control('hold', { action: id, status: 'building' });
    const result = deploy(id);
    await until('the deployment', () => Promise.resolve(extension.state.deployments.of(tenant, id)?.phases.some(({ phase }) => phase === 'building')));
    await api('DELETE', `/actions/actions/${id}`);
    assert.deepEqual(await result, { outcome: 'failed', errors: [] });
    const outcome = extension.state.deployments.list()[0]?.outcome;
    assert.ok(outcome?.kind === 'failed' && outcome.reason === 'actionGone');
    assert.equal(await shown(), false);
  });

  it('sends a text that VS Code is saving by itself at that moment, which only keeps it here', async () => {
    const id = await createBuilt('saves-itself');
    const { documents, state } = await parts();
    await state.catalog(tenant).refresh();
    const document = await vscode.workspace.openTextDocument(draftUri(tenant, id, 'saves-itself'));
    await vscode.window.showTextDocument(document);
    const write = documents.writeFile.bind(documents);
    const { drafts } = documents;
    const savePending = drafts.savePending.bind(drafts);
    let release: () => void = () => undefined;
    const released = new Promise<void>(resolve => {
      release = resolve;
    });
    try {
      const begun = new Promise<void>(resolve => {
        documents.writeFile = async (...args) => {
          resolve();
          await released;
          return write(...args);
        };
      });
      drafts.savePending = (...args) => {
        const saved = savePending(...args);
        // VS Code has been asked to save by now, and joins what is under way.
        release();
        return saved;
      };
      await whileAutoSaving('afterDelay', async () => {
        await type(document, '// only here\n');
        await begun;
      });
      assert.deepEqual(await deploy(id), { outcome: 'live', version: 1, errors: [] });
      assert.match(String(asObject((await api('GET', `/actions/actions/${id}`))['deployed_version'])['code']), /^\/\/ only here\n/u);
      assert.equal(document.isDirty, false);
    } finally {
      release();
      Object.assign(documents, { writeFile: write });
      Object.assign(drafts, { savePending });
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    }
  });

  it('rejects an unknown action', async () => {
    await assert.rejects(() => deploy('there-is-no-such-action'), /no action/u);
    await assert.rejects(() => deploy('00000000-0000-4000-8000-000000000000'), /no action/u);
  });

  it('takes its problems away with the tenant', async () => {
    const id = await createBuilt('leaves-problems');
    await control('hold', { action: id, status: 'failed' });
    await deploy(id);
    assert.ok(problems(uri => uri.path.startsWith(`/${id}/`)).length > 0);
    const extension = await parts();
    await extension.state.registry.disconnect(tenant);
    assert.deepEqual(problems(uri => uri.authority === tenant), []);
  });
});
