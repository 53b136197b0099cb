/** The Test Explorer for host tests: finds its items, and runs them as a person would, with what is reported of each. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Parts } from '../../src/ui/commands/parts.ts';
import { parts } from './support.ts';

/** What was reported of a run, by the label of the test. */
export interface Reported {
  readonly states: string[];
  output: string;
  messages: readonly vscode.TestMessage[];
  ms: number | undefined;
}

export async function items(): Promise<readonly vscode.TestItem[]> {
  const { controller } = (await parts()).tests;
  await controller.resolveHandler?.(undefined);
  const found: vscode.TestItem[] = [];
  controller.items.forEach(item => found.push(item));
  return found;
}

export async function itemOf(uri: vscode.Uri): Promise<vscode.TestItem> {
  const item = (await items()).find(one => one.uri?.toString() === uri.toString());
  assert.ok(item, uri.toString());
  await (await parts()).tests.controller.resolveHandler?.(item);
  return item;
}

export function labels(item: vscode.TestItem): string[] {
  const found: string[] = [];
  item.children.forEach(child => found.push(child.label));
  return found.sort();
}

export function child(item: vscode.TestItem, label: string): vscode.TestItem {
  let found: vscode.TestItem | undefined;
  item.children.forEach(one => {
    found = one.label === label ? one : found;
  });
  assert.ok(found, `${label} among ${labels(item).join()}`);
  return found;
}

/** Runs tests as the Test Explorer does, and returns what it is told. */
export async function run(how: keyof Parts['tests']['profiles'], include: readonly vscode.TestItem[], token: vscode.CancellationToken = new vscode.CancellationTokenSource().token): Promise<ReadonlyMap<string, Reported>> {
  const { controller, profiles } = (await parts()).tests;
  const reported = new Map<string, Reported>();
  const of = (item: vscode.TestItem): Reported => {
    const known = reported.get(item.label) ?? { states: [], output: '', messages: [], ms: undefined };
    reported.set(item.label, known);
    return known;
  };
  const original = controller.createTestRun.bind(controller);
  // The real run hears of everything, too: VS Code takes only items that are there.
  controller.createTestRun = (...args) => {
    const real = original(...args);
    const spy: vscode.TestRun = Object.create(real) as vscode.TestRun;
    for (const state of ['enqueued', 'started', 'skipped'] as const) {
      Object.defineProperty(spy, state, { value: (item: vscode.TestItem) => {
        of(item).states.push(state);
        real[state](item);
      } });
    }
    Object.defineProperty(spy, 'passed', { value: (item: vscode.TestItem, ms?: number) => {
      of(item).states.push('passed');
      of(item).ms = ms;
      real.passed(item, ms);
    } });
    for (const state of ['failed', 'errored'] as const) {
      Object.defineProperty(spy, state, { value: (item: vscode.TestItem, message: vscode.TestMessage | readonly vscode.TestMessage[], ms?: number) => {
        of(item).states.push(state);
        of(item).messages = [message].flat();
        real[state](item, message, ms);
      } });
    }
    Object.defineProperty(spy, 'appendOutput', { value: (text: string, location?: vscode.Location, item?: vscode.TestItem) => {
      if (item !== undefined) {
        of(item).output += text;
      }
      real.appendOutput(text, location, item);
    } });
    return spy;
  };
  try {
    await profiles[how].runHandler(new vscode.TestRunRequest(include, undefined, profiles[how]), token);
  } finally {
    controller.createTestRun = original;
  }
  return reported;
}

export function said([message]: readonly vscode.TestMessage[]): string {
  return typeof message?.message === 'string' ? message.message : '';
}

export function ended(reported: ReadonlyMap<string, Reported>, label: string): Reported & { readonly state: string } {
  const one = reported.get(label);
  assert.ok(one, `${label} among ${[...reported.keys()].join()}`);
  return { ...one, state: one.states.at(-1) ?? '' };
}
