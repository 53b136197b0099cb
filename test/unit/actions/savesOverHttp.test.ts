/** Saves through the real client against a simulated tenant, under each of its faults: no text lost, none written twice. */
import assert from 'node:assert/strict';
import { asObjects } from '../../../src/auth0/json.ts';
import type { RequestRecord } from '../../../src/auth0/requestLane.ts';
import { connectTenant } from '../../../src/node/network.ts';
import { startSimulator } from '../../../src/simulator/index.ts';
import type { RunningSimulator } from '../../../src/simulator/index.ts';
import { fastClock } from '../../support/fastClock.ts';
import { Editor } from '../support/editor.ts';

/** Sixty seconds of a deadline in half a second. */
const clock = fastClock(120);

const FAULTS: readonly (readonly [string, unknown])[] = [
  ...[400, 401, 403, 404, 409, 412, 429, 500, 502, 503, 504].map((status): [string, unknown] => [String(status), { status }]),
  ['429 with a time to wait', { status: 429, headers: { 'retry-after': '1' } }],
  ['reset before', 'reset-before'], ['reset after', 'reset-after'], ['hang', 'hang'], ['truncated', 'truncate'], ['malformed', 'malformed'], ['late', { delay: 200 }],
  ['a page of a proxy', { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } }],
  ['a redirect', { status: 302, headers: { location: 'https://example.com/' } }],
];

describe('saving over HTTP', () => {
  let simulator: RunningSimulator;
  before(async () => {
    simulator = await startSimulator({ plan: 'off', buildScale: 0 });
  });
  after(() => simulator.close());

  for (const [name, fault] of FAULTS) {
    for (const [where, rules] of [
      ['the read', [{ method: 'GET', fault }]],
      ['one read', [{ method: 'GET', times: 1, fault }]],
      ['the PATCH', [{ method: 'PATCH', fault }]],
      ['the PATCH and every read after it', [{ method: 'PATCH', fault }, 'then the reads']],
    ] as const) {
      it(`tells the truth under ${name} at ${where}`, async () => {
        const requests: RequestRecord[] = [];
        const api = connectTenant({ origin: simulator.url, token: () => Promise.resolve(simulator.token), clock, userAgent: 'test', timeoutMs: 30_000, onRequest: record => requests.push(record) });
        const control = async (list: unknown): Promise<void> => {
          const answer = await fetch(`${simulator.url}/simulator/faults`, { method: 'POST', body: JSON.stringify(list) });
          assert.ok(answer.ok, await answer.text());
        };
        const { items } = await api.listActions(0);
        const action = items.find(one => one.name === 'sync-crm');
        assert.ok(action);
        const code = async (): Promise<unknown> => asObjects((await (await fetch(`${simulator.url}/simulator/state`)).json() as { actions?: unknown }).actions).find(one => one['id'] === action.id)?.['code'];
        const editor = new Editor(api, clock, undefined, action.id);
        await editor.open();
        const before = await code();
        const text = `// ${name} at ${where}\n${editor.text}`;
        await editor.edit(text);
        const watched = rules.includes('then the reads' as never)
          ? setInterval(() => {
              // As soon as the PATCH has been answered, or lost, nothing can be read any more.
              if (requests.some(one => one.method === 'PATCH')) {
                clearInterval(watched);
                void control([{ method: 'GET', fault: { status: 503 } }]);
              }
            }, 1)
          : undefined;
        await control(rules.filter(rule => typeof rule === 'object'));
        const outcome = await editor.save('cancel');
        clearInterval(watched);
        await control([]);
        assert.ok(requests.filter(one => one.method === 'PATCH').length <= 1, 'a PATCH is sent once');
        assert.equal(editor.text, text);
        const holds = (await code()) === text;
        if (outcome.kind === 'saved') {
          assert.ok(holds && !editor.dirty);
        } else {
          assert.ok(editor.dirty, 'it stays dirty unless the service confirmed');
          assert.ok(outcome.kind === 'unconfirmed' || (outcome.kind === 'failed' && !holds), `${outcome.kind}, and the service ${holds ? 'has' : 'lacks'} the text`);
          assert.equal(holds || (await code()) === before, true);
          // Saving again ends it, without a question, and without a second version of the text.
          const again = await editor.save('cancel');
          assert.deepEqual([again.kind, editor.conflicts.length, await code()], ['saved', 0, text]);
        }
      });
    }
  }
});
