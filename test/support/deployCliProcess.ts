/** Holds auth0-deploy-cli, and does whatever its parent asks for, one at a time. */
import { createRequire } from 'node:module';

const [program = '', which = ''] = process.argv.slice(2);
const require = createRequire(program);

if (which === 'actions') {
  // It compiles a schema of everything a tenant can hold at each import, which takes ten seconds: actions are enough.
  const { default: schema } = require('./tools/auth0/schema.js') as { readonly default: { properties: Readonly<Record<string, unknown>> } };
  const { actions, exclude, include } = schema.properties;
  schema.properties = { actions, exclude, include };
}

/**
 * A preview reads the tenant's applications too, for names that stand in descriptions: the simulated tenant has none, and
 * knows nothing of them. A connection may have been closed while the process was busy for longer than one is kept.
 */
const { fetch } = globalThis;
globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  if (new URL(request.url).pathname === '/api/v2/clients') {
    return Response.json({ clients: [], total: 0, start: 0, limit: 50 });
  }
  return request.method === 'GET' ? fetch(request.clone()).catch(() => fetch(request)) : fetch(request);
};

const { deploy, dump } = require('./index.js') as Readonly<Record<'deploy' | 'dump', (params: unknown) => Promise<unknown>>>;

process.on('message', message => {
  const { call, params } = message as { readonly call: 'deploy' | 'dump'; readonly params: unknown };
  (call === 'deploy' ? deploy(params) : dump(params)).then(
    () => process.send?.({}),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.send?.({});
