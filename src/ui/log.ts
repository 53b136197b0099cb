/**
 * The extension's log channel. It is made at the first line, not at activation, since it brings a file; it never
 * opens by itself; and nothing that looks like a token gets into it.
 */
import * as vscode from 'vscode';
import type { RequestRecord } from '../auth0/requestLane.ts';
import { plain } from '../auth0/serviceTexts.ts';

/** Longest line; what is longer is cut. */
const LONGEST = 2000;

export class Log implements vscode.Disposable {
  #channel: vscode.LogOutputChannel | undefined;

  info(text: string): void {
    this.#open().info(line(text));
  }

  warn(text: string): void {
    this.#open().warn(line(text));
  }

  /** Something that should not have happened, with its causes. */
  error(what: string, error: unknown): void {
    this.#open().error(describe(error, line(`${what}:`)));
  }

  /**
   * One line for each attempt of a request: method, path, status, times and what is left of the rate limit. A failure is
   * a warning; what may have changed a tenant is information, and what only reads is for whoever looks closer.
   */
  request(tenant: string, record: RequestRecord): void {
    const { method, path, status, kind, ms, queuedMs, remaining } = record;
    const parts = [
      `${tenant} ${method} ${path}`,
      status === undefined ? '-' : String(status),
      ...(kind === undefined ? [] : [kind]),
      `${Math.round(ms)} ms`,
      ...(queuedMs >= 10 ? [`waited ${Math.round(queuedMs)} ms`] : []),
      ...(remaining === undefined ? [] : [`${remaining} requests left`]),
    ];
    this.#open()[kind !== undefined ? 'warn' : method === 'GET' ? 'debug' : 'info'](line(parts.join(' · ')));
  }

  /** A step on the way of something that is told of elsewhere. */
  trace(text: string): void {
    this.#open().trace(line(text));
  }

  show(): void {
    this.#open().show(true);
  }

  dispose(): void {
    this.#channel?.dispose();
  }

  #open(): vscode.LogOutputChannel {
    this.#channel ??= vscode.window.createOutputChannel('Actions for Auth0', { log: true });
    return this.#channel;
  }
}

/** One line, whatever a tenant or a proxy has put into it: nobody else begins a line of this log. */
function line(text: string): string {
  const whole = redact(plain(text.slice(0, 4 * LONGEST)));
  return whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole;
}

/** Takes out JSON web tokens, whatever follows `Bearer`, and of an address its query, name and password: errors may name the proxy. */
export function redact(text: string): string {
  return text
    .replace(/\bbearer\s+\S+/giu, 'Bearer [redacted]')
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/gu, '[redacted]')
    .replace(/[^\s/:@]+:[^\s/@]+@(?=[\w[])/gu, '[redacted]@')
    .replace(/(\bhttps?:\/\/[^\s?#]+)\?[^\s#]*/giu, '$1?[redacted]');
}

/** What went wrong as one line, then the places in the code, then its cause in the same way. */
function describe(error: unknown, before: string): string {
  if (!(error instanceof Error)) {
    return `${before} ${line(String(error))}`;
  }
  // The stack repeats the message, with whatever lines are in it: only what comes after is ours.
  const stack = error.stack ?? '';
  const at = stack.indexOf(error.message);
  const places = at < 0 ? [] : stack.slice(at + error.message.length).split('\n').filter(place => /^\s+at /u.test(place)).map(place => `    ${line(place)}`);
  const head = [`${before} ${line(`${error.name}: ${error.message}`)}`, ...places].join('\n');
  return error.cause === undefined ? head : `${head}\n${describe(error.cause, 'caused by')}`;
}
