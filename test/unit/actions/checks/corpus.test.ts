/** Code that is known to work: the demo tenant's actions, and what was recorded of the service. A false alarm is worse than a miss. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';
import { runChecks } from '../../../../src/actions/checks/index.ts';
import { readAction } from '../../../../src/auth0/shapes.ts';
import { codeOf } from '../../../../src/simulator/model.ts';
import { demoSeed } from '../../../../src/simulator/seeds/demo.ts';
import { skippedFor } from '../../support/sharedFile.ts';

const RECORDINGS = 'recordings/calibration.jsonl';
const file = fileURLToPath(new URL(`../../../../../shared/${RECORDINGS}`, import.meta.url));

describe('the checks over known code', () => {
  it('say nothing of the demo tenant but what is meant to be found there', () => {
    const { actions } = demoSeed(Date.parse('2026-06-15T12:00:00Z'), 1);
    const found = [...actions.values()].flatMap(({ name, draft, versions }) =>
      [draft, ...versions.map(one => one.content)].flatMap(content => runChecks({
        code: codeOf(content),
        runtime: content.runtime,
        triggers: content.triggers,
        dependencies: content.dependencies,
        secrets: content.secrets.map(one => one.name),
        modules: content.modules.map(one => one.module_name),
      }).map(one => `${name}: ${one.severity} ${one.code} ${'name' in one ? one.name : ''}`)));
    assert.deepEqual([...new Set(found)].sort(), [
      'enrich-profile: hint secret-unused CRM_API_KEY',
      'enrich-profile: hint secret-unused CRM_BASE_URL',
      // Before its third version.
      'risk-score: hint secret-unused RISK_API_KEY',
      // What makes its build fail.
      'risk-score: warning dependency-builtin crypto',
    ]);
  });

  if (!existsSync(file)) {
    skippedFor(RECORDINGS);
    return;
  }

  it('find errors only in recorded drafts that cannot run', () => {
    const errors = new Map<string, string>();
    let count = 0;
    const look = (value: unknown): void => {
      if (Array.isArray(value)) {
        value.forEach(look);
      } else if (typeof value === 'object' && value !== null) {
        if ('code' in value && 'supported_triggers' in value && 'id' in value) {
          const { code, runtime, triggers, dependencies, secrets, modules } = readAction(value);
          count += 1;
          for (const one of runChecks({ code, ...(runtime === undefined ? {} : { runtime }), triggers, dependencies, secrets: secrets.map(({ name }) => name), modules: modules.map(({ name }) => name) })) {
            if (one.severity === 'error') {
              errors.set(`${one.code} ${code}`, code);
            }
          }
        }
        Object.values(value).forEach(look);
      }
    };
    readFileSync(file, 'utf8').split('\n').filter(line => line !== '').forEach(line => look(JSON.parse(line)));
    assert.ok(count > 1000, String(count));
    // The engine itself refuses each of them: a quote that is never closed, which the service has built and deployed.
    for (const [what, code] of errors) {
      assert.match(what, /^syntax /u);
      assert.throws(() => compileFunction(code, ['exports']), SyntaxError, what);
    }
    assert.ok(errors.size > 0);
  });
});
