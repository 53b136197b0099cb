/**
 * The extension's log channel. It is made at the first line, not at activation, since it brings a file; it never
 * opens by itself; and nothing that looks like a token gets into it.
 */
import * as vscode from 'vscode';
import type { RequestRecord } from '../auth0/requestLane.ts';

export class Log implements vscode.Disposable {
  #channel: vscode.LogOutputChannel | undefined;

  info(text: string): void {
    this.#open().info(redact(text));
  }

  warn(text: string): void {
    this.#open().warn(redact(text));
  }

  /** Something that should not have happened, with its causes. */
  error(what: string, error: unknown): void {
    this.#open().error(redact(`${what}: ${describe(error)}`));
  }

  /** One line for each attempt of a request: method, path, status, times and what is left of the rate limit. */
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
    const line = redact(parts.join(' · '));
    if (kind === undefined) {
      this.#open().debug(line);
    } else {
      this.#open().warn(line);
    }
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

/** Takes out JSON web tokens, whatever follows `Bearer`, and the name and password of an address: errors may name the proxy. */
export function redact(text: string): string {
  return text
    .replace(/\bbearer\s+\S+/giu, 'Bearer [redacted]')
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/gu, '[redacted]')
    .replace(/[^\s/:@]+:[^\s/@]+@(?=[\w[])/gu, '[redacted]@');
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const stack = error.stack ?? error.message;
  return error.cause === undefined ? stack : `${stack}\ncaused by ${describe(error.cause)}`;
}
