/** Named seeds -> what a tenant holds at the start. */
import { ControlError } from '../errors.ts';
import { emptyTenant } from '../model.ts';
import type { StoredAction, TenantData } from '../model.ts';
import type { Times } from '../times.ts';
import { makeAction } from './build.ts';
import { demoSeed } from './demo.ts';

const CODE_BYTES = 20_000;

/** @throws ControlError for a name that is no seed. */
export function seedData(seed: string, times: Times, buildScale: number): TenantData {
  if (seed === 'demo') {
    return demoSeed(times.now(), buildScale);
  }
  if (seed === 'empty') {
    return emptyTenant(true);
  }
  const [, actions, versions] = /^(\d{1,5})-actions(?:-(\d{1,2})-versions)?$/u.exec(seed) ?? [];
  if (actions === undefined || Number(versions ?? 3) > 50) {
    throw new ControlError(`There is no seed "${seed}". Seeds: demo, empty, N-actions, N-actions-M-versions (M up to 50).`);
  }
  const all = manyActions(Number(actions), versions === undefined ? undefined : Number(versions), times.now());
  return { ...emptyTenant(false), actions: new Map(all.map(action => [action.id, action])) };
}

/** Actions of `N-actions` are small; those of `N-actions-M-versions` hold 20 kB of code each, made when it is read. */
function manyActions(count: number, versions: number | undefined, now: number): readonly StoredAction[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `action-${String(index + 1).padStart(4, '0')}`;
    const code = (number: number) => (): string => codeFor(name, number, versions === undefined ? 400 : CODE_BYTES);
    return makeAction(
      { name, trigger: ['post-login', 'v3'], versions: Array.from({ length: versions ?? 3 }, (_unused, at) => ({ code: code(at + 1) })), build: 'built' },
      now,
      1,
    );
  });
}

function codeFor(name: string, version: number, bytes: number): string {
  const head = `// ${name}, version ${version}\nexports.onExecutePostLogin = async (event, api) => {\n`;
  const line = `  api.user.setAppMetadata('${name}', ${version});\n`;
  return `${head}${line.repeat(Math.max(1, Math.floor((bytes - head.length) / line.length)))}};\n`;
}
