/** A run of an action's handler on this machine, as data: what it is given, and what came of it. */
import type { TriggerRef } from '../../auth0/api.ts';
import type { JsonObject } from '../../auth0/json.ts';
import type { Thrown } from '../../auth0/runs.ts';

/** The service ends a run of a trigger after this long. Milliseconds. */
export const RUN_LIMIT_MS = 20_000;
/** Characters of console output that the service keeps of a run. */
export const CONSOLE_LIMIT = 256;

export interface LocalRunOrder {
  /** Name of the action. */
  readonly name: string;
  readonly code: string;
  readonly triggers: readonly TriggerRef[];
  readonly runtime?: string;
  readonly dependencies: readonly { readonly name: string; readonly version?: string }[];
  /** Without `secrets`. */
  readonly event: JsonObject;
  /** Values by name, from a person or a file of theirs; never from a tenant. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What changes in the event when a redirect comes back, for the handler that continues. */
  readonly continueWith?: JsonObject;
}

/** One call of a method of `api`. */
export interface ApiCall {
  /** As it is written in code, such as `api.access.deny`. */
  readonly method: string;
  /** As JSON; what JSON cannot hold stands as a text that says what it was. */
  readonly args: readonly unknown[];
  /** The handler that called it. */
  readonly handler: string;
  /** Line of the code, from 1. */
  readonly line?: number;
  /** What is wrong with it, where something is. */
  readonly problem?: CallProblem;
}

export type CallProblem =
  /** There is no such method in this trigger and version. */
  | { readonly kind: 'unknownMethod' }
  /** The method exists, and does nothing in this handler. */
  | { readonly kind: 'otherHandler' }
  /** Too few arguments; `parameter` is the first that is missing. */
  | { readonly kind: 'missing'; readonly parameter: string }
  /** An argument of another type than the method takes. */
  | { readonly kind: 'wrongType'; readonly parameter: string; readonly expected: string };

/** How a run ended. */
export type RunEnd =
  /** All handlers returned. */
  | 'finished'
  /** The code threw, while it was loaded or in a handler. */
  | 'threw'
  /** It ran longer than {@link RUN_LIMIT_MS}. */
  | 'timedOut'
  /** The code ended its process. */
  | 'exited'
  /** A person stopped it. */
  | 'stopped';

/** A limit of the service that the run would have met there. */
export type LimitMet =
  | { readonly kind: 'console'; readonly characters: number }
  | { readonly kind: 'cacheEntries' | 'cacheSize'; readonly key: string }
  /** Timers, sockets or promises that were still there when the last handler returned. */
  | { readonly kind: 'leftBehind'; readonly what: readonly string[] };

export interface LocalRunResult {
  readonly end: RunEnd;
  /** Path that the code had, and has in the stack of an error. */
  readonly file: string;
  /** In their order. */
  readonly calls: readonly ApiCall[];
  readonly console: readonly { readonly level: string; readonly text: string }[];
  /** With a stack in the paths of the file that was run. A value that is no error has its text as message. */
  readonly error?: Thrown;
  /** Line of the code (from 1) that threw. */
  readonly errorLine?: number;
  /** Handlers that ran, in their order. */
  readonly handlers: readonly string[];
  /** Milliseconds: until the code was loaded, and in the handlers. */
  readonly ms: { readonly load: number; readonly handlers: number };
  readonly limits: readonly LimitMet[];
  /** Of a process that the code ended: what it ended with. */
  readonly exitCode?: number;
  readonly signal?: string;
  /** It timed out because it waits for something that can never come; the service would have ended it after the limit. */
  readonly stuck?: true;
  /** Version of the project's `@auth0/actions` whose test support checked the calls, too. */
  readonly testSupport?: string;
  /** Calls and lines of the console that there were beyond those that are kept. */
  readonly leftOut?: { readonly calls: number; readonly lines: number };
}
