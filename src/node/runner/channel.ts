/**
 * How the process of a run hears its order and tells what happens. A run has a pipe beside the usual three, which is
 * written at once, so that nothing is lost when the code then loops for ever or ends the process. Under a debugger, which
 * starts the process itself, it is a socket whose address is the program's argument.
 */
import { readSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import type { RunMessage, RunnerOrder } from '../../actions/runs/localReport.ts';

export type Send = (message: RunMessage) => void;

export interface Channel {
  readonly order: RunnerOrder;
  readonly send: Send;
  /** Milliseconds after which the process has to be gone, whatever has become of the window; nothing under a debugger. */
  readonly lastMs?: number;
  /** Under a debugger, the process id of the window, without which nobody ends the run. */
  readonly host?: number;
  /** Resolves when everything has left. */
  readonly close: () => Promise<void>;
}

/** The pipe that the parent opens. */
const PIPE = 3;

const { stringify, parse } = JSON;
const { setPrototypeOf } = Object;

export async function openChannel(address: string | undefined): Promise<Channel> {
  if (address === undefined) {
    const { word, order, lastMs } = readOrder(readLine());
    return { order, ...(lastMs === undefined ? {} : { lastMs }), close: () => Promise.resolve(), send: message => writeWhole(line(word, message)) };
  }
  const socket = connect(address);
  // Whoever debugs may have gone meanwhile; the code runs on.
  socket.on('error', () => undefined);
  socket.unref();
  const write = socket.write.bind(socket);
  const end = socket.end.bind(socket);
  const { word, order, host } = readOrder(await new Promise<string>(resolve => {
    let text = '';
    socket.ref();
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.endsWith('\n')) {
        socket.unref();
        resolve(text);
      }
    });
  }));
  return {
    order,
    ...(host === undefined ? {} : { host }),
    close: () => new Promise(resolve => void end(() => resolve())),
    send: message => void write(line(word, message)),
  };
}

function readOrder(text: string): Pick<Channel, 'order' | 'lastMs' | 'host'> & { readonly word: string } {
  return parse(text) as Pick<Channel, 'order' | 'lastMs' | 'host'> & { word: string };
}

/** Nothing in front of it and no prototype that the code may have given a `toJSON` can make another message of it. */
function line(word: string, message: RunMessage): string {
  return `\n${word} ${stringify(bare(message))}\n`;
}

function bare<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const key in value) {
      bare(value[key]);
    }
    setPrototypeOf(value, null);
  }
  return value;
}

function readLine(): string {
  const parts: Buffer[] = [];
  const part = Buffer.alloc(65_536);
  for (;;) {
    const count = readSync(PIPE, part);
    const read = Buffer.from(part.subarray(0, count));
    parts.push(read);
    if (count === 0 || read.includes(10)) {
      return Buffer.concat(parts).toString('utf8');
    }
  }
}

function writeWhole(text: string): void {
  let rest = Buffer.from(text, 'utf8');
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(PIPE, rest));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) {
        // The code has closed it, or nobody listens any more.
        return;
      }
    }
  }
}
