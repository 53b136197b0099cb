// `npm run simulator`: a simulated tenant over HTTP. Everything else, its arguments too, is in src/simulator.
import { main } from '../../src/simulator/cli.ts';

await main(process.argv.slice(2));
