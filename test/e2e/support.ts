// What a person does, as functions: a fresh workbench with the packaged extension installed, and the ways to see and click in it.
// Everything waits for a state, never for a time. Elements are found by role and label, which change less than classes.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { resultsFolder, root } from '../../scripts/lib/project.ts';
import { discard } from '../support/secrets.ts';
import { installWorkbench, resolveVersion } from '../workbench/install.ts';
import { loadWorkbench, openPage, workbenchUrl } from '../workbench/page.ts';
import type { PageOptions, WorkbenchPage } from '../workbench/page.ts';
import { startServer } from '../workbench/server.ts';
import type { RunningServer } from '../workbench/server.ts';
import { quietSettings } from '../workbench/settings.ts';

export interface WorkbenchOptions extends PageOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly trustEverything?: boolean;
  /** Files of the opened folder, by their path in it. */
  readonly files?: Readonly<Record<string, string>>;
  /** A `.code-workspace` file among them, which is opened in the folder's place. */
  readonly workspace?: string;
}

/** How long anything is waited for: far longer than a person would, since a machine with other work takes its time. */
const PATIENCE_MS = 60_000;

/** A tooltip covers the rows below it for as long as the pointer rests, and what is covered takes no click: a person moves on, a test waits. */
const NO_TOOLTIPS = { 'workbench.hover.delay': 3_600_000, 'workbench.hover.reducedDelay': 3_600_000 };

/** How long one try takes at most, where VS Code may have lost it. */
const TRY_MS = 8000;

/**
 * Does something that VS Code may lose, as often as it takes: a tree or a page that is drawn anew takes the focus, which closes lists and menus. A person
 * does it again.
 * @param each Does it, with this long for each step, and fails where it was lost.
 * @param before What has to be done before it is tried again.
 */
export async function again(each: (timeout: { readonly timeout: number }) => Promise<void>, before?: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await each({ timeout: TRY_MS });
      return;
    } catch (error) {
      if (attempt === 6) {
        throw error;
      }
      await before?.();
    }
  }
}

/** Starts a workbench before the tests of the suite around it, and ends it after them. A failure leaves a screenshot and the page's errors. */
export function useWorkbench(options: WorkbenchOptions = {}): () => Workbench {
  let workbench: Workbench | undefined;
  before(async () => {
    workbench = await Workbench.start(options);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await workbench?.keepEvidence(this.currentTest.fullTitle());
    }
  });
  after(async () => {
    await workbench?.stop();
  });
  return () => {
    if (workbench === undefined) {
      throw new Error('The workbench is there only while tests run.');
    }
    return workbench;
  };
}

export class Workbench {
  readonly page: Page;
  /** The opened folder. */
  readonly folder: string;
  readonly sideBar: Locator;
  private readonly parts: { readonly server: RunningServer; readonly browser: WorkbenchPage; readonly scratch: string };

  private constructor(server: RunningServer, browser: WorkbenchPage, scratch: string, folder: string) {
    this.parts = { server, browser, scratch };
    this.page = browser.page;
    this.folder = folder;
    this.sideBar = this.page.locator('.part.sidebar');
  }

  static async start(options: WorkbenchOptions = {}): Promise<Workbench> {
    const version = resolveVersion(fromEnvironment('AUTH0_ACTIONS_WORKBENCH'));
    const scratch = mkdtempSync(join(tmpdir(), 'workbench-'));
    const folder = join(scratch, 'workspace');
    mkdirSync(folder);
    for (const [path, text] of Object.entries(options.files ?? {})) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const place = { server: await installWorkbench(version), dataFolder: join(scratch, 'data'), logFile: join(resultsFolder, 'e2e-server.log'), extensions: fromEnvironment('AUTH0_ACTIONS_EXTENSIONS') };
    const server = await startServer({
      ...place,
      settings: { ...quietSettings, ...NO_TOOLTIPS, ...options.settings },
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.trustEverything === undefined ? {} : { trustEverything: options.trustEverything }),
      ...(options.locale === undefined ? {} : { locale: options.locale }),
    });
    return Workbench.open(server, await openPage(options), scratch, options.workspace === undefined ? folder : join(folder, options.workspace));
  }

  private static async open(server: RunningServer, browser: WorkbenchPage, scratch: string, folder: string): Promise<Workbench> {
    browser.page.setDefaultTimeout(PATIENCE_MS);
    await loadWorkbench(browser.page, workbenchUrl(server.url, folder));
    // The status bar's remote item is there when the server's side is connected.
    await browser.page.locator('.statusbar [id="status.host"]').waitFor();
    return new Workbench(server, browser, scratch, folder);
  }

  /** Another window of the same person, on a folder of its own. It goes with this one. */
  async anotherWindow(): Promise<Workbench> {
    const { server, browser, scratch } = this.parts;
    const folder = join(scratch, 'another-workspace');
    mkdirSync(folder);
    return Workbench.open(server, { ...browser, page: await this.page.context().newPage() }, scratch, folder);
  }

  async stop(): Promise<void> {
    await this.parts.browser.close();
    await this.parts.server.stop();
    discard(this.parts.scratch, 'workbench');
  }

  /** Shows a view container by its title in the activity bar. */
  async openView(title: string): Promise<void> {
    const tab = this.page.locator('.part.activitybar [role="tab"]').filter({ has: this.page.locator(`[aria-label^="${title}"]`) }).first();
    await tab.waitFor();
    if (await tab.getAttribute('aria-expanded') !== 'true') {
      await tab.click();
    }
    await this.sideBar.locator('.composite.title', { hasText: new RegExp(title, 'i') }).waitFor();
  }

  /** A sentence of the view's welcome texts, which are there only while the tree has no row. */
  welcome(sentence: string): Locator {
    return this.sideBar.locator('.welcome-view-content p', { hasText: sentence }).first();
  }

  welcomeButton(label: string): Locator {
    return this.sideBar.locator('.welcome-view-content').getByRole('button', { name: label, exact: true });
  }

  /** The title above the view, where it ends with this. */
  viewTitle(end: string): Locator {
    return this.sideBar.locator('.composite.title h2', { hasText: new RegExp(`(^|: )${end.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`, 'i') });
  }

  /** A row of a tree in the side bar, by its label; the description is not part of it. */
  treeRow(label: string): Locator {
    return this.sideBar.locator('[role="treeitem"]').filter({ has: this.page.locator('.label-name', { hasText: exactly(label) }) }).first();
  }

  /** A row that is selected, by a text in it. The row of a tenant is, at the end of connecting: until then the tree takes the focus from whatever is opened. */
  selectedRow(text: string): Locator {
    return this.sideBar.locator('[role="treeitem"][aria-selected="true"]', { hasText: text });
  }

  /** Waits until the browser has written what VS Code remembers; a page that is left before that loses it. */
  async remembered(text: RegExp): Promise<void> {
    await this.until(() => this.isRemembered(text), `${text.source} is remembered nowhere`);
  }

  /** Waits until VS Code has put a copy of a dirty text aside, with which it comes back after a restart. */
  async backedUp(text: string): Promise<void> {
    await this.until(() => this.fileWith('Backups', text) !== undefined, `there is no copy of ${text}`);
  }

  /** Waits until an extension has written a text into its own storage of this machine, and returns the file it is in. */
  async stored(text: string): Promise<string> {
    let found: string | undefined;
    await this.until(() => (found = this.fileWith('globalStorage', text)) !== undefined, `no extension stores ${text}`);
    return found ?? '';
  }

  private fileWith(name: string, text: string): string | undefined {
    const folder = join(this.parts.scratch, 'data', 'data', 'User', name);
    // Files may come and go meanwhile; what is being written is not there yet.
    const files = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter(file => file.isFile() && !file.name.endsWith('.new')).map(file => join(file.parentPath, file.name)) : [];
    return files.map(file => (existsSync(file) ? readFileSync(file, 'utf8') : '')).find(content => content.includes(text));
  }

  /** Waits until something outside the page is so. */
  async until(look: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!(await look())) {
      if (Date.now() > end) {
        throw new Error(otherwise);
      }
      await this.page.waitForTimeout(50);
    }
  }

  private isRemembered(text: RegExp): Promise<boolean> {
    return this.page.evaluate(async pattern => {
      const answer = <T>(request: IDBRequest<T>): Promise<T> => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('The database does not answer.'));
      });
      for (const { name } of await indexedDB.databases()) {
        const database = await answer(indexedDB.open(name ?? ''));
        try {
          for (const store of database.objectStoreNames) {
            const values: unknown[] = await answer(database.transaction(store).objectStore(store).getAll());
            // Settings are stored as text, files as bytes.
            if (values.some(value => new RegExp(pattern, 'u').test(value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value)))) {
              return true;
            }
          }
        } finally {
          database.close();
        }
      }
      return false;
    }, text.source);
  }

  /** Opens a row if it is closed. */
  async expand(label: string): Promise<void> {
    const row = this.treeRow(label);
    await row.waitFor();
    if (await row.getAttribute('aria-expanded') === 'false') {
      await row.locator('.monaco-tl-twistie').click();
    }
  }

  /** Opens what a row stands for, until its tab is the active one: a click is lost where the row is drawn anew in its middle. */
  async openRow(label: string, tab = `${label}.js`): Promise<void> {
    await again(async timeout => {
      await this.treeRow(label).click(timeout);
      await this.page.locator('.tab.active', { hasText: tab }).first().waitFor(timeout);
    });
  }

  /** The labels of all rows that are drawn, in their order. */
  treeLabels(): Promise<string[]> {
    return this.sideBar.locator('[role="treeitem"] .label-name').allInnerTexts();
  }

  /**
   * Selects exactly these rows and chooses from the context menu of the last one, until what that leads to is shown: a tree that is drawn anew may forget
   * a selection at any moment. What is chosen asks before it changes anything.
   */
  async chooseForRows(labels: readonly [string, ...string[]], item: string, shown: Locator): Promise<void> {
    const selected = this.sideBar.locator('[role="treeitem"][aria-selected="true"]');
    await again(async timeout => {
      for (const [index, label] of labels.entries()) {
        await this.treeRow(label).click({ ...(index === 0 ? {} : { modifiers: ['Control'] }), ...timeout });
      }
      const count = await selected.count();
      if (count !== labels.length) {
        throw new Error(`${count} rows are selected instead of ${labels.length}`);
      }
      await this.contextMenu(labels.at(-1) ?? '', item);
      await shown.waitFor(timeout);
    }, () => this.page.keyboard.press('Escape'));
  }

  /** Chooses from a row's context menu. */
  contextMenu(label: string, item: string): Promise<void> {
    return this.chooseFromMenu(this.treeRow(label), item);
  }

  /** Chooses from the context menu of an element, which what is drawn anew closes. */
  async chooseFromMenu(target: Locator, item: string): Promise<void> {
    const entry = this.menuEntry(item);
    await again(async timeout => {
      await this.openMenu(target, item, timeout);
      // VS Code takes no click in a menu's first tenth of a second, and shows nothing by which that could be seen.
      await this.page.waitForTimeout(120);
      await entry.click(timeout);
      await entry.waitFor({ state: 'hidden', ...timeout });
    }, () => this.page.keyboard.press('Escape'));
  }

  /** Opens the context menu of an element, once, and waits until it has this entry. */
  async openMenu(target: Locator, item: string, timeout: { readonly timeout?: number } = {}): Promise<void> {
    await target.click({ button: 'right', ...timeout });
    await this.menuEntry(item).waitFor(timeout);
  }

  private menuEntry(item: string): Locator {
    return this.page.locator('.monaco-menu [role="menuitem"]', { has: this.page.getByText(item, { exact: true }) }).first();
  }

  /** Clicks an inline button of a row. */
  async rowButton(label: string, title: string, timeout: { readonly timeout?: number } = {}): Promise<void> {
    const row = this.treeRow(label);
    await row.hover(timeout);
    await row.locator(`.action-label[aria-label^="${title}"]`).click(timeout);
  }

  /** Runs a command through the palette, by what it is called there. */
  async runCommand(title: string): Promise<void> {
    await again(async timeout => {
      await this.page.keyboard.press('F1');
      await this.page.locator('.quick-input-widget input').fill(`>${title}`, timeout);
      await this.choice(title).click(timeout);
    });
  }

  /** Opens a file of the folder by its path there. */
  async openFile(path: string): Promise<void> {
    const name = path.split('/').at(-1) ?? path;
    // The list may have opened before the files were known, too.
    await again(async timeout => {
      await this.runCommand('Go to File...');
      await this.page.locator('.quick-input-widget input').fill(path, timeout);
      await this.page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().click(timeout);
    }, () => this.page.keyboard.press('Escape'));
    await this.editorTab(name).waitFor();
  }

  /** Chooses a theme by its name in VS Code's list. */
  async colorTheme(name: string): Promise<void> {
    await again(async timeout => {
      await this.runCommand('Preferences: Color Theme');
      await this.page.locator('.quick-input-widget input').fill(name, timeout);
      await this.choice(name).click(timeout);
    });
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** An entry of the list that is open. */
  choice(label: string): Locator {
    return this.page.locator('.quick-input-list [role="option"]').filter({ has: this.page.locator('.label-name', { hasText: exactly(label) }) }).first();
  }

  /** Waits until a list or an input box with this placeholder or title takes what is typed. */
  async question(text: string, options: { readonly timeout?: number } = {}): Promise<void> {
    await this.questionInput(text).waitFor(options);
  }

  /** What takes the answer of a list or an input box with this placeholder or title. */
  questionInput(text: string): Locator {
    return this.page.locator(`.quick-input-widget input[placeholder*="${text}"], .quick-input-widget:has(.quick-input-title:has-text("${text}")) input`).first();
  }

  /** Leaves a list or an input box, and waits until it is gone: the next one must not be closed in its place. */
  async dismiss(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Drags the edge of the side bar, so that long rows can be read. */
  async widenSideBar(by: number): Promise<void> {
    const box = await this.sideBar.boundingBox();
    if (box !== null) {
      const [x, y] = [box.x + box.width + 2, box.y + box.height / 2];
      await this.page.mouse.move(x, y);
      await this.page.mouse.down();
      await this.page.mouse.move(x + by, y, { steps: 5 });
      await this.page.mouse.up();
    }
  }

  async quickPick(label: string): Promise<void> {
    await this.choice(label).click();
  }

  /** Chooses a file in VS Code's own dialog, which begins with the workspace's folder and lists the folder of what is typed. */
  async chooseFile(path: string): Promise<void> {
    await this.page.locator('.quick-input-list [role="option"]', { hasText: '..' }).first().waitFor();
    await again(async timeout => {
      await this.page.locator('.quick-input-widget input').first().fill(path, timeout);
      await this.page.locator('.quick-input-list [role="option"]', { hasText: basename(path) }).waitFor(timeout);
    });
    await this.page.locator('.quick-input-widget .monaco-button', { hasText: 'Read' }).click();
  }

  /** Answers an input box. */
  async quickInput(text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input');
    await input.waitFor();
    await input.fill(text);
    await input.press('Enter');
  }

  /**
   * Connects the first tenant from the welcome texts. The tree is drawn anew until its row is selected: a click before that may hit a row that is gone.
   * A tenant without actions has no row.
   */
  async connectFirst({ url, token }: { readonly url: string; readonly token: string }): Promise<void> {
    await this.openView('Actions for Auth0');
    await this.welcomeButton('Connect to Tenant…').click();
    await this.answerConnect(url, token);
    await this.selectedRow(new URL(url).host).or(this.welcome('This tenant is connected, and has no actions yet.')).first().waitFor();
    const offer = this.page.locator('.notification-toast', { hasText: 'If logins depend on it, protect it' });
    await offer.hover();
    await offer.locator('.codicon-notifications-clear').click();
    await offer.waitFor({ state: 'detached' });
  }

  /** Answers the questions of connecting with an access token, once the first of them is there. */
  async answerConnect(url: string, token: string): Promise<void> {
    await this.question('How do you want to sign in?');
    await this.quickPick('Access Token');
    await this.question('Connect to a tenant: domain');
    await this.quickInput(url);
    await this.question(`Connect to ${new URL(url).host}: access token`);
    await this.quickInput(token);
  }

  /** An item of the status bar by the id its extension gave it. */
  statusBarItem(id: string): Locator {
    return this.page.locator(`.statusbar [id$="${id}"]`);
  }

  async statusBarText(id: string): Promise<string> {
    return (await this.statusBarItem(id).innerText()).trim();
  }

  /** The rows of the Problems panel as a screen reader gets them. */
  async problems(): Promise<string[]> {
    await this.runCommand('View: Focus Problems (Errors, Warnings, Infos)').catch(() => this.runCommand('Problems: Focus on Problems View'));
    const panel = this.page.locator('.markers-panel');
    await panel.waitFor();
    return panel.locator('[role="treeitem"]').evaluateAll(rows => rows.map(row => row.getAttribute('aria-label') ?? ''));
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast .notification-list-item', { hasText: text }).first();
  }

  notifications(): Promise<string[]> {
    return this.page.locator('.notification-toast .notification-list-item-message').allInnerTexts();
  }

  /** Modal questions: clicks one of their buttons. */
  async dialogButton(label: string): Promise<void> {
    await this.page.locator('.monaco-dialog-box .monaco-button', { hasText: exactly(label) }).click();
  }

  /** The tab of an open editor. */
  editorTab(name: string): Locator {
    return this.page.locator('.tabs-container [role="tab"]', { hasText: name }).first();
  }

  /** Errors of the page so far, without the expected noise. */
  get pageErrors(): readonly string[] {
    return this.parts.browser.errors;
  }

  async screenshot(name: string): Promise<string> {
    const path = join(resultsFolder, `${name}.png`);
    mkdirSync(resultsFolder, { recursive: true });
    await this.page.screenshot({ path });
    return path;
  }

  /** A picture of the README: with AUTH0_ACTIONS_PICTURES it takes the place of the one in `media`. */
  async picture(name: string): Promise<void> {
    // Nothing of what a person's pointer leaves behind: a hover that came late goes with the next move.
    const hover = this.page.locator('.monaco-hover:visible').first();
    for (let move = 0; move < 10 && (move === 0 || (await hover.isVisible())); move += 1) {
      await this.page.mouse.move(900 + move * 5, 690);
      await hover.waitFor({ state: 'hidden', timeout: 1000 }).catch(() => undefined);
    }
    const file = await this.screenshot(`readme-${name}`);
    if (process.env.AUTH0_ACTIONS_PICTURES !== undefined) {
      copyFileSync(file, join(root, 'media', `${name}.png`));
    }
  }

  async keepEvidence(title: string): Promise<void> {
    const name = `e2e-${title.replace(/\W+/g, '-').slice(0, 80)}`;
    const path = await this.screenshot(name).catch((error: unknown) => String(error));
    writeFileSync(join(resultsFolder, `${name}.txt`), this.pageErrors.join('\n\n'));
    process.stdout.write(`    screenshot: ${path}\n`);
    for (const line of this.pageErrors.slice(-5)) {
      process.stdout.write(`    page: ${line.split('\n')[0] ?? ''}\n`);
    }
  }
}

/** Set by the script that starts these tests. */
function fromEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set: these tests are started by \`node scripts/run.mjs e2e\`.`);
  }
  return value;
}

function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}
