/** The console of a run: everything is recorded; under a debugger it is shown there as well. */
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { LONGEST_LINE } from '../../actions/runs/localMask.ts';
import { MOST_LINES } from '../../actions/runs/localReport.ts';
import type { Send } from './channel.ts';

const METHODS = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'dirxml', 'table', 'assert', 'count', 'countReset', 'group', 'groupCollapsed', 'groupEnd', 'time', 'timeLog', 'timeEnd'] as const;

export interface Counts {
  /** Calls of `api`. */
  calls: number;
  lines: number;
  characters: number;
  /** Says how much there has been, now and then: of what is left out nothing else is said. */
  told(): void;
}

export function recordConsole(send: Send, passOn: boolean): Counts {
  let next = 1;
  const counts: Counts = {
    calls: 0,
    lines: 0,
    characters: 0,
    told() {
      const sum = counts.calls + counts.lines;
      if (sum >= next) {
        // Each time twice as many, so that a flood costs few messages.
        next = Math.max(next * 2, 16);
        send({ t: 'counts', calls: counts.calls, lines: counts.lines, characters: counts.characters });
      }
    },
  };
  let level = 'log';
  const sink = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      const line = text.replace(/\n$/u, '');
      counts.lines += 1;
      counts.characters += line.length;
      if (counts.lines <= MOST_LINES) {
        send({ t: 'console', level, text: line.slice(0, LONGEST_LINE) });
      }
      counts.told();
      done();
    },
  });
  const recorder = new Console({ stdout: sink, stderr: sink, colorMode: false });
  for (const method of METHODS) {
    const shown = console[method].bind(console) as (...args: unknown[]) => void;
    const recorded = recorder[method].bind(recorder) as (...args: unknown[]) => void;
    console[method] = (...args: unknown[]) => {
      level = method;
      recorded(...args);
      if (passOn) {
        shown(...args);
      }
    };
  }
  return counts;
}
