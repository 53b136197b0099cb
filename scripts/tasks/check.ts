// `npm run check`: types, lint and generated files, side by side, the slowest first. No linter keeps a cache: that of a file would outlive a
// change of a type that it uses.
import { join } from 'node:path';
import { main } from '../lib/main.ts';
import { runNode } from '../lib/processes.ts';
import { root } from '../lib/project.ts';

const tool = (...path: string[]): string => join(root, 'node_modules', ...path);
const tsc = tool('typescript', 'bin', 'tsc');

const checks: readonly (readonly [string, readonly string[]])[] = [
  ['layers and texts', [tool('eslint', 'bin', 'eslint.js'), 'src', '--max-warnings', '0']],
  ['types and lint', [tool('oxlint', 'bin', 'oxlint')]],
  ['types of the pure folders', [tsc, '-p', 'tsconfig.pure.json', '--pretty', 'false']],
  ['generated files', [join(root, 'scripts', 'tasks', 'generate.ts'), '--check']],
];

main(async () => {
  const results = await Promise.all(checks.map(async ([name, args]) => {
    const start = Date.now();
    const { code, output } = await runNode(args, { cwd: root, capture: true });
    const failed = code !== 0;
    process.stdout.write(`${failed ? '✗' : '✓'} ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)\n${failed ? `${output.trim()}\n\n` : ''}`);
    return failed;
  }));
  const failures = results.filter(Boolean).length;
  if (failures > 0) {
    process.stdout.write(`${failures} of ${results.length} checks failed\n`);
    process.exitCode = 1;
  }
});
