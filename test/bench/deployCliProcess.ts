/** Holds auth0-deploy-cli, and imports whatever its parent asks for, one at a time. */
import { createRequire } from 'node:module';

const [program = ''] = process.argv.slice(2);
const { deploy } = createRequire(import.meta.url)(program) as { readonly deploy: (params: unknown) => Promise<unknown> };

process.on('message', params => {
  deploy(params).then(
    () => process.send?.({}),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.send?.({});
