// A run and a debug session of an action on this machine, from the lens above its handler, as a person goes through them.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Locator } from 'playwright-core';
import { startFakeRegistry } from '../support/fakeRegistry.ts';
import type { FakeRegistry } from '../support/fakeRegistry.ts';
import { registerSecret } from '../support/secrets.ts';
import { Workbench, again, useWorkbench } from './support.ts';

const FILES = {
  'auth0/actions/enrich.json': JSON.stringify({ name: 'enrich', code: './actions/enrich/code.js', runtime: 'node22', secrets: [{ name: 'CRM_KEY' }], supported_triggers: [{ id: 'post-login', version: 'v3' }] }),
  'auth0/actions/enrich/code.js': [
    'exports.onExecutePostLogin = async (event, api) => {',
    '  const { plan } = event.user.app_metadata;',
    "  console.log('plan', plan, 'with', event.secrets.CRM_KEY);",
    "  if (plan === 'none') {",
    "    throw new TypeError('No plan');",
    '  }',
    "  api.idToken.setCustomClaim('https://example.com/plan', plan);",
    '  api.access.deny();',
    '};',
    '',
  ].join('\n'),
  'auth0/actions/enrich/events/pro.json': JSON.stringify({ expect: { calls: [] }, user: { app_metadata: { plan: 'pro' } } }),
  'auth0/actions/enrich/events/without-plan.json': JSON.stringify({ user: { app_metadata: { plan: 'none' } } }),
};

/** The lines of the editor that shows this file, as far as they are drawn. */
function editor(w: Workbench, name: string): Locator {
  return w.page.locator(`.editor-group-container:has(.tab.active[data-resource-name="${name}"]) .view-lines`).first();
}

/** A packed package: each file with a header in front, both filled up to blocks of 512 bytes. */
function tarOf(files: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const header = Buffer.alloc(512);
    const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`;
    [[name, 0], [octal(0o644, 8), 100], [octal(0, 8), 108], [octal(0, 8), 116], [octal(text.length, 12), 124], [octal(0, 12), 136], [' '.repeat(8), 148], ['0', 156], ['ustar\x0000', 257]].forEach(([field, at]) => header.write(String(field), Number(at), 'latin1'));
    header.write(octal(header.reduce((sum, byte) => sum + byte, 0), 7), 148, 'latin1');
    return [header, Buffer.from(text.padEnd(Math.ceil(text.length / 512) * 512, '\0'), 'latin1')];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

function lens(w: Workbench, title: string): Locator {
  return w.page.locator('.codelens-decoration a', { hasText: title }).first();
}

describe('an action on this machine', () => {
  const workbench = useWorkbench({ files: FILES });

  it('runs from the lens above its handler, with an event of its own and a secret that is asked for once', async () => {
    const w = workbench();
    await w.openFile('enrich/code.js');
    await lens(w, 'Run Locally').click();
    await w.question('Run enrich on this machine with which event?');
    await w.screenshot('e2e-local-events');
    await w.quickPick('without-plan');
    await w.question('Values of the secrets of enrich');
    await w.quickPick('Type the Values…');
    await w.question('Value of CRM_KEY for runs of enrich on this machine');
    await w.quickInput(registerSecret('value-of-the-crm-key-9d41', 'a secret of a run on this machine'));
    const page = editor(w, 'enrich.local.txt');
    await page.filter({ hasText: 'It failed: TypeError: No plan' }).waitFor();
    await w.screenshot('e2e-local-run');
    assert.match(await page.innerText(), /plan\snone\swith\s«CRM_KEY»/u);
  });

  it('leads from the result to the line, and runs again without asking for secrets', async () => {
    const w = workbench();
    // A link is drawn anew when the pointer comes, with what it says above it: a person points again.
    await again(async timeout => {
      await w.page.locator('.detected-link', { hasText: 'Line' }).first().click({ modifiers: ['Control'], ...timeout });
      await w.page.locator('.statusbar a[aria-label^="Ln 5"]').waitFor(timeout);
    }, () => w.page.mouse.move(5, 5));
    await lens(w, 'Run Locally').click();
    await w.quickPick('pro');
    const page = editor(w, 'enrich.local.txt');
    await page.filter({ hasText: 'It ran to its end without an error' }).waitFor();
    assert.match((await page.innerText()).replaceAll('\u00a0', ' '), /1\. api\.idToken\.setCustomClaim\("https:\/\/example\.com\/plan", "pro"\) +line 7\s+2\. api\.access\.deny\(\) +line 8\s+The argument reason is missing\./u);
    await w.screenshot('e2e-local-calls');
  });

  it('stops at a breakpoint of its file under VS Code\'s debugger, and shows the result when it is over', async () => {
    const w = workbench();
    await w.page.locator('.tab', { hasText: 'code.js' }).first().click();
    await w.runCommand('Go to Line/Column...');
    await w.page.keyboard.type('7');
    await w.page.keyboard.press('Enter');
    await w.page.locator('.statusbar a[aria-label^="Ln 7"]').waitFor();
    await w.page.keyboard.press('F9');
    await w.page.locator('.codicon-debug-breakpoint, .codicon-debug-breakpoint-unverified').first().waitFor();
    await lens(w, 'Debug Locally').click();
    await w.question('Run enrich on this machine with which event?');
    await w.quickPick('pro');
    await w.page.locator('.debug-top-stack-frame-line').first().waitFor();
    await w.page.locator('.debug-toolbar').waitFor();
    // What the code printed is in the debugger's own console.
    await w.page.locator('.repl', { hasText: 'plan pro with' }).waitFor();
    await w.runCommand('View: Show Run and Debug');
    await w.page.locator('.debug-call-stack', { hasText: 'onExecutePostLogin' }).waitFor();
    await w.page.locator('.debug-variables .monaco-list-row', { hasText: 'Local: exports.onExecutePostLogin' }).click();
    await w.page.locator('.debug-variables .monaco-list-row', { hasText: /plan[^]*'pro'/u }).waitFor();
    await w.screenshot('e2e-local-debug');
    await w.page.keyboard.press('F10');
    await w.page.locator('.debug-call-stack .stack-frame', { hasText: '8:' }).first().waitFor();
    await w.page.keyboard.press('F5');
    await w.page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    const page = editor(w, 'enrich.local.txt');
    await page.filter({ hasText: 'there is no limit of time' }).waitFor();
    await w.screenshot('e2e-local-debugged');
  });
});

describe('an action whose packages are not here', () => {
  let registry: FakeRegistry | undefined;
  let started: Workbench | undefined;
  before(async () => {
    registry = await startFakeRegistry();
    const { url } = registry;
    const tarball = tarOf({ 'package/package.json': JSON.stringify({ name: 'of-the-registry', version: '1.2.3', scripts: { install: 'exit 1' } }), 'package/index.js': "module.exports = 'installed';" });
    registry.answer = (asked, response) => {
      if (asked.url === '/of-the-registry') {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ name: 'of-the-registry', 'dist-tags': { latest: '2.0.0' }, versions: { '1.2.3': { name: 'of-the-registry', version: '1.2.3', hasInstallScript: true, dist: { tarball: `${url}of-the-registry-1.2.3.tgz` } } } }));
      } else if (asked.url === '/of-the-registry-1.2.3.tgz') {
        response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(tarball);
      } else {
        return false;
      }
      return true;
    };
    started = await Workbench.start({
      env: { NPM_CONFIG_REGISTRY: url },
      files: {
        'actions/crm.json': JSON.stringify({ name: 'crm', code: './actions/crm/code.js', dependencies: [{ name: 'of-the-registry', version: '1.2.3' }], secrets: [{ name: 'KEY' }], supported_triggers: [{ id: 'post-login', version: 'v3' }] }),
        'actions/crm/code.js': "exports.onExecutePostLogin = async (event, api) => {\n  api.idToken.setCustomClaim('from', `${require('of-the-registry')} ${event.secrets.KEY.length}`);\n};\n",
        'actions/crm/.env': 'KEY=from-the-file\nOTHER=x\n',
        '.npmrc': 'registry=http://127.0.0.1:1/\n',
      },
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await started?.keepEvidence(this.currentTest.fullTitle());
    }
  });
  after(async () => {
    await started?.stop();
    await registry?.close();
  });

  it('runs with its exact versions after a question, which leaves the project as it is', async () => {
    const w = started;
    assert.ok(w);
    await w.openFile('crm/code.js');
    await lens(w, 'Run Locally').click();
    const dialog = w.page.locator('.monaco-dialog-box');
    await dialog.filter({ hasText: 'of-the-registry 1.2.3 is not installed' }).waitFor();
    await w.screenshot('e2e-local-packages');
    await w.dialogButton('Install');
    await w.question('Values of the secrets of crm');
    await w.screenshot('e2e-local-secrets');
    await w.quickPick('Read from actions/crm/.env');
    const page = editor(w, 'crm.local.txt');
    await page.filter({ hasText: 'It ran to its end without an error' }).waitFor();
    assert.match((await page.innerText()).replaceAll('\u00a0', ' '), /setCustomClaim\("from", "installed 13"\)[^]*Installed for runs on this machine: of-the-registry@1\.2\.3[^]*With a value: KEY/u);
    assert.ok(!existsSync(join(w.folder, 'node_modules')) && !existsSync(join(w.folder, 'actions', 'crm', 'node_modules')));
    // Again, without a question.
    await lens(w, 'Run Locally').click();
    await w.quickPick('Sample Event');
    await page.filter({ hasText: 'installed 13' }).waitFor();
    await w.page.locator('.monaco-dialog-box').waitFor({ state: 'hidden' });
  });
});

describe('an action of a workspace that is not trusted', () => {
  const workbench = useWorkbench({ trustEverything: false, files: FILES });

  it('is not run', async () => {
    const w = workbench();
    await w.page.locator('.statusbar', { hasText: 'Restricted Mode' }).waitFor();
    await w.openFile('enrich/code.js');
    await w.runCommand('Auth0 Actions: Run Action Locally');
    await w.notification('This workspace is not trusted, so nothing of it is run').waitFor();
    assert.equal(await lens(w, 'Run Locally').count(), 0);
    await w.screenshot('e2e-local-untrusted');
  });
});
