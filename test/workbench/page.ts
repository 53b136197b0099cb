// The workbench's page in a browser, with the noise left out that every run without internet has.
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { keptFile } from '../support/secrets.ts';
import { ensureChromium } from './chromium.ts';

const EXPECTED = [
  /open-vsx|marketplace\.visualstudio|vscode-cdn|vscode-unpkg|update\.code/i,
  /Failed to load resource|net::ERR_/,
  /github(\.com| authentication|-authentication)|GitHub sign-in|getSession|DefaultAccount/i,
  /gallery|NameNotResolved|ENOTFOUND|Failed to fetch/i,
  /Ignoring the error while validating workspace folder|serviceWorker|service worker|Tracking Prevention|CSP|Content Security Policy/i,
  /spdlog|Cannot find module '\.\.?\/build\/|bindings file|policy|kerberos|bad HTTP response code \(404\)/i,
  /vscode-log:|IndexedDB database|\[lifecycle\] Long running operations|ripgrep\/bin\/rg ENOENT|Timed out getting tasks/,
  // VS Code's own parts that are closed while something still arrives for them.
  /(Model|Throttler) is disposed/,
  // A slow machine: what is asked before a save is then saved as it is.
  /Aborted onWillSaveTextDocument-event/,
  /WebGL|GPU|canvas2d|Canceled|Unable to resolve|chatParticipant|proposed API|proposal|deprecat|PendingMigration|punycode|SQLite/i,
];

export const isExpected = (line: string): boolean => EXPECTED.some(pattern => pattern.test(line));

/** Half of the key is the server's part: 256 bits. */
const KEY_BYTES = 32;

export interface WorkbenchPage {
  readonly page: Page;
  /** Errors of the page and its console, without the expected noise. */
  readonly errors: string[];
  readonly close: () => Promise<void>;
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly locale?: string;
  readonly colorScheme?: 'light' | 'dark';
  /**
   * Keeps secrets over a reload, as a desktop does. The page asks its server for a part of the key to store them with;
   * the server alone, without the wrapper around it, has none, so that the browser answers in its place.
   */
  readonly keepSecrets?: boolean;
}

/** A browser with one empty page. */
export async function openPage(options: PageOptions = {}): Promise<WorkbenchPage> {
  const browser: Browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
    ],
  });
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
    colorScheme: options.colorScheme ?? 'dark',
    locale: options.locale ?? 'en',
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  if (options.keepSecrets === true) {
    await context.route('**/mint-key', route => route.fulfill({ status: 200, contentType: 'application/octet-stream', body: Buffer.alloc(KEY_BYTES, 7) }));
  }
  const errors: string[] = [];
  const note = (line: string): void => {
    if (!isExpected(line)) {
      errors.push(line);
    }
  };
  page.on('pageerror', error => note(error.stack ?? error.message));
  page.on('console', message => {
    if (message.type() === 'error') {
      note(message.text());
    }
  });
  const close = async (): Promise<void> => {
    try {
      // The profile is in memory only, so that what the page stores has to be written down to be searched.
      const path = keptFile('browser', 'storage.json');
      if (path !== undefined) {
        await context.storageState({ path, indexedDB: true });
      }
    } finally {
      await browser.close();
    }
  };
  return { page, errors, close };
}

/** The address of a folder, or of a `.code-workspace` file, on a server; `payload` holds what a command line would. */
export function workbenchUrl(server: string, folder: string, payload: readonly (readonly [string, string])[] = []): string {
  const address = new URL(server);
  address.searchParams.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', filePath(folder));
  const settings = [...payload, ['skipWelcome', 'true'], ['skipReleaseNotes', 'true']];
  return `${address.href}&payload=${encodeURIComponent(JSON.stringify(settings))}`;
}

/** A path as the part of an address: Windows' drive letters take a slash before them. */
export function filePath(path: string): string {
  const slashes = path.replaceAll('\\', '/');
  return slashes.startsWith('/') ? slashes : `/${slashes}`;
}

/** Loads the address and waits until the workbench is drawn. */
export async function loadWorkbench(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  await page.locator('.monaco-workbench').first().waitFor({ state: 'visible', timeout: 60_000 });
}
