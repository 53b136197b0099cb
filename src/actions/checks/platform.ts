/** A version of the trigger, or a runtime, that the service is going to take away. */
import type { Check, Finding } from './check.ts';
import { FIRST_LINE } from './check.ts';
import { nodeVersion } from './code.ts';

/** The oldest version of Node.js that its makers still maintain. */
const OLDEST_MAINTAINED = 20;

export const checkTrigger: Check = ({ input }) =>
  input.triggers.flatMap(({ id, version }): Finding[] => {
    const all = (input.tenantTriggers ?? []).filter(one => one.id === id);
    if (version === undefined || all.find(one => one.version === version)?.status.toUpperCase() !== 'DEPRECATED') {
      return [];
    }
    const current = all.find(one => one.status.toUpperCase() === 'CURRENT')?.version;
    return [{ code: 'trigger-deprecated', trigger: id, version, ...(current === undefined ? {} : { current }), severity: 'warning', range: FIRST_LINE, fixes: [] }];
  });

export const checkRuntime: Check = ({ input }) => {
  const { runtime } = input;
  if (runtime === undefined) {
    return [];
  }
  const version = nodeVersion(runtime);
  if (version !== undefined && version < OLDEST_MAINTAINED) {
    return [{ code: 'runtime-deprecated', runtime, severity: 'warning', range: FIRST_LINE, fixes: [] }];
  }
  const [trigger] = input.triggers;
  const known = input.tenantTriggers?.find(one => one.id === trigger?.id && one.version === trigger.version);
  // The list leaves out some that the service takes, its default among them: a hint at most.
  const isOffered = known === undefined || known.runtimes.length === 0 || known.defaultRuntime === runtime || known.runtimes.includes(runtime);
  return isOffered ? [] : [{ code: 'runtime-not-offered', runtime, severity: 'hint', range: FIRST_LINE, fixes: [] }];
};
