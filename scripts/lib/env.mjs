// The environment of child processes, as far as the set-up needs it.
import { delimiter } from 'node:path';

/** A copy of `env` with `folder` first on the path. Windows writes the variable `Path`, and a second spelling would be ignored. */
export function withPathFirst(env, folder) {
  const name = Object.keys(env).find(key => key.toUpperCase() === 'PATH') ?? 'PATH';
  const others = (env[name] ?? '').split(delimiter).filter(part => part && part !== folder);
  return { ...env, [name]: [folder, ...others].join(delimiter) };
}
