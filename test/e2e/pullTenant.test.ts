// All actions of a tenant into files of the opened folder, and what is changed there back: the question, the list with its boxes, the summaries.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import type { WatchedSimulator } from '../support/simulator.ts';
import { startWatchedSimulator } from '../support/simulator.ts';
import { useWorkbench } from './support.ts';
import type { Workbench } from './support.ts';

describe('a whole tenant in files', () => {
  const workbench = useWorkbench({ keepSecrets: true, settings: { 'git.enabled': true } });
  let simulator: WatchedSimulator | undefined;
  let host = '';

  before(async () => {
    simulator = await startWatchedSimulator({ plan: 'enterprise', buildScale: 0.02 });
    host = new URL(simulator.url).host;
    git(workbench(), 'init', '-q');
    // Git's extension looks for repositories when a window opens.
    await workbench().page.reload();
    await workbench().connectFirst(simulator);
    await workbench().treeRow('risk-score').waitFor();
  });
  after(() => simulator?.close());

  const rowOf = (w: Workbench, name: string): Locator => w.page.locator('.quick-input-list .monaco-list-row', { has: w.page.locator('.label-name', { hasText: name }) }).first();
  const git = (w: Workbench, ...args: readonly string[]): string => execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], { cwd: w.folder, encoding: 'utf8' });
  const folderName = (w: Workbench): string => w.folder.split('/').at(-1) ?? '';

  it('is pulled from the tenant\'s row, after one question that says how many files are new', async () => {
    const w = workbench();
    await w.contextMenu(host, 'Pull All Actions into Files…');
    await w.question(`Pull all actions of ${host} into which folder?`);
    await w.quickPick(folderName(w));
    const dialog = w.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    assert.match((await dialog.innerText()).replace(/\s+/gu, ' '), new RegExp(`Pull 12 actions of ${host} into ${folderName(w)}\\? • new files: 24`, 'u'));
    await w.screenshot('e2e-pull-tenant-question');
    await w.dialogButton('Pull');
    await w.notification('24 files in').waitFor();
    assert.equal(readdirSync(join(w.folder, 'actions')).filter(name => name.endsWith('.json')).length, 12);
  });

  it('says which files it overwrites, and of which git has no copy', async () => {
    const w = workbench();
    await w.runCommand('Notifications: Clear All Notifications');
    writeFileSync(join(w.folder, 'actions', 'machine-claims', 'code.js'), '// committed\n');
    git(w, 'add', '.');
    git(w, 'commit', '-q', '-m', 'All');
    writeFileSync(join(w.folder, 'actions', 'risk-score', 'code.js'), '// nowhere else\n');
    await w.runCommand('Auth0 Actions: Pull All Actions into Files…');
    await w.question(`Pull all actions of ${host} into which folder?`);
    await w.quickPick(folderName(w));
    const dialog = w.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const text = (await dialog.innerText()).replace(/\s+/gu, ' ');
    assert.match(text, /• overwritten: [^•]*actions\/machine-claims\/code\.js/u);
    assert.match(text, /• overwritten, and not committed to git, so what they hold now is lost: actions\/risk-score\/code\.js •/u);
    await w.screenshot('e2e-pull-tenant-overwrite');
    await w.dialogButton('Pull');
    await w.notification('hold what').waitFor();
    assert.doesNotMatch(readFileSync(join(w.folder, 'actions', 'machine-claims', 'code.js'), 'utf8'), /committed/u);
  });

  it('is pushed from one list with what changes, what cannot be sent, and what would be lost', async () => {
    const w = workbench();
    await w.runCommand('Notifications: Clear All Notifications');
    const at = (path: string): string => join(w.folder, 'actions', path);
    const change = (path: string, by: (text: string) => string): void => writeFileSync(at(path), by(readFileSync(at(path), 'utf8')));
    change('machine-claims/code.js', text => `// from the repository\n${text}`);
    change('notify-password-change/code.js', text => `// ##STAGE##\n${text}`);
    change('enrich-profile.json', text => JSON.stringify({ ...JSON.parse(text) as object, secrets: [{ name: 'CRM_API_KEY' }], dependencies: [{ name: 'lodash', version: '4.17.20' }] }));
    writeFileSync(at('added.json'), JSON.stringify({ name: 'added $(zap)', code: './actions/machine-claims/code.js', supported_triggers: [{ id: 'credentials-exchange', version: 'v2' }], dependencies: [], secrets: [] }));
    const before = simulator?.count('PATCH');
    await w.runCommand('Auth0 Actions: Push All Actions from Files…');
    // The folder has the tenant that was pulled into it.
    await w.question(`Tick which drafts of ${host} to change`);
    await rowOf(w, 'machine-claims').waitFor();
    const names = ['added', 'enrich-profile', 'machine-claims', 'notify-password-change'];
    assert.equal(await w.page.locator('.quick-input-list .monaco-list-row').count(), names.length);
    assert.deepEqual(await Promise.all(names.map(async name => await rowOf(w, name).getAttribute('aria-checked'))), ['true', 'false', 'true', 'false']);
    assert.match(await rowOf(w, 'machine-claims').innerText(), /lines of code: 1 added, 0 removed/u);
    assert.match(await rowOf(w, 'enrich-profile').innerText(), /dependency lodash 4\.17\.21 → 4\.17\.20; secret CRM_BASE_URL removed/u);
    assert.match(await rowOf(w, 'notify-password-change').innerText(), /config\.json has no value for ##STAGE## \(actions\/notify-password-change\/code\.js, line 1\)/u);
    assert.match(await rowOf(w, 'added').innerText(), /added \$\(zap\)[^]*will be created/u);
    await w.screenshot('e2e-pull-tenant');
    await rowOf(w, 'machine-claims').hover();
    await rowOf(w, 'machine-claims').locator('.action-label[aria-label^="Compare with the Tenant"]').click();
    await w.page.locator('.tab', { hasText: 'machine-claims' }).first().waitFor();
    await w.question(`Tick which drafts of ${host} to change`);
    await w.page.locator('.quick-input-widget input[placeholder*="Tick"]').press('Enter');
    const summary = w.notification('Drafts changed in');
    await summary.waitFor();
    assert.match((await summary.innerText()).replace(/\s+/gu, ' '), new RegExp(`Drafts changed in ${host}: 1\\. Actions created: 1\\. Nothing was deployed\\.`, 'u'));
    assert.equal((simulator?.count('PATCH') ?? 0) - (before ?? 0), 1);
    await w.screenshot('e2e-pull-tenant-summary');
  });
});
