/** Measuring in a process of its own: a heap that holds nothing else, or one core more. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runNode } from '../../scripts/lib/processes.ts';

/** Registered first: what is measured outside VS Code still draws with its l10n. */
export const STUB = pathToFileURL(join(import.meta.dirname, '..', 'support', 'vscodeStub.ts')).href;

/**
 * The JSON that a script printed last.
 * @param file Beside this one.
 * @throws Error with all that it printed, where it failed or took longer.
 */
export async function inProcess(file: string, args: readonly string[], timeoutMs = 240_000): Promise<unknown> {
  const { code, output } = await runNode(['--expose-gc', '--import', STUB, join(import.meta.dirname, file), ...args], { capture: true, timeoutMs });
  if (code !== 0) {
    throw new Error(`the measured process failed:\n${output}`);
  }
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}
