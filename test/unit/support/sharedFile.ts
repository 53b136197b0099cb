/** Files of the folder beside the project that holds what was recorded of the real service. Not everybody has it. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The parsed file, or `undefined` where the folder is absent. `path` is below the folder `shared` beside the project's. */
export function sharedFile(path: string): unknown {
  const file = fileURLToPath(new URL(`../../../../shared/${path}`, import.meta.url));
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as unknown) : undefined;
}

/** Says in the report that a group of tests was left out, and why. */
export function skippedFor(path: string): void {
  it(`is skipped: ../shared/${path} is not here`, function () {
    this.skip();
  });
}
