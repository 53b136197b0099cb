/**
 * A company's proxy, small: it tunnels (CONNECT) and forwards plain requests, but only for who gives the right name and
 * password, and it knows hosts that nobody else does.
 */
import { createServer, request as send } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface ProxyOptions {
  readonly user: string;
  readonly password: string;
  /** `host:port` as asked for -> the port on this machine that stands for it. Everything else is refused with 502. */
  readonly hosts: Readonly<Record<string, number>>;
}

/** How often a host was asked for, and how often without the right name and password. */
export interface HostCounts {
  tunnels: number;
  forwarded: number;
  refused: number;
}

export interface RunningProxy {
  readonly port: number;
  /** `http://user:password@127.0.0.1:port`, as a person writes it into settings. */
  readonly url: string;
  readonly counts: () => Readonly<Record<string, HostCounts>>;
  close(): Promise<void>;
}

/**
 * How the proxy treats everybody: `open` as it should be, `locked` as if the password had been changed, `broken` as a
 * proxy that gives up each connection.
 */
export type ProxyMode = 'open' | 'locked' | 'broken';

/**
 * Control for tests in another process, who ask the proxy itself: `GET /counts` answers with its counts as JSON,
 * `POST /mode/locked` changes how it treats everybody.
 */
const COUNTS_PATH = '/counts';
const MODE_PATH = /^\/mode\/(open|locked|broken)$/u;

export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const counts: Record<string, HostCounts> = {};
  const sockets = new Set<Socket>();
  const expected = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`;

  let mode: ProxyMode = 'open';

  /** The port that stands for a host, or the status to refuse it with. */
  function admit(host: string, header: string | undefined, kind: 'tunnels' | 'forwarded'): number | { readonly status: 407 | 502 } {
    const count = (counts[host] ??= { tunnels: 0, forwarded: 0, refused: 0 });
    if (header !== expected || mode === 'locked') {
      count.refused += 1;
      return { status: 407 };
    }
    count[kind] += 1;
    return options.hosts[host] ?? { status: 502 };
  }

  const server = createServer((request, response) => {
    if (request.url === COUNTS_PATH) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(counts));
      return;
    }
    const wanted = MODE_PATH.exec(request.url ?? '')?.[1];
    if (wanted !== undefined) {
      mode = wanted as ProxyMode;
      response.end();
      return;
    }
    const url = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : undefined;
    const host = url === undefined ? 'unknown' : `${url.hostname}:${url.port === '' ? '80' : url.port}`;
    const port = admit(host, request.headers['proxy-authorization'], 'forwarded');
    if (typeof port === 'number' && url !== undefined) {
      forward(request, response, url, port);
    } else {
      response.writeHead(typeof port === 'number' ? 502 : port.status, REFUSAL_HEADERS).end(REFUSAL);
    }
  });
  server.on('connection', (socket: Socket) => keep(sockets, socket));
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    client.on('error', () => client.destroy());
    if (mode === 'broken') {
      client.destroy();
      return;
    }
    const port = admit(request.url ?? '', request.headers['proxy-authorization'], 'tunnels');
    if (typeof port !== 'number') {
      const headers = Object.entries(REFUSAL_HEADERS).map(([name, value]) => `${name}: ${value}\r\n`).join('');
      client.end(`HTTP/1.1 ${port.status} Refused\r\n${headers}content-length: ${REFUSAL.length}\r\nconnection: close\r\n\r\n${REFUSAL}`);
      return;
    }
    const target = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.write(head);
      target.pipe(client).pipe(target);
    });
    keep(sockets, target);
    target.on('error', () => client.destroy());
    client.on('close', () => target.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${encodeURIComponent(options.user)}:${encodeURIComponent(options.password)}@127.0.0.1:${port}`,
    counts: () => counts,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) {
          socket.destroy();
        }
      }),
  };
}

/** Proxies answer with pages, not with JSON. */
const REFUSAL = '<html><body>The proxy refuses this.</body></html>';
const REFUSAL_HEADERS = { 'content-type': 'text/html', 'proxy-authenticate': 'Basic realm="company"' };

function forward(request: IncomingMessage, response: ServerResponse, url: URL, port: number): void {
  const { 'proxy-authorization': _own, 'proxy-connection': _hop, ...headers } = request.headers;
  const onward = send({ host: '127.0.0.1', port, method: request.method, path: `${url.pathname}${url.search}`, headers }, answer => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

function keep(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
}
