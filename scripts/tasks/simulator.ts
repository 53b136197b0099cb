// `npm run simulator`: a simulated tenant over HTTP. Everything else, its arguments too, is in src/simulator.
import '../../src/simulator/cli.ts';
