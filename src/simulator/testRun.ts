/**
 * A test of a draft. The simulated tenant never runs code that somebody sends it: it compiles the code, looks for the
 * trigger's handler, and finds the errors that can be seen without running. As with the real service, an error of
 * the code is no error of the call: 200, with the error in the payload.
 */
import { Script } from 'node:vm';
import { isMissing } from './builds.ts';
import { codeOf } from './model.ts';
import type { StoredAction } from './model.ts';

/** Handlers by trigger, as documented; a trigger that is not here may have any. */
const HANDLERS: Readonly<Record<string, string>> = {
  'post-login': 'onExecutePostLogin',
  'credentials-exchange': 'onExecuteCredentialsExchange',
  'pre-user-registration': 'onExecutePreUserRegistration',
  'post-user-registration': 'onExecutePostUserRegistration',
  'post-change-password': 'onExecutePostChangePassword',
  'send-phone-message': 'onExecuteSendPhoneMessage',
  'password-reset-post-challenge': 'onExecutePostChallenge',
  'custom-phone-provider': 'onExecuteCustomPhoneProvider',
  'custom-email-provider': 'onExecuteCustomEmailProvider',
  'custom-token-exchange': 'onExecuteCustomTokenExchange',
  'event-stream': 'onExecuteEventStream',
};

interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

export function testRun(action: StoredAction): object {
  const error = findError(action);
  const duration = error === undefined ? 4 + (codeOf(action.draft).length % 23) : 1;
  const stats = { total_request_duration_ms: duration + 38, total_runtime_execution_duration_ms: duration + 21, runtime_processing_duration_ms: 3, action_duration_ms: duration, boot_duration_ms: 18, network_duration_ms: 17 };
  return { payload: { ...(error === undefined ? {} : { error }), stats } };
}

function findError(action: StoredAction): Thrown | undefined {
  const code = codeOf(action.draft);
  const missing = action.draft.dependencies.find(isMissing);
  if (missing !== undefined) {
    return thrown('Error', `Cannot find module '${missing.name}'`, 1);
  }
  const broken = compileError(code);
  if (broken !== undefined) {
    return broken;
  }
  const handler = HANDLERS[action.draft.triggers[0]?.id ?? ''];
  if (handler !== undefined && !code.includes(handler)) {
    return thrown('Error', `Module does not export a function named ${handler}`, 1);
  }
  return throwsAtOnce(code);
}

function compileError(code: string): Thrown | undefined {
  try {
    // Compiles, and does not run. Wrapped as modules are, so that `return` and `exports` mean what they mean there.
    new Script(`(function (exports, require, module) {${code}\n})`, { filename: 'index.js' });
    return undefined;
  } catch (error) {
    return error instanceof Error ? thrown(error.name, error.message, lineOf(error.stack)) : undefined;
  }
}

/** A handler whose first statement throws a literal: what people write to see what an error looks like. */
function throwsAtOnce(code: string): Thrown | undefined {
  const bare = code.replace(/\/\*.*?\*\/|(?<!:)\/\/[^\n]*/gsu, comment => comment.replace(/[^\n]/gu, ' '));
  const found = /exports\.\w+\s*=\s*(?:async\s*)?(?:function\b[^{]*|(?:\([^)]*\)|\w+)\s*=>\s*)\{\s*throw\s+new\s+(\w*Error)\(\s*(?:'([^']*)'|"([^"]*)"|`([^`$]*)`)?\s*\)/u.exec(bare);
  if (found === null) {
    return undefined;
  }
  const before = bare.slice(0, found.index + found[0].lastIndexOf('throw'));
  return thrown(found[1] ?? 'Error', found[2] ?? found[3] ?? found[4] ?? '', before.split('\n').length);
}

function thrown(name: string, message: string, line: number): Thrown {
  return { name, message, stack: `${name}: ${message}\n    at index.js:${line}` };
}

function lineOf(stack: string | undefined): number {
  return Number(/index\.js:(\d+)/u.exec(stack ?? '')?.[1] ?? 1);
}
