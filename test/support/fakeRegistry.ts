/** An npm registry on this machine, so that no test asks a real one. It remembers what it was asked, and answers as told. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface FakeRegistry {
  /** With a slash at its end. */
  readonly url: string;
  readonly asked: readonly Asked[];
  /** Answers instead of the usual until it is taken away; `false` leaves it to the usual. */
  answer: ((asked: Asked, response: ServerResponse) => boolean) | undefined;
  close(): Promise<void>;
}

interface FakePackage {
  readonly description?: string;
  readonly latest?: string;
  /** Version -> what the short form says of it. */
  readonly versions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export const PACKAGES: Readonly<Record<string, FakePackage>> = {
  lodash: { description: 'Utilities of every kind', latest: '4.17.21', versions: { '3.10.1': {}, '4.17.20': { deprecated: 'Has a hole that 4.17.21 mends' }, '4.17.21': {}, '5.0.0-rc.1': {} } },
  'lodash-es': { description: 'The same as modules', latest: '4.17.21', versions: { '4.17.21': {} } },
  bcrypt: { description: 'Hashes passwords', latest: '5.1.1', versions: { '5.1.1': { hasInstallScript: true } } },
  '@acme/tools': { latest: '1.0.0', versions: { '1.0.0': {} } },
};

export async function startFakeRegistry(): Promise<FakeRegistry> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const one: Asked = { url: request.url ?? '', headers: request.headers };
    asked.push(one);
    if (registry.answer?.(one, response) !== true) {
      usual(one, response);
    }
  });
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const registry: FakeRegistry = {
    url: `http://127.0.0.1:${port}/`,
    asked,
    answer: undefined,
    close: () => new Promise(resolve => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
  return registry;
}

function usual({ url }: Asked, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(url, 'http://registry.invalid');
  if (pathname.endsWith('/-/v1/search')) {
    const text = searchParams.get('text') ?? '';
    const objects = Object.entries(PACKAGES).filter(([name]) => name.includes(text)).map(([name, { latest, description }]) => ({ package: { name, version: latest, ...(description === undefined ? {} : { description }) } }));
    json(response, 200, { objects, total: objects.length });
    return;
  }
  const name = decodeURIComponent(/[^/]*$/u.exec(pathname)?.[0] ?? '');
  const found = Object.hasOwn(PACKAGES, name) ? PACKAGES[name] : undefined;
  if (found === undefined) {
    json(response, 404, { error: 'Not found' });
  } else {
    const versions = Object.fromEntries(Object.entries(found.versions).map(([version, more]) => [version, { name, version, ...more }]));
    json(response, 200, { name, 'dist-tags': { latest: found.latest }, versions });
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
